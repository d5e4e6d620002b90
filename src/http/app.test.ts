import assert from 'node:assert/strict'
import { test } from 'node:test'
import { chosen, gate, listed } from '../core/testing/rig.ts'
import { scriptedModel, type Script } from '../models/scripted.ts'
import { API, type Route } from '../wire/api.ts'
import { Entry } from '../wire/event.ts'
import { EMPTY, foldAll, textOf } from '../wire/fold.ts'
import type { Frame } from '../wire/frame.ts'
import { newRunId, newSessionId } from '../wire/id.ts'
import type { EndpointInfo } from '../wire/model.ts'
import { serve } from './testing/serve.ts'

const served = (script: Script, over: Partial<Parameters<typeof serve>[0]> = {}) =>
  serve({ backends: listed(chosen(scriptedModel(script))), ...over })
const collect = async (frames: AsyncIterable<Frame>): Promise<Frame[]> => {
  const all: Frame[] = []
  for await (const frame of frames) all.push(frame)
  return all
}
const foldFrames = (frames: readonly Frame[]) =>
  foldAll(
    EMPTY,
    frames.map((f) => Entry.parse(JSON.parse(f.data))),
  )

test('the contract of the first PKN: start, chunk, done, over one stream', async () => {
  const app = await served(['Hello', ' there'])
  const frames = await collect(app.frames('POST', '/api/multi-agent/chat/stream', { body: { message: 'Say hello' } }))
  assert.equal(frames[0]?.event, 'start')
  assert.equal(frames.at(-1)?.event, 'done')
  assert.ok(frames.slice(1, -1).every((f) => f.event === 'chunk'))
  assert.equal(JSON.parse(frames.at(-1)!.data).response, 'Hello there')
  assert.ok(app.lines.some((l) => l.text.startsWith('Created new session: ses_')))
  assert.ok(app.lines.some((l) => l.text.startsWith('Routing: general')))
  await app.close()
})

test('a bad request to the old stream is a JSON error with a 4xx status, never a stream', async () => {
  const app = await served(['x'])
  for (const [options, status] of [
    [{ body: {} }, 400],
    [{ body: { message: '   ' } }, 400],
    [{ body: { message: 7 } }, 400],
    [{ raw: '{"message":' }, 400],
    [{ raw: '', headers: { 'content-type': 'application/json' } }, 400],
    [{ raw: '[]' }, 400],
    [{ raw: 'message=hi', headers: { 'content-type': 'application/x-www-form-urlencoded' } }, 415],
    [{ raw: '{"message":"hi"}', headers: { 'content-type': 'text/plain' } }, 415],
    [{ body: { message: 'hi', agent_type: 'nobody' } }, 404],
    [{ body: { message: 'hi', backend: 'moon' } }, 400],
    [{ body: { message: 'hi', backend: 'cloud' } }, 400],
  ] as const) {
    const { status: got, headers, json } = await app.ask('POST', '/api/multi-agent/chat/stream', options)
    assert.equal(got, status, JSON.stringify(options))
    assert.match(String(headers['content-type']), /^application\/json/)
    assert.equal(json()['status'], 'error')
    assert.equal(typeof json()['error'], 'string')
    assert.equal(typeof json()['details'], 'string')
  }
  await app.close()
})

test('the old non-streaming endpoint answers from the same log, goes on in its session, and fails in its own shape', async () => {
  const app = await served((_, nth) => (nth < 3 ? [`answer ${nth}`] : [{ fail: 'engine.error' }]))
  const first = (await app.ask('POST', '/api/multi-agent/chat', { body: { message: 'hi', session_id: null } })).json()
  assert.equal(first['status'], 'success')
  assert.equal(first['response'], 'answer 1')
  const second = (
    await app.ask('POST', '/api/multi-agent/chat', {
      body: { message: 'and?', session_id: first['session_id'], user_id: 'me' },
    })
  ).json()
  assert.equal(second['session_id'], first['session_id'])
  assert.deepEqual(second['conversation_summary'], { total_messages: 4, agents_used: ['general'] })
  const failed = await app.ask('POST', '/api/multi-agent/chat', { body: { message: 'and?' } })
  assert.equal(failed.status, 502)
  assert.deepEqual(Object.keys(failed.json()), ['status', 'error', 'details'])
  const history = (await app.ask('GET', `/api/session/${String(first['session_id'])}/history`)).json()
  assert.equal(history['count'], 4)
  const session = (await app.ask('GET', `/api/session/${String(first['session_id'])}`)).json()
  assert.equal(session['message_count'], 4)
  await app.close()
})

test('an old client with an id that this server never gave out gets a new session, and is told', async () => {
  const app = await served(['ok'])
  const { json } = await app.ask('POST', '/api/multi-agent/chat', {
    body: { message: 'hi', session_id: '6f1c2d9e-from-the-old-server' },
  })
  assert.match(String(json()['session_id']), /^ses_/)
  await app.close()
})

test('classify, agents and vote answer as they promise', async () => {
  const app = await served(['ok'])
  const classify = (await app.ask('POST', '/api/multi-agent/classify', { body: { instruction: 'hi' } })).json()
  assert.equal(classify['agent'], 'general')
  const agents = (await app.ask('GET', '/api/multi-agent/agents')).json()
  assert.equal(agents['count'], 2)
  const vote = await app.ask('POST', '/api/multi-agent/vote', { body: { question: 'a or b?', options: ['a', 'b'] } })
  assert.equal(vote.status, 200)
  const { status, choice, final_reasoning } = vote.json()
  assert.deepEqual([status, choice], ['success', ''])
  assert.match(String(final_reasoning), /None of the \d answers named one of the options/)
  await app.close()
})

test('the native API: a session is made, listed, renamed, spoken in, paged and removed', async () => {
  const app = await served(['ok'])
  const made = (await app.ask('POST', '/v1/sessions', { body: {} })).json()
  const id = String(made['id'])
  assert.equal((await app.ask('PATCH', `/v1/sessions/${id}`, { body: { title: 'Mine' } })).json()['title'], 'Mine')
  const submitted = await app.ask('POST', `/v1/sessions/${id}/messages`, { body: { id: 'message-0001', text: 'hi' } })
  assert.equal(submitted.status, 202)
  const run = (submitted.json()['run'] as { id: string }).id
  const again = await app.ask('POST', `/v1/sessions/${id}/messages`, { body: { id: 'message-0001', text: 'hi' } })
  assert.equal((again.json()['run'] as { id: string }).id, run)
  const conflict = await app.ask('POST', `/v1/sessions/${id}/messages`, { body: { id: 'message-0001', text: 'other' } })
  assert.equal(conflict.status, 422)
  const draft = foldFrames(await collect(app.frames('GET', `/v1/runs/${run}/events`)))
  assert.equal(textOf(draft), 'ok')
  const messages = (await app.ask('GET', `/v1/sessions/${id}/messages?limit=1`)).json()
  assert.equal((messages['messages'] as { role: string }[])[0]?.role, 'assistant')
  assert.notEqual(messages['next'], null)
  assert.equal((await app.ask('DELETE', `/v1/sessions/${id}`)).status, 204)
  const gone = await app.ask('GET', `/v1/sessions/${id}`)
  assert.equal(gone.status, 404)
  assert.match(String(gone.headers['content-type']), /^application\/problem\+json/)
  assert.equal(gone.json()['code'], 'session.missing')
  assert.equal(typeof gone.json()['fix'], 'string')
  await app.close()
})

test('from every offset a reader gets exactly what follows, as often as it comes back', async () => {
  const app = await served([{ thought: 'a' }, 'one ', 'two ', 'three'])
  const run = await app.sayTo('go')
  const whole = await collect(app.frames('GET', `/v1/runs/${run}/events`))
  assert.deepEqual(
    whole.map((f) => f.id),
    whole.map((_, i) => String(i + 1)),
  )
  for (let after = 0; after <= whole.length; after++) {
    const rest = await collect(
      app.frames('GET', `/v1/runs/${run}/events`, { headers: { 'last-event-id': String(after) } }),
    )
    assert.deepEqual(rest, whole.slice(after), `after ${after}`)
  }
  for (const bad of ['-1', 'x', '1e3', String(whole.length + 1)])
    assert.equal(
      (await app.ask('GET', `/v1/runs/${run}/events`, { headers: { 'last-event-id': bad } })).status,
      400,
      bad,
    )
  await app.close()
})

test('a reader that comes back at every event of a live run ends with the log, nothing twice, nothing missing', async () => {
  const app = await served(Array.from({ length: 40 }, (_, i) => `w${i} `))
  const run = await app.sayTo('go')
  const got: Frame[] = []
  for (;;) {
    const seen = got.length
    for await (const frame of app.frames('GET', `/v1/runs/${run}/events`, {
      headers: { 'last-event-id': String(seen) },
    })) {
      got.push(frame)
      break
    }
    if (got.length === seen) break
  }
  assert.deepEqual(got, await collect(app.frames('GET', `/v1/runs/${run}/events`)))
  await app.close()
})

test('twenty readers of one run get the same bytes, whenever they came, and one that leaves stops nothing', async () => {
  const gates = Array.from({ length: 20 }, gate)
  const app = await served(gates.flatMap((g, i) => [g.opened, `word${i} `]))
  const run = await app.sayTo('go')
  const readers: Promise<Frame[]>[] = []
  for (const g of gates) {
    readers.push(collect(app.frames('GET', `/v1/runs/${run}/events`)))
    const leaver = app.frames('GET', `/v1/runs/${run}/events`)
    await leaver.next()
    await leaver.return(undefined)
    g.open()
  }
  const all = await Promise.all(readers)
  for (const frames of all) assert.deepEqual(frames, all[0])
  assert.equal(textOf(foldFrames(all[0]!)), gates.map((_, i) => `word${i} `).join(''))
  await app.close()
})

test('the answer to a submitted message can be the stream itself', async () => {
  const app = await served(['hello'])
  const frames = await collect(
    app.frames('POST', `/v1/sessions/${app.session}/messages`, {
      body: { text: 'hi' },
      headers: { accept: 'text/event-stream' },
    }),
  )
  assert.equal(textOf(foldFrames(frames)), 'hello')
  await app.close()
})

test('a stream that has nothing to say says so every second', async () => {
  const app = await served(['x'], { idle: true })
  const run = await app.sayTo('go')
  let pings = 0
  await collect(
    app.frames('GET', `/v1/runs/${run}/events`, {
      onComment: () => {
        // Nobody has taken the run until then; a worker would say what is on.
        if (++pings === 2) app.start()
      },
    }),
  )
  assert.equal(pings, 2)
  await app.close()
})

test('the stream of the first PKN says in its comments what is on, once a second, and its frames are the same', async () => {
  const wait = gate()
  const reading = { type: 'phase', phase: 'reading', done: 1200, total: 4000, unit: 'tokens', etaMs: 12_300 } as const
  const app = await served([reading, wait.opened, 'hello'])
  const comments: string[] = []
  const frames = await collect(
    app.frames('POST', '/api/multi-agent/chat/stream', {
      body: { message: 'hi' },
      onComment: (text) => {
        comments.push(text)
        if (comments.length === 2) wait.open()
      },
    }),
  )
  assert.deepEqual(
    frames.map(({ event }) => event),
    ['start', 'chunk', 'done'],
  )
  assert.equal(comments.length, 2)
  for (const comment of comments) assert.match(comment, /^reading 1,\d{3} of 4,000 tokens, about \d+ s$/)
  await app.close()
})

test('cancel is accepted, final, and the same when asked again', async () => {
  const app = await served(['one', new Promise(() => {})])
  const run = await app.sayTo('go')
  await app.until(run, (d) => textOf(d) === 'one')
  assert.equal((await app.ask('POST', `/v1/runs/${run}/cancel`)).status, 202)
  assert.equal((await app.draft(run)).end?.reason, 'cancelled')
  assert.equal((await app.ask('POST', `/v1/runs/${run}/cancel`, { body: {} })).json()['reason'], 'cancelled')
  await app.close()
})

test('the streams of a thousand readers that came and went leave nothing behind', async () => {
  const hold = gate()
  const app = await served([hold.opened, 'x'])
  const run = await app.sayTo('go')
  for (let i = 0; i < 50; i++)
    await Promise.all(
      Array.from({ length: 20 }, async () => {
        for await (const _ of app.frames('GET', `/v1/runs/${run}/events`)) break
      }),
    )
  const listeners = app.store as unknown as { listeners: number }
  while (app.tasks.size > 0) await new Promise(setImmediate)
  assert.ok(listeners.listeners <= 2, `${listeners.listeners} listeners are left`)
  hold.open()
  await app.close()
})

test('every route refuses what another page could send', async () => {
  const app = await served(['ok'], { hosts: ['pkn.home'] })
  const ids: Record<string, string> = { ':session': newSessionId(), ':run': newRunId() }
  const hostile: [string, Record<string, string>, number][] = [
    ['a foreign host', { host: 'evil.example' }, 403],
    ['a foreign host on our port', { host: `evil.example:${app.port}` }, 403],
    ['a name that only begins like ours', { host: `localhost.evil.example:${app.port}` }, 403],
    ['0.0.0.0', { host: `0.0.0.0:${app.port}` }, 403],
    ['our name on another port', { host: '127.0.0.1:1' }, 403],
    ['a foreign origin', { origin: 'https://evil.example' }, 403],
    ['the null origin', { origin: 'null' }, 403],
    ['our host, another port', { origin: 'http://127.0.0.1:1' }, 403],
    ['a cross-site fetch', { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' }, 403],
  ]
  for (const [name, route] of Object.entries<Route>(API)) {
    const path = route.path.replaceAll(/:\w+/g, (p) => ids[p] ?? p)
    for (const [what, headers, status] of hostile) {
      const answer = await app.ask(route.method, path, { headers, ...(route.body ? { body: {} } : {}) })
      assert.equal(answer.status, status, `${name}: ${what}`)
      assert.equal(answer.headers['access-control-allow-origin'], undefined)
    }
    if (route.body && name !== 'runsCancel') {
      for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x'])
        assert.equal(
          (await app.ask(route.method, path, { raw: '{}', headers: { 'content-type': type } })).status,
          415,
          `${name}: ${type}`,
        )
    }
  }
  for (const headers of [
    { host: `localhost:${app.port}` },
    { host: `[::1]:${app.port}` },
    { host: 'pkn.home' },
    { host: 'PKN.home:8443' },
    { origin: `http://localhost:${app.port}` },
    { origin: 'https://pkn.home' },
  ])
    assert.equal((await app.ask('GET', '/health', { headers })).status, 200, JSON.stringify(headers))
  await app.close()
})

test('what is not there is said in the native shape, and under /api in the old one', async () => {
  const app = await served(['ok'])
  assert.equal((await app.ask('GET', '/v1/nothing')).json()['code'], 'route.missing')
  assert.equal((await app.ask('GET', '/api/nothing')).json()['status'], 'error')
  assert.equal((await app.ask('GET', '/v1/runs/run_x')).json()['code'], 'request.invalid')
  assert.equal((await app.ask('GET', `/v1/runs/${newRunId()}`)).json()['code'], 'run.missing')
  await app.close()
})

test('the OpenAPI document names every route', async () => {
  const app = await served(['ok'])
  const doc = (await app.ask('GET', '/openapi.json')).json() as {
    openapi: string
    paths: Record<string, Record<string, { operationId: string }>>
  }
  assert.equal(doc.openapi, '3.1.0')
  const named = Object.values(doc.paths).flatMap((methods) => Object.values(methods).map((o) => o.operationId))
  assert.deepEqual(named.toSorted(), Object.keys(API).toSorted())
  await app.close()
})

test('every reference in the OpenAPI document leads somewhere', async () => {
  const app = await served(['ok'])
  const { text } = await app.ask('GET', '/openapi.json')
  await app.close()
  const refs = new Set([...text.matchAll(/"\$ref":"([^"]*)"/g)].map(([, ref = '']) => ref))
  const found = (ref: string) =>
    ref
      .split('/')
      .slice(1)
      .reduce<unknown>((at, part) => (at as Record<string, unknown> | undefined)?.[part], JSON.parse(text))
  assert.ok(refs.size > 0)
  assert.deepEqual(
    [...refs].filter((ref) => !ref.startsWith('#/') || found(ref) === undefined),
    [],
  )
})

test('what is said to answer by itself is never a model elsewhere, nor the practice model beside a real one', async () => {
  const base = listed(chosen(scriptedModel(['ok'])))
  const offer = (name: string, local: boolean, state: 'up' | 'busy' | 'idle', practice = false): EndpointInfo => {
    const unknown = { context: null, tools: null, thinking: null, vision: null, bytes: null, loaded: null, speed: null }
    const model = { ...unknown, name: `of-${name}`, endpoint: name, practice }
    const since = new Date(0).toISOString()
    const rest = {
      kind: 'openai',
      url: 'http://host.example',
      since,
      why: null,
      slots: 1,
      busy: 0,
      waiting: 0,
    } as const
    return { ...rest, name, state, local, models: [model] }
  }
  const away = offer('away', false, 'up')
  const usual = async (...all: EndpointInfo[]) => {
    const app = await serve({ backends: { ...base, list: () => all } })
    const { model: name } = (await app.ask('GET', '/health')).json() as { model: string | null }
    await app.close()
    return name
  }
  assert.equal(await usual(away), null)
  assert.equal(await usual(away, offer('practice', true, 'up', true), offer('asleep', true, 'idle')), 'of-asleep')
  assert.equal(await usual(away, offer('asleep', true, 'idle'), offer('busy', true, 'busy')), 'of-busy')
})

test('a server that stops ends its streams without an end of the run, so that readers come back', async () => {
  const app = await served(['one ', new Promise(() => {})])
  const run = await app.sayTo('go')
  const frames: Frame[] = []
  for await (const frame of app.frames('GET', `/v1/runs/${run}/events`)) {
    frames.push(frame)
    if (frame.data.includes('one ')) app.stopping.abort()
  }
  assert.equal(foldFrames(frames).end, null)
  assert.equal((await app.ask('GET', '/health')).status, 503)
  await app.close()
})
