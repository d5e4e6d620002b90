import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import { accuracy, bench, othersOf, routerAfter, simulate, type Bench } from '../../bench/routing/lessons.ts'
import type { AgentName } from '../wire/id.ts'
import type { RouteQuestion } from './ports.ts'
import { NO_MOVES } from './route-moves.ts'
import { nearestOf, standing, type Correction } from './route-near.ts'
import { taughtRouter } from './route.ts'

let given: Bench
before(async () => {
  given = await bench()
})

const to = (agent: string, ...texts: string[]): Correction[] =>
  texts.map((text) => ({ text, agent: agent as AgentName }))
/** What is in force at once, before anything is trained. */
const atOnce = (...newestFirst: Correction[]) => routerAfter(given, newestFirst, false)
const ask = (
  router: ReturnType<typeof atOnce>,
  text: string,
  { recent = [], forced = null }: Partial<RouteQuestion> = {},
) => router.route({ text, recent, forced })

const QUERY = 'Give me a query for the ten customers with the highest revenue last year'

describe('a message that was corrected', () => {
  test('goes to that agent at once, also if it is said a little differently, and the decision says why', () => {
    const router = atOnce(...to('data', QUERY))
    for (const text of [
      QUERY,
      QUERY.toUpperCase(),
      `Please give me a query for the ten customers with the highest revenue`,
    ]) {
      const { agent, because, confidence, scores } = ask(router, text)
      assert.equal(agent, 'data', text)
      assert.deepEqual([because[0]?.why, because[0]?.feature], ['lesson', 'you asked data instead, for a message like this']) // prettier-ignore
      assert.ok(because[0]!.weight > 0 && confidence > 0.5)
      assert.ok(Math.abs(scores.reduce((sum, { score }) => sum + score, 0) - 1) < 0.01)
    }
  })
  test('says nothing of other messages, nor of itself when an agent is chosen for it', () => {
    const router = atOnce(...to('data', QUERY))
    for (const text of ['Tell me a joke about customers', 'Write a Python function that sorts a list'])
      assert.deepEqual(ask(router, text), ask(atOnce(), text))
    for (const forced of [ask(router, `@coder ${QUERY}`), ask(router, QUERY, { forced: 'coder' as AgentName })])
      assert.deepEqual([forced.agent, forced.forced, forced.because[0]?.why], ['coder', true, undefined])
  })
  test('goes where it was last said to go', () => {
    assert.equal(ask(atOnce(...to('data', QUERY), ...to('researcher', QUERY)), QUERY).agent, 'data')
    assert.equal(ask(atOnce(...to('researcher', `${QUERY}!`), ...to('data', QUERY)), QUERY).agent, 'researcher')
    assert.equal(standing([...to('data', 'Hello, you'), ...to('coder', 'hello you!')]).length, 1)
  })
  test('is forgotten with its agent', () => {
    const router = taughtRouter(given.agents, given.learned, {
      nearest: nearestOf(to('gone', QUERY), given.learned.read),
      moves: NO_MOVES,
    })
    assert.deepEqual(ask(router, QUERY), ask(atOnce(), QUERY))
  })
  test('does not take "why?" away from who answered before', () => {
    const recent: RouteQuestion['recent'] = [{ role: 'assistant', text: 'So it is.', agent: 'coder' as AgentName }]
    for (const router of [atOnce(...to('researcher', 'why?')), routerAfter(given, to('researcher', 'why?', 'go on'))])
      assert.equal(ask(router, 'why?', { recent }).agent, 'coder')
  })
  test('draws others to its agent the more, the more they are like it and the more of them agree', () => {
    const share = (router: ReturnType<typeof atOnce>, text: string) =>
      ask(router, text).scores.find(({ agent }) => agent === 'writer')!.score
    const one = 'Write a letter to my landlord about the heating'
    const two = 'Write a letter to the council about the street lights'
    const near = 'Write a letter to the school about my daughter'
    assert.ok(share(atOnce(...to('writer', one)), near) > share(atOnce(...to('writer', two)), near))
    assert.ok(share(atOnce(...to('writer', one, two)), near) > share(atOnce(...to('writer', one)), near))
  })
})

describe('what corrections mean', () => {
  test('a single odd one takes next to nothing from anybody', () => {
    const odd = to('executor', 'What is the capital of France?')
    const others = othersOf('all')
    const [without, withIt] = [accuracy(atOnce(), others), accuracy(routerAfter(given, odd), others)]
    assert.ok(withIt >= without - 0.01, `${without} to ${withIt}`)
  })
  // Of one seed; the table in docs/routing.md has more of them.
  test('messages that nobody has corrected go right more often after some that were, and others hardly less', (t) => {
    const [first, ...rest] = simulate(given, { user: 'jonas', seed: 1, points: [0], noise: 0 })
    const last = rest.at(-1)!
    t.diagnostic(`${first!.unseen} to ${last.unseen} after ${last.lessons}; others ${first!.others} to ${last.others}`)
    assert.ok(last.unseen >= first!.unseen + 0.3)
    assert.ok(last.others >= first!.others - 0.015)
  })
  test('one in ten that is wrong does not undo the others', () => {
    const [first, ...rest] = simulate(given, { user: 'jonas', seed: 2, points: [0], noise: 0.1 })
    assert.ok(rest.at(-1)!.unseen > first!.unseen + 0.2)
    assert.ok(rest.at(-1)!.others >= first!.others - 0.02)
  })
  test('five hundred of them make a decision little dearer', () => {
    const many = Array.from(
      { length: 500 },
      (_, i) => to('data', `${QUERY} number ${i} of ${i * 7} in region ${i}`)[0]!,
    )
    const [plain, taught] = [atOnce(), atOnce(...many)]
    const took = (router: ReturnType<typeof atOnce>) => {
      for (let i = 0; i < 50; i++) ask(router, 'How do I bake bread without yeast at home?')
      const times = Array.from({ length: 200 }, () => {
        const began = performance.now()
        ask(router, 'How do I bake bread without yeast at home?')
        return performance.now() - began
      })
      return times.sort((a, b) => a - b)[100]!
    }
    const ratio = took(taught) / took(plain)
    assert.ok(ratio < 8, `${ratio.toFixed(1)} times as long`)
  })
})
