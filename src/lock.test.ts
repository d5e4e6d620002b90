import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { Lock } from './lock.ts'

test('a lock is held once, in this process and others, and ends with its holder however that ends', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'pkn-lock-'))
  t.after(() => rmSync(folder, { recursive: true }))
  const path = join(folder, 'x-lock')
  const [one, two] = [new Lock(path), new Lock(path)]
  assert.deepEqual([one.take(), one.take(), two.take(), one.held, two.held], [true, false, false, true, false])
  one.leave()
  assert.deepEqual([two.take(), one.take()], [true, false])
  two.leave()
  two.leave()
  const hold = `const { Lock } = await import(${JSON.stringify(join(import.meta.dirname, 'lock.ts'))})
    globalThis.lock = new Lock(${JSON.stringify(path)})
    console.log(lock.take())
    process.stdin.resume()`
  const other = spawn(process.execPath, ['--input-type=module', '-e', hold], { stdio: ['pipe', 'pipe', 'inherit'] })
  await once(other.stdout, 'data')
  assert.equal(one.take(), false)
  other.kill('SIGKILL')
  await once(other, 'exit')
  assert.equal(one.take(), true)
  one.leave()
})

test('where nothing can be locked, that is no answer no', () => {
  assert.throws(() => new Lock(tmpdir()).take(), /unable to open/)
})
