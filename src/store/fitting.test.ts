import assert from 'node:assert/strict'
import { before, after, describe, test } from 'node:test'
import { ASKED, FACTS, HELD_OUT, NOTHING, type Asked } from '../../bench/memory/questions.ts'
import { systemClock } from '../clock.ts'
import { LOCAL } from '../wire/id.ts'
import { beginningsOf } from './fitting.ts'
import { openMemory } from './memory.ts'

const most = 6
describe('memories that fit what is asked', () => {
  const store = openMemory({ clock: systemClock })
  const names = new Map<string, string>()
  before(async () => {
    for (const line of FACTS.trim().split('\n')) {
      const [name, text] = line.split(' | ') as [string, string]
      const memory = { text, project: null, always: false, by: { kind: 'person' } } as const
      names.set((await store.mind.remember(LOCAL, memory)).id, name)
    }
  })
  after(() => store.close())
  const found = async (text: string) =>
    (await store.mind.memoriesFor(LOCAL, null, text, most)).fitting.map(({ id }) => names.get(id)!)

  const measured = async (asked: readonly Asked[]) => {
    let [needed, got, first, told] = [0, 0, 0, 0]
    const missed: string[] = []
    for (const [question, ...needs] of asked) {
      const names = await found(question)
      needed += needs.length
      told += names.length
      const there = needs.filter((name) => names.includes(name))
      got += there.length
      if (needs.includes(names[0] ?? '')) first += 1
      if (there.length < needs.length) missed.push(`${question} -> ${names.join(', ')}`)
    }
    return { recall: got / needed, precision: got / told, first: first / asked.length, missed }
  }
  const share = (n: number) => `${Math.round(n * 100)}%`

  for (const [name, asked, bounds] of [
    ['questions', ASKED, { recall: 0.9, precision: 0.8, first: 0.85 }],
    ['questions that nothing was chosen by', HELD_OUT, { recall: 0.9, precision: 0.75, first: 0.85 }],
  ] as const)
    test(`${asked.length} ${name} find what they need among ${FACTS.trim().split('\n').length} facts, in two languages`, async (t) => {
      const { missed, ...is } = await measured(asked)
      t.diagnostic(`recall ${share(is.recall)}, precision ${share(is.precision)}, first of all ${share(is.first)}`)
      for (const one of missed) t.diagnostic(`missed: ${one}`)
      for (const key of ['recall', 'precision', 'first'] as const)
        assert.ok(is[key] >= bounds[key], `${key} ${is[key]}, not ${bounds[key]}: ${missed.join('; ')}`)
    })

  test('what needs none of them is told nearly none', async (t) => {
    const wrong = []
    for (const text of NOTHING) for (const name of await found(text)) wrong.push(`${text} -> ${name}`)
    for (const one of wrong) t.diagnostic(one)
    assert.ok(wrong.length <= NOTHING.length / 8, wrong.join('\n'))
  })

  test('words that stand everywhere find nothing', async () => {
    for (const text of [
      '',
      '?',
      'the user of it is',
      'Was ist das für einer, und wer mag es?',
      'name',
      'What is it called?',
      '1 2 3',
      '🙂',
    ])
      // prettier-ignore
      assert.deepEqual([beginningsOf(text), await found(text)], [[], []], text)
  })

  test('what a person types into a list finds also what only begins so, and words that say little elsewhere', async () => {
    const typed = async (q: string) =>
      (await store.mind.memories(LOCAL, { limit: 50, project: null, q })).rows.map(({ id }) => names.get(id)!)
    assert.deepEqual(await typed('leipz'), ['flat'])
    assert.deepEqual((await typed('number 4711'))[0], 'fahrrad')
    assert.ok((await typed('named')).includes('dog'))
    assert.deepEqual(await typed('the of'), [])
  })
})
