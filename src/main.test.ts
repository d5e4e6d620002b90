import assert from 'node:assert/strict'
import { once } from 'node:events'
import { it } from 'node:test'
import { scratch, startProcess } from '../test/process.ts'

it('ends in order when it is told to stop as soon as it has said where it is', async (t) => {
  const { home, remove } = scratch()
  t.after(remove)
  for (let i = 0; i < 4; i++) {
    const { child, said } = await startProcess(home)
    const exit = once(child, 'exit')
    child.kill('SIGTERM')
    assert.match(said(), /^PKN is at http:\/\/localhost:\d+\/pkn\.html$/m)
    assert.deepEqual(await exit, [0, null])
  }
})
