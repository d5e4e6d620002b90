import assert from 'node:assert/strict'
import { copyFileSync, mkdirSync, utimesSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { test } from 'node:test'
import { connectTo, type Client } from '../src/client/client.ts'
import { EMPTY, foldAll, textOf, type Draft } from '../src/wire/fold.ts'
import { START, type RunId, type SessionId } from '../src/wire/id.ts'
import { freePort, scratch, startProcess } from './process.ts'

const PRACTICE = resolve(import.meta.dirname, '..', 'models', 'practice', 'practice-q8_0.gguf')
const never = new AbortController().signal

async function say(client: Client, session: SessionId, text: string): Promise<RunId> {
  const { run } = await client.call('messagesSubmit', { params: { session }, body: { text, agent: 'general' } })
  return run.id
}

async function read(client: Client, run: RunId, onDraft: (draft: Draft) => void = () => {}): Promise<Draft> {
  let draft = EMPTY
  for await (const batch of client.follow(run, START, never))
    for (const entry of batch) {
      draft = foldAll(draft, [entry])
      onDraft(draft)
    }
  return draft
}

/** The whole of PKN with its own engine, as on a machine where nothing else is installed. */
async function withEngine(
  work: (at: { client: Client; session: SessionId; log: () => string; kill: () => Promise<void> }) => Promise<void>,
  prepare: (home: string) => Record<string, string> = () => ({}),
): Promise<void> {
  const { home, log, remove } = scratch()
  const server = await startProcess(home, {
    PKN_ENGINE: '',
    PKN_ENGINE_PORT: String(await freePort()),
    PKN_ENGINE_THREADS: '1',
    PKN_MODEL: PRACTICE,
    LLAMA_BASE_URL: '',
    OLLAMA_BASE_URL: 'http://127.0.0.1:9',
    ...prepare(home),
  })
  const client = connectTo(server.url)
  try {
    await work({
      client,
      session: (await client.call('sessionsCreate', { body: {} })).id,
      log,
      kill: () => server.kill(),
    })
  } finally {
    await server.kill('SIGTERM')
    remove()
  }
}

const enginePid = (log: string): number =>
  Number(/Engine started: .*?pid (\d+)/g.exec(log.split('\n').findLast((l) => l.includes('Engine started')) ?? '')?.[1])
const alive = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
const gone = async (pid: number) => {
  while (alive(pid)) await new Promise(setImmediate)
}

test('where nothing else is, the engine is started by the first message, and a real model answers it', async () => {
  await withEngine(async ({ client, session }) => {
    const draft = await read(client, await say(client, session, 'Hello'))
    assert.equal(draft.end?.reason, 'done', draft.end?.fault?.message)
    assert.match(textOf(draft), /\w/)
    assert.equal(draft.steps[0]?.practice, true, 'the practice model is labelled')
    assert.ok(draft.phases.some((p) => p.phase === 'starting' || p.phase === 'loading'))
    assert.ok((draft.usage[0]?.output ?? 0) > 0)
    const second = await read(client, await say(client, session, 'What is the capital of France?'))
    assert.match(textOf(second), /Paris/)
    assert.ok((second.usage[0]?.cached ?? 0) > 0, 'the second turn reads only what is new')
  })
})

test('kill -9 of the engine in mid-answer: a new one takes up the words that stand, and the server stays', async () => {
  await withEngine(async ({ client, session, log }) => {
    await read(client, await say(client, session, 'Hello'))
    const pid = enginePid(log())
    let killed = false
    let stood = ''
    const draft = await read(client, await say(client, session, 'Tell me a story'), (now) => {
      if (killed || textOf(now).length < 5) return
      killed = true
      stood = textOf(now)
      process.kill(pid, 'SIGKILL')
    })
    assert.equal(killed, true)
    assert.equal(draft.end?.reason, 'done', draft.end?.fault?.message)
    assert.ok(textOf(draft).length > 20)
    assert.ok(textOf(draft).startsWith(stood), 'what was read is never unsaid')
    // The answer may have been whole already when its engine died.
    if (draft.steps[0]?.attempt === 2) {
      assert.notEqual(enginePid(log()), pid)
      assert.equal(draft.steps[0].joints[0]?.by, 'prefill')
    }
    const next = await read(client, await say(client, session, 'Hello again'))
    assert.equal(next.end?.reason, 'done', next.end?.fault?.message)
  })
})

test('an engine that the server started dies with it, also by kill -9', async () => {
  await withEngine(async ({ client, session, log, kill }) => {
    await read(client, await say(client, session, 'Hello'))
    const pid = enginePid(log())
    assert.equal(alive(pid), true)
    await kill()
    await gone(pid)
  })
})

test('stop while the engine reads and while it writes: the run ends as cancelled and the next message is answered', async () => {
  await withEngine(async ({ client, session }) => {
    for (const when of ['reading', 'answering']) {
      const stops: Promise<unknown>[] = []
      const run = await say(
        client,
        session,
        when === 'reading' ? `Repeat: ${'apple pear plum '.repeat(100)}` : 'Tell me a story',
      )
      const draft = await read(client, run, (now) => {
        if (stops.length === 0 && (now.phase?.phase === when || now.phase?.phase === 'answering'))
          stops.push(client.call('runsCancel', { params: { run }, body: {} }))
      })
      await Promise.all(stops)
      if (draft.end?.stopped) assert.notEqual(draft.end.stopped.upstream, 'busy')
      assert.ok(
        draft.end?.reason === 'cancelled' || draft.end?.reason === 'done',
        `${when}: ${draft.end?.reason} ${draft.end?.fault?.message ?? ''}`,
      )
    }
    assert.equal((await read(client, await say(client, session, 'Hello'))).end?.reason, 'done')
  })
})

/** A folder with a default that can't be loaded, and whatever else. */
const withBroken = (others: readonly string[]) => (home: string) => {
  const folder = join(home, 'models')
  mkdirSync(folder, { recursive: true })
  for (const name of others) {
    copyFileSync(PRACTICE, join(folder, `${name}.gguf`))
    utimesSync(join(folder, `${name}.gguf`), 1_600_000_000, 1_600_000_000)
  }
  writeFileSync(join(folder, 'broken.gguf'), 'GGUF and then nothing of the kind')
  return { PKN_MODEL: '' }
}

test(
  'where the default cannot be loaded the next model answers, visibly, unless the broken one was named',
  { timeout: 60_000 },
  () =>
    withEngine(
      async ({ client, session }) => {
        for (const _ of ['first', 'again']) {
          const draft = await read(client, await say(client, session, 'Hello'))
          assert.equal(draft.end?.reason, 'done')
          assert.equal(draft.steps.at(-1)?.model, 'spare')
          const skip = draft.skips.find(({ endpoint }) => endpoint === 'engine')
          assert.equal(skip?.model, 'broken')
          assert.match(skip?.why ?? '', /cannot be loaded: ./)
        }
        const body = { text: 'Hello', model: 'broken' } as const
        const { run } = await client.call('messagesSubmit', { params: { session }, body })
        const { fault } = (await read(client, run.id)).end ?? {}
        assert.deepEqual([fault?.code, fault?.retry], ['model.broken', false])
      },
      withBroken(['spare']),
    ),
)

test('where nothing else is installed the fault of a broken model says what to do', { timeout: 60_000 }, () =>
  withEngine(async ({ client, session }) => {
    for (const _ of ['first', 'again']) {
      const { fault } = (await read(client, await say(client, session, 'Hello'))).end ?? {}
      assert.deepEqual([fault?.code, fault?.retry], ['model.broken', false])
      assert.match(fault?.fix ?? '', /pkn models use NAME/)
    }
  }, withBroken([])),
)
