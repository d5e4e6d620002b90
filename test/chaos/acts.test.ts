import assert from 'node:assert/strict'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { connectTo, type Client } from '../../src/client/client.ts'
import { EMPTY, foldAll, textOf, type Draft } from '../../src/wire/fold.ts'
import { AgentName, newMessageId, START, type RunId, type SessionId } from '../../src/wire/id.ts'
import { freePort, scratch, startProcess } from '../process.ts'
import { startCalling } from './calling-server.ts'
import { wholeLog } from './kit.ts'

const AGENT = (tool: string) => `---
name: hand
title: Hand
about: Does what it is told to.
tools: [${tool}]
examples: |
  Do it with your hand
  Use your hand for this
---
You do what you are told to.
`

type At = {
  client: Client
  session: SessionId
  run: RunId
  file: (name: string) => string
  restart: () => Promise<void>
  until: (is: (draft: Draft) => boolean) => Promise<Draft>
}

/** The true server, an agent that may use one tool, and a model that calls it once. */
async function withHand(
  tool: string,
  input: object,
  work: (at: At) => Promise<void>,
  wish: { plan?: 'always' } = {},
): Promise<void> {
  const { home, remove } = scratch()
  mkdirSync(join(home, 'agents'), { recursive: true })
  writeFileSync(join(home, 'agents', 'hand.md'), AGENT(tool))
  const upstream = await startCalling(tool, input)
  const settings = { PKN_PORT: String(await freePort()), LLAMA_BASE_URL: upstream.url }
  let server = await startProcess(home, settings)
  const client = connectTo(server.url)
  try {
    const session = (await client.call('sessionsCreate', { body: {} })).id
    const body = { id: newMessageId(), text: 'do it', agent: AgentName.parse('hand'), ...wish }
    const { run } = await client.call('messagesSubmit', { params: { session }, body })
    await work({
      client,
      session,
      run: run.id,
      file: (name) => join(home, 'work', session, name),
      restart: async () => {
        await server.kill('SIGKILL')
        server = await startProcess(home, settings)
      },
      until: async (is) => {
        let draft = EMPTY
        const stop = new AbortController()
        for await (const batch of client.follow(run.id, START, stop.signal)) {
          draft = foldAll(draft, batch)
          if (is(draft)) break
        }
        stop.abort()
        return draft
      },
    })
  } finally {
    await server.kill()
    await upstream.close()
    remove()
  }
}

const callIn = (draft: Draft) => {
  const part = draft.parts.find(({ kind }) => kind === 'tool')
  return part?.kind === 'tool' ? part : null
}
const asks = (draft: Draft) => callIn(draft)?.ask?.allow === null

async function allow(client: Client, run: RunId) {
  const { asks: open } = await client.call('asksList', { query: {} })
  assert.deepEqual(
    open.map((one) => one.run),
    [run],
  )
  const params = { run, ask: open[0]!.ask }
  return () => client.call('asksAnswer', { params, body: { allow: true, scope: 'once' } })
}

test('kill -9 while a run waits for a person: after the restart it still waits, and once it is answered the file is written, exactly once', async () => {
  await withHand('write', { path: 'a.txt', content: 'hello\n' }, async ({ client, run, file, restart, until }) => {
    await until(asks)
    await restart()
    assert.equal((await client.call('runsRead', { params: { run } })).state, 'waiting')
    assert.equal(existsSync(file('a.txt')), false)
    const answer = await allow(client, run)
    await answer()
    // Killed while it writes it would be told as interrupted, which is another matter.
    await until((draft) => callIn(draft)?.result != null)
    await restart()
    await answer()
    const draft = await until(({ end }) => end !== null)
    assert.equal(draft.end?.reason, 'done')
    assert.equal(textOf(draft), 'told: Made a.txt: 1 lines added, 0 removed.')
    assert.equal(readFileSync(file('a.txt'), 'utf8'), 'hello\n')
    const log = await wholeLog(client, run)
    const count = (type: string) => log.filter(({ event }) => event.type === type).length
    assert.deepEqual(['ask.start', 'ask.end', 'tool.start', 'tool.end', 'run.end'].map(count), [1, 1, 1, 1, 1])
    assert.deepEqual((await client.call('asksList', { query: {} })).asks, [])
    const undone = await client.call('runsUndo', { params: { run }, body: {} })
    assert.deepEqual([undone, existsSync(file('a.txt'))], [{ restored: ['a.txt'], kept: [] }, false])
  })
})

test('kill -9 while the user is asked a question: it still stands after the restart, and the answer reaches the model once', async () => {
  const question = { question: 'Which colour?', options: ['red', 'blue'] }
  await withHand('ask_user', question, async ({ client, run, restart, until }) => {
    await until(asks)
    await restart()
    const [ask] = (await client.call('asksList', { query: {} })).asks
    assert.deepEqual(ask?.shown, { kind: 'question', text: 'Which colour?', options: ['red', 'blue'] })
    const params = { run, ask: ask.ask }
    await client.call('asksAnswer', { params, body: { allow: true, scope: 'once', text: 'green' } })
    assert.equal(textOf(await until(({ end }) => end !== null)), 'told: The user answers: green')
    const log = await wholeLog(client, run)
    assert.equal(log.filter(({ event }) => event.type === 'ask.end').length, 1)
  })
})

test('kill -9 while a tool runs: it is told as interrupted, and not run again', async () => {
  const command = 'echo once >> ran.txt; echo began; sleep 15'
  await withHand('shell', { command }, async ({ client, run, file, restart, until }) => {
    await until(asks)
    await (
      await allow(client, run)
    )()
    await until((draft) => (callIn(draft)?.text ?? '').includes('began'))
    await restart()
    const draft = await until(({ end }) => end !== null)
    assert.equal(draft.end?.reason, 'done')
    assert.equal(draft.resumes, 1)
    assert.match(textOf(draft), /^told: The server stopped while shell was running/)
    assert.equal(callIn(draft)?.result?.ok, false)
    assert.equal(readFileSync(file('ran.txt'), 'utf8'), 'once\n')
    const log = await wholeLog(client, run)
    assert.equal(log.filter(({ event }) => event.type === 'tool.start').length, 1)
  })
})

test('kill -9 while a plan waits: after the restart it can be changed and approved, and is set once', async () => {
  const steps = ['Look', 'Leap']
  const planned = async ({ client, run, until, restart }: At) => {
    const { id } = callIn(await until(asks))?.ask ?? {}
    await restart()
    const after = await until(asks)
    assert.deepEqual([callIn(after)?.ask?.id, callIn(after)?.ask?.shown], [id, { kind: 'plan', steps }])
    const { asks: open } = await client.call('asksList', { query: {} })
    const changed = { allow: true, input: { steps: ['Look', 'Wait'] } }
    await client.call('asksAnswer', { params: { run, ask: open[0]!.ask }, body: changed })
    const end = await until((draft) => draft.end !== null)
    assert.equal(end.end?.reason, 'done')
    assert.deepEqual(end.todo.map(({ text }) => text), ['Look', 'Wait']) // prettier-ignore
    assert.equal((await wholeLog(client, run)).filter(({ event }) => event.type === 'todo.set').length, 1)
  }
  await withHand('plan', { steps }, planned, { plan: 'always' })
})
