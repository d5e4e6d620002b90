import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { systemClock } from '../clock.ts'
import { scriptedModel } from '../models/scripted.ts'
import { openMemory } from '../store/memory.ts'
import { openSqlite } from '../store/sqlite.ts'
import { EMPTY, foldAll, textOf } from '../wire/fold.ts'
import { LOCAL } from '../wire/id.ts'
import { numbers } from './testing/numbers.ts'
import { chosen, listed, openRig } from './testing/rig.ts'

const turns = async (n: number) => {
  for (let i = 0; i < n; i++) await (i % 3 === 0 ? new Promise(setImmediate) : Promise.resolve())
}

const home = mkdtempSync(join(tmpdir(), 'pkn-race-'))
after(() => rmSync(home, { recursive: true, force: true }))
const stores = {
  memory: async () => openMemory({ clock: systemClock }),
  SQLite: () => openSqlite({ path: join(home, 'pkn.db'), clock: systemClock, say: () => {} }),
}

for (const [name, open] of Object.entries(stores))
  test(`${name}: a stop that races the end of its run: one end, last in the log; what was accepted as cancelled ends so; the session goes on`, async () => {
    const words = ['one ', 'two ', 'three']
    const rig = await openRig({
      backends: listed(chosen(scriptedModel(words), { slots: 100 })),
      runs: 100,
      store: await open(),
    })
    const ends = { done: 0, cancelled: 0 }
    for (let seed = 1; seed <= 400; seed++) {
      const random = numbers(seed)
      const run = await rig.say(`seed ${seed}`)
      await turns(Math.floor(random() * 40))
      const accepted = await rig.store.cancel(LOCAL, run)
      const entries = await rig.entries(run)
      const draft = foldAll(EMPTY, entries)
      assert.deepEqual(
        entries.map((e) => e.at),
        entries.map((_, i) => i + 1),
        `seed ${seed}`,
      )
      assert.equal(entries.filter((e) => e.event.type === 'run.end').length, 1, `seed ${seed}`)
      assert.equal(entries.at(-1)?.event.type, 'run.end', `seed ${seed}`)
      const reason = draft.end?.reason
      assert.ok(
        reason === 'done' || reason === 'cancelled',
        `seed ${seed}: ${reason} ${draft.end?.fault?.message ?? ''}`,
      )
      if (accepted.state !== 'ended') assert.equal(reason, 'cancelled', `seed ${seed}: the stop was accepted`)
      ends[reason]++
      const { rows } = await rig.store.messages(LOCAL, rig.session, { limit: 1 })
      assert.deepEqual([rows[0]?.run, rows[0]?.text, rows[0]?.reason], [run, textOf(draft), reason], `seed ${seed}`)
      assert.equal((await rig.store.session(LOCAL, rig.session)).active, null)
    }
    assert.ok(ends.done > 0 && ends.cancelled > 0, `both must have been met: ${JSON.stringify(ends)}`)
    await rig.close()
  })
