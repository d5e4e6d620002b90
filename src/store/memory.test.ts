import assert from 'node:assert/strict'
import { test } from 'node:test'
import { systemClock } from '../clock.ts'
import { SessionArchive } from '../wire/archive.ts'
import { LOCAL, newMessageId, newRunId, newSessionId } from '../wire/id.ts'
import { storeContract } from './contract.ts'
import { newDisk } from './memory-disk.ts'
import { openMemory } from './memory.ts'

storeContract('the store in memory', async (clock) => {
  const disk = newDisk()
  const stores = [openMemory({ clock, disk })]
  return {
    store: stores[0]!,
    async another(clock) {
      const store = openMemory({ clock, disk })
      stores.push(store)
      return store
    },
    async end() {
      for (const store of stores) await store.close()
    },
  }
})

test('reading the newest page of a path takes no longer in a long session', async () => {
  const store = openMemory({ clock: systemClock })
  const answer = { agent: null, model: null, reason: 'done', fault: null, text: 'a' } as const
  const wish = { agent: null, backend: 'local', model: null, priority: 'interactive' } as const
  const created = '2026-05-01T00:00:00.000Z'
  const long = async (length: number) => {
    const runs = Array.from({ length }, newRunId)
    const turns = runs.map((id, i) => {
      const end = { at: 1, t: 0, event: { type: 'run.end', reason: 'done' } }
      const answers = [{ ...answer, id, created, answered: created, wish, entries: [end] }]
      return { id: newMessageId(), after: runs[i - 1] ?? null, text: 'q', created, answers }
    })
    const about = { title: 'x', named: true, created, updated: created, pinned: false, folder: null, archived: false }
    const archive = SessionArchive.parse({ pkn: 'session', version: 1, session: { ...about, tip: runs.at(-1) }, turns })
    return (await store.importSession(LOCAL, newSessionId(), archive, new Map())).id
  }
  const [short, large] = [await long(100), await long(10_000)]
  const times = { short: Infinity, large: Infinity }
  for (let i = 0; i < 20; i++)
    for (const [name, session] of [
      ['short', short],
      ['large', large],
    ] as const) {
      const from = performance.now()
      assert.equal((await store.messages(LOCAL, session, { limit: 100 })).rows.length, 100)
      times[name] = Math.min(times[name], performance.now() - from)
    }
  assert.ok(times.large < 5 * times.short, `${times.large} ms, and ${times.short} ms in a short one`)
  await store.close()
})
