import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { resolve } from 'node:path'
import { test } from 'node:test'

async function runs(script: string, ...args: string[]): Promise<void> {
  const child = spawn(process.execPath, [resolve(import.meta.dirname, script), ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (piece: string) => (said += piece))
  const [code] = (await once(child, 'exit')) as [number | null]
  assert.equal(code, 0, said)
}

test(
  'a token costs about what it costs in a plain proxy, and both deliver the same words',
  { skip: process.platform !== 'linux' && 'CPU time is read from /proc' },
  () => runs('run.ts', '--short'),
)

test(
  'answers that come and go do not stay in memory',
  { skip: process.platform !== 'linux' && 'memory is read from /proc' },
  () => runs('soak.ts', '1500', '0.5'),
)
