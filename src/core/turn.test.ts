import assert from 'node:assert/strict'
import { test } from 'node:test'
import { EMPTY } from '../wire/fold.ts'
import type { Message } from '../wire/message.ts'
import { newMessageId, newRunId, newSessionId, type RunId } from '../wire/id.ts'
import { agentNamed } from './testing/rig.ts'
import { estimateTokens } from './estimate.ts'
import { before, buildTurn } from './turn.ts'

const session = newSessionId()
const message = (role: Message['role'], text: string, run: RunId = newRunId()): Message => ({
  id: newMessageId(),
  session,
  run,
  role,
  text,
  created: '2026-01-01T00:00:00.000Z',
  agent: null,
  model: null,
  reason: null,
  fault: null,
  finish: null,
  remote: null,
  after: null,
  runs: [],
  siblings: [],
  attachments: [],
})

test('an empty answer, of a run that failed before its first word, is not shown', () => {
  const run = newRunId()
  const question = message('user', 'now')
  assert.deepEqual(
    before(question, [message('user', 'a', run), message('assistant', '', run), question]).map((m) => m.text),
    ['a'],
  )
})

test('nothing that is cut is shown with half a character at its end, for which a server would refuse all of it', () => {
  const question = message('user', 'now')
  const cuts: number[] = []
  for (let pad = 0; pad < 4; pad++) {
    const instructions = `${'a'.repeat(pad)}${'🦜'.repeat(9000)}`
    const { messages } = buildTurn({
      agent: agentNamed('test'),
      project: { name: '🦜', instructions },
      history: [],
      question,
      draft: EMPTY,
      context: 2048,
    })
    const told = messages.map(({ text }) => text).join('\n')
    assert.ok(told.isWellFormed(), String(pad))
    assert.match(told, /The rest of these instructions is left out/)
    assert.ok(estimateTokens(told) < 2048)
    cuts.push(told.indexOf('\uFFFD'))
  }
  assert.ok(
    cuts.some((at) => at !== -1),
    'no cut fell into a character',
  )
})

test('the newest question is shown even when it is longer than the context, since only the backend can count', () => {
  const shown = buildTurn({
    agent: agentNamed('general'),
    history: [message('user', 'old')],
    question: message('user', 'x'.repeat(100_000)),
    draft: EMPTY,
    context: 2048,
  })
  assert.deepEqual(
    shown.messages.map((m) => m.role),
    ['system', 'user'],
  )
  assert.equal(shown.left, 1)
})

test('an exchange is shown whole or not at all', () => {
  const run = newRunId()
  const long = message('user', 'word '.repeat(800), run)
  const shown = buildTurn({
    agent: agentNamed('general'),
    history: [long, message('assistant', 'short', run)],
    question: message('user', 'now'),
    draft: EMPTY,
    context: 1024,
  })
  assert.equal(shown.messages.length, 2)
  assert.equal(shown.left, 2)
})

test('tokens are guessed rather too high, in Latin and in other scripts', () => {
  assert.ok(estimateTokens('The quick brown fox jumps over the lazy dog. '.repeat(10)) >= 100)
  assert.ok(estimateTokens('敏捷的棕色狐狸跳过了懒狗。'.repeat(10)) >= 80)
  assert.equal(estimateTokens(''), 0)
})
