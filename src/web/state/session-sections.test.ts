import assert from 'node:assert/strict'
import { it } from 'node:test'
import { newSessionId } from '../../wire/id.ts'
import type { Session } from '../../wire/message.ts'
import { foldersOf, sections } from './session-sections.ts'

const now = new Date(2026, 5, 17, 12)
const session = (title: string, rest: Partial<Session> = {}): Session => ({
  id: newSessionId(),
  title,
  named: false,
  created: now.toISOString(),
  updated: now.toISOString(),
  active: null,
  tip: null,
  pinned: false,
  folder: null,
  archived: false,
  project: null,
  ...rest,
})
const all = [
  session('plain'),
  session('pinned in a folder', { pinned: true, folder: 'Work' }),
  session('two', { folder: 'Work 10' }),
  session('one', { folder: 'work 9' }),
  session('away', { archived: true, pinned: true, folder: 'Old' }),
]

it('what is pinned comes first, then folders by name, then the days; each session stands once', () => {
  assert.deepEqual(
    sections(all, now).map(({ name, sessions }) => [name, sessions.map(({ title }) => title)]),
    [
      ['Pinned', ['pinned in a folder']],
      ['work 9', ['one']],
      ['Work 10', ['two']],
      ['Today', ['plain']],
    ],
  )
})

it('what is archived stands in no section, and its folder is offered no more', () => {
  assert.ok(!sections(all, now).some(({ sessions }) => sessions.some(({ title }) => title === 'away')))
  assert.deepEqual(foldersOf(all), ['Work', 'work 9', 'Work 10'])
})

it('a folder and a day of the same name are folded apart', () => {
  const keys = sections([session('a', { folder: 'Today' }), session('b')], now).map(({ key }) => key)
  assert.deepEqual(keys, ['folder Today', null])
})

it('a folder whose chats were not read yet is there with its count, and those that are pinned are counted above', () => {
  const counted = [
    { name: 'Long ago', sessions: 12 },
    { name: 'work 9', sessions: 3 },
    { name: 'Work', sessions: 1 },
  ]
  const folders = sections(all, now, counted).filter(({ folder }) => folder)
  assert.deepEqual(
    folders.map(({ name, sessions, holds }) => [name, sessions.length, holds]),
    [
      ['Long ago', 0, 12],
      ['work 9', 1, 3],
      ['Work 10', 1, 1],
    ],
  )
})
