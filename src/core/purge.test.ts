import assert from 'node:assert/strict'
import { setImmediate as turn } from 'node:timers/promises'
import { test } from 'node:test'
import { openMemory } from '../store/memory.ts'
import { newDisk } from '../store/memory-disk.ts'
import { LOCAL } from '../wire/id.ts'
import { purge } from './purge.ts'
import { handClock } from './testing/hand-clock.ts'

test('what is removed is deleted an hour later, by whichever server runs then', async () => {
  const clock = handClock()
  const disk = newDisk()
  const say = () => assert.fail()
  const begin = () => {
    const store = openMemory({ clock, disk })
    const stopping = new AbortController()
    const done = purge(stopping.signal, { store, clock, say })
    return { store, end: () => (stopping.abort(), done.then(() => store.close())) }
  }
  const settled = async () => {
    for (let i = 0; i < 5; i++) await turn()
  }
  const one = begin()
  const kept = await one.store.createSession(LOCAL, 'kept')
  const [a, b] = [await one.store.createSession(LOCAL, 'a'), await one.store.createSession(LOCAL, 'b')]
  await settled()
  clock.move(1_800_000)
  await one.store.removeSession(LOCAL, a.id)
  clock.move(1_799_000)
  await settled()
  await one.store.removeSession(LOCAL, b.id)
  clock.move(1_000)
  await settled()
  clock.move(1_799_000)
  await settled()
  assert.equal(disk.sessions.size, 3)
  clock.move(1_002)
  await settled()
  assert.deepEqual([...disk.sessions.keys()], [kept.id, b.id])
  await one.end()
  clock.move(7_200_000)
  const two = begin()
  await settled()
  assert.deepEqual([...disk.sessions.keys()], [kept.id])
  await two.end()
})
