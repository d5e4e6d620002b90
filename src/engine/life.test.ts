import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { it } from 'node:test'
import { collect, ENDLESS, PRACTICE, startEngine, user, type Chunk } from './testing/drive.ts'

const quiet = { chat_template_kwargs: { enable_thinking: false } }

it('answers before its model is loaded: health says so, and a question is told of it and then answered', async () => {
  const engine = await startEngine()
  try {
    const [health, said] = await Promise.all([
      fetch(`${engine.url}/health`),
      engine.ask({ messages: [user('Hello')], ...quiet }),
    ])
    assert.equal(health.status, 503)
    const body = (await health.json()) as { error: { message: string; type: string }; progress: { total: number } }
    assert.deepEqual([body.error.message, body.error.type], ['Loading model', 'unavailable_error'])
    assert.ok(body.progress.total > 0)
    assert.equal(said.phases[0]?.phase, 'loading')
    assert.equal(said.phases[0]?.estimated, true)
    assert.equal(said.text, 'Hello! How can I help you today?')
    assert.equal((await fetch(`${engine.url}/health`)).status, 200)
  } finally {
    await engine.stop()
  }
})

it('lets those wait in order that find no free sequence, and tells them their place', async () => {
  const engine = await startEngine('--sequences', '1')
  try {
    await engine.ask({ messages: [user('Hello')], max_tokens: 1 })
    const leave = new AbortController()
    const story = engine.chunks(ENDLESS, leave.signal)
    await story.next()
    const order: string[] = []
    /** Asks, and resolves once it waits; the answer comes later. */
    const queue = async (word: string) => {
      const chunks = engine.chunks({ messages: [user(`Say: ${word}`)], ...quiet })
      const first = (await chunks.next()).value
      const said = collect(chunks).finally(() => order.push(word))
      return { place: first?.pkn_phase, said }
    }
    const river = await queue('river')
    const lamp = await queue('lamp')
    leave.abort()
    await assert.rejects(collect(story))
    assert.deepEqual(river.place, { phase: 'queued', done: 1, total: 1 })
    assert.deepEqual(lamp.place, { phase: 'queued', done: 2, total: 2 })
    assert.deepEqual([(await river.said).text, (await lamp.said).text], ['river', 'lamp'])
    assert.deepEqual(order, ['river', 'lamp'])
    assert.ok((await lamp.said).phases.some((phase) => phase.done === 1))
  } finally {
    await engine.stop()
  }
})

it('ends with length when the context is full, and never forgets the beginning in silence', async () => {
  const engine = await startEngine('--context', '256', '--sequences', '1')
  try {
    const body = { messages: [user('Tell me a long story.')], temperature: 5, top_k: 0, top_p: 1, min_p: 0, seed: 1 }
    const said = await engine.ask(body)
    assert.equal(said.finish, 'length')
    const used = (said.usage?.prompt_tokens ?? 0) + (said.usage?.completion_tokens ?? 0)
    assert.ok(used > 250 && used <= 256, `${used} tokens`)
    const next = await engine.ask({ messages: [user('Hello')], ...quiet })
    assert.equal(next.text, 'Hello! How can I help you today?')
  } finally {
    await engine.stop()
  }
})

it('cuts the connection, and nothing else, when it is killed in mid-answer', async () => {
  const engine = await startEngine()
  const seen: Chunk[] = []
  await assert.rejects(async () => {
    for await (const chunk of engine.chunks(ENDLESS)) {
      seen.push(chunk)
      if (seen.length === 4) engine.child.kill('SIGKILL')
    }
  })
  assert.deepEqual(await engine.exited, [null, 'SIGKILL'])
})

it('leaves at once when it is asked to, also in mid-answer', async () => {
  const engine = await startEngine()
  const story = engine.chunks(ENDLESS)
  let chunk = await story.next()
  while (chunk.value?.choices[0] === undefined) chunk = await story.next()
  engine.child.kill('SIGTERM')
  assert.deepEqual(await engine.exited, [0, null])
  await assert.rejects(async () => {
    while ((await story.next()).done !== true);
    throw new Error('cut')
  })
})

it('leaves when the process that started it is killed', async () => {
  const main = join(import.meta.dirname, 'main.ts')
  const script = `
    const child = require('node:child_process').spawn(process.execPath,
      [${JSON.stringify(main)}, '--model', ${JSON.stringify(PRACTICE)}, '--port', '0', '--threads', '1'],
      { stdio: ['ignore', 'ignore', 'inherit', 'ipc'], detached: true })
    child.on('message', (m) => m.type === 'ready' && process.kill(process.pid, 'SIGKILL'))`
  const parent = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'ignore', 'pipe'] })
  // The engine holds the other end of this pipe: it closes only when both are gone.
  let log = ''
  parent.stderr.setEncoding('utf8').on('data', (text: string) => (log += text))
  await once(parent.stderr, 'close')
  assert.match(log, /ready after/)
  assert.equal(parent.signalCode, 'SIGKILL')
})

it('says why when the model cannot be loaded', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'pkn-engine-'))
  try {
    const file = join(folder, 'broken.gguf')
    await writeFile(file, 'this is no model')
    const engine = await startEngine('--model', file)
    const said = await engine.ask({ messages: [user('Hello')] }).catch(() => null)
    assert.deepEqual(await engine.exited, [1, null])
    assert.match(engine.log(), /cannot be loaded/)
    if (said !== null) assert.equal(said.error?.code, 500)
  } finally {
    await rm(folder, { recursive: true })
  }
})
