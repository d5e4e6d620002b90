import assert from 'node:assert/strict'
import { mkdir, mkdtemp, rm, unlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, test } from 'node:test'
import type { LogLine } from '../core/ports.ts'
import type { AgentName } from '../wire/id.ts'
import { openAgents, type OpenAgents } from './read-agents.ts'

let home: string
let opened: OpenAgents[] = []
let said: LogLine[] = []
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'pkn-agents-'))
  said = []
})
afterEach(async () => {
  for (const agents of opened) await agents.close()
  opened = []
  await rm(home, { recursive: true })
})

const file = (name: string, more = '', body = 'Do it well.') =>
  `---\nname: ${name}\ntitle: ${name}\nabout: Does ${name}.\n${more}---\n${body}\n`
const write = (folder: string, name: string, content: string) => writeFile(join(home, folder, name), content)
async function open(builtIn: Record<string, string>, user: Record<string, string> | null = {}): Promise<OpenAgents> {
  await mkdir(join(home, 'built-in'), { recursive: true })
  if (user) await mkdir(join(home, 'user'), { recursive: true })
  for (const [name, content] of Object.entries(builtIn)) await write('built-in', name, content)
  for (const [name, content] of Object.entries(user ?? {})) await write('user', name, content)
  const agents = await openAgents({
    builtIn: join(home, 'built-in'),
    user: join(home, 'user'),
    malformed: (wish) => wish.includes('>>'),
    say: (line) => said.push(line),
  })
  opened.push(agents)
  return agents
}
const names = (agents: OpenAgents) => agents.list().map(({ name }) => String(name))
const warnings = () => said.filter(({ level }) => level === 'warn').map(({ text }) => text)
const changed = (agents: OpenAgents) =>
  new Promise<void>((done) => {
    const end = agents.onChange(() => {
      end()
      done()
    })
  })

test('examples may be a block of lines or a list', async () => {
  const agents = await open({
    'a.md': file('a', 'examples: |\n  one: with a colon\n  two # no comment\n\n'),
    'b.md': file('b', 'examples: [one, two, three]\n'),
  })
  assert.deepEqual(
    agents.list().map((a) => [a.examples, a.sampleMessages]),
    [
      [2, ['one: with a colon', 'two # no comment']],
      [3, ['one', 'two', 'three']],
    ],
  )
})

test("a user's agent replaces the built-in one of its name", async () => {
  const agents = await open({ 'a.md': file('a'), 'b.md': file('b') }, { 'mine.md': file('a', '', 'My own way.') })
  const found = agents.find('a' as AgentName)
  assert.deepEqual([found?.source, found?.instructions], ['user', 'My own way.'])
  assert.equal(names(agents).filter((name) => name === 'a').length, 1)
})

test("a user's file that can't be used is left out, with its name, line and field", async () => {
  const agents = await open(
    { 'a.md': file('a') },
    {
      'field.md': file('wrong', 'tols: [x]\n'),
      'name.md': file('Not A Name'),
      'plain.md': 'No settings at all',
      'yaml.md': '---\nname: x\ntitle: "open\n---\nBody\n',
      'empty.md': file('empty', '', ''),
      'twice-1.md': file('twice'),
      'twice-2.md': file('twice'),
    },
  )
  assert.deepEqual(names(agents), ['a', 'twice'])
  const told = warnings().join('\n')
  for (const part of [
    /field\.md.*tols/,
    /name\.md:2: name: /,
    /plain\.md:1: /,
    /yaml\.md:\d/,
    /empty\.md: .*instructions/,
    /twice-2\.md: name: /,
  ])
    assert.match(told, part)
})

test('a built-in agent that cannot be used stops the start', async () => {
  await assert.rejects(open({ 'a.md': file('a', 'tools: none\n') }), /a\.md:5: tools: /)
  await assert.rejects(open({}), /has no agents|a\.md/)
})

test('a folder that is not there yet is made and watched', async () => {
  const agents = await open({ 'a.md': file('a') }, null)
  const change = changed(agents)
  await write('user', 'new.md', file('new', 'examples: [hello there]\n'))
  await change
  // The file may be seen before all of it is written.
  while (!names(agents).includes('new')) await changed(agents)
  assert.deepEqual(names(agents), ['a', 'new'])
})

test('what is taken away is gone, and the built-in agent is back', async () => {
  const agents = await open({ 'a.md': file('a') }, { 'a.md': file('a', '', 'Mine.') })
  const change = changed(agents)
  await unlink(join(home, 'user', 'a.md'))
  await change
  assert.equal(agents.find('a' as AgentName)?.source, 'built-in')
})

test('nobody can delegate to an agent that is not there', async () => {
  const agents = await open({ 'a.md': file('a', 'delegates: [b, gone]\n'), 'b.md': file('b') })
  assert.deepEqual(agents.find('a' as AgentName)?.mayDelegateTo, ['b'])
})

test('a wish that means nothing is told once, and the agent stays', async () => {
  const agents = await open({ 'a.md': file('a') }, { 'b.md': file('b', 'models: [bogus>>3, tools]\n') })
  const change = changed(agents)
  await write('user', 'c.md', file('c'))
  await change
  while (!names(agents).includes('c')) await changed(agents)
  assert.deepEqual(names(agents), ['a', 'b', 'c'])
  assert.equal(warnings().filter((text) => /b wishes for "bogus>>3"/.test(text)).length, 1)
})
