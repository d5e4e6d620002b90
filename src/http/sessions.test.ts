import assert from 'node:assert/strict'
import { once } from 'node:events'
import { test } from 'node:test'
import { chosen, gate, listed } from '../core/testing/rig.ts'
import { scriptedModel, type Script } from '../models/scripted.ts'
import { newRunId, type RunId } from '../wire/id.ts'
import type { Message, Run, Session } from '../wire/message.ts'
import { serve } from './testing/serve.ts'

const served = (script: Script) => serve({ backends: listed(chosen(scriptedModel(script))) })
type App = Awaited<ReturnType<typeof served>>

async function begin(app: App): Promise<string> {
  return String((await app.ask('POST', '/v1/sessions', { body: {} })).json()['id'])
}
async function say(app: App, session: string, text: string, more: object = {}): Promise<RunId> {
  const { json } = await app.ask('POST', `/v1/sessions/${session}/messages`, { body: { text, ...more } })
  const { id } = json()['run'] as Run
  await app.entries(id)
  return id
}
const path = async (app: App, session: string, query = '') => {
  const { json } = await app.ask('GET', `/v1/sessions/${session}/messages${query}`)
  return json()['messages'] as Message[]
}
const texts = (messages: Message[]) => messages.map((m) => m.text)

test('a conversation branches: an edit, another version, a path that is chosen, and one that goes on', async () => {
  const app = await served((_, nth) => [`answer ${nth}`])
  const session = await begin(app)
  const a = await say(app, session, 'a')
  const b = await say(app, session, 'b')
  const edited = await say(app, session, 'B', { after: a })
  assert.deepEqual(texts(await path(app, session)), ['a', 'answer 1', 'B', 'answer 3'])
  assert.deepEqual(texts(await path(app, session, `?run=${b}`)), ['a', 'answer 1', 'b', 'answer 2'])
  assert.equal((await path(app, session))[2]?.siblings.length, 2)

  const again = await app.ask('POST', `/v1/runs/${b}/again`, { body: { agent: 'coder', key: 'again-0001' } })
  assert.equal(again.status, 202)
  const version = again.json() as Run
  const twice = await app.ask('POST', `/v1/runs/${b}/again`, { body: { agent: 'coder', key: 'again-0001' } })
  assert.equal((twice.json() as Run).id, version.id)
  const other = await app.ask('POST', `/v1/runs/${b}/again`, { body: { key: 'again-0001' } })
  assert.deepEqual([other.status, other.json()['code']], [422, 'key.conflict'])
  assert.equal((await app.draft(version.id)).route?.agent, 'coder')
  const question = (await path(app, session))[2]
  assert.deepEqual([question?.run, question?.runs], [version.id, [b, version.id]])

  const show = async (tip: string) =>
    (await app.ask('PATCH', `/v1/sessions/${session}`, { body: { tip } })).json() as Session
  assert.equal((await show(edited)).tip, edited)
  assert.equal((await show(a)).tip, version.id)
  await show(b)
  await say(app, session, 'c')
  assert.deepEqual(texts(await path(app, session)), ['a', 'answer 1', 'b', 'answer 2', 'c', 'answer 5'])
  const { json } = await app.ask('GET', `/api/session/${session}/history`)
  assert.deepEqual(
    (json()['messages'] as { content: string }[]).map((m) => m.content),
    ['a', 'answer 1', 'b', 'answer 2', 'c', 'answer 5'],
  )
  await app.close()
})

test('continuing is refused in words where nothing can be continued, and streamed where that is asked for', async () => {
  const never = gate()
  const app = await served((_, nth) =>
    nth === 1 ? [never.opened] : nth === 2 ? ['Once upon a time'] : [' there was.'],
  )
  const session = await begin(app)
  const submitted = await app.ask('POST', `/v1/sessions/${session}/messages`, { body: { text: 'x' } })
  const { id } = submitted.json()['run'] as Run
  const refused = async (run: string) => {
    const { status, json } = await app.ask('POST', `/v1/runs/${run}/again`, { body: { continue: true } })
    return [status, json()['code']]
  }
  assert.deepEqual(await refused(id), [409, 'run.open'])
  await app.ask('POST', `/v1/runs/${id}/cancel`, { body: {} })
  await app.entries(id)
  assert.deepEqual(await refused(id), [409, 'run.empty'])
  assert.deepEqual(await refused(newRunId()), [404, 'run.missing'])
  never.open()
  const begun = await say(app, session, 'a story')
  const events: string[] = []
  const options = { body: { continue: true }, headers: { accept: 'text/event-stream' } }
  for await (const { data } of app.frames('POST', `/v1/runs/${begun}/again`, options))
    events.push((JSON.parse(data) as { event: { type: string } }).event.type)
  assert.deepEqual([events[0], events[1], events.at(-1)], ['run.start', 'run.continue', 'run.end'])
  assert.equal((await path(app, session)).at(-1)?.text, 'Once upon a time there was.')
  const agentless = await app.ask('POST', `/v1/runs/${begun}/again`, { body: { agent: 'nobody' } })
  assert.deepEqual([agentless.status, agentless.json()['code']], [404, 'agent.missing'])
  await app.close()
})

test('a session is pinned, filed, archived and listed so, removed and restored', async () => {
  const app = await served(['ok'])
  const [a, b] = [await begin(app), await begin(app)]
  const change = (id: string, body: object) => app.ask('PATCH', `/v1/sessions/${id}`, { body })
  const list = async (query: string) =>
    ((await app.ask('GET', `/v1/sessions${query}`)).json()['sessions'] as Session[]).map((s) => s.id)
  const both = [b, a, app.session]
  assert.deepEqual(await list(''), both)
  const changed = (await change(a, { pinned: true, folder: ' Work ', archived: true })).json() as Session
  assert.deepEqual([changed.pinned, changed.folder, changed.archived], [true, 'Work', true])
  assert.deepEqual(await list('?show=archived&folder=Work'), [a])
  assert.deepEqual(await list('?show=open'), [b, app.session])
  await change(a, { archived: false })
  assert.deepEqual(await list('?show=pinned'), [a])
  assert.deepEqual(await list('?folder='), [b, app.session])
  for (const body of [{ folder: '' }, { pinned: 1 }, { title: '' }, { tip: 'x' }])
    assert.equal((await change(a, body)).status, 400)
  assert.equal((await change(a, { tip: newRunId() })).status, 404)
  assert.equal((await app.ask('GET', '/v1/sessions?show=some')).status, 400)

  assert.equal((await app.ask('DELETE', `/v1/sessions/${a}`)).status, 204)
  for (const [method, rest] of [
    ['GET', ''],
    ['GET', '/messages'],
    ['DELETE', ''],
  ] as const)
    assert.equal((await app.ask(method, `/v1/sessions/${a}${rest}`)).status, 404)
  assert.equal((await change(a, {})).status, 404)
  assert.deepEqual(await list('?show=all'), [b, app.session])
  const restored = await app.ask('POST', `/v1/sessions/${a}/restore`, { body: {} })
  assert.deepEqual([restored.status, restored.json()['folder']], [200, 'Work'])
  assert.deepEqual(await list('?show=all'), both)
  await app.close()
})

test('a second window is told at once what changes, with a place to come back to, and nothing of before', async () => {
  const app = await served(['ok'])
  const session = await begin(app)
  const told: [string | undefined, unknown][] = []
  let place = ''
  for await (const { event, id, data } of app.frames('GET', '/v1/feed')) {
    told.push([event, JSON.parse(data)])
    place = id ?? place
    if (event === 'open') await app.ask('DELETE', `/v1/sessions/${session}`)
    else break
  }
  assert.deepEqual(told, [
    ['open', {}],
    ['session', { session, removed: true }],
  ])
  const other = await begin(app)
  const back: unknown[] = []
  for await (const { event, data } of app.frames('GET', '/v1/feed', { headers: { 'last-event-id': place } })) {
    back.push(JSON.parse(data))
    if (event === 'session') break
  }
  assert.deepEqual(back, [{}, { session: other }])
  const bad = await app.ask('GET', '/v1/feed', { headers: { 'last-event-id': 'x' } })
  assert.equal(bad.status, 400)
  const foreign: Record<string, string>[] = [
    { host: 'evil.example' },
    { origin: 'http://evil.example' },
    { 'sec-fetch-site': 'cross-site' },
  ]
  for (const headers of foreign) assert.equal((await app.ask('GET', '/v1/feed', { headers })).status, 403)
  await app.close()
})

test('a feed that is silent pings, and readers that come and go leave nothing behind', async () => {
  const app = await served(['ok'])
  const listening = () => (app.store as unknown as { listeners: number }).listeners
  const before = listening()
  const pinged = Promise.withResolvers<void>()
  const read = async () => {
    const options = { onComment: (text: string) => text === 'ping' && pinged.resolve() }
    for await (const _ of app.frames('GET', '/v1/feed', options)) if (listening() === before) break
  }
  const reading = read()
  for (let round = 0; round < 6; round++) {
    const requests = Array.from({ length: 50 }, () => app.open('GET', '/v1/feed'))
    await Promise.all(
      requests.map(async (request) => {
        const [response] = await once(request, 'response')
        response.on('error', () => {})
        response.resume()
      }),
    )
    assert.equal(listening(), before + 51)
    for (const request of requests) request.destroy()
    while (listening() > before + 1) await new Promise(setImmediate)
  }
  await pinged.promise
  await app.close()
  await reading
  assert.equal(listening(), 0)
  assert.deepEqual(
    app.lines.filter(({ level }) => level === 'error'),
    [],
  )
})

test('a message is withdrawn while it waits, and its stream ends; one that is answered is not', async () => {
  const wait = gate()
  const app = await served((_, nth) => (nth === 1 ? ['half', wait.opened] : ['ok']))
  const session = await begin(app)
  const submit = async (text: string, more: object = {}) => {
    const { json } = await app.ask('POST', `/v1/sessions/${session}/messages`, { body: { text, ...more } })
    return json() as { message: Message; run: Run }
  }
  const withdraw = async (message: string, of = session) => {
    const { status, text } = await app.ask('DELETE', `/v1/sessions/${of}/messages/${message}`)
    return [status, text === '' ? '' : (JSON.parse(text) as { code: string }).code]
  }
  const first = await submit('first')
  await app.until(first.run.id, (draft) => draft.parts.length > 0)
  const second = await submit('second', { id: 'second-0001' })
  const third = await submit('third')
  const reading = Array.fromAsync(app.frames('GET', `/v1/runs/${second.run.id}/events`))
  assert.deepEqual(await withdraw(first.message.id), [409, 'message.begun'])
  assert.deepEqual(await withdraw(second.message.id, app.session), [404, 'message.missing'])
  assert.deepEqual(await withdraw('no'), [400, 'request.invalid'])
  assert.deepEqual(await withdraw(second.message.id), [204, ''])
  assert.deepEqual(await withdraw(second.message.id), [404, 'message.missing'])
  const frames = (await reading).map(({ data }) => JSON.parse(data) as { event: { type: string; reason?: string } })
  assert.deepEqual(frames.at(-1)?.event, { type: 'run.end', reason: 'cancelled' })
  assert.equal((await app.ask('GET', `/v1/runs/${second.run.id}/events`)).status, 404)
  wait.open()
  await app.entries(third.run.id)
  assert.deepEqual(texts(await path(app, session)), ['first', 'half', 'third', 'ok'])
  await app.close()
})

test('a temperature is given to the model, of a message and of another version, and told from what it may be', async () => {
  const model = scriptedModel(['ok'])
  const app = await serve({ backends: listed(chosen(model)) })
  const session = await begin(app)
  const run = await say(app, session, 'a', { temperature: 1.5 })
  const again = async (body: object) => {
    const answer = await app.ask('POST', `/v1/runs/${run}/again`, { body })
    if (answer.status === 202) await app.entries((answer.json() as Run).id)
    return answer.status
  }
  assert.deepEqual(
    [await again({}), await again({ temperature: 0 }), await again({ temperature: null })],
    [202, 202, 202],
  )
  assert.deepEqual(
    model.asked.map((turn) => turn.temperature),
    [1.5, 1.5, 0, undefined],
  )
  for (const temperature of [-0.1, 2.1, '1', true, {}]) assert.equal(await again({ temperature }), 400)
  const asked = { body: { text: 'x', temperature: 3 } }
  assert.equal((await app.ask('POST', `/v1/sessions/${session}/messages`, asked)).status, 400)
  await app.close()
})

test('an answer tells how it ended and where its words went, every host of them, and its export says the same', async () => {
  const model = scriptedModel((_, nth) => (nth === 1 ? [{ fail: 'engine.cut' }] : ['ok']))
  const remote = { endpoint: 'a', remote: 'api.example.com', local: false }
  const app = await serve({
    backends: listed(chosen(model, remote), chosen(model, { ...remote, endpoint: 'b', remote: 'api.example.org' })),
  })
  const run = await say(app, app.session, 'hi')
  const [question, answer] = await path(app, app.session)
  assert.deepEqual([question?.finish, question?.remote], [null, null])
  assert.deepEqual([answer?.finish, answer?.remote], ['stop', 'api.example.com, api.example.org'])
  const { json } = await app.ask('GET', `/v1/sessions/${app.session}/export?logs=true`)
  const name = 'x.json'
  const brought = await app.ask('POST', '/v1/import', { body: { name, text: JSON.stringify(json()) } })
  const [session] = brought.json()['sessions'] as Session[]
  const [, copy] = await path(app, session!.id)
  assert.notEqual(copy?.run, run)
  assert.deepEqual([copy?.finish, copy?.remote], [answer?.finish, answer?.remote])
  await app.close()
})

test('folders are listed with what they hold', async () => {
  const app = await served(['ok'])
  const session = await begin(app)
  await app.ask('PATCH', `/v1/sessions/${session}`, { body: { folder: 'Work' } })
  assert.deepEqual((await app.ask('GET', '/v1/folders')).json(), { folders: [{ name: 'Work', sessions: 1 }] })
  const long = 'ä/ö?'.repeat(25)
  const rename = (folder: string, name: string | null) =>
    app.ask('PATCH', `/v1/folders/${encodeURIComponent(folder)}`, { body: { name } })
  assert.deepEqual((await rename('Work', long)).json(), { sessions: 1 })
  assert.deepEqual((await app.ask('GET', '/v1/folders')).json(), { folders: [{ name: long, sessions: 1 }] })
  assert.equal((await rename(long, ' ')).status, 400)
  assert.deepEqual((await rename(long, null)).json(), { sessions: 1 })
  assert.deepEqual((await app.ask('GET', '/v1/folders')).json(), { folders: [] })
  await app.close()
})

test('half a character in a message is no other message when it comes again', async () => {
  const app = await served(['ok'])
  const session = await begin(app)
  const body = { id: 'half-a-character', text: 'a \ud83d b', model: 'm\ud800' }
  const runs = []
  for (let i = 0; i < 2; i++) {
    const answer = await app.ask('POST', `/v1/sessions/${session}/messages`, { body })
    assert.equal(answer.status, 202, answer.text)
    runs.push((answer.json()['run'] as Run).id)
  }
  assert.equal(runs[0], runs[1])
  await app.entries(runs[0]!)
  assert.equal((await path(app, session))[0]?.text, 'a \ufffd b')
  await app.close()
})

test('a feed tells of a thousand sessions that change at once, each as often as its reader asks, and to many readers', async () => {
  const app = await served(['ok'])
  const sessions = await Promise.all(Array.from({ length: 1000 }, () => begin(app)))
  const readers = Array.from({ length: 20 }, async () => {
    const left = new Set(sessions)
    let told = 0
    for await (const { event, data } of app.frames('GET', '/v1/feed')) {
      if (event !== 'session') {
        opened()
        continue
      }
      told++
      left.delete((JSON.parse(data) as { session: string }).session)
      if (left.size === 0) break
    }
    return told
  })
  let open = 0
  const all = Promise.withResolvers<void>()
  const opened = () => ++open === readers.length && all.resolve()
  await all.promise
  const pin = (pinned: boolean) =>
    Promise.all(sessions.map((id) => app.store.changeSession(app.owner, id as Session['id'], { pinned })))
  for (const pinned of [true, false, true, false, true]) await pin(pinned)
  for (const told of await Promise.all(readers)) assert.ok(told <= 5000, `${told}`)
  await app.close()
})

test('a search takes no syntax, finds in any script, and refuses what is too long to be one', async () => {
  const app = await served(['ok'])
  const session = await begin(app)
  await say(app, session, 'The "quick" NEAR fox* AND café ☕️ 日本語 текст')
  const found = async (q: string) => {
    const answer = await app.ask('GET', `/v1/search?q=${encodeURIComponent(q)}`)
    return answer.status === 200 ? (answer.json()['hits'] as unknown[]).length > 0 : answer.status
  }
  for (const q of ['"quick"', 'NEAR', 'NEAR(quick fox)', 'fox*', 'quick AND fox', 'CAFE', '日本', 'ТЕКСТ', 'quick-fox'])
    assert.equal(await found(q), true, q)
  for (const q of [
    'quick OR nothing',
    'quick NOT fox',
    '-quick fox',
    'text:quick',
    '{text} : quick',
    '"quick fox" NEAR/2 x',
  ])
    assert.notEqual(await found(q), 500, q)
  for (const q of ['☕️', '*', '"', '""', "'", '(', '\0', '%_', ';--', '{}', '^', '  '])
    assert.equal(await found(q), false, q)
  assert.equal(await found('x'.repeat(1001)), 400)
  assert.ok([400, 414, 431].includes(Number(await found('x'.repeat(1_000_000)))))
  assert.equal(await found(Array.from({ length: 200 }, (_, i) => `w${i}`).join(' ')), false)
  await app.close()
})

test('pages of sessions hold each once, and none twice, while others come and go and are used', async () => {
  const app = await served(['ok'])
  const sessions: string[] = [app.session]
  for (let i = 0; i < 30; i++) sessions.push(await begin(app))
  const seen: string[] = []
  let before: string | null = null
  for (let page = 0; page < 10; page++) {
    const query: string = `?limit=5${before === null ? '' : `&before=${before}`}`
    const { json } = await app.ask('GET', `/v1/sessions${query}`)
    const answer = json() as { sessions: Session[]; next: string | null }
    seen.push(...answer.sessions.map(({ id }) => id))
    before = answer.next
    if (before === null) break
    await begin(app)
    await say(app, seen[0]!, 'again')
    await app.ask('DELETE', `/v1/sessions/${seen.at(-1)}`)
  }
  assert.equal(new Set(seen).size, seen.length)
  assert.deepEqual(seen.toSorted(), sessions.toSorted())
  for (const cursor of ['-1', '1e9', '9'.repeat(16), '0x10', "1' OR 1", '%00', 'NaN'])
    assert.equal((await app.ask('GET', `/v1/sessions?before=${encodeURIComponent(cursor)}`)).status, 400, cursor)
  await app.close()
})
