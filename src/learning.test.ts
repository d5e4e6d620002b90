import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import type { Agent, Lessons, LogLine } from './core/ports.ts'
import { agentNamed } from './core/testing/rig.ts'
import { systemClock } from './clock.ts'
import { learnRouter } from './learning.ts'
import { openMemory } from './store/memory.ts'
import { LOCAL, newMessageId, OwnerId } from './wire/id.ts'

const home = mkdtempSync(join(tmpdir(), 'pkn-learning-'))
after(() => rmSync(home, { recursive: true, force: true }))

const CODE = ['fix this function', 'write a unit test', 'why does my loop crash', 'refactor the parser class']
const TALK = ['good morning', 'tell me a story', 'what a lovely day', 'thank you so much']
const both = [agentNamed('general', { sampleMessages: TALK }), agentNamed('coder', { sampleMessages: CODE })]

function learning(folder: string, list: () => readonly Agent[] = () => both, lessons: Lessons | null = null) {
  const lines: LogLine[] = []
  const agents = { list, find: () => null }
  return { lines, ...learnRouter({ agents, folder, say: (line) => void lines.push(line), lessons }) }
}
const asked = { text: 'fix the crash in this loop', recent: [], forced: null }

test('where nothing can be kept the router learns all the same, and the log says what is wrong', async () => {
  const folder = join(home, 'a-file-and-no-folder')
  writeFileSync(folder, '')
  const { router, lines, close } = learning(folder)
  assert.equal((await router()).route(asked).agent, 'coder')
  assert.ok(lines.some(({ level, cause }) => level === 'warn' && cause !== undefined))
  close()
})

test('where no process can be started the router learns all the same, and nothing else comes of it', async (t) => {
  const { execPath } = process
  t.after(() => (process.execPath = execPath))
  process.execPath = join(home, 'no-such-program')
  const { router, lines, close } = learning(join(home, 'alone'))
  assert.equal((await router()).route(asked).agent, 'coder')
  assert.deepEqual(
    lines.map(({ level }) => level),
    ['warn'],
  )
  close()
})

test('agents that change again and again while they are learnt end with the newest, and without a complaint', async () => {
  let list = both
  const { router, again, lines, close } = learning(join(home, 'cache'), () => list)
  for (let i = 0; i < 4; i++) {
    list = [...both, agentNamed('gardener', { sampleMessages: ['when do I plant roses', `prune the hedge ${i}`] })]
    again()
    if (i === 1) await router()
  }
  assert.equal((await router()).route({ ...asked, text: 'plant the roses' }).agent, 'gardener')
  assert.deepEqual(lines, [])
  close()
})

test('a server that stops while its router learns stops in peace', async () => {
  const { again, lines, close } = learning(join(home, 'stopped'))
  again()
  close()
  for (let i = 0; i < 20; i++) await new Promise((resolve) => setImmediate(resolve))
  assert.deepEqual(lines, [])
})

/** Enough examples, so that it is seen what a correction would take from whom. */
const many = (name: string, verb: string) =>
  agentNamed(name, { sampleMessages: Array.from({ length: 20 }, (_, i) => `${verb} the thing number ${i}, please`) })
const LETTERS = ['write to the landlord', 'write a letter to the bank', 'a few lines to the school, as a letter']

async function taught() {
  const store = openMemory({ clock: systemClock, say: () => undefined })
  const wish = { agent: null, backend: 'local', model: null, priority: 'interactive' } as const
  const teach = async (text: string, agent: Agent, owner = LOCAL) => {
    const { message } = await store.submit(owner, { ...wish, id: newMessageId(), session: null, text })
    await store.mind.teach(owner, { message: message.id, agent: agent.name, instead: both[0]!.name })
    return message.id
  }
  return { mind: store.mind, teach, close: () => store.close() }
}
const writer = agentNamed('writer', { source: 'user' })
const kept = (folder: string) => readdirSync(folder).filter((name) => name.startsWith('lessons-'))

test('what was taught is in force at once, is learnt beside, and is told to nobody else', async () => {
  const { mind, teach, close } = await taught()
  const folder = join(home, 'taught')
  const agents = [many('general', 'tell me of'), many('coder', 'repair'), writer]
  const { router, settled, lines, close: end } = learning(folder, () => agents, mind)
  const routed = async (text: string, owner = LOCAL) => (await router(owner)).route({ ...asked, text })
  const before = await routed(LETTERS[0]!)
  for (const text of LETTERS) await teach(text, writer)
  assert.equal((await routed(LETTERS[0]!)).agent, 'writer')
  assert.deepEqual(await routed(LETTERS[0]!, OwnerId.parse('somebody else')), before)
  assert.deepEqual((await router()).route({ ...asked, text: LETTERS[0]! }), before)
  await settled()
  assert.equal(kept(folder).length, 1)
  // What lies there says nothing of what was said.
  for (const word of ['landlord', 'school']) assert.ok(!readFileSync(join(folder, kept(folder)[0]!)).includes(word))
  assert.equal((await routed(LETTERS[0]!)).agent, 'writer')
  assert.deepEqual(lines, [])
  end()
  await close()
})

test('what is taught while it learns is learnt too, and what is forgotten meanwhile leaves nothing behind', async () => {
  const { mind, teach, close } = await taught()
  const folder = join(home, 'meanwhile')
  const agents = [many('general', 'tell me of'), many('coder', 'repair'), writer]
  const { router, settled, lines, close: end } = learning(folder, () => agents, mind)
  const routed = async (text: string) => (await router(LOCAL)).route({ ...asked, text }).agent
  const before = await routed(LETTERS[0]!)
  const messages = []
  for (const text of LETTERS) {
    messages.push(await teach(text, writer))
    assert.equal(await routed(text), 'writer')
  }
  for (const message of messages) await mind.unteach(LOCAL, message)
  assert.equal(await routed(LETTERS[0]!), before)
  await settled()
  assert.deepEqual([kept(folder), lines], [[], []])
  end()
  await close()
})

test('a lesson rests while its agent is gone', async () => {
  const { mind, teach, close } = await taught()
  let agents = [...both, writer]
  const { router, again, settled, close: end } = learning(join(home, 'resting'), () => agents, mind)
  const routed = async () => (await router(LOCAL)).route({ ...asked, text: LETTERS[0]! }).agent
  const before = await routed()
  await teach(LETTERS[0]!, writer)
  assert.equal(await routed(), 'writer')
  agents = both
  again()
  assert.equal(await routed(), before)
  agents = [...both, writer]
  again()
  assert.equal(await routed(), 'writer')
  await settled()
  end()
  await close()
})
