import assert from 'node:assert/strict'
import { test } from 'node:test'
import { asAnother, linesOf, nameFrom } from './form-draft.ts'
import { whereIn } from './where.ts'
import { isMeant, wishWords } from './wish-words.ts'

test('a name is made of a title, and is one that an agent may have', () => {
  const names = ['Garten & Beet', 'Übersetzer', '  3D printing!', 'Straße', '🌱', 'x'.repeat(80), 'A--b']
  assert.deepEqual(names.map(nameFrom), [
    'garten-beet',
    'ubersetzer',
    'd-printing',
    'strasse',
    '',
    'x'.repeat(40),
    'a-b',
  ])
})

test('a wish is said in words, and what is not wholly made of conditions is the name of a model', () => {
  const text = (wish: string) => wishWords(wish).text
  assert.equal(text('tools+context>=32k'), 'Uses tools, at least 32,000 tokens of context')
  assert.equal(text('size<=4GB'), 'A file of at most 4.0 GB')
  assert.equal(text('thinking + vision'), 'Thinks before it answers, looks at pictures')
  for (const name of ['qwen3:8b', 'tools+qwen3', 'context', 'llama.cpp/qwen3']) assert.equal(wishWords(name).name, name)
  assert.equal(wishWords('tools').name, null)
})

test('the model that is meant is found by its name, with or without where it is', () => {
  const model = { name: 'qwen3:latest', endpoint: 'ollama' }
  for (const wish of ['qwen3', 'qwen3:latest', 'ollama/qwen3']) assert.ok(isMeant(model, wish), wish)
  for (const wish of ['qwen', 'llama/qwen3', 'tools']) assert.equal(isMeant(model, wish), false, wish)
})

test('an address leads to all agents, to one, to its form, or to a new one, and a strange one to all', () => {
  assert.deepEqual(whereIn('#/agents/coder'), { show: 'one', name: 'coder' })
  assert.deepEqual(whereIn('#/agents/coder/edit'), { show: 'edit', name: 'coder' })
  assert.deepEqual(whereIn('#/agents/+'), { show: 'new', from: null })
  assert.deepEqual(whereIn('#/agents/+coder'), { show: 'new', from: 'coder' })
  for (const hash of ['#/agents', '#/agents/', '#/agents/No Name', '#/agents/../x', ''])
    assert.equal(whereIn(hash).show, 'all')
})

test('another agent that begins from one has its own name and messages, and all else of it', () => {
  const agent = {
    name: 'coder',
    title: 'Coder',
    about: 'Code.',
    tools: ['a'],
    models: ['b'],
    mayDelegateTo: [],
    examples: 1,
    source: 'built-in',
    instructions: 'Write.',
    sampleMessages: ['one'],
    overBuiltIn: false,
    file: null,
    version: null,
    problems: [],
  }
  const { name, title, examples, about, instructions } = asAnother(agent as unknown as Parameters<typeof asAnother>[0])
  assert.deepEqual([name, title, examples, about, instructions], ['', '', '', 'Code.', 'Write.'])
  assert.deepEqual(linesOf(' a \n\n b'), ['a', 'b'])
})
