import assert from 'node:assert/strict'
import { test } from 'node:test'
import { z } from 'zod'
import { scriptedModel, type Script } from '../models/scripted.ts'
import type { Stopped } from '../wire/event.ts'
import { textOf, thoughtOf, type Draft } from '../wire/fold.ts'
import { LOCAL } from '../wire/id.ts'
import type { Chosen } from './ports.ts'
import type { Tool } from './tool-ports.ts'
import { agentNamed, chosen, gate, listed, openRig } from './testing/rig.ts'

const never = new Promise(() => {})
const WITHIN_MS = 1000

/** A run that is stopped as soon as its draft is as said, and how it ended. */
async function stopped(
  script: Script,
  when: (draft: Draft) => boolean,
  over: Partial<Chosen> = {},
  rest: Partial<Parameters<typeof openRig>[0]> = {},
) {
  const model = scriptedModel(script)
  const rig = await openRig({ backends: listed(chosen(model, over)), ...rest })
  const run = await rig.say('go')
  await rig.until(run, when)
  const from = rig.clock.now()
  await rig.store.cancel(LOCAL, run)
  const draft = await rig.draft(run)
  const took = rig.clock.now() - from
  assert.equal(draft.end?.reason, 'cancelled')
  assert.equal(model.open, 0, 'the connection has closed')
  assert.ok(draft.end.stopped !== null && draft.end.stopped.ms <= Math.ceil(took) + 1, 'the time it says is true')
  return { draft, took, stop: draft.end.stopped, model, rig }
}
const phaseIs = (phase: string) => (draft: Draft) => draft.phase?.phase === phase

const AT_WORK: [phase: string, script: Script, when: (draft: Draft) => boolean][] = [
  ['loading', [{ type: 'phase', phase: 'loading' }, never], phaseIs('loading')],
  ['reading', [{ type: 'phase', phase: 'reading', done: 1, total: 9 }, never], (d) => d.phase?.done === 1],
  ['thinking', [{ thought: 'hm' }, never], (d) => thoughtOf(d) === 'hm'],
  ['answering', ['one ', never], (d) => textOf(d) === 'one '],
]
for (const [phase, script, when] of AT_WORK)
  test(`a stop while ${phase}: the connection is closed, the backend is asked, and the end says what was seen and how long it took`, async () => {
    const SEEN: ['idle' | 'unknown', Stopped['upstream']][] = [
      ['idle', 'idle'],
      ['unknown', 'closed'],
    ]
    for (const [seen, told] of SEEN) {
      const open: number[] = []
      const model = scriptedModel(script)
      const idle = async () => {
        open.push(model.open)
        return seen
      }
      const { stop, rig, took } = await stopped(script, when, { model, idle })
      assert.equal(stop.upstream, told)
      assert.deepEqual(open, [0], 'it is asked once, after the stream was closed')
      assert.ok(took < WITHIN_MS)
      await rig.close()
    }
  })

test('the end of a stopped run counts what it took to see the backend idle', async () => {
  const idle = (signal: AbortSignal) =>
    new Promise<'idle' | 'busy'>((resolve) => {
      const timer = setTimeout(() => resolve('idle'), 120)
      signal.addEventListener('abort', () => {
        clearTimeout(timer)
        resolve('busy')
      })
    })
  const { stop, rig } = await stopped(['one ', never], (d) => textOf(d) === 'one ', { idle })
  assert.equal(stop.upstream, 'idle')
  assert.ok(stop.ms >= 115)
  await rig.close()
})

test('a backend that is still busy is said to be, and its slot is not given to the next run before it is seen idle', async () => {
  const free = gate()
  let looks = 0
  const idle = async (signal: AbortSignal) => {
    looks++
    const late = new Promise<'busy'>((resolve) => signal.addEventListener('abort', () => resolve('busy')))
    return Promise.race([free.opened.then(() => 'idle' as const), late])
  }
  const { stop, rig, took } = await stopped(['one ', never], (d) => textOf(d) === 'one ', { idle, slots: 1 })
  assert.equal(stop.upstream, 'busy')
  assert.ok(took < 2000 && stop.ms >= 1400, 'the end waits for it, but not for long')
  assert.equal(looks, 2)
  const next = await rig.say('next')
  await rig.until(next, phaseIs('queued'))
  assert.equal(rig.admission.standing('here').busy, 1)
  free.open()
  await rig.until(next, (d) => textOf(d) === 'one ')
  await rig.close()
})

test('a server that stops does not wait for a backend that is busy', async () => {
  const idle = (signal: AbortSignal) =>
    new Promise<'busy'>((resolve) => signal.addEventListener('abort', () => resolve('busy')))
  const { rig } = await stopped(['one ', never], (d) => textOf(d) === 'one ', { idle })
  const from = rig.clock.now()
  await rig.close()
  assert.ok(rig.clock.now() - from < WITHIN_MS)
})

const unasked = async () => assert.fail('nothing was at work there')

test('a stop in the queue is done at once, and no model is asked', async () => {
  const hold = gate()
  const model = scriptedModel([hold.opened, 'ok'])
  const rig = await openRig({ backends: listed(chosen(model, { slots: 1, idle: unasked })) })
  const other = (await rig.store.createSession(LOCAL, null)).id
  const first = await rig.say('a', { session: other })
  await rig.until(first, (d) => d.steps.length === 1)
  const second = await rig.say('b')
  await rig.until(second, phaseIs('queued'))
  const from = rig.clock.now()
  await rig.store.cancel(LOCAL, second)
  const draft = await rig.draft(second)
  assert.ok(rig.clock.now() - from < WITHIN_MS)
  assert.equal(draft.end?.stopped?.upstream, 'none')
  hold.open()
  await rig.draft(first)
  assert.equal(model.asked.length, 1)
  await rig.close()
})

test('a stop while the engine is started is done at once', async () => {
  const { stop, rig, took, model } = await stopped(
    [],
    phaseIs('starting'),
    {},
    {
      backends: {
        ...listed(),
        choose: (_, report, signal) => {
          report({ type: 'phase', phase: 'starting' })
          return new Promise((resolve) =>
            signal.addEventListener('abort', () => void listed().choose(_, report, signal).then(resolve)),
          )
        },
      },
    },
  )
  assert.equal(stop.upstream, 'none')
  assert.ok(took < WITHIN_MS)
  assert.equal(model.asked.length, 0)
  await rig.close()
})

test('a stop while it is asked what a backend can go on from is done at once', async () => {
  const script: Script = (_, nth) => (nth === 1 ? ['one ', { cut: true }] : ['two'])
  const asking = gate()
  const continues = async () => {
    asking.open()
    await never
    return { text: true, thought: false }
  }
  const model = scriptedModel(script)
  const rig = await openRig({ backends: listed(chosen(model, { continues, idle: unasked })) })
  const run = await rig.say('go')
  await asking.opened
  await rig.store.cancel(LOCAL, run)
  const draft = await rig.draft(run)
  assert.deepEqual([draft.end?.reason, draft.end?.stopped?.upstream, textOf(draft)], ['cancelled', 'none', 'one '])
  await rig.close()
})

test('a stop while a tool runs aborts it and waits for its end, and no model is asked', async () => {
  const ended: string[] = []
  const tool: Tool<object> = {
    name: 'wait',
    about: 'Waits.',
    input: z.object({}),
    effect: 'run',
    reach: 'none',
    run: async (_, use) => {
      use.say('waiting')
      await new Promise((resolve) => use.signal.addEventListener('abort', resolve))
      await new Promise((resolve) => setTimeout(resolve, 60))
      ended.push('wait')
      return { ok: false, output: 'stopped' }
    },
  }
  const { stop, rig, draft } = await stopped(
    [{ type: 'tool.call', id: 'x', tool: 'wait', input: {} }],
    (d) => d.parts.some((part) => part.kind === 'tool' && part.text === 'waiting'),
    { idle: unasked },
    { tools: [tool], agents: [agentNamed('general', { tools: ['wait'] })] },
  )
  assert.deepEqual(ended, ['wait'])
  assert.equal(stop.upstream, 'none')
  assert.ok(stop.ms >= 55)
  assert.equal(draft.parts.find((part) => part.kind === 'tool')?.result?.ok, false)
  await rig.close()
})

test('a run that ends by itself says nothing of a stop', async () => {
  const rig = await openRig({ backends: listed(chosen(scriptedModel(['ok']), { idle: unasked })) })
  assert.equal((await rig.draft(await rig.say('go'))).end?.stopped, null)
  await rig.close()
})
