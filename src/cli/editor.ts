import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Json } from '../wire/event.ts'

/** What a person made of it in their editor; null where it is as it was, and a sentence where it can't be read. */
export async function edited(input: Json): Promise<{ input: Json } | { why: string } | null> {
  const folder = mkdtempSync(join(tmpdir(), 'pkn-edit-'))
  const path = join(folder, 'call.json')
  const before = `${JSON.stringify(input, null, 2)}\n`
  try {
    writeFileSync(path, before, { mode: 0o600 })
    const editor = process.env['VISUAL'] || process.env['EDITOR'] || 'vi'
    // An editor may have options of its own: EDITOR="code --wait".
    const child = spawn('/bin/sh', ['-c', `${editor} "$1"`, 'sh', path], { stdio: 'inherit' })
    const [code] = (await once(child, 'close')) as [number | null]
    if (code !== 0) return { why: `The editor ended with ${code ?? 'a signal'}; nothing was changed.` }
    const after = readFileSync(path, 'utf8')
    if (after === before) return null
    return { input: Json.parse(JSON.parse(after)) }
  } catch (cause) {
    return { why: `It can't be used: ${cause instanceof Error ? cause.message : 'it is no JSON'}` }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
