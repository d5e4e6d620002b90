import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, test } from 'node:test'
import { systemClock } from '../clock.ts'
import { agentNamed, chosen, listed } from '../core/testing/rig.ts'
import { learnRouter } from '../learning.ts'
import { scriptedModel } from '../models/scripted.ts'
import { openMemory } from '../store/memory.ts'
import { API } from '../wire/api.ts'
import type { RunId } from '../wire/id.ts'
import { serve } from './testing/serve.ts'

const AGENTS = [
  agentNamed('general', { sampleMessages: ['good morning', 'tell me a story', 'what a lovely day', 'thank you'] }),
  agentNamed('coder', { sampleMessages: ['fix this function', 'write a unit test', 'why does my loop crash'] }),
  agentNamed('writer', { source: 'user' }),
]
const LETTER = 'Tell my landlord that the heating is broken, as a letter'

let folder: string
let undo: (() => void | Promise<void>)[]
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pkn-lessons-'))
  undo = []
})
afterEach(async () => {
  for (const end of undo.toReversed()) await end()
  rmSync(folder, { recursive: true, force: true })
})

async function start(learns = true) {
  const wall = { skipped: 0 }
  const clock = { ...systemClock, wall: () => systemClock.wall() + wall.skipped }
  const store = openMemory({ clock, say: () => undefined })
  const agents = { list: () => AGENTS, find: (name: string) => AGENTS.find((a) => a.name === name) ?? null }
  const learning = learnRouter({ agents, folder, say: () => undefined, lessons: learns ? store.mind : null })
  undo.push(() => learning.settled().finally(learning.close))
  const app = await serve({
    backends: listed(chosen(scriptedModel(() => ['Dear landlord']))),
    agents: AGENTS,
    store,
    clock,
    router: learning.router,
    learns,
  })
  undo.push(() => app.close())
  const asks = async (text: string) => {
    const run = await app.sayTo(text, { session: (await store.createSession(app.owner, null)).id })
    return { run, route: (await app.draft(run)).route! }
  }
  const instead = async (run: RunId, agent: string) =>
    (await app.ask('POST', `/v1/runs/${run}/again`, { body: { agent, instead: true } })).json()['id'] as RunId
  const lessons = async () => API.lessonsList.reply.parse((await app.ask('GET', '/v1/lessons')).json())
  return { ...app, asks, instead, lessons, learning, skip: (ms: number) => (wall.skipped += ms) }
}

test('a corrected message is answered by that agent in the next chat, which says why', async () => {
  const app = await start()
  const first = await app.asks(LETTER)
  assert.equal(first.route.agent, 'general')
  await app.instead(first.run, 'writer')
  const { lessons } = await app.lessons()
  assert.deepEqual(
    lessons.map(({ text, agent, instead }) => [text, agent, instead]),
    [[LETTER, 'writer', 'general']],
  )
  for (const text of [LETTER, `${LETTER}, please!`]) {
    const { route } = await app.asks(text)
    assert.equal(route.agent, 'writer', text)
    assert.deepEqual([route.because[0]?.why, route.forced], ['lesson', false])
    assert.ok(route.because[0]!.weight > 0)
  }
  assert.equal((await app.asks('why does my loop crash now')).route.agent, 'coder')
})

test('what is asked again without a word of the router is no lesson, and who comes back to its choice takes it back', async () => {
  const app = await start()
  const { run } = await app.asks(LETTER)
  await app.ask('POST', `/v1/runs/${run}/again`, { body: { agent: 'writer' } })
  assert.deepEqual((await app.lessons()).lessons, [])
  const other = await app.instead(run, 'writer')
  await app.draft(other)
  await app.instead(other, 'coder')
  assert.deepEqual(
    (await app.lessons()).lessons.map(({ agent, instead }) => [agent, instead]),
    [['coder', 'general']],
  )
  await app.instead(other, 'general')
  assert.deepEqual((await app.lessons()).lessons, [])
  assert.equal((await app.asks(LETTER)).route.agent, 'general')
})

test('an agent that a person chose themselves cannot be corrected', async () => {
  const app = await start()
  const run = await app.sayTo(LETTER, { agent: 'coder' })
  await app.draft(run)
  await app.instead(run, 'writer')
  assert.deepEqual((await app.lessons()).lessons, [])
})

test('a lesson goes when it is forgotten, or with its session, and comes back with that; then nothing is left of it', async () => {
  const app = await start()
  const one = await app.asks(LETTER)
  await app.instead(one.run, 'writer')
  const routed = async () => (await app.ask('POST', '/v1/route', { body: { text: LETTER } })).json()['agent']
  assert.equal(await routed(), 'writer')
  const { session, message } = (await app.lessons()).lessons[0]!
  await app.ask('DELETE', `/v1/sessions/${session}`)
  assert.equal(await routed(), 'general')
  await app.ask('POST', `/v1/sessions/${session}/restore`, { body: {} })
  assert.equal(await routed(), 'writer')
  assert.equal((await app.ask('DELETE', `/v1/lessons/${message}`)).status, 204)
  assert.equal(await routed(), 'general')

  await app.instead(one.run, 'writer')
  assert.equal(await routed(), 'writer')
  await app.ask('DELETE', `/v1/sessions/${session}`)
  app.skip(3_700_000)
  await app.store.purge()
  assert.deepEqual((await app.lessons()).lessons, [])
  assert.equal(await routed(), 'general')
  await app.learning.settled()
  assert.deepEqual(
    readdirSync(folder).filter((name) => name.startsWith('lessons-')),
    [],
  )
})

test('where routing is not to learn, nothing is kept', async () => {
  const app = await start(false)
  const { run } = await app.asks(LETTER)
  await app.instead(run, 'writer')
  assert.deepEqual(await app.lessons(), { lessons: [], next: null, learns: false })
  assert.equal((await app.asks(LETTER)).route.agent, 'general')
})
