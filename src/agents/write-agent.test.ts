import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import type { AgentText } from '../wire/agent.ts'
import { parseAgentFile } from './agent-file.ts'
import { tidied, wrongsOf } from './agent-rules.ts'
import { agentFile } from './write-agent.ts'

const NAMES = new Set(['general', 'coder', 'researcher'])
const BY_HAND = `---
# The garden of my aunt.
about: >-
  Plants, beds
  and balconies.
title: 'Gardener' # as she says
name: gardener
delegates: [researcher, gone]
examples:
  - "When do I prune my roses?" # in spring
  - My tomato seedlings are leggy
# the end
---

You help with gardens.

`
const textOf = (content: string): AgentText => {
  const parsed = parseAgentFile('x.md', content, 'user')
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems))
  const { agent } = parsed
  return {
    ...agent,
    examples: [...agent.sampleMessages],
    mayDelegateTo: agent.mayDelegateTo.filter((n) => NAMES.has(n)),
  }
}

test('what is not changed stays as it was written by hand, comments and order too', () => {
  const text = textOf(BY_HAND)
  const { title, examples } = text
  const written = agentFile(
    'gardener',
    { ...text, title: `${title}s`, examples: [...examples, 'Peat or not?'] },
    BY_HAND,
    NAMES,
  )
  const changed = BY_HAND.split('\n').filter((line) => !written.split('\n').includes(line))
  assert.deepEqual(
    changed.filter((line) => !line.startsWith('title')),
    ['  Plants, beds', '  and balconies.'],
  )
  assert.match(written, /title: 'Gardeners' # as she says\nname: gardener\ndelegates: \[researcher, gone\]\n/)
  assert.match(
    written,
    /roses\?" # in spring\n {2}- My tomato seedlings are leggy\n {2}- Peat or not\?\n\n?# the end\n---\n\nYou help/,
  )
  assert.deepEqual(textOf(written).examples.length, 3)
})

test('a file that is written and read is the same agent, whatever is in it', () => {
  const words = [
    'a: b',
    '# no comment',
    '- dash',
    '---',
    '"quote',
    "it's",
    'tab\tand  spaces ',
    '{x}',
    'ünïcode 🌱',
    '? what',
    '|',
    '>',
    '%',
    '@coder hi',
    '!!str x',
    '*a',
    '&a',
    'yes',
    '12',
    '~',
    ' ',
    'x'.repeat(300),
  ]
  for (const word of words) {
    const given = tidied({
      title: `T ${word}`.slice(0, 60),
      about: `${word} about`,
      instructions: `${word}\n\n---\n${word}`,
      examples: [word, `${word} 2`],
      models: [word],
      tools: [],
      mayDelegateTo: ['coder'],
    })
    const content = agentFile('mine', given, null, NAMES)
    const { title, about, instructions, examples, models, mayDelegateTo } = textOf(content)
    assert.deepEqual({ title, about, instructions, examples, models, tools: [], mayDelegateTo }, given, content)
    const second = agentFile('mine', { ...given, title: 'Other' }, content, NAMES)
    assert.equal(second.replace(/title:.*\n/, ''), content.replace(/title:.*\n/, ''))
  }
})

test('each built-in agent, written again, says the same', () => {
  const folder = join(import.meta.dirname, '..', '..', 'agents')
  for (const file of readdirSync(folder)) {
    const content = readFileSync(join(folder, file), 'utf8')
    const text = textOf(content)
    const written = agentFile(file.replace('.md', ''), { ...text, title: 'Mine' }, content, NAMES)
    assert.deepEqual({ ...textOf(written), title: '' }, { ...text, title: '' })
    assert.ok(written.split('\n').length < content.split('\n').length + 5)
  }
})

test('a file with the line ends of another system keeps them', () => {
  const content = BY_HAND.replaceAll('\n', '\r\n')
  const written = agentFile('gardener', { ...textOf(content), title: 'New' }, content, NAMES)
  assert.equal(written.replaceAll('\r\n', '').includes('\n'), false)
  assert.equal(textOf(written).title, 'New')
})

test('what is too long or not known is refused by its field, and a good agent is not', () => {
  const good = tidied(textOf(BY_HAND))
  const rules = { names: NAMES, malformed: (wish: string) => wish.includes('>>') }
  assert.deepEqual(wrongsOf('gardener', good, rules), {})
  const bad = {
    title: 'x'.repeat(61),
    about: '',
    instructions: 'x'.repeat(60_001),
    examples: ['x'.repeat(1001)],
    models: ['a>>b'],
    tools: ['rm -rf'],
    mayDelegateTo: ['gardener'],
  }
  const fields = ['about', 'examples', 'instructions', 'mayDelegateTo', 'models', 'name', 'title', 'tools']
  assert.deepEqual(Object.keys(wrongsOf('Gardener', { ...bad, mayDelegateTo: ['gone'] }, rules)).sort(), fields)
  assert.match(wrongsOf('gardener', bad, rules)['mayDelegateTo'] ?? '', /itself/)
})
