import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { z } from 'zod'
import { systemClock } from '../clock.ts'
import { scriptedModel, type Step } from '../models/scripted.ts'
import { newDisk } from '../store/memory-disk.ts'
import { openMemory } from '../store/memory.ts'
import type { Entry, Json } from '../wire/event.ts'
import { Fault } from '../wire/fault.ts'
import { LOCAL, START, type CallId, type RunId } from '../wire/id.ts'
import type { Clock } from './ports.ts'
import { numbers } from './testing/numbers.ts'
import { agentNamed, chosen, listed, openRig, type Rig } from './testing/rig.ts'
import type { Tool, ToolUse } from './tool-ports.ts'

const SEEDS = 500
/** Nothing takes so long that does not hang. */
const HANGS_MS = 30_000

/** A clock by which a second passes in ten milliseconds. */
const quick: Clock = {
  wall: () => systemClock.wall(),
  now: () => systemClock.now() * 100,
  after: (ms, call) => systemClock.after(ms / 100, call),
}

type Random = () => number
const pick = <T>(random: Random, list: readonly T[]): T => list[Math.floor(random() * list.length)]!

type Ran = { call: CallId; tool: string; known: boolean; started: boolean }
type Store = ReturnType<typeof openMemory>
const input = z.strictObject({ n: z.number(), text: z.string().optional() })
type Input = z.infer<typeof input>

/** Tools that do all that a tool can do wrong. Each tells what the durable log said of its call when it ran. */
function tools(ran: Ran[], store: () => Store): Tool<Input>[] {
  const ofKind = (
    name: string,
    run: (use: ToolUse) => Promise<{ ok: boolean; output: Json }>,
    over = {},
  ): Tool<Input> => ({
    name,
    about: `Does ${name}.`,
    input,
    effect: 'read',
    reach: 'workspace',
    ...over,
    run: async (_, use) => {
      const page = await store().page(use.run, START, 100_000)
      const known = page.some(({ event }) => event.type === 'tool.call' && event.call === use.call)
      const started = page.some(({ event }) => event.type === 'tool.start' && event.call === use.call)
      ran.push({ call: use.call, tool: name, known, started })
      return run(use)
    },
  })
  const late = (use: ToolUse, more: number) =>
    new Promise<{ ok: boolean; output: Json }>((resolve) => {
      const end = () => void setTimeout(() => resolve({ ok: false, output: 'late' }), more)
      if (use.signal.aborted) end()
      else use.signal.addEventListener('abort', end, { once: true })
    })
  return [
    ofKind('fine', async () => ({ ok: true, output: 'fine' })),
    ofKind('beside', async () => ({ ok: true, output: { a: 1 } }), { together: true }),
    ofKind('slow', async () => (await wait(3), { ok: true, output: 'slow' }), { together: true }),
    ofKind('huge', async ({ say }) => (say('x'.repeat(5000)), { ok: true, output: 'line\n'.repeat(20_000) })),
    ofKind('fails', async () => ({ ok: false, output: 'no' })),
    ofKind('throws', () => Promise.reject(new Error('thrown'))),
    ofKind('hangs', (use) => late(use, 0), { limitMs: 300 }),
    ofKind('holds', (use) => late(use, 70), { limitMs: 300 }),
    ofKind('asks', async () => ({ ok: true, output: 'allowed' }), { effect: 'write' }),
    ofKind('denied', async () => ({ ok: true, output: 'never' })),
    ofKind('blind', async () => ({ ok: true, output: 'x' }), {
      effect: 'write',
      preview: () => Promise.reject(new Error('the preview threw')),
    }),
    ofKind('lost', async () => ({ ok: true, output: 'x' }), {
      subject: () => {
        throw new Error('the subject threw')
      },
    }),
  ]
}
const NAMES = tools([], () => openMemory({ clock: systemClock, say: () => {} })).map(({ name }) => name)
const NEVER = new Set(['denied', 'blind', 'lost'])

function inputOf(random: Random): Json {
  const n = Math.floor(random() * 4)
  return pick<Json>(random, [
    { n },
    { n },
    { n },
    { n },
    { n: String(n) },
    { arguments: { n } },
    `{"n": ${n},}`,
    { n, text: 'ä'.repeat(10_000) },
    null,
    'broken {',
    { m: 1 },
    [],
    { n: 'x' },
    { n, more: [1] },
    7,
  ])
}

function stepsOf(random: Random, prompted: boolean): Step[] {
  const steps: Step[] = []
  if (random() < 0.3) steps.push({ thought: 'Let me think.' })
  if (random() < 0.5) steps.push('Some words. ')
  if (random() < 0.25) return [...steps, 'That is all.']
  const many = random() < 0.15 ? 12 : 1 + Math.floor(random() * 3)
  for (let i = 0; i < many; i++) {
    const tool = random() < 0.1 ? pick(random, ['fin', 'Fine', 'nothing', '']) : pick(random, NAMES)
    if (!prompted) steps.push({ type: 'tool.call', id: `c${i}`, tool, input: inputOf(random) })
    else
      steps.push(
        `<tool_call>\n${JSON.stringify({ tool, input: inputOf(random) }).slice(0, random() < 0.2 ? -4 : undefined)}\n</tool_call>`,
      )
  }
  const end = random()
  if (end < 0.1) steps.push({ cut: true })
  else if (end < 0.15) steps.push({ fail: 'engine.error' })
  else if (end < 0.2) steps.push({ type: 'model.end', finish: 'length' })
  return steps
}

async function answerAll(rig: Rig, run: RunId, random: Random, over: AbortSignal) {
  while (!over.aborted) {
    const { rows } = await rig.store.acts.asks(LOCAL, { limit: 10 })
    for (const { ask } of rows) {
      const allow = random() < 0.6
      const given = {
        allow,
        scope: random() < 0.3 ? 'session' : 'once',
        ...(allow && random() < 0.2 ? { input: inputOf(random) } : {}),
      } as const
      await rig.store.acts.answer(LOCAL, run, ask, given).catch((cause: unknown) => {
        if (!(cause instanceof Fault)) throw cause
      })
    }
    await wait(2)
  }
}

/** One random run, through the true worker, with stops and restarts; the log that it leaves. */
async function live(seed: number): Promise<{ log: Entry[]; ran: Ran[] }> {
  const random = numbers(seed)
  const disk = newDisk()
  const ran: Ran[] = []
  const prompted = random() < 0.3
  const answers = Array.from({ length: 12 }, () => stepsOf(random, prompted))
  const again = random() < 0.2
  const open = async () => {
    const store = openMemory({ clock: systemClock, say: () => {}, disk })
    const model = scriptedModel((turn) => {
      const nth = turn.messages.filter(({ role }) => role === 'assistant').length
      return turn.tools.length === 0 && !prompted ? ['The end.'] : answers[again ? 0 : nth % answers.length]!
    })
    return openRig({
      backends: listed(chosen(model, { calls: !prompted })),
      agents: [agentNamed('general', { tools: NAMES })],
      tools: tools(ran, () => store),
      policy: [{ tool: 'denied', decision: 'deny' }],
      clock: quick,
      store,
      limits: { steps: 6, betweenMs: 500_000, connectMs: 500_000, firstMs: 500_000 },
    })
  }
  const rigs = [await open()]
  const run = await rigs[0]!.say('go')
  const over = new AbortController()
  const person = answerAll(rigs[0]!, run, random, over.signal)
  const [stopAt, restartAt] = [random() < 0.2 ? 5 + random() * 60 : 0, random() < 0.3 ? 3 + random() * 60 : 0]
  let [stopped, restarted] = [false, false]
  const log: Entry[] = []
  const reader = openMemory({ clock: systemClock, say: () => {}, disk })
  const late = AbortSignal.timeout(HANGS_MS)
  for await (const batch of reader.read(run, START, late)) {
    log.push(...batch)
    if (stopAt > 0 && log.length >= stopAt && !stopped) {
      stopped = true
      await reader.cancel(LOCAL, run)
    }
    if (restartAt > 0 && log.length >= restartAt && !restarted) {
      restarted = true
      if (seed % 2 === 0) await rigs[0]!.stop()
      // As if it had been killed: its leases run out, and what it still does reaches nothing.
      else for (const stored of disk.open) Object.assign(stored, { lease: 0 })
      rigs.push(await open())
    }
  }
  over.abort()
  await person
  assert.ok(!late.aborted, `seed ${seed} hangs after ${JSON.stringify(log.at(-1))}`)
  for (const rig of rigs) await rig.close()
  await reader.close()
  return { log, ran }
}

function judge(seed: number, log: readonly Entry[], ran: readonly Ran[]) {
  const told = `seed ${seed}`
  const events = log.map(({ event }) => event)
  assert.deepEqual(
    log.map(({ at }) => at),
    log.map((_, i) => i + 1),
    told,
  )
  assert.equal(events.filter(({ type }) => type === 'run.end').length, 1, told)
  assert.equal(events.at(-1)?.type, 'run.end', told)
  const end = events.at(-1)
  if (end?.type === 'run.end') assert.notEqual(end.fault?.code, 'server.bug', told)
  assert.equal(new Set(ran.map(({ call }) => call)).size, ran.length, `${told}: none runs twice`)
  for (const one of ran) {
    assert.ok(one.known && one.started, `${told}: ${one.tool} ran before the log knew it`)
    assert.ok(!NEVER.has(one.tool), `${told}: ${one.tool} ran`)
  }
  const called = new Map<string, string>()
  const refused = new Set<string>()
  const asked = new Map<string, string>()
  const started = new Set<string>()
  const ended = new Set<string>()
  for (const event of events) {
    if (event.type === 'tool.call') called.set(event.call, event.tool)
    else if (event.type === 'ask.start') asked.set(event.ask, event.call)
    else if (event.type === 'ask.end' && !event.allow) refused.add(asked.get(event.ask)!)
    else if (event.type === 'tool.start') {
      assert.ok(called.has(event.call) && !started.has(event.call) && !ended.has(event.call), told)
      assert.ok(!refused.has(event.call), `${told}: what was refused never ran`)
      if (called.get(event.call) === 'asks') assert.ok([...asked.values()].includes(event.call) || asked.size > 0, told)
      started.add(event.call)
    } else if (event.type === 'tool.end') {
      assert.ok(called.has(event.call) && !ended.has(event.call), `${told}: one end for each call`)
      ended.add(event.call)
    }
  }
  for (const { call } of ran) assert.ok(started.has(call) && !refused.has(call), told)
  if (end?.type === 'run.end' && end.reason === 'done')
    for (const call of called.keys()) assert.ok(ended.has(call), `${told}: a run that is done leaves no call open`)
}

test(`${SEEDS} runs of random calls each end once; no tool runs that the log does not know, none twice, none that was refused`, async (t) => {
  const seeds = Array.from({ length: SEEDS }, (_, i) => i + 1)
  const sums = { calls: 0, ran: 0, asks: 0, resumes: 0, reasons: new Map<string, number>() }
  const next = async () => {
    for (let seed = seeds.shift(); seed !== undefined; seed = seeds.shift()) {
      const { log, ran } = await live(seed)
      judge(seed, log, ran)
      const count = (type: string) => log.filter(({ event }) => event.type === type).length
      sums.calls += count('tool.call')
      sums.ran += ran.length
      sums.asks += count('ask.start')
      sums.resumes += count('run.resume')
      const end = log.at(-1)!.event
      const why = end.type === 'run.end' ? `${end.reason} ${end.fault?.code ?? ''}`.trim() : '?'
      sums.reasons.set(why, (sums.reasons.get(why) ?? 0) + 1)
    }
  }
  await Promise.all(Array.from({ length: 48 }, next))
  t.diagnostic(
    `${sums.calls} calls, ${sums.ran} ran, ${sums.asks} asked, ${sums.resumes} resumes, ${JSON.stringify([...sums.reasons])}`,
  )
})
