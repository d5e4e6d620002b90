import assert from 'node:assert/strict'
import { test } from 'node:test'
import { z } from 'zod'
import { systemClock } from '../clock.ts'
import { scriptedModel } from '../models/scripted.ts'
import { newDisk } from '../store/memory-disk.ts'
import { openMemory } from '../store/memory.ts'
import { Fault } from '../wire/fault.ts'
import { textOf, type Draft } from '../wire/fold.ts'
import { LOCAL, newAskId, type RunId } from '../wire/id.ts'
import type { Answer } from '../wire/tool.ts'
import { agentNamed, chosen, listed, openRig } from './testing/rig.ts'
import { handClock } from './testing/hand-clock.ts'
import type { Tool } from './tool-ports.ts'

const writes = (did: string[]): Tool<{ text: string }> => ({
  name: 'write',
  about: 'Writes.',
  input: z.strictObject({ text: z.string() }),
  effect: 'write',
  reach: 'workspace',
  subject: () => ({ kind: 'files', paths: ['a.txt'] }),
  preview: async ({ text }) => ({ ok: true, shown: { kind: 'text', text: `would write ${text}` } }),
  run: async ({ text }, { signal }) => {
    signal.throwIfAborted()
    did.push(text)
    return { ok: true, output: `wrote ${text}` }
  },
})
const call = (text: string, id = text) => ({ type: 'tool.call', id, tool: 'write', input: { text } }) as const
/** Calls in its first answer, and then says what it was told last. */
const calling = (...texts: string[]) =>
  scriptedModel((turn, nth) => (nth === 1 ? texts.map((text) => call(text)) : [`told: ${turn.messages.at(-1)?.text}`]))

type Options = Partial<Parameters<typeof openRig>[0]>
const rigOf = (model: ReturnType<typeof scriptedModel>, did: string[], more: Options = {}) =>
  openRig({
    backends: listed(chosen(model)),
    agents: [agentNamed('general', { tools: ['write'] })],
    tools: [writes(did)],
    policy: [],
    ...more,
  })
const askOf = (draft: Draft) =>
  draft.parts.flatMap((p) => (p.kind === 'tool' && p.ask?.allow === null ? [p.ask] : []))[0]
type Rig = Awaited<ReturnType<typeof openRig>>
const asked = (rig: Rig, run: RunId) => rig.until(run, (d) => askOf(d) !== undefined)
async function answer(rig: Rig, run: RunId, given: Partial<Answer>) {
  const ask = askOf(await asked(rig, run))!.id
  return rig.store.acts.answer(LOCAL, run, ask, { allow: true, scope: 'once', ...given })
}

test('a call that must be asked for parks its run, says exactly what it would do, and is made once it is allowed', async () => {
  const did: string[] = []
  const rig = await rigOf(calling('x'), did)
  const run = await rig.say('go')
  const draft = await asked(rig, run)
  assert.deepEqual(askOf(draft)?.shown, { kind: 'text', text: 'would write x' })
  assert.equal((await rig.store.run(LOCAL, run)).state, 'waiting')
  const { rows } = await rig.store.acts.asks(LOCAL, { limit: 10 })
  assert.deepEqual(
    rows.map((r) => [r.run, r.tool, r.effect, r.shown, r.expires]),
    [[run, 'write', 'write', { kind: 'text', text: 'would write x' }, null]],
  )
  assert.match(rows[0]!.why, /write by general/)
  assert.deepEqual(did, [])
  await answer(rig, run, { allow: true })
  const end = await rig.draft(run)
  assert.deepEqual(did, ['x'])
  assert.equal(textOf(end), 'told: wrote x')
  assert.equal(end.resumes, 0, 'to wait for a person is no crash')
  assert.deepEqual((await rig.store.acts.asks(LOCAL, { limit: 10 })).rows, [])
  await rig.close()
})

test('what is refused is not done, and the model is told why', async () => {
  const did: string[] = []
  const rig = await rigOf(calling('x'), did)
  const run = await rig.say('go')
  await answer(rig, run, { allow: false, reason: 'not in my house' })
  assert.match(textOf(await rig.draft(run)), /did not allow this. The reason: not in my house/)
  assert.deepEqual(did, [])
  await rig.close()
})

test('what a person changes is done in its place, and what does not fit is told', async () => {
  const did: string[] = []
  const rig = await rigOf(calling('x'), did)
  const run = await rig.say('go')
  await answer(rig, run, { input: { text: 'better' } })
  await rig.draft(run)
  assert.deepEqual(did, ['better'])
  await rig.close()
})

test('what is allowed for the chat is asked once, and again in another chat', async () => {
  const did: string[] = []
  const model = scriptedModel((turn) =>
    turn.messages.at(-1)?.role === 'tool' ? ['done'] : [call(`x${turn.messages.length}`)],
  )
  const rig = await rigOf(model, did)
  const first = await rig.say('go')
  await answer(rig, first, { scope: 'session' })
  await rig.draft(first)
  assert.equal((await rig.draft(await rig.say('go on'))).end?.reason, 'done')
  assert.equal(did.length, 2)
  const other = await rig.store.createSession(LOCAL, null)
  const run = await rig.say('go', { session: other.id })
  assert.ok(askOf(await asked(rig, run)))
  await rig.close()
})

test('of several calls those before the question are made, and those after it wait; each is made once', async () => {
  const did: string[] = []
  const rig = await rigOf(calling('a', 'b', 'c'), did)
  const run = await rig.say('go')
  for (const text of ['a', 'b', 'c']) {
    const draft = await asked(rig, run)
    assert.deepEqual(did, ['a', 'b', 'c'].slice(0, ['a', 'b', 'c'].indexOf(text)))
    const waiting = await rig.until(run, (d) => askOf(d) !== undefined && d.parts.length > 0)
    assert.ok(waiting.at >= draft.at)
    const { rows } = await rig.store.acts.asks(LOCAL, { limit: 10 })
    assert.equal(rows.length, 1)
    await rig.store.acts.answer(LOCAL, run, rows[0]!.ask, { allow: true, scope: 'once' })
    await rig.until(
      run,
      (d) =>
        d.parts.some(
          (p) =>
            p.kind === 'tool' && p.result !== null && p.input !== null && (p.input as { text: string }).text === text,
        ) &&
        (text === 'c' || askOf(d) !== undefined),
    )
  }
  assert.equal((await rig.draft(run)).end?.reason, 'done')
  assert.deepEqual(did, ['a', 'b', 'c'])
  await rig.close()
})

test('a server that ends while a run waits changes nothing: another one hears the answer', async () => {
  const disk = newDisk()
  const did: string[] = []
  const memory = () => openMemory({ clock: systemClock, say: () => {}, disk })
  const first = await rigOf(calling('x'), did, { store: memory() })
  const run = await first.say('go')
  await asked(first, run)
  await first.close()
  const second = await rigOf(
    scriptedModel((turn) => [`told: ${turn.messages.at(-1)?.text}`]),
    did,
    { store: memory() },
  )
  await answer(second, run, {})
  const draft = await second.draft(run)
  assert.equal(textOf(draft), 'told: wrote x')
  assert.deepEqual([did, draft.resumes], [['x'], 0])
  await second.close()
})

test('a stop while it waits ends it at once, and the answer comes too late', async () => {
  const did: string[] = []
  const rig = await rigOf(calling('x'), did)
  const run = await rig.say('go')
  const ask = askOf(await asked(rig, run))!.id
  await rig.store.cancel(LOCAL, run)
  const draft = await rig.draft(run)
  assert.equal(draft.end?.reason, 'cancelled')
  const part = draft.parts.find((p) => p.kind === 'tool')
  assert.deepEqual(part?.kind === 'tool' && [part.ask?.allow, part.ask?.by, part.began], [false, 'stop', null])
  const late = rig.store.acts.answer(LOCAL, run, ask, { allow: true, scope: 'once' })
  await assert.rejects(late, (f) => f instanceof Fault && f.code === 'ask.over')
  assert.deepEqual(did, [])
  await rig.close()
})

test('a question has one answer: the same again is taken, another one is not, and nobody answers what was not asked', async () => {
  const rig = await rigOf(calling('x'), [])
  const run = await rig.say('go')
  const ask = askOf(await asked(rig, run))!.id
  const code = (wanted: string) => (f: unknown) => f instanceof Fault && f.code === wanted
  const say = (given: Partial<Answer>, id = ask) =>
    rig.store.acts.answer(LOCAL, run, id, { allow: true, scope: 'once', ...given })
  await assert.rejects(say({}, newAskId()), code('ask.missing'))
  await say({})
  await say({})
  await assert.rejects(say({ allow: false }), code('ask.answered'))
  await rig.close()
})

test('a question whose time is over counts as refused, visibly', async () => {
  const clock = handClock()
  const did: string[] = []
  const store = openMemory({ clock, say: () => {}, disk: newDisk() })
  const rig = await rigOf(calling('x'), did, { store, clock, limits: { askMs: 60_000 } })
  const run = await rig.say('go')
  const shown = askOf(await asked(rig, run))
  assert.equal(Date.parse(shown!.expires!) - clock.wall(), 60_000)
  assert.equal(await store.acts.expireAsks(), 60_000)
  clock.move(60_001)
  assert.equal(await store.acts.expireAsks(), null)
  const draft = await rig.draft(run)
  assert.match(textOf(draft), /Nobody answered in time/)
  const part = draft.parts.find((p) => p.kind === 'tool')
  assert.equal(part?.kind === 'tool' && part.ask?.by, 'time')
  assert.deepEqual(did, [])
  await rig.close()
})

test('a call that was under way when its server died is told as such, and not made again', async () => {
  const disk = newDisk()
  const memory = () => openMemory({ clock: systemClock, say: () => {}, disk })
  const did: string[] = []
  const hangs: Tool<object> = {
    ...writes(did),
    input: z.object({}),
    subject: () => ({ kind: 'none' }),
    run: (_, { signal, say }) => {
      did.push('began')
      say('began')
      return new Promise((resolve) => signal.addEventListener('abort', () => resolve({ ok: false, output: 'cut' })))
    },
  }
  const options = { policy: [{ decision: 'allow' as const }], tools: [hangs] }
  const dying = memory()
  const first = await rigOf(calling('x'), did, { ...options, store: dying })
  const run = await first.say('go')
  await first.until(run, (d) => d.parts.some((p) => p.kind === 'tool' && p.text === 'began'))
  // As if the process had been killed: its leases run out, and what it still does reaches nothing.
  for (const stored of disk.open) Object.assign(stored, { lease: 0 })
  const second = await rigOf(
    scriptedModel((turn) => [`told: ${turn.messages.at(-1)?.text}`]),
    did,
    { ...options, store: memory() },
  )
  const draft = await second.draft(run)
  assert.match(textOf(draft), /The server stopped while write was running/)
  assert.deepEqual([did, draft.resumes], [['began'], 1])
  await second.close()
  await first.close()
})

test('a tool that insists is asked for, in its own words, where a rule or an earlier answer allows it', async () => {
  const did: string[] = []
  const given: boolean[] = []
  const insisting: Tool<{ text: string }> = {
    ...writes(did),
    insists: (_, { answered }) => {
      given.push(answered)
      return Promise.resolve('Nothing confines it.')
    },
  }
  const rig = await rigOf(calling('x'), did, { tools: [insisting], policy: [{ tool: 'write', decision: 'allow' }] })
  const run = await rig.say('go')
  await asked(rig, run)
  assert.equal((await rig.store.acts.asks(LOCAL, { limit: 10 })).rows[0]?.why, 'Nothing confines it.')
  assert.deepEqual(did, [])
  await answer(rig, run, { allow: true })
  await rig.draft(run)
  assert.deepEqual(did, ['x'])
  assert.deepEqual(given, [false])
  await rig.close()
})
