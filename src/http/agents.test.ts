import assert from 'node:assert/strict'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, afterEach, before, beforeEach, it } from 'node:test'
import { openAgents } from '../agents/read-agents.ts'
import { learnRouter } from '../learning.ts'
import { listed } from '../core/testing/rig.ts'
import { isMalformed } from '../models/wish.ts'
import { API } from '../wire/api.ts'
import { serve } from './testing/serve.ts'

const builtIn = join(import.meta.dirname, '..', '..', 'agents')
/** What is learnt of the built-in agents, which each test begins with. */
const learnt = mkdtempSync(join(tmpdir(), 'pkn-http-learnt-'))
before(async () => {
  const agents = await openAgents({ builtIn, user: join(learnt, 'none'), malformed: isMalformed, say: () => undefined })
  const { router, close } = learnRouter({ agents, folder: join(learnt, 'cache'), say: () => undefined })
  await router()
  close()
  await agents.close()
})
after(() => rmSync(learnt, { recursive: true }))
let home: string
let undo: (() => void | Promise<void>)[]
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'pkn-http-agents-'))
  mkdirSync(join(home, 'agents'))
  cpSync(join(learnt, 'cache'), join(home, 'cache'), { recursive: true })
  undo = []
})
afterEach(async () => {
  for (const end of undo.toReversed()) await end()
  rmSync(home, { recursive: true, force: true })
})

const mine = (name: string) => join(home, 'agents', name)
const GARDENER = {
  title: 'Gardener',
  about: 'Plants, beds and balconies.',
  instructions: 'You help with gardens.\n\n---\n\nKeep it short.',
  examples: ['When do I prune my roses?', 'My tomato seedlings are leggy', 'How deep do I plant tulip bulbs?'],
  models: ['tools+context>=32k'],
  tools: [],
  mayDelegateTo: ['researcher'],
}

async function start() {
  const agents = await openAgents({ builtIn, user: join(home, 'agents'), malformed: isMalformed, say: () => undefined })
  const learning = learnRouter({ agents, folder: join(home, 'cache'), say: () => undefined })
  agents.onChange(learning.again)
  undo.push(() => agents.close(), learning.close)
  const app = await serve({
    backends: listed(),
    idle: true,
    team: { agents, agentFiles: agents.files, router: learning.router },
  })
  undo.push(() => app.close())
  const read = async (name: string) => API.agentsRead.reply.parse((await app.ask('GET', `/v1/agents/${name}`)).json())
  const routed = async (text: string) => (await app.ask('POST', '/v1/route', { body: { text } })).json()['agent']
  const put = (name: string, body: object) => app.ask('PUT', `/v1/agents/${name}`, { body })
  return { ...app, read, routed, put }
}

it('makes an agent, and the answer comes when messages are routed by it', async () => {
  const app = await start()
  assert.notEqual(await app.routed('When should I prune the roses?'), 'gardener')
  const made = await app.put('gardener', GARDENER)
  assert.equal(made.status, 200, made.text)
  assert.equal(await app.routed('When should I prune the roses?'), 'gardener')
  const { file, version, sampleMessages, instructions, overBuiltIn, source } = await app.read('gardener')
  assert.deepEqual([file, overBuiltIn, source], [mine('gardener.md'), false, 'user'])
  assert.deepEqual([sampleMessages, instructions], [GARDENER.examples, GARDENER.instructions])
  assert.ok(version)
  const astray = API.agentsAstray.reply.parse((await app.ask('GET', '/v1/agents/gardener/astray')).json())
  assert.deepEqual(astray, { examples: 3, astray: 0, listed: [] })
})

it('takes a version of a built-in agent, and gives the built-in one back', async () => {
  const app = await start()
  const before = await app.read('coder')
  assert.deepEqual([before.source, before.file, before.version], ['built-in', null, null])
  const answer = await app.put('coder', { ...before, examples: before.sampleMessages, instructions: 'My own way.' })
  assert.equal(answer.status, 200, answer.text)
  const own = await app.read('coder')
  assert.deepEqual([own.instructions, own.overBuiltIn, own.examples], ['My own way.', true, before.examples])
  assert.equal((await app.ask('DELETE', '/v1/agents/coder')).status, 204)
  assert.deepEqual(await app.read('coder'), before)
  const refused = await app.ask('DELETE', '/v1/agents/coder')
  assert.deepEqual([refused.status, refused.json()['code']], [409, 'agent.builtin'])
})

it('brings a removed agent back as it was, to the letter', async () => {
  const text = '---\n# mine\nname: odd\ntitle:   Odd\nabout: "Odd things."\n---\nBe odd.  \n'
  writeFileSync(mine('strange.md'), text)
  const app = await start()
  assert.equal((await app.ask('DELETE', '/v1/agents/odd')).status, 204)
  assert.equal(existsSync(mine('strange.md')), false)
  const back = await app.ask('POST', '/v1/agents/odd/restore', { body: {} })
  assert.equal(back.status, 200, back.text)
  assert.equal(readFileSync(mine('odd.md'), 'utf8'), text)
  const again = await app.ask('POST', '/v1/agents/odd/restore', { body: {} })
  assert.deepEqual([again.status, again.json()['code']], [404, 'agent.gone'])
})

it('names what is wrong with each field, and writes nothing', async () => {
  const app = await start()
  const answer = await app.put('Not%20A%20Name', {
    title: ' ',
    about: 'x'.repeat(601),
    instructions: '',
    models: ['context>>3'],
    tools: ['a tool'],
    mayDelegateTo: ['nobody'],
  })
  const problem = API.openapi.reply.parse(answer.json())
  assert.deepEqual([answer.status, problem['code']], [422, 'agent.invalid'])
  const details = problem['details'] as Record<string, string>
  assert.deepEqual(Object.keys(details).sort(), [
    'about',
    'agent',
    'instructions',
    'mayDelegateTo',
    'models',
    'name',
    'title',
    'tools',
    'what',
  ])
  assert.match(details['mayDelegateTo']!, /nobody/)
  assert.match(details['models']!, /context>>3/)
  for (const name of ['..%2Fevil', 'a%2Fb', '.', 'x'.repeat(60)])
    assert.ok([404, 422].includes((await app.put(name, GARDENER)).status), name)
  assert.equal(existsSync(join(home, 'evil.md')), false)
  const self = await app.put('gardener', { ...GARDENER, mayDelegateTo: ['gardener'] })
  assert.match(self.text, /itself/)
})

it('refuses a change that was begun before another', async () => {
  const app = await start()
  await app.put('gardener', GARDENER)
  const { version } = await app.read('gardener')
  assert.equal((await app.put('gardener', { ...GARDENER, title: 'One', version })).status, 200)
  const late = await app.put('gardener', { ...GARDENER, title: 'Two', version })
  assert.deepEqual([late.status, late.json()['code']], [409, 'agent.changed'])
  assert.equal((await app.read('gardener')).title, 'One')
})

it('tells of files that are broken, what and where, and overwrites none of them', async () => {
  const text = '---\nname: gardener\ntitel: Gardener\nabout: x\n---\nHelp.\n'
  writeFileSync(mine('gardener.md'), text)
  const app = await start()
  const { folder, problems } = API.agentFiles.reply.parse((await app.ask('GET', '/v1/agent-files')).json())
  assert.equal(folder, join(home, 'agents'))
  assert.ok(problems.some(({ file, what }) => file === mine('gardener.md') && what.includes('titel')))
  assert.ok(problems.some(({ field }) => field === 'title'))
  const refused = await app.put('gardener', GARDENER)
  assert.deepEqual([refused.status, refused.json()['code']], [409, 'agent.blocked'])
  assert.equal(readFileSync(mine('gardener.md'), 'utf8'), text)
  writeFileSync(mine('coder.md'), 'nothing of the kind')
  // Whatever is asked next reads the folder first.
  await app.put('other', { ...GARDENER, title: 'Other' })
  const { problems: own, source } = await app.read('coder')
  assert.deepEqual([own[0]?.line, source], [1, 'built-in'])
})

it('lets no other page change an agent', async () => {
  const app = await start()
  const headers = { origin: 'https://elsewhere.example' }
  for (const [method, path, body] of [
    ['PUT', '/v1/agents/gardener', GARDENER],
    ['DELETE', '/v1/agents/coder', undefined],
    ['POST', '/v1/agents/coder/restore', {}],
  ] as const) {
    const answer = await app.ask(method, path, { headers, ...(body === undefined ? {} : { body }) })
    assert.deepEqual([answer.status, answer.json()['code']], [403, 'origin.refused'])
  }
})

it('knows no agent that is not there', async () => {
  const app = await start()
  for (const path of ['/v1/agents/nobody', '/v1/agents/nobody/astray'])
    assert.deepEqual((await app.ask('GET', path)).json()['code'], 'agent.missing')
})
