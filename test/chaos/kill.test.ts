import assert from 'node:assert/strict'
import { test } from 'node:test'
import { connectTo, type Client } from '../../src/client/client.ts'
import { startMisbehaving } from '../../src/models/misbehave.ts'
import type { Entry } from '../../src/wire/event.ts'
import { EMPTY, foldAll, textOf, type Draft } from '../../src/wire/fold.ts'
import { newMessageId, START, type RunId, type SessionId } from '../../src/wire/id.ts'
import { freePort, scratch, startProcess } from '../process.ts'

const never = new AbortController().signal
const words = (n: number) => Array.from({ length: n }, (_, i) => ` w${i}`).join('')

async function say(client: Client, session: SessionId, text: string, id = newMessageId()): Promise<RunId> {
  const { run } = await client.call('messagesSubmit', { params: { session }, body: { id, text } })
  return run.id
}

/** Everything that a reader sees who comes back whenever it must. */
async function readAll(client: Client, run: RunId, onEntry: (draft: Draft) => void = () => {}): Promise<Entry[]> {
  const all: Entry[] = []
  let draft = EMPTY
  for await (const batch of client.follow(run, START, never)) {
    for (const entry of batch) {
      all.push(entry)
      draft = foldAll(draft, [entry])
      onEntry(draft)
    }
  }
  return all
}

const wholeLog = async (client: Client, run: RunId) =>
  (await client.call('runsFollow', { params: { run }, query: { limit: 10_000 } })).entries

async function withServer(
  env: Record<string, string>,
  work: (at: {
    client: Client
    session: SessionId
    restart: (signal?: NodeJS.Signals) => Promise<void>
    log: () => string
  }) => Promise<void>,
): Promise<void> {
  const { home, log, remove } = scratch()
  const upstream = await startMisbehaving({ models: [env['model'] ?? 'slow:5:200'] })
  const port = await freePort()
  const settings = { ...env, PKN_PORT: String(port), LLAMA_BASE_URL: upstream.url }
  let server = await startProcess(home, settings)
  const client = connectTo(server.url)
  try {
    const session = (await client.call('sessionsCreate', { body: {} })).id
    await work({
      client,
      session,
      log,
      restart: async (signal = 'SIGKILL') => {
        await server.kill(signal)
        server = await startProcess(home, settings)
      },
    })
  } finally {
    await server.kill()
    await upstream.close()
    remove()
  }
}

test('kill -9 in mid-answer: readers that come back end with exactly the log, nothing twice, nothing missing, and the session goes on', async () => {
  await withServer({}, async ({ client, session, restart, log }) => {
    const run = await say(client, session, 'go')
    const half = Promise.withResolvers<void>()
    const readers = Array.from({ length: 5 }, () =>
      readAll(client, run, (draft) => textOf(draft).includes('w50') && half.resolve()),
    )
    await half.promise
    await restart()
    const all = await Promise.all(readers)
    const truth = await wholeLog(client, run)
    for (const entries of all) assert.deepEqual(entries, truth)
    const draft = foldAll(EMPTY, truth)
    assert.equal(textOf(draft), words(200))
    assert.equal(draft.end?.reason, 'done')
    assert.equal(draft.resumes, 1)
    const { messages } = await client.call('messagesList', { params: { session }, query: {} })
    assert.deepEqual(
      messages.map((m) => [m.role, m.text]),
      [
        ['user', 'go'],
        ['assistant', words(200)],
      ],
    )
    const next = foldAll(EMPTY, await readAll(client, await say(client, session, 'and on?')))
    assert.equal(next.end?.reason, 'done')
    assert.match(log(), /Run claimed, begun before/)
  })
})

test('killed again and again, a run is taken up three times and then given up, visibly', async () => {
  await withServer({}, async ({ client, session, restart }) => {
    const run = await say(client, session, 'go')
    const reached = Array.from({ length: 4 }, () => Promise.withResolvers<void>())
    const reader = readAll(client, run, (draft) => textOf(draft).includes('w9') && reached[draft.resumes]?.resolve())
    for (const { promise } of reached) {
      await promise
      await restart()
    }
    const draft = foldAll(EMPTY, await reader)
    assert.equal(draft.end?.reason, 'interrupted')
    assert.equal(draft.end?.fault?.code, 'run.interrupted')
    assert.match(textOf(draft), /w9/)
  })
})

test('a message that was accepted right before kill -9 is answered, and posting it again starts nothing', async () => {
  await withServer({ model: 'hello' }, async ({ client, session, restart }) => {
    const runs: RunId[] = []
    for (let i = 0; i < 5; i++) {
      const id = newMessageId()
      const run = await say(client, session, `question ${i}`, id)
      await restart()
      assert.equal(await say(client, session, `question ${i}`, id), run)
      runs.push(run)
    }
    for (const run of runs) assert.equal(foldAll(EMPTY, await readAll(client, run)).end?.reason, 'done')
    const { messages } = await client.call('messagesList', { params: { session }, query: {} })
    assert.equal(messages.length, 10)
  })
})

test('what a reader has seen is in the log after kill -9', async () => {
  await withServer({ model: 'slow:1:2000' }, async ({ client, session, restart }) => {
    const run = await say(client, session, 'go')
    const stop = new AbortController()
    const seen: Entry[] = []
    const dead = Promise.withResolvers<void>()
    const read = async () => {
      for await (const batch of client.follow(run, START, stop.signal)) {
        seen.push(...batch)
        if (seen.length > 100) dead.resolve()
      }
    }
    const reading = read()
    await dead.promise
    await restart()
    stop.abort()
    await reading
    assert.deepEqual((await wholeLog(client, run)).slice(0, seen.length), seen)
  })
})

test('a server that is asked to stop gives its runs back and ends at once; the next start goes on', async () => {
  await withServer({}, async ({ client, session, restart, log }) => {
    const run = await say(client, session, 'go')
    const half = Promise.withResolvers<void>()
    const reader = readAll(client, run, (draft) => textOf(draft).includes('w50') && half.resolve())
    await half.promise
    await restart('SIGTERM')
    assert.equal(textOf(foldAll(EMPTY, await reader)), words(200))
    assert.match(log(), /DivineNode stopped/)
  })
})
