import assert from 'node:assert/strict'
import { test } from 'node:test'
import { systemClock } from '../clock.ts'
import { scriptedModel } from '../models/scripted.ts'
import { openMemory } from '../store/memory.ts'
import { LOCAL } from '../wire/id.ts'
import { chosen, gate, listed, openRig } from './testing/rig.ts'

/** A store whose appends wait: what is to be seen of a step that begins is not in the log yet. */
function slow(opened: Promise<void>, asked: () => void) {
  const store = openMemory({ clock: systemClock })
  const append: typeof store.append = async (claim, after, entries) => {
    if (entries.some(({ event }) => event.type === 'step.start')) {
      asked()
      await opened
    }
    return store.append(claim, after, entries)
  }
  return new Proxy(store, {
    get: (_, key) => {
      if (key === 'append') return append
      const value: unknown = Reflect.get(store, key)
      return typeof value === 'function' ? value.bind(store) : value
    },
  })
}

test('a message that is withdrawn before its log says that it leaves the machine has not left it', async () => {
  for (const remote of ['api.example.com', null]) {
    const [log, reached] = [gate(), gate()]
    const model = scriptedModel(['yes'])
    const store = slow(log.opened, () => reached.open())
    const rig = await openRig({ store, backends: listed(chosen(model, { remote, local: remote === null })) })
    const run = await rig.say('a secret')
    await reached.opened
    await store.withdraw(LOCAL, rig.session, (await store.run(LOCAL, run)).message)
    log.open()
    const next = await rig.say('a question')
    await rig.entries(next)
    const shown = JSON.stringify(model.asked)
    if (remote !== null) assert.doesNotMatch(shown, /secret/)
    assert.deepEqual(
      (await store.messages(LOCAL, rig.session, { limit: 9 })).rows.map(({ text }) => text),
      ['a question', 'yes'],
    )
    await rig.close()
  }
})

test('a worker whose message is withdrawn while it waits for a slot lets go of it, and the next has its turn', async () => {
  const hold = gate()
  const model = scriptedModel((_, nth) => (nth === 1 ? ['one', hold.opened] : ['ok']))
  const rig = await openRig({ backends: listed(chosen(model, { slots: 1 })) })
  const first = await rig.say('first')
  await rig.until(first, (draft) => draft.parts.length > 0)
  const other = (await rig.store.createSession(LOCAL, null)).id
  const waiting = await rig.say('waits', { session: other })
  const after = await rig.say('after', { session: other })
  await rig.until(waiting, (draft) => draft.phase?.phase === 'queued')
  await rig.store.withdraw(LOCAL, other, (await rig.store.run(LOCAL, waiting)).message)
  await rig.until(after, (draft) => draft.phase?.phase === 'queued')
  hold.open()
  assert.equal((await rig.draft(after)).end?.reason, 'done')
  assert.deepEqual(
    model.asked.map(({ messages }) => messages.at(-1)?.text),
    ['first', 'after'],
  )
  assert.deepEqual(await rig.store.counts(), { active: 0, queued: 0 })
  assert.deepEqual(
    rig.lines.filter(({ level }) => level === 'error'),
    [],
  )
  await rig.close()
})
