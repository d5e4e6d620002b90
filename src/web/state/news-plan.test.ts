import assert from 'node:assert/strict'
import { it } from 'node:test'
import { newSessionId } from '../../wire/id.ts'
import type { Session } from '../../wire/message.ts'
import { newsPlan } from './news-plan.ts'
import { readAgain } from './session-groups.ts'

it('a session that changed many times at once is read once', () => {
  const session = newSessionId()
  assert.deepEqual(newsPlan([{ session }, { session }, { session }]), { all: false, changed: [session], removed: [] })
})

it('what was said of a session last holds: one that was restored is not gone', () => {
  const [a, b] = [newSessionId(), newSessionId()]
  const plan = newsPlan([{ session: a, removed: true }, { session: a }, { session: b }, { session: b, removed: true }])
  assert.deepEqual(plan, { all: false, changed: [a], removed: [b] })
})

it('an import of many sessions is one reading of the list', () => {
  const news = Array.from({ length: 200 }, () => ({ session: newSessionId() }))
  assert.equal(newsPlan(news).all, true)
})

it('a session that is missing from the page that was read again is gone, one that is older than the page is not', () => {
  const at = (minute: number): Session => ({
    id: newSessionId(),
    title: '',
    named: false,
    created: '2026-01-01T00:00:00.000Z',
    updated: `2026-01-01T00:0${minute}:00.000Z`,
    active: null,
    tip: null,
    pinned: false,
    folder: null,
    archived: false,
    project: null,
  })
  const [old, removed, kept] = [at(1), at(5), at(3)]
  assert.deepEqual([...readAgain([removed, kept, old], [kept], true)], [removed.id])
  assert.deepEqual([...readAgain([removed, kept, old], [kept], false)], [removed.id, old.id])
  assert.deepEqual([...readAgain([kept], [], false)], [kept.id])
})
