import assert from 'node:assert/strict'
import { test } from 'node:test'
import { newMessageId, newSessionId } from '../../wire/id.ts'
import type { Hit } from '../../wire/search.ts'
import { hitsOnce } from './hits-once.ts'

test('versions that read the same where they were found stand once, and all else is listed', () => {
  const [one, other] = [newSessionId(), newSessionId()]
  const hit = (session: Hit['session'], role: Hit['role'], text: string): Hit => ({
    session,
    role,
    message: newMessageId(),
    run: null,
    title: 'Bulbs',
    created: '2026-03-02T08:00:00Z',
    parts: [
      { text: 'which ', hit: false },
      { text, hit: true },
    ],
  })
  const hits = [
    hit(one, 'user', 'tulips'),
    hit(one, 'user', 'tulips'),
    hit(one, 'assistant', 'tulips'),
    hit(one, 'user', 'roses'),
    hit(other, 'user', 'tulips'),
    { ...hit(one, 'user', 'tulips'), message: null },
  ]
  const [first, , ...rest] = hits
  assert.deepEqual(hitsOnce(hits), [first, ...rest])
})
