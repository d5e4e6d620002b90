import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { before, describe, test } from 'node:test'
import { measureNeeds, readNeeds, TOOL_FILES } from '../../bench/routing/tools.ts'
import { readFolder } from '../agents/read-folder.ts'
import type { AgentName } from '../wire/id.ts'
import type { Agent, Router, RouteQuestion } from './ports.ts'
import { trainRouter } from './route.ts'
import { fold } from './route-words.ts'

const ROOT = resolve(import.meta.dirname, '..', '..')
type Labelled = { text: string; agent: AgentName; recent?: RouteQuestion['recent'] }
const labelled = (file: string) =>
  readFileSync(join(ROOT, 'bench', 'routing', file), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Labelled)

const agents: Agent[] = []
let router: Router
before(async () => {
  const { agents: read, problems } = await readFolder(join(ROOT, 'agents'), 'built-in')
  assert.deepEqual(problems, [])
  agents.push(...read)
  const began = performance.now()
  router = trainRouter(agents)
  console.error(`training took ${(performance.now() - began).toFixed(0)} ms`)
})

const after = (agent: string): RouteQuestion['recent'] => [
  { role: 'user', text: 'Something', agent: null },
  { role: 'assistant', text: 'An answer', agent: agent as AgentName },
]
const ask = (text: string, recent: RouteQuestion['recent'] = [], forced: string | null = null, by = router) =>
  by.route({ text, recent, forced: forced as AgentName | null })
const goes = (text: string, agent: string) => assert.equal(ask(text).agent, agent, text)

describe('what is asked for counts, not the words that occur', () => {
  test('"ui" in "quick" and "test" in quotation marks mislead nobody', () => {
    goes('Write a quick guide to SQLite', 'coder')
    goes("Translate 'run the test' into German", 'general')
  })
  test('the same thing is done by the executor, written by the coder and weighed by the consultant', () => {
    goes('Delete all .tmp files in /var/tmp', 'executor')
    goes('Write a bash script that deletes .tmp files', 'coder')
    goes('Should we delete temporary files automatically, and what are the risks?', 'consultant')
  })
  test('words of programmers in other matters do not go to the coder', () => {
    goes('What is the best way to execute my career plan?', 'consultant')
    goes('Should I rewrite my service in Rust?', 'consultant')
    goes('Calculate the expected number of coin flips until the first head', 'reasoner')
    goes('Find recent papers on RAG', 'researcher')
    goes('Write a poem about a compiler', 'general')
  })
  test('a proof is for the reasoner, also when it begins with "explain"', () => {
    goes('Explain step by step why sqrt(2) is irrational', 'reasoner')
  })
  test('capitals, accents and typing without them make no difference', () => {
    for (const text of ['¿Cuál es la derivada de x²?', 'cual es la derivada de x²?', 'CUÁL ES LA DERIVADA DE X²'])
      goes(text, 'reasoner')
  })
  test('what says nothing goes to general', () => {
    for (const text of ['', '...', '😀😀', 'xkcd flurb grommit', 'ქართული']) goes(text, 'general')
  })
  test('a long text of any characters takes about as long as any other', () => {
    const taken = (text: string) => {
      const begun = performance.now()
      ask(text)
      return performance.now() - begun
    }
    const length = 400_000
    taken('ab '.repeat(length / 3))
    const usual = Math.max(1, taken('ab '.repeat(length / 3)))
    for (const piece of [
      '\n',
      ' ',
      'a',
      '1',
      '.',
      "'",
      '"',
      '`',
      '(',
      '/',
      '\\',
      '-',
      '*',
      '@',
      '\n ',
      'a.',
      ' “',
      '1.',
      '../',
    ]) {
      const ms = taken(piece.repeat(length / piece.length))
      assert.ok(ms < 100 * usual, `${JSON.stringify(piece)} takes ${ms.toFixed(0)} ms, words ${usual.toFixed(0)} ms`)
    }
  })
  test('a very long paste is judged by its request', () => {
    const paste = 'The council met on Monday and spoke about the new bridge over the river. '.repeat(3000)
    goes(`Summarise the following article in three sentences:\n\n${paste}`, 'researcher')
  })
})

describe('the user can force an agent', () => {
  test('by a name at the start of the text', () => {
    const decision = ask('@coder tell me a joke')
    assert.deepEqual([decision.agent, decision.forced, decision.confidence], ['coder', true, 1])
    assert.equal(ask('@Coder, hello').agent, 'coder')
  })
  test('by choosing it, which wins over a name in the text', () => {
    const decision = ask('@coder tell me a joke', [], 'reasoner')
    assert.deepEqual([decision.agent, decision.forced], ['reasoner', true])
  })
  test('but a name that nobody has, or one inside the text, forces nothing', () => {
    assert.equal(ask('@nobody tell me a joke').forced, false)
    assert.equal(ask('write to anna@coder.example, please').forced, false)
    assert.equal(ask('What does @coder mean?').forced, false)
  })
})

describe('recent turns', () => {
  test('a short follow-up stays with the agent that answered', () => {
    for (const agent of ['coder', 'reasoner', 'researcher', 'consultant'])
      for (const text of ['why?', 'more details', 'continue', 'shorter please', 'and then?'])
        assert.equal(ask(text, after(agent)).agent, agent, `${text} after ${agent}`)
    assert.equal(ask('and now in Python', after('coder')).agent, 'coder')
    assert.equal(ask('¿y en TypeScript?', after('coder')).agent, 'coder')
    assert.equal(ask('und jetzt auf Deutsch', after('general')).agent, 'general')
  })
  test('a clear change of topic wins', () => {
    assert.equal(ask('Tell me a joke about cats', after('coder')).agent, 'general')
    assert.equal(ask('Restart nginx', after('coder')).agent, 'executor')
    assert.equal(ask('Should I quit my job?', after('reasoner')).agent, 'consultant')
    assert.equal(ask('thanks!', after('coder')).agent, 'general')
  })
  test('an agent that is gone counts for nothing', () => {
    assert.deepEqual(ask('Tell me a joke', after('gone')), ask('Tell me a joke'))
  })
})

describe("a user's own agent", () => {
  const gardener = (): Agent => ({
    name: 'gardener' as AgentName,
    title: 'Gardener',
    about: 'Plants and gardens.',
    instructions: 'Help with the garden.',
    source: 'user',
    tools: [],
    models: [],
    mayDelegateTo: [],
    examples: 6,
    sampleMessages: [
      'When do I prune my roses?',
      'My tomato seedlings are leggy, what now?',
      'How deep do I plant tulip bulbs?',
      'What grows in the shade under a hedge?',
      'There are aphids on my beans',
      'Make a planting calendar for my vegetable bed',
    ],
  })
  test('is found with six examples, for messages like them', () => {
    const wider = trainRouter([...agents, gardener()])
    for (const text of [
      'When do I prune the hedge?',
      'Aphids on my roses, what now?',
      'How deep do I plant garlic bulbs?',
    ])
      assert.equal(ask(text, [], null, wider).agent, 'gardener', text)
  })
  test('does not swallow what is for others', () => {
    const wider = trainRouter([...agents, gardener()])
    const prompts = labelled('prompts.jsonl')
    const taken = prompts.filter(({ text, recent }) => ask(text, recent, null, wider).agent === 'gardener')
    assert.ok(taken.length <= prompts.length / 100, taken.map(({ text }) => text).join('\n'))
  })
  test('without examples is only there when it is called', () => {
    const wider = trainRouter([...agents, { ...gardener(), sampleMessages: [], examples: 0 }])
    assert.notEqual(ask('When do I prune my roses?', [], null, wider).agent, 'gardener')
    assert.equal(ask('@gardener hello', [], null, wider).agent, 'gardener')
  })
  test('alone gets everything', () => {
    assert.equal(ask('Fix my code', [], null, trainRouter([gardener()])).agent, 'gardener')
  })
})

describe('a decision explains itself', () => {
  test('scores of all agents sum to one, the best first, and name the confidence', () => {
    const { scores, confidence, agent } = ask('Write a function that reverses a list in Python')
    assert.equal(scores.length, agents.length)
    assert.ok(Math.abs(scores.reduce((sum, { score }) => sum + score, 0) - 1) < 0.01)
    assert.deepEqual([scores[0]?.agent, scores[0]?.score], [agent, confidence])
  })
  test('reasons are words of the message', () => {
    const text = 'Write a Python function that reverses a linked list'
    const { because } = ask(text)
    assert.ok(because.length > 0 && because.length <= 5)
    for (const { feature, weight } of because) {
      assert.ok(text.includes(feature), feature)
      assert.ok(weight > 0)
    }
  })
  test('the same question gets the same answer from a router trained again', () => {
    const again = trainRouter(agents)
    for (const { text } of labelled('prompts.jsonl').slice(0, 40))
      assert.deepEqual(ask(text, [], null, again), ask(text))
  })
  test('complexity grows with what is asked for', () => {
    assert.equal(ask('What is the capital of Canada?').complexity, 'simple')
    assert.equal(
      ask('Design a rate limiter in Go. Then write tests for it, compare two algorithms, and explain the trade-offs.')
        .complexity,
      'complex',
    )
  })
  test('what happens on the machine requires tools', () => {
    assert.equal(ask('Move all PDFs to ~/docs').requiresTools, true)
    assert.equal(ask('Write me a haiku').requiresTools, false)
  })
})

describe('messages of which a person has said whether words alone can answer them', () => {
  for (const file of TOOL_FILES)
    test(`what needs tools in ${file} is told: nineteen of twenty that are said to do, and that do`, (t) => {
      const { precision, recall, missed, wrongly } = measureNeeds(trainRouter(agents), readNeeds(file))
      t.diagnostic(`precision ${precision.toFixed(3)}, recall ${recall.toFixed(3)}`)
      assert.ok(precision >= 0.95, wrongly.join('\n'))
      assert.ok(recall >= 0.95, missed.join('\n'))
    })
  test('hardly any of the routed prompts that are for a thinker or a talker need tools, and nearly all for who acts', () => {
    const share = (name: string) => {
      const own = labelled('prompts.jsonl').filter(({ agent }) => agent === name)
      return own.filter(({ text, recent }) => ask(text, recent).requiresTools).length / own.length
    }
    for (const name of ['general', 'reasoner', 'consultant']) assert.ok(share(name) < 0.05, `${name} ${share(name)}`)
    assert.ok(share('executor') > 0.9, `executor ${share('executor')}`)
  })
})

describe('the labelled prompts', () => {
  for (const file of ['prompts.jsonl', 'held-out.jsonl'])
    test(`at least nine in ten of ${file} are routed as a person would`, () => {
      const prompts = labelled(file)
      const wrong = prompts.filter(({ text, recent, agent }) => ask(text, recent).agent !== agent)
      assert.ok(wrong.length <= prompts.length / 10, wrong.map(({ text, agent }) => `${agent}: ${text}`).join('\n'))
    })
  test('none is among the examples, or nearly', () => {
    const bag = (text: string) => new Set(fold(text).match(/[\p{L}\p{N}]+/gu) ?? [])
    const examples = agents.flatMap(({ sampleMessages }) => sampleMessages.map((text) => ({ text, words: bag(text) })))
    const close: string[] = []
    for (const { text } of [
      ...labelled('prompts.jsonl'),
      ...labelled('held-out.jsonl'),
      ...TOOL_FILES.flatMap(readNeeds),
    ]) {
      const words = bag(text)
      for (const example of examples) {
        const shared = [...words].filter((word) => example.words.has(word)).length
        const all = words.size + example.words.size - shared
        if (words.size > 0 && shared / all > 0.8) close.push(`${text} ~ ${example.text}`)
      }
    }
    assert.deepEqual(close, [])
  })
  test('every built-in agent brings at least forty examples, and none belongs to two', () => {
    const met = new Map<string, string>()
    for (const { name, sampleMessages } of agents) {
      assert.ok(sampleMessages.length >= 40, name)
      for (const text of sampleMessages) {
        const key = fold(text)
        assert.equal(met.get(key) ?? name, name, text)
        met.set(key, name)
      }
    }
  })
})
