import assert from 'node:assert/strict'
import { test } from 'node:test'
import { systemClock } from '../clock.ts'
import { scriptedModel } from '../models/scripted.ts'
import type { ChangeName, Ledger } from '../store/changes.ts'
import { LocalStore } from '../store/local-store.ts'
import { memoryLedger } from '../store/memory.ts'
import { newDisk } from '../store/memory-disk.ts'
import { textOf } from '../wire/fold.ts'
import { Fault } from '../wire/fault.ts'
import { chosen, gate, listed, openRig } from './testing/rig.ts'

/** The memory store on a disk that refuses what `broken` names. Its clock goes a hundred times as fast, so that leases end soon. */
function onBadDisk() {
  const broken = new Map<ChangeName, Error>()
  const good = memoryLedger(newDisk())
  const ledger: Ledger = {
    ...good,
    write: async (kind, args) => {
      const cause = broken.get(kind)
      if (cause) throw cause
      return good.write(kind, args)
    },
  }
  const clock = {
    wall: () => systemClock.wall() * 100,
    now: () => systemClock.now() * 100,
    after: (ms: number, call: () => void) => systemClock.after(ms / 100, call),
  }
  const store = new LocalStore({ ledger, clock, say: () => {} })
  return { broken, store }
}
const full = () => new Fault('disk.full', { path: 'pkn.db' })

for (const kind of ['append', 'settle'] as const)
  test(
    `a run that could not ${kind} for a while ends once it can, and its session goes on`,
    { timeout: 10_000 },
    async () => {
      const { broken, store } = onBadDisk()
      const rig = await openRig({ store, backends: listed(chosen(scriptedModel(['Hello']))) })
      broken.set(kind, full())
      broken.set('release', full())
      const run = await rig.say('hi')
      while (!rig.lines.some(({ level }) => level === 'error')) await new Promise(setImmediate)
      broken.clear()
      const draft = await rig.draft(run)
      assert.equal(draft.end?.reason, 'done')
      assert.equal(textOf(draft), 'Hello')
      assert.equal((await rig.draft(await rig.say('and again'))).end?.reason, 'done')
      await rig.close()
    },
  )

test(
  'a run that waits for a busy worker can be cancelled there, and does not wait for its turn to end',
  { timeout: 10_000 },
  async () => {
    const long = gate()
    const rig = await openRig({ runs: 2, backends: listed(chosen(scriptedModel(['Hello', long.opened]))) })
    const elsewhere = async () => (await rig.store.createSession(rig.owner, null)).id
    const busy = [await rig.say('one'), await rig.say('two', { session: await elsewhere() })]
    for (const run of busy) await rig.until(run, (draft) => textOf(draft) === 'Hello')
    const waiting = await Promise.all([1, 2, 3].map(async () => rig.say('three', { session: await elsewhere() })))
    for (const run of waiting.slice(1)) await rig.store.cancel(rig.owner, run)
    for (const run of waiting.slice(1)) assert.equal((await rig.draft(run)).end?.reason, 'cancelled')
    assert.equal((await rig.store.run(rig.owner, waiting[0]!)).state, 'queued', 'the others wait on')
    long.open()
    for (const run of [...busy, waiting[0]!]) assert.equal((await rig.draft(run)).end?.reason, 'done')
    await rig.close()
  },
)

test('a store that fails in an unknown way for a while does not end the worker', { timeout: 10_000 }, async () => {
  const { broken, store } = onBadDisk()
  const rig = await openRig({ store, runs: 1, backends: listed(chosen(scriptedModel(['Hello']))) })
  broken.set('claim', new Error('the writing thread: a bug'))
  const run = await rig.say('hi')
  for (let i = 0; i < 50; i++) await new Promise(setImmediate)
  broken.clear()
  assert.equal((await rig.draft(run)).end?.reason, 'done')
  await rig.close()
})
