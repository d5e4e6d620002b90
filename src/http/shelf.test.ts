import assert from 'node:assert/strict'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, it } from 'node:test'
import { systemClock } from '../clock.ts'
import { rememberedSpeeds } from '../core/speeds.ts'
import { listed } from '../core/testing/rig.ts'
import { unknownModel } from '../models/look.ts'
import { openShelf, type ShelfGiven } from '../services/shelf.ts'
import { modelOf, serveFile, type Conduct } from '../services/testing/file-server.ts'
import { API } from '../wire/api.ts'
import { Fault } from '../wire/fault.ts'
import type { EndpointInfo } from '../wire/model.ts'
import { serve } from './testing/serve.ts'

const content = modelOf(200_000)
let home: string
let undo: (() => void | Promise<void>)[]
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'pkn-http-shelf-'))
  mkdirSync(join(home, 'models'))
  undo = []
})
afterEach(async () => {
  for (const end of undo.toReversed()) await end()
  rmSync(home, { recursive: true, force: true })
})

async function start(over: Partial<ShelfGiven> = {}) {
  const none = 'http://127.0.0.1:9'
  const pause = () => new Promise<void>((resolve) => setImmediate(resolve))
  const shelf = await openShelf({
    home,
    hub: { url: none },
    ollama: none,
    clock: systemClock,
    say: () => undefined,
    pause,
    ...over,
  })
  const app = await serve({ backends: listed(), shelf })
  undo.push(() => app.close())
  return app
}
async function files(conduct: Conduct = {}) {
  const server = await serveFile(content, conduct)
  undo.push(() => server.close())
  return server.url
}
const put = (name: string) => writeFileSync(join(home, 'models', name), content)

it('shows the catalogue with one model recommended, and what this machine is', async () => {
  const app = await start({
    machine: async () => ({ memory: 16 * 1024 ** 3, disk: 1e12, cores: 8, gpu: null }),
  })
  const answer = await app.ask('GET', '/v1/models/catalogue')
  const { models, machine } = API.catalogue.reply.parse(answer.json())
  assert.equal(models.filter(({ recommended }) => recommended).length, 1)
  assert.equal(machine.cores, 8)
  assert.ok(models.length >= 10 && models.every(({ installed }) => !installed))
})

it('pulls a model, tells how far it is, stops and goes on', async () => {
  const held = Promise.withResolvers<void>()
  const app = await start()
  const what = `${await files({ slowly: (sent) => (sent < 100_000 ? Promise.resolve() : held.promise) })}/m.gguf`
  const begun = await app.ask('POST', '/v1/models/pulls', { body: { what } })
  assert.equal(begun.status, 202)
  const { id } = API.pullsBegin.reply.parse(begun.json())
  const see = async (is: (state: string, done: number) => boolean) => {
    for (;;) {
      const { pulls } = API.pullsList.reply.parse((await app.ask('GET', '/v1/models/pulls')).json())
      assert.equal(pulls.length, 1)
      const [pull] = pulls
      if (pull && is(pull.state, pull.done)) return pull
    }
  }
  await see((_, done) => done > 90_000)
  const cancelled = await app.ask('POST', `/v1/models/pulls/${id}/cancel`, { body: {} })
  assert.deepEqual([cancelled.status, cancelled.json()['state']], [202, 'cancelled'])
  held.resolve()
  assert.equal((await app.ask('POST', '/v1/models/pulls', { body: { what } })).json()['id'], id)
  await see((state) => state === 'done')
  const { models } = API.installedList.reply.parse((await app.ask('GET', '/v1/models/installed')).json())
  assert.deepEqual(
    models.map(({ name, bytes, chosen }) => [name, bytes, chosen]),
    [['m', content.length, true]],
  )
})

it('chooses and deletes models', async () => {
  put('one.gguf')
  put('two.gguf')
  const app = await start()
  const used = await app.ask('POST', '/v1/models/installed/two/use', { body: {} })
  assert.deepEqual([used.status, API.installedUse.reply.parse(used.json()).chosen], [200, true])
  const removed = await app.ask('DELETE', '/v1/models/installed/two')
  assert.deepEqual([removed.status, removed.text], [204, ''])
  assert.deepEqual(readdirSync(join(home, 'models')), ['one.gguf'])
})

it('looks at every endpoint when it is asked to, and starts a server of models or says why not', async () => {
  let looks = 0
  const started: string[] = []
  const backends = { ...listed(), look: async () => void looks++ }
  const start = async (service: string) => {
    if (service === 'ollama') throw new Fault('service.failed', { service: 'Ollama', why: 'it is not installed' })
    started.push(service)
    return 'started, pid 1; ready'
  }
  const app = await serve({ backends, services: { start } })
  undo.push(() => app.close())
  assert.equal((await app.ask('POST', '/v1/models/look', { body: {} })).status, 204)
  assert.equal(looks, 1)
  const begun = await app.ask('POST', '/v1/services/llama/start', { body: {} })
  assert.deepEqual([begun.status, begun.json(), started, looks], [200, { text: 'started, pid 1; ready' }, ['llama'], 2])
  const refused = await app.ask('POST', '/v1/services/ollama/start', { body: {} })
  assert.deepEqual([refused.status, refused.json()['code']], [503, 'service.failed'])
  assert.match(refused.text, /Ollama could not be started: it is not installed/)
  const other = await app.ask('POST', '/v1/services/divinenode/start', { body: {} })
  assert.equal(other.status, 400)
  const foreign = await app.ask('POST', '/v1/services/llama/start', {
    body: {},
    headers: { origin: 'http://evil.example' },
  })
  assert.deepEqual([foreign.status, started], [403, ['llama']])
})

it('refuses what it cannot do, with a code, a reason and a way out', async () => {
  const outside = join(home, 'outside.gguf')
  writeFileSync(outside, content)
  put('one.gguf')
  const app = await start({ model: outside })
  const table: [method: string, path: string, body: unknown, status: number, code: string, detail: RegExp][] = [
    ['POST', '/v1/models/pulls', { what: 'no-such-model' }, 400, 'pull.invalid', /catalogue has no such name/],
    ['POST', '/v1/models/pulls', { what: 'https://me:secret@host/m.gguf' }, 400, 'pull.invalid', /name or password/],
    ['POST', '/v1/models/pulls', { what: 'hf:o/../../etc/passwd' }, 400, 'pull.invalid', /hf:owner\/name/],
    ['POST', '/v1/models/pulls', { what: '  ' }, 400, 'request.invalid', /what/],
    ['POST', '/v1/models/pulls', {}, 400, 'request.invalid', /what/],
    ['POST', '/v1/models/pulls/pull_00000000/cancel', {}, 404, 'pull.missing', /no such pull/],
    ['POST', '/v1/models/pulls/nonsense/cancel', {}, 400, 'request.invalid', /pull/],
    ['DELETE', '/v1/models/installed/none', undefined, 404, 'shelf.missing', /none/],
    ['DELETE', '/v1/models/installed/..%2Foutside', undefined, 404, 'shelf.missing', /outside/],
    ['DELETE', '/v1/models/installed/outside', undefined, 409, 'shelf.kept', /does not delete/],
    ['POST', '/v1/models/installed/none/use', {}, 404, 'shelf.missing', /none/],
    ['POST', '/v1/models/installed/one/use', {}, 409, 'shelf.fixed', /cannot be chosen/],
  ]
  for (const [method, path, body, status, code, detail] of table) {
    const answer = await app.ask(method, path, body === undefined ? {} : { body })
    const problem = answer.json()
    assert.deepEqual([answer.status, problem['code']], [status, code], `${method} ${path} ${answer.text}`)
    assert.match(String(problem['detail']), detail)
    assert.ok(!answer.text.includes('secret'))
  }
  assert.ok(existsSync(outside) && existsSync(join(home, 'models', 'one.gguf')))
  assert.deepEqual(API.pullsList.reply.parse((await app.ask('GET', '/v1/models/pulls')).json()).pulls, [])
})

it('lets no other page pull a model', async () => {
  const app = await start()
  const headers = { origin: 'https://elsewhere.example' }
  const answer = await app.ask('POST', '/v1/models/pulls', { body: { what: 'smollm2-135m' }, headers })
  assert.deepEqual([answer.status, answer.json()['code']], [403, 'origin.refused'])
})

it('tells how fast each model was in its last answers, and when memory is given back', async () => {
  const speeds = rememberedSpeeds()
  const model = { ...unknownModel('tiny', { name: 'near', kind: 'llama', url: NEAR.url }) }
  const app = await serve({ backends: { ...listed(), list: () => [{ ...NEAR, models: [model] }] }, speeds })
  undo.push(() => app.close())
  const read = async () => API.modelsSpeeds.reply.parse((await app.ask('GET', '/v1/models/speeds')).json())
  assert.deepEqual(await read(), { models: [], idleMinutes: null })
  speeds.learn('near', 'tiny', { read: { tokens: 100, ms: 500 }, write: { tokens: 10, ms: 1000 } })
  speeds.learn('gone', 'tiny', { write: { tokens: 10, ms: 1000 } })
  assert.deepEqual((await read()).models, [{ endpoint: 'near', model: 'tiny', paces: [{ read: 200, write: 10 }] }])
})

const NEAR: EndpointInfo = {
  name: 'near',
  kind: 'llama',
  url: 'http://127.0.0.1:1/v1',
  state: 'up',
  since: '2026-01-01T00:00:00.000Z',
  why: null,
  slots: 1,
  busy: 0,
  waiting: 0,
  local: true,
  models: [],
}
