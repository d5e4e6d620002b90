import assert from 'node:assert/strict'
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, it } from 'node:test'
import { collect, ENDLESS, PRACTICE, startWith, user, type Chunk, type Driven } from './testing/drive.ts'

const quiet = { chat_template_kwargs: { enable_thinking: false } }
const hello = { messages: [user('Hello')], ...quiet }
/** Goes on until it has said so many words, as fast as it can. */
const noise = { messages: [user('Tell me a story.')], temperature: 5, top_k: 0, top_p: 1, min_p: 0, seed: 1 }
let folder: string
let engine: Driven | null
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pkn-switch-'))
  engine = null
})
afterEach(async () => {
  await engine?.stop()
  rmSync(folder, { recursive: true })
})

/** The practice model under another name; the least old is the default. */
function model(name: string, age: number): void {
  copyFileSync(PRACTICE, join(folder, `${name}.gguf`))
  utimesSync(join(folder, `${name}.gguf`), 1_700_000_000 - age, 1_700_000_000 - age)
}
const start = async (...flags: string[]): Promise<Driven> => {
  engine = await startWith('--models-dir', folder, ...flags)
  return engine
}
type Listed = {
  id: string
  loaded: boolean | null
  practice: boolean
  tools: boolean
  thinking: boolean
  meta: { n_ctx: number | null; size: number }
}
const listed = async (at: Driven) => ((await at.get('/v1/models')) as { data: Listed[] }).data
type Health = { status: string; pkn: { loaded: boolean; model: string; fault?: string } }
const health = async (at: Driven) => (await at.get('/health')) as Health
const modelOf = (chunks: Chunk[]) => chunks.map((c) => (c as { model?: string }).model)[0]
const loads = (at: Driven) => [...at.log().matchAll(/ready after .*?: ([^,]+),/g)].map(([, name]) => name)

it('lists every model of its folder, and answers with the one that a request names', async () => {
  model('red', 10)
  model('blue', 20)
  const at = await start()
  const said = await at.ask(hello)
  assert.equal(modelOf(said.all), 'red')
  assert.deepEqual(
    (await listed(at)).map(({ id, loaded }) => [id, loaded]),
    [
      ['red', true],
      ['blue', false],
    ],
  )
  const about = (await listed(at)).map(({ tools, thinking, meta }) => [tools, thinking, meta.n_ctx])
  assert.deepEqual(about[1], [true, true, 1024], 'what the file of a model says is known before it is loaded')
  const other = await at.ask({ ...hello, model: 'blue' })
  assert.deepEqual([modelOf(other.all), other.text], ['blue', said.text])
  const now = await listed(at)
  assert.deepEqual(
    now.map((m) => [m.id, m.loaded, m.meta.n_ctx, m.practice]),
    [
      ['red', false, 1024, false],
      ['blue', true, 1024, false],
    ],
  )
  const missing = await at.post({ ...hello, model: 'green' })
  const { error } = (await missing.json()) as { error: { type: string; message: string } }
  assert.deepEqual([missing.status, error.type], [404, 'model_not_found'])
  assert.match(error.message, /"green".*red, blue/)
  // A default that is changed while it runs, and a model that came since.
  model('green', 30)
  writeFileSync(join(folder, '.default'), 'green')
  assert.equal(modelOf((await at.ask({ ...hello, model: 'default' })).all), 'green')
  assert.equal((await listed(at))[0]?.id, 'green')
})

it('serves the practice model only if there is nothing else', async () => {
  const at = await start('--fallback', PRACTICE)
  await at.ask(hello)
  assert.deepEqual(
    (await listed(at)).map(({ id, practice }) => [id, practice]),
    [['practice-q8_0', true]],
  )
  model('red', 10)
  assert.equal(modelOf((await at.ask(hello)).all), 'red')
  assert.deepEqual(
    (await listed(at)).map(({ id, practice }) => [id, practice]),
    [['red', false]],
  )
})

it('lets those at work finish before it changes to another model, cuts nobody, and tells all who wait each second', async () => {
  model('red', 10)
  model('blue', 20)
  const at = await start('--sequences', '4')
  await at.ask(hello)
  const order: string[] = []
  const gaps: number[] = []
  const phases: string[] = []
  /** Resolve when so many answer, or wait, that are to do so at the same time. */
  const [four, two] = [countdown(4), countdown(2)]
  const ask = async (name: string, body: object, reached?: (chunk: Chunk) => void) => {
    let last = performance.now()
    let finish: string | null = null
    for await (const chunk of at.chunks({ ...body, model: name })) {
      gaps.push(performance.now() - last)
      last = performance.now()
      reached?.(chunk)
      if (chunk.pkn_phase) phases.push(`${name} ${chunk.pkn_phase.phase}`)
      if (chunk.pkn_phase) assert.ok(chunk.pkn_phase.total > 0, JSON.stringify(chunk.pkn_phase))
      assert.equal(chunk.error, undefined)
      finish ??= chunk.choices[0]?.finish_reason ?? null
    }
    order.push(name)
    assert.ok(finish === 'stop' || finish === 'length')
  }
  const answers = { ...ENDLESS, max_tokens: 300 }
  const all = [1, 2, 3, 4].map(() => {
    const begun = four.once()
    return ask('red', answers, ({ choices }) => choices.length > 0 && begun())
  })
  await four.done
  for (const body of [hello, { ...noise, max_tokens: 300 }]) {
    const queued = two.once()
    all.push(ask('blue', body, ({ pkn_phase }) => pkn_phase?.phase === 'queued' && queued()))
  }
  await two.done
  all.push(ask('red', hello), ask('red', hello))
  await Promise.all(all)
  assert.deepEqual(loads(at), ['red', 'blue'], 'those who came for the model in memory were let in before the change')
  assert.deepEqual(order.slice(-2), ['blue', 'blue'])
  assert.ok(phases.includes('blue queued') && phases.includes('blue loading'), phases.join())
  assert.ok(Math.max(...gaps) < 2500, `silent for ${Math.max(...gaps)} ms`)
})

it('does nothing for a request that left while it waited for another model', async () => {
  model('red', 10)
  model('blue', 20)
  const at = await start()
  await at.ask(hello)
  const end = new AbortController()
  const story = at.chunks(ENDLESS, end.signal)
  await story.next()
  const leave = new AbortController()
  const waiting = at.chunks({ ...hello, model: 'blue' }, leave.signal)
  assert.deepEqual((await waiting.next()).value?.pkn_phase, { phase: 'queued', done: 1, total: 1, model: 'blue' })
  leave.abort()
  await assert.rejects(waiting.next())
  end.abort()
  await assert.rejects(async () => {
    for await (const _ of story) continue
  })
  assert.equal((await at.ask(hello)).finish, 'stop')
  assert.deepEqual(loads(at), ['red'])
})

/** Of so many, each of which may ring as often as it likes. */
function countdown(left: number): { done: Promise<void>; once: () => () => void } {
  const { promise, resolve } = Promise.withResolvers<void>()
  return {
    done: promise,
    once: () => {
      let rung = false
      return () => {
        if (rung) return
        rung = true
        if (--left === 0) resolve()
      }
    },
  }
}

const rss = (pid: number) => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) * 1024

it('gives the memory of its model back when nobody asks, says that it is well, and loads it again', async () => {
  model('red', 10)
  const at = await start('--idle-seconds', '0.6', '--context', '8192', '--sequences', '8')
  const said = await at.ask(hello)
  // While it writes it gives nothing back, however long it takes to look.
  const end = new AbortController()
  const story = at.chunks(ENDLESS, end.signal)
  await story.next()
  const { pkn } = await health(at)
  const pid = at.child.pid ?? 0
  const full = existsSync('/proc') ? rss(pid) : 0
  assert.equal(pkn.loaded, true)
  end.abort()
  await assert.rejects(collect(story))
  while ((await health(at)).pkn.loaded) await new Promise((resolve) => setTimeout(resolve, 20))
  while (!/gave up red/.test(at.log())) await new Promise((resolve) => setTimeout(resolve, 20))
  assert.equal((await health(at)).status, 'ok')
  assert.deepEqual((await listed(at))[0]?.loaded, false)
  if (existsSync('/proc')) {
    const before = Number(/a context of (\d+) MiB/.exec(at.log())?.[1]) * 1024 ** 2
    assert.ok(full - rss(pid) > before / 3, `${full} bytes before, ${rss(pid)} after, a context of about ${before}`)
  }
  const again = await at.ask(hello)
  assert.deepEqual([again.text, again.phases[0]?.phase], [said.text, 'loading'])
})

it('says what it chose for the machine, and takes what it is told to', async () => {
  model('red', 10)
  const at = await start('--kv', 'q8_0', '--context', '512', '--sequences', '2', '--gpu-layers', '0')
  assert.equal((await at.ask(hello)).text, 'Hello! How can I help you today?')
  const { pkn } = (await at.get('/props')) as { pkn: Record<string, unknown> }
  const { kv, context, sequences, threads, gpuLayers, batch } = pkn
  assert.deepEqual([kv, context, sequences, threads, gpuLayers, batch], ['q8_0', 512, 2, 1, 0, 256])
  assert.match(at.log(), /ready after .* s: red, 2 x 512 tokens in q8_0 \(a context of .* within .*\), 1 thread, /)
})

it('tells those who ask for a broken model why it cannot be loaded, and goes back to the other one', async () => {
  model('red', 10)
  writeFileSync(join(folder, 'broken.gguf'), 'GGUF and then nothing of the kind')
  utimesSync(join(folder, 'broken.gguf'), 1_600_000_000, 1_600_000_000)
  const at = await start()
  await at.ask(hello)
  for (const _ of ['first', 'again at once']) {
    const said = await at.ask({ ...hello, model: 'broken' })
    assert.equal(said.error?.code, 500)
    assert.match(said.error?.message ?? '', /broken cannot be loaded/)
  }
  assert.match((await health(at)).pkn.fault ?? '', /broken cannot be loaded/)
  assert.equal((await at.ask(hello)).text, 'Hello! How can I help you today?')
  assert.equal((await health(at)).pkn.fault, undefined)
})

it('stays although its default is broken, if there is another model', async () => {
  model('red', 10)
  writeFileSync(join(folder, 'broken.gguf'), 'GGUF and then nothing of the kind')
  const at = await start()
  const [said, other] = await Promise.all([at.ask(hello), at.ask({ ...hello, model: 'red' })])
  assert.match(said.error?.message ?? '', /broken cannot be loaded/)
  assert.equal(other.finish, 'stop')
})
