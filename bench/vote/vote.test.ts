import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  byAgreement,
  mcnemar,
  put,
  random,
  report,
  rowsOf,
  verdict,
  wilson,
  type Answered,
  type Given,
  type Put,
} from './measure.ts'
import { QUESTIONS } from './questions.ts'

test('there are enough questions of each kind, each with a right answer among different others', () => {
  assert.ok(QUESTIONS.length >= 60)
  const kinds = Object.groupBy(QUESTIONS, ({ kind }) => kind)
  for (const items of Object.values(kinds)) assert.ok(items.length >= 10)
  assert.equal(Object.keys(kinds).length, 5)
  for (const { question, options } of QUESTIONS) {
    assert.ok(options.length >= 2 && options.length <= 5, question)
    assert.equal(new Set(options).size, options.length, question)
  }
})

test('the same seed asks the same, and the place of the right answer tells nothing', () => {
  assert.deepEqual(put(QUESTIONS, 7), put(QUESTIONS, 7))
  const many = Array.from({ length: 40 }, (_, seed) => put(QUESTIONS, seed)).flat()
  for (const { item, options, right } of many) assert.equal(options[right], item.options[0])
  const fours = many.filter(({ options }) => options.length === 4)
  for (let place = 0; place < 4; place++) {
    const share = fours.filter(({ right }) => right === place).length / fours.length
    assert.ok(Math.abs(share - 0.25) < 0.05, `${place}: ${share}`)
  }
})

test('an interval and a paired test are what the books say', () => {
  const { low, high } = wilson(8, 10)
  assert.ok(Math.abs(low - 0.4902) < 1e-3 && Math.abs(high - 0.9433) < 1e-3, `${low} ${high}`)
  assert.deepEqual(wilson(0, 0), { share: 0, low: 0, high: 1 })
  assert.equal(mcnemar(0, 0), 1)
  assert.equal(mcnemar(3, 3), 1)
  assert.ok(Math.abs(mcnemar(1, 9) - 0.021484) < 1e-5)
  assert.ok(Math.abs(mcnemar(9, 1) - mcnemar(1, 9)) < 1e-12)
})

/** Voters who are right as often as is said, each for itself, and else choose any of the others. */
function answers(rate: number, seed: number): Answered[] {
  const next = random(seed)
  const give = ({ options, right }: Put): Given => {
    const others = options.map((_, i) => i).filter((i) => i !== right)
    const choice = next() < rate ? right : others[Math.floor(next() * others.length)]!
    return { choice, tokens: 10, ms: 1000 }
  }
  const five = (one: Put) => Array.from({ length: 5 }, () => give(one))
  return Array.from({ length: 30 }, (_, i) => put(QUESTIONS, i)).flatMap((items) =>
    items.map((one) => ({ ...one, alone: give(one), agents: five(one), same: five(one) })),
  )
}

test('who is mostly right, each for itself, gains by a vote; who guesses gains nothing', () => {
  const share = (rate: number) => rowsOf(answers(rate, 5)).map(({ accuracy }) => accuracy.share)
  const [alone = 0, three = 0, five = 0] = share(0.7)
  assert.ok(Math.abs(alone - 0.7) < 0.03, `${alone}`)
  assert.ok(three > alone + 0.04 && five > three + 0.02, `${alone} ${three} ${five}`)
  const better = rowsOf(answers(0.7, 5))[2]?.paired
  assert.ok(better && better.p < 0.001 && better.gained > better.lost)
  // As often as chance has it: nothing is known, and no number of votes makes it known.
  const guess = answers(0, 5).map((one) => {
    const next = random(one.right + one.item.question.length)
    const any = (): Given => ({ choice: Math.floor(next() * one.options.length), tokens: 1, ms: 1 })
    return { ...one, alone: any(), agents: [any(), any(), any(), any(), any()] }
  })
  const rows = rowsOf(guess)
  assert.ok(Math.abs(rows[2]!.accuracy.share - rows[0]!.accuracy.share) < 0.06)
})

test('the more agree, the more often they are right; a tie is counted as one, and silence as no choice', () => {
  const bands = byAgreement(answers(0.6, 9), 'agents').map(({ accuracy }) => accuracy.share)
  assert.ok(bands[0]! > bands[1]! && bands[1]! > bands[2]!, bands.join())
  const one: Put = { item: QUESTIONS[0]!, options: ['a', 'b', 'c'], right: 1 }
  const given = (choice: number | null): Given => ({ choice, tokens: 2, ms: 3 })
  const votes = [given(1), given(0), given(null)]
  assert.deepEqual(verdict(votes, one), { right: false, tie: true, silent: false, agreement: 0.5, tokens: 6, ms: 9 })
  assert.deepEqual(verdict([given(null)], one).silent, true)
})

test('the report is a table that says what guessing would give, and against what each is held', () => {
  const text = report(answers(0.7, 3).slice(0, QUESTIONS.length))
  assert.match(text, /^64 questions; who guesses has 31 %\.\n\n\| who \| right/)
  assert.equal(text.match(/^\| one, alone \|/gm)?.length, 1)
  assert.match(text, /\| 5 agents \| \d+ % \(\d+ % to \d+ %\) \| \+\d+ −\d+, p = 0\.\d\d \|/)
})
