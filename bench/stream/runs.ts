import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { resolve } from 'node:path'

/** Runs a measurement beside this one to its end; what it said is the failure if it found anything wrong. */
export async function runs(script: string, ...args: string[]): Promise<void> {
  const child = spawn(process.execPath, [resolve(import.meta.dirname, script), ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (piece: string) => (said += piece))
  const [code] = (await once(child, 'close')) as [number | null]
  assert.equal(code, 0, said)
}
