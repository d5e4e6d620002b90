import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { newMessageId, newRunId, newSessionId, type MessageId, type RunId } from '../../wire/id.ts'
import type { Message } from '../../wire/message.ts'
import { fault } from '../../wire/fault.ts'
import { queuedOf, SILENCE, talked, type Talk, type TalkEvent } from './talk.ts'

const session = newSessionId()
const message = (role: Message['role'], run: RunId, text: string, second: number, id = newMessageId()): Message => ({
  id,
  session,
  run,
  role,
  text,
  created: `2026-01-01T00:00:${String(second).padStart(2, '0')}.000Z`,
  agent: null,
  model: null,
  reason: role === 'assistant' ? 'done' : null,
  fault: null,
  finish: null,
  remote: null,
  after: null,
  runs: [],
  siblings: [],
  attachments: [],
})
const read = (messages: Message[], next: string | null = null, older = false): TalkEvent => ({
  type: 'read',
  messages,
  next,
  older,
})
const said = (id: MessageId, text: string): TalkEvent => ({
  type: 'said',
  id,
  text,
  agent: null,
  created: '2026-01-01T00:00:30.000Z',
})
const words = (talk: Talk) => talk.turns.map((turn) => [turn.text, turn.answer?.text ?? null, turn.delivery.state])

describe('a conversation', () => {
  it('puts each answer under its question', () => {
    const [a, b] = [newRunId(), newRunId()]
    const page = [message('user', a, 'one?', 1), message('assistant', a, 'one', 2), message('user', b, 'two?', 3)]
    assert.deepEqual(words(talked(SILENCE, read(page))), [
      ['one?', 'one', 'kept'],
      ['two?', null, 'kept'],
    ])
  })
  it('shows a message at once, and only once when the server tells of it too', () => {
    const id = newMessageId()
    const run = newRunId()
    let talk = talked(SILENCE, said(id, 'hello'))
    assert.deepEqual(words(talk), [['hello', null, 'sending']])
    talk = talked(talk, { type: 'delivery', id, delivery: { state: 'kept', run } })
    talk = talked(talk, read([message('user', run, 'hello', 1, id)]))
    assert.deepEqual(words(talk), [['hello', null, 'kept']])
  })
  it('keeps a message that cannot be delivered, in its place at the end', () => {
    const id = newMessageId()
    const run = newRunId()
    let talk = talked(SILENCE, said(id, 'late'))
    talk = talked(talk, { type: 'delivery', id, delivery: { state: 'waiting' } })
    talk = talked(talk, read([message('user', run, 'newer by the clock', 59), message('assistant', run, 'yes', 59)]))
    assert.deepEqual(words(talk), [
      ['newer by the clock', 'yes', 'kept'],
      ['late', null, 'waiting'],
    ])
    talk = talked(talk, { type: 'delivery', id, delivery: { state: 'refused', fault: fault('server.bug') } })
    assert.equal(talk.turns[1]?.delivery.state, 'refused')
    assert.equal(talked(talk, { type: 'dropped', id }).turns.length, 1)
  })
  it('does not fall back from kept when a late answer to a retry comes', () => {
    const id = newMessageId()
    let talk = talked(SILENCE, said(id, 'x'))
    talk = talked(talk, { type: 'delivery', id, delivery: { state: 'kept', run: newRunId() } })
    assert.equal(
      talked(talk, { type: 'delivery', id, delivery: { state: 'waiting' } }).turns[0]?.delivery.state,
      'kept',
    )
  })
  it('lines up what waits for an answer that is being made, and nothing else', () => {
    const [done, live, next] = [newRunId(), newRunId(), newRunId()]
    const onItsWay = newMessageId()
    const page = [
      message('user', done, 'one?', 1),
      message('assistant', done, 'one', 2),
      message('user', live, 'two?', 3),
      message('user', next, 'three?', 4),
    ]
    const talk = talked(talked(SILENCE, read(page)), said(onItsWay, 'four?'))
    const texts = (followed: RunId[]) =>
      queuedOf(talk, new Map(followed.map((run) => [run, 1]))).map(({ text }) => text)
    assert.deepEqual(texts([live]), ['three?', 'four?'])
    assert.deepEqual(texts([live, next]), ['four?'])
    assert.deepEqual(texts([]), [])
  })
  it('joins pages that cut a turn in two', () => {
    const run = newRunId()
    let talk = talked(SILENCE, read([message('assistant', run, 'answer', 2)], 'cursor'))
    assert.deepEqual(words(talk), [[null, 'answer', 'kept']])
    assert.equal(talk.earlier, 'cursor')
    talk = talked(talk, read([message('user', run, 'question', 1)], null, true))
    assert.deepEqual(words(talk), [['question', 'answer', 'kept']])
    assert.equal(talk.earlier, null)
  })
  it('keeps its place in the history when the newest page is read again', () => {
    const run = newRunId()
    const page = [message('user', run, 'q', 5)]
    let talk = talked(SILENCE, read(page, 'one'))
    talk = talked(talk, read([message('user', newRunId(), 'older', 1)], 'two', true))
    talk = talked(talk, read(page, 'one'))
    assert.equal(talk.earlier, 'two')
    assert.deepEqual(
      words(talk).map(([text]) => text),
      ['older', 'q'],
    )
  })

  it('the newest page of another path takes the place of the old one from where they part', () => {
    const [a, b, c] = [newRunId(), newRunId(), newRunId()]
    const first = message('user', a, 'one', 1)
    const old = message('user', b, 'two', 3)
    const talk = talked(
      SILENCE,
      read([first, message('assistant', a, 'One.', 2), old, message('assistant', b, 'Two.', 4)], 'up'),
    )
    const page = [
      message('assistant', a, 'One.', 2),
      message('user', c, 'other', 5),
      message('assistant', c, 'Other.', 6),
    ]
    const next = talked(talk, read(page, 'lower'))
    assert.deepEqual(
      words(next).map(([text]) => text),
      ['one', 'other'],
    )
    assert.equal(next.earlier, 'up')
    const elsewhere = talked(talk, read([message('user', newRunId(), 'far', 9)], 'else'))
    assert.deepEqual(
      words(elsewhere).map(([text]) => text),
      ['far'],
    )
    assert.equal(elsewhere.earlier, 'else')
  })

  it('what is still on its way stays, whatever path is read', () => {
    const id = newMessageId()
    const talk = talked(talked(SILENCE, said(id, 'mine')), read([message('user', newRunId(), 'far', 9)]))
    assert.deepEqual(
      words(talk).map(([text]) => text),
      ['far', 'mine'],
    )
  })

  it('another version has no answer yet, and nothing follows it; the former one is read again with its own', () => {
    const [a, b, other] = [newRunId(), newRunId(), newRunId()]
    const asked = { ...message('user', a, 'one', 1), runs: [a] }
    const answer = message('assistant', a, 'One.', 2)
    const talk = talked(SILENCE, read([asked, answer, message('user', b, 'two', 3)]))
    const again = talked(talk, { type: 'again', id: asked.id, run: other })
    assert.deepEqual(words(again), [['one', null, 'kept']])
    assert.deepEqual(again.turns[0]?.runs, [a, other])
    assert.equal(talked(again, { type: 'again', id: asked.id, run: other }), again)
    const back = talked(again, read([{ ...asked, runs: [a, other] }, answer]))
    assert.deepEqual(words(back), [['one', 'One.', 'kept']])
    const without = talked(back, read([{ ...asked, run: other, runs: [a, other] }]))
    assert.deepEqual(words(without), [['one', null, 'kept']])
  })

  it('an edited message stands beside the one in whose place it was said, and what followed that is off the path', () => {
    const [a, b] = [newRunId(), newRunId()]
    const old = message('user', b, 'two', 3)
    const talk = talked(SILENCE, read([message('user', a, 'one', 1), { ...old, after: a, siblings: [old.id] }]))
    const id = newMessageId()
    const edited = talked(talk, { ...said(id, 'TWO'), after: a } as TalkEvent)
    assert.deepEqual(
      words(edited).map(([text]) => text),
      ['one', 'TWO'],
    )
    assert.deepEqual(edited.turns[1]?.siblings, [old.id, id])
  })
})
