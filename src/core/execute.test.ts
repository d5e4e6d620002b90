import assert from 'node:assert/strict'
import { test } from 'node:test'
import { z } from 'zod'
import { scriptedModel } from '../models/scripted.ts'
import { openMemory } from '../store/memory.ts'
import { newDisk } from '../store/memory-disk.ts'
import { systemClock } from '../clock.ts'
import { textOf } from '../wire/fold.ts'
import { fault } from '../wire/fault.ts'
import { LOCAL, newRunId, type RunId, type SessionId } from '../wire/id.ts'
import type { Entrant } from './admit.ts'
import type { Tool } from './tool-ports.ts'
import { agentNamed, chosen, gate, listed, openRig } from './testing/rig.ts'

test('a message becomes a run that says who answers, what they think and say, and how it ended', async () => {
  const rig = await openRig({ backends: listed(chosen(scriptedModel([{ thought: 'hm' }, 'Hello', ' there']))) })
  const run = await rig.say('hi')
  const entries = await rig.entries(run)
  assert.deepEqual(
    entries.map((e) => e.at),
    entries.map((_, i) => i + 1),
  )
  const types = entries.map((e) => (e.event.type === 'phase' ? e.event.phase : e.event.type))
  assert.equal(types[0], 'run.start')
  assert.equal(types.at(-1), 'run.end')
  assert.deepEqual(
    types.filter((t) => ['reading', 'thinking', 'answering'].includes(t)),
    ['reading', 'thinking', 'answering'],
  )
  const { rows } = await rig.store.messages(LOCAL, rig.session, { limit: 10 })
  assert.deepEqual(
    rows.map((m) => [m.role, m.text, m.reason]),
    [
      ['user', 'hi', null],
      ['assistant', 'Hello there', 'done'],
    ],
  )
  await rig.close()
})

test('the log of the server names who was asked, and says so when the words leave the machine', async () => {
  const away = { ...chosen(scriptedModel(['yes'])), name: 'm-one', endpoint: 'groq', remote: 'api.groq.example' }
  const rig = await openRig({ backends: listed(away) })
  await rig.entries(await rig.say('hi'))
  const asked = rig.lines.filter(({ text }) => text.startsWith('Step 1: '))
  assert.deepEqual(
    asked.map(({ text }) => text),
    ['Step 1: m-one at groq; the words leave this machine for api.groq.example'],
  )
  await rig.close()
})

test('whoever sees the end of a run finds its answer in the history', async () => {
  const rig = await openRig({ backends: listed(chosen(scriptedModel(['yes']))) })
  for (let i = 0; i < 50; i++) {
    await rig.until(await rig.say(`question ${i}`), (d) => d.end !== null)
    const { rows } = await rig.store.messages(LOCAL, rig.session, { limit: 1 })
    assert.equal(rows[0]?.role, 'assistant')
  }
  await rig.close()
})

test('the model is shown what was said before, each answer behind its question, also when the second question came early', async () => {
  const hold = gate()
  const model = scriptedModel(function* (_, nth) {
    if (nth === 1) yield hold.opened
    yield `answer ${nth}`
  })
  const rig = await openRig({ backends: listed(chosen(model)) })
  const first = await rig.say('one')
  const second = await rig.say('two')
  await rig.until(first, (d) => d.steps.length > 0)
  hold.open()
  await rig.draft(second)
  assert.deepEqual(model.asked[1]?.messages.slice(1), [
    { role: 'user', text: 'one' },
    { role: 'assistant', text: 'answer 1' },
    { role: 'user', text: 'two' },
  ])
  await rig.close()
})

test('a long history is cut to the context by whole exchanges, newest kept, and the log says so', async () => {
  const model = scriptedModel(['ok'])
  const rig = await openRig({ backends: listed(chosen(model, { context: 2048 })) })
  for (let i = 0; i < 8; i++) await rig.draft(await rig.say(`${i} ${'word '.repeat(200)}`))
  const draft = await rig.draft(await rig.say('and now?'))
  const shown = model.asked.at(-1)!.messages
  assert.equal(shown.at(-1)?.text, 'and now?')
  assert.equal(shown[1]?.role, 'user')
  assert.match(shown.at(-3)?.text ?? '', /^7 /)
  assert.ok(shown.length < 2 + 16)
  assert.equal(draft.cut?.context, 2048)
  assert.equal(draft.cut?.left, 16 - (shown.length - 2))
  await rig.close()
})

test('a context that is smaller than was known or guessed is met by showing less, once, and not by failing', async () => {
  const told: number[] = []
  const model = scriptedModel((turn) => {
    const tokens = turn.messages.reduce((sum, m) => sum + m.text.length, 0)
    told.push(turn.messages.length)
    return tokens > 3000
      ? [[{ type: 'model.fail', fault: fault('context.full', { tokens, context: 3000 }) }]]
      : ['fits']
  })
  const rig = await openRig({ backends: listed(chosen(model, { context: null })) })
  for (let i = 0; i < 4; i++) await rig.draft(await rig.say(`${i} ${'word '.repeat(200)}`))
  const draft = await rig.draft(await rig.say('and?'))
  assert.equal(draft.end?.reason, 'done')
  assert.equal(textOf(draft), 'fits')
  assert.equal(draft.steps[0]?.attempt, 2)
  assert.equal(draft.cut?.context, 3000)
  assert.ok(told.at(-1)! > 2, 'what fits of the history is shown')
  await rig.close()
})

test('a message that is too long by itself fails at once, and does not stand in the way of the next', async () => {
  const model = scriptedModel((turn) => {
    const tokens = turn.messages.reduce((sum, m) => sum + m.text.length, 0)
    return tokens > 3000
      ? [[{ type: 'model.fail', fault: fault('context.full', { tokens, context: 3000 }) }]]
      : ['fits']
  })
  const rig = await openRig({ backends: listed(chosen(model, { context: null })) })
  const long = await rig.draft(await rig.say('x'.repeat(5000)))
  assert.equal(long.end?.fault?.code, 'context.full')
  assert.equal(long.steps[0]?.attempt, 1)
  assert.equal(textOf(await rig.draft(await rig.say('short'))), 'fits')
  await rig.close()
})

test('a reader that leaves does not stop the run', async () => {
  const hold = gate()
  const rig = await openRig({ backends: listed(chosen(scriptedModel(['one ', hold.opened, 'two']))) })
  const run = await rig.say('go')
  await rig.until(run, (d) => textOf(d) === 'one ')
  hold.open()
  assert.equal(textOf(await rig.draft(run)), 'one two')
  await rig.close()
})

test('cancel ends a run in mid-answer, keeps what was written, and only after the model was let go', async () => {
  const model = scriptedModel(['one ', new Promise(() => {}), 'never'])
  const rig = await openRig({ backends: listed(chosen(model)) })
  const run = await rig.say('go')
  await rig.until(run, (d) => textOf(d) === 'one ')
  await rig.store.cancel(LOCAL, run)
  const draft = await rig.until(run, (d) => d.end !== null)
  assert.equal(draft.end?.reason, 'cancelled')
  assert.equal(textOf(draft), 'one ')
  assert.equal(model.open, 0)
  const again = await rig.store.cancel(LOCAL, run)
  assert.equal(again.reason, 'cancelled')
  await rig.close()
})

test('a run that waits for a slot says its place, and can be cancelled there at once', async () => {
  const hold = gate()
  const rig = await openRig({ backends: listed(chosen(scriptedModel([hold.opened, 'ok']), { slots: 1 })) })
  const sessions = await Promise.all([1, 2, 3].map(async () => (await rig.store.createSession(LOCAL, null)).id))
  const first = await rig.say('a', { session: sessions[0]! })
  await rig.until(first, (d) => d.steps.length === 1)
  const second = await rig.say('b', { session: sessions[1]! })
  await rig.until(second, (d) => d.phase?.phase === 'queued' && d.phase.done === 1)
  const third = await rig.say('c', { session: sessions[2]! })
  await rig.until(third, (d) => d.phase?.phase === 'queued' && d.phase.done === 2 && d.phase.total === 2)
  await rig.store.cancel(LOCAL, second)
  assert.equal((await rig.draft(second)).end?.reason, 'cancelled')
  await rig.until(third, (d) => d.phase?.phase === 'queued' && d.phase.done === 1)
  hold.open()
  assert.equal(textOf(await rig.draft(third)), 'ok')
  await rig.close()
})

test('a fault that nothing else can mend keeps what was written, and the session goes on', async () => {
  const model = scriptedModel((_, nth) => (nth === 1 ? ['half ', { fail: 'context.full' }] : ['whole']))
  const rig = await openRig({ backends: listed(chosen(model)) })
  const draft = await rig.draft(await rig.say('go'))
  assert.equal(draft.end?.reason, 'failed')
  assert.equal(draft.end?.fault?.code, 'context.full')
  assert.equal(textOf(draft), 'half ')
  assert.equal(textOf(await rig.draft(await rig.say('again'))), 'whole')
  await rig.close()
})

const echo = (effect: Tool['effect'], ran: string[]): Tool<{ text: string }> => ({
  name: 'echo',
  about: 'Says it again.',
  input: z.object({ text: z.string() }),
  effect,
  reach: 'none',
  run: async ({ text }, use) => {
    ran.push(text)
    use.say('…')
    return { ok: true, output: text.toUpperCase() }
  },
})

test('a tool is called only once its call is in the log, and the model is told its result', async () => {
  const ran: string[] = []
  const model = scriptedModel((_, nth) =>
    nth === 1 ? ['Let me see. ', { type: 'tool.call', id: 'x', tool: 'echo', input: { text: 'a' } }] : ['It said A'],
  )
  const rig = await openRig({
    backends: listed(chosen(model)),
    agents: [agentNamed('general', { tools: ['echo'] })],
    tools: [echo('run', ran)],
  })
  const draft = await rig.draft(await rig.say('go'))
  assert.deepEqual(ran, ['a'])
  assert.equal(textOf(draft), 'Let me see. It said A')
  assert.deepEqual(
    model.asked[0]?.tools.map((t) => t.name),
    ['echo'],
  )
  assert.deepEqual(
    model.asked[1]?.messages.slice(-2).map((m) => [m.role, m.text]),
    [
      ['assistant', 'Let me see. '],
      ['tool', 'A'],
    ],
  )
  await rig.close()
})

test('a tool call that does not fit, or that names no tool, is told to the model and ends nothing', async () => {
  const model = scriptedModel((_, nth) =>
    nth === 1
      ? [
          [
            { type: 'tool.call', id: '1', tool: 'echo', input: { wrong: 1 } },
            { type: 'tool.call', id: '1', tool: 'nope', input: {} },
          ],
        ]
      : ['sorry'],
  )
  const rig = await openRig({
    backends: listed(chosen(model)),
    agents: [agentNamed('general', { tools: ['echo'] })],
    tools: [echo('read', [])],
  })
  const draft = await rig.draft(await rig.say('go'))
  assert.equal(draft.end?.reason, 'done')
  const results = draft.parts.flatMap((p) => (p.kind === 'tool' ? [p.result?.ok] : []))
  assert.deepEqual(results, [false, false])
  await rig.close()
})

test('an agent that never comes to an end is ended with a visible reason', async () => {
  const model = scriptedModel([{ type: 'tool.call', id: '1', tool: 'nope', input: {} }])
  const rig = await openRig({ backends: listed(chosen(model)), limits: { steps: 3 } })
  assert.equal((await rig.draft(await rig.say('go'))).end?.fault?.code, 'steps.many')
  assert.equal(model.asked.length, 3)
  await rig.close()
})

test('a server that stops gives its run back, and the next start goes on where it was cut short', async () => {
  const disk = newDisk()
  const clock = systemClock
  const hold = scriptedModel(['first try ', new Promise(() => {})])
  const before = await openRig({ backends: listed(chosen(hold)), store: openMemory({ clock, disk }) })
  const run = await before.say('go')
  await before.until(run, (d) => textOf(d) === 'first try ')
  await before.close()
  assert.equal(hold.open, 0)
  const after = await openRig({
    backends: listed(chosen(scriptedModel(['first try ', 'and on']))),
    store: openMemory({ clock, disk }),
  })
  const draft = await after.draft(run)
  assert.equal(textOf(draft), 'first try and on')
  assert.equal(draft.resumes, 1)
  assert.equal(draft.steps[0]?.joints[0]?.kept, 'first try '.length)
  assert.equal(draft.end?.reason, 'done')
  const times = (await after.entries(run)).map((e) => e.t)
  assert.deepEqual(
    times,
    times.toSorted((a, b) => a - b),
  )
  await after.close()
})

test('a run whose server dies each time is given up, and its session goes on', async () => {
  const disk = newDisk()
  const clock = systemClock
  let run = null
  for (let i = 0; i < 5; i++) {
    const rig = await openRig({
      backends: listed(chosen(scriptedModel(['half', new Promise(() => {})]))),
      store: openMemory({ clock, disk }),
    })
    run ??= await rig.say('poison')
    const lives = i + 1
    const draft = await rig.until(run, (d) => d.end !== null || (d.steps[0]?.attempt === lives && textOf(d) === 'half'))
    if (draft.end) assert.equal(draft.end.fault?.code, 'run.interrupted')
    else assert.ok(i < 4)
    await rig.close()
  }
})

test('a run that only waited for its turn through many restarts is not given up', async () => {
  const disk = newDisk()
  const clock = systemClock
  let run: RunId | null = null
  for (let i = 0; i < 6; i++) {
    const last = i === 5
    const rig = await openRig({
      backends: listed(chosen(scriptedModel(last ? ['here I am'] : ['half', new Promise(() => {})]), { slots: 1 })),
      store: openMemory({ clock, disk }),
      idle: true,
    })
    // In each life another one was quicker to the only slot.
    const first = last ? null : await rig.admission.enter(entrant(rig.session))
    rig.start()
    run ??= await rig.say('patience')
    const resumes = i
    if (last) assert.equal(textOf(await rig.draft(run)), 'here I am')
    else await rig.until(run, (d) => d.end !== null || (d.resumes === resumes && d.phase?.phase === 'queued'))
    await rig.close()
    first?.leave()
  }
})
const entrant = (session: SessionId): Entrant => ({
  run: newRunId(),
  session,
  priority: 'interactive',
  places: () => [{ endpoint: 'here', slots: 1 }],
  expectMs: () => null,
  report: () => {},
  signal: new AbortController().signal,
})

test('a mention is for the router and not for the model', async () => {
  const model = scriptedModel(['ok'])
  const rig = await openRig({ backends: listed(chosen(model)), agents: [agentNamed('coder')] })
  await rig.draft(await rig.say('@coder: fix this', { agent: 'coder' }))
  assert.equal(model.asked[0]?.messages.at(-1)?.text, 'fix this')
  await rig.close()
})

test('a session that is removed under a run takes its worker with it, and other runs go on', async () => {
  const model = scriptedModel(['one ', new Promise(() => {})])
  const rig = await openRig({ backends: listed(chosen(model)) })
  const run = await rig.say('go')
  await rig.until(run, (d) => textOf(d) === 'one ')
  await rig.store.removeSession(LOCAL, rig.session)
  const other = (await rig.store.createSession(LOCAL, null)).id
  const next = await rig.say('hi', { session: other })
  await rig.until(next, (d) => textOf(d) === 'one ')
  assert.equal(model.open, 1)
  await rig.close()
})

test('a session that is removed just as its run begins is no failure: the run ends as cancelled', async () => {
  const store = openMemory({ clock: systemClock })
  const removing = new Proxy(store, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name, target)
      if (typeof value !== 'function') return value
      if (name !== 'messages') return value.bind(target) as unknown
      return async (...args: Parameters<typeof store.messages>) => {
        await target.removeSession(args[0], args[1])
        return target.messages(...args)
      }
    },
  })
  const rig = await openRig({ backends: listed(chosen(scriptedModel(['ok']))), store: removing })
  const { end } = await rig.draft(await rig.say('go'))
  assert.deepEqual(end?.reason, 'cancelled')
  assert.deepEqual(
    rig.lines.filter(({ level }) => level === 'error'),
    [],
  )
  await rig.close()
})

test('a run whose last words take their time to be kept says that it is saving', async () => {
  const store = openMemory({ clock: systemClock })
  const hold = gate()
  const slow = new Proxy(store, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name, target)
      if (typeof value !== 'function') return value
      if (name !== 'append') return value.bind(target) as unknown
      return async (...args: Parameters<typeof store.append>) => {
        if (args[2].some(({ event }) => event.type === 'step.end')) await hold.opened
        return store.append(...args)
      }
    },
  })
  const rig = await openRig({ backends: listed(chosen(scriptedModel(['ok']))), store: slow })
  const run = await rig.say('go')
  setTimeout(hold.open, 400)
  const phases = (await rig.draft(run)).phases.map(({ phase }) => phase)
  assert.equal(phases.at(-1), 'saving')
  const quick = (await rig.draft(await rig.say('again'))).phases.map(({ phase }) => phase)
  assert.equal(quick.includes('saving'), false)
  await rig.close()
})
