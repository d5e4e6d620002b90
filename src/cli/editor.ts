import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Json } from '../wire/event.ts'

/** What a person made of it in their editor; null where it is as it was, and a sentence where it can't be read. */
export const edited = (input: Json): Promise<Edited> =>
  inEditor('call.json', `${JSON.stringify(input, null, 2)}\n`, (text) => Json.parse(JSON.parse(text)))

/** The same for the steps of a plan: one a line. */
export const editedSteps = (steps: readonly string[]): Promise<Edited> =>
  inEditor('plan.txt', `${steps.map((step) => step.replaceAll(/\s+/g, ' ')).join('\n')}\n`, (text) => {
    const lines = text.split('\n').map((line) => line.trim())
    return { steps: lines.filter((line) => line !== '') }
  })

type Edited = { input: Json } | { why: string } | null

async function inEditor(name: string, before: string, read: (text: string) => Json): Promise<Edited> {
  const folder = mkdtempSync(join(tmpdir(), 'pkn-edit-'))
  const path = join(folder, name)
  try {
    writeFileSync(path, before, { mode: 0o600 })
    const editor = process.env['VISUAL'] || process.env['EDITOR'] || 'vi'
    // An editor may have options of its own: EDITOR="code --wait".
    const child = spawn('/bin/sh', ['-c', `${editor} "$1"`, 'sh', path], { stdio: 'inherit' })
    const [code] = (await once(child, 'close')) as [number | null]
    if (code !== 0) return { why: `The editor ended with ${code ?? 'a signal'}; nothing was changed.` }
    const after = readFileSync(path, 'utf8')
    if (after === before) return null
    return { input: read(after) }
  } catch (cause) {
    return { why: `It can't be used: ${cause instanceof Error ? cause.message : 'it is no JSON'}` }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
