import assert from 'node:assert/strict'
import { test } from 'node:test'
import { newRunId, type AgentName } from '../wire/id.ts'
import { ballot, inWords, readVote, tally, type Vote } from './vote.ts'

const OPTIONS = ['PostgreSQL', 'SQLite', 'SQLite with a server', 'None of them']

test('a vote is read from JSON, also with what small models put around it, or from a plain number or name', () => {
  const cases: [string, number | null, RegExp?][] = [
    ['{"choice": 2, "reason": "small"}', 1, /^small$/],
    ['Sure!\n```json\n{"choice": "2", "reason": "small",}\n```', 1, /^small$/],
    ['{"choice": "SQLite", "reason": "small"}', 1],
    ['{"choice": "SQLite with a server", "reason": "x"', 2],
    ['{"choice": 1, "reason": "a {brace} in it"}', 0, /brace/],
    ['2. SQLite, because it is small', 1, /because it is small/],
    ['Option 4', 3],
    ['Choice: 1', 0],
    ['I would take SQLite with a server.', 2],
    ['PostgreSQL it is', 0],
  ]
  for (const [answer, choice, reason] of cases) {
    const vote = readVote(answer, OPTIONS)
    assert.equal(vote.choice, choice, answer)
    if (reason) assert.match(vote.reason, reason)
  }
})

test('what names none of the options, or several, is no vote', () => {
  for (const answer of [
    '',
    'I cannot say',
    '{"choice": 9}',
    '{"choice": 0}',
    'PostgreSQL or SQLite, both are fine',
    '{"choice": [1]}',
    '2026 will tell',
  ])
    assert.equal(readVote(answer, OPTIONS).choice, null, answer)
})

const vote = (agent: string, choice: number | null, reason = 'r'): Vote => ({
  agent: agent as AgentName,
  model: 'm',
  run: newRunId(),
  choice,
  reason,
})

test('a tie is said to be one, who chose nothing does not count, and dissent keeps its own words', () => {
  const votes = [vote('a', 1), vote('b', 0, 'it is safer'), vote('c', null)]
  const counted = tally(votes, OPTIONS)
  assert.deepEqual(counted, { counts: [1, 1, 0, 0], choice: 0, tied: [0, 1], agreement: 0.5 })
  assert.match(inWords(votes, OPTIONS, counted), /^A tie: "PostgreSQL" and "SQLite" have 1 of 3 votes each/)
  const clear = [vote('a', 1), vote('b', 1), vote('c', 0, 'it is safer')]
  const words = inWords(clear, OPTIONS, tally(clear, OPTIONS))
  assert.match(words, /^2 of 3 chose "SQLite"\.\n.*\n.*\nAgainst it:\nc \(for "PostgreSQL"\): it is safer$/)
  assert.deepEqual(tally([vote('a', null)], OPTIONS).choice, null)
})

test('everyone is asked the same, with the options by their numbers', () => {
  const asked = ballot('Which?', OPTIONS, ' It runs at home. ')
  assert.match(asked, /^It runs at home\.\n\nWhich\?\n[\s\S]*\n3\. SQLite with a server\n/)
  assert.equal(ballot('Which?', OPTIONS, null).startsWith('Which?'), true)
})
