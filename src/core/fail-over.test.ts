import assert from 'node:assert/strict'
import { test } from 'node:test'
import { systemClock } from '../clock.ts'
import { scriptedModel, type Script } from '../models/scripted.ts'
import { openMemory } from '../store/memory.ts'
import { newDisk } from '../store/memory-disk.ts'
import type { FaultCode } from '../wire/fault.ts'
import { EMPTY, foldAll, textOf, thoughtOf, toolsOf } from '../wire/fold.ts'
import { seedView } from '../views/seed.ts'
import { frameReader } from '../wire/frame.ts'
import { handClock } from './testing/hand-clock.ts'
import { agentNamed, chosen, gate, listed, openRig } from './testing/rig.ts'
import { newWorkerId } from '../wire/id.ts'
import { Journal } from './journal.ts'
import type { Chosen, Continues, Turn } from './ports.ts'

const WHOLE = 'The quick brown fox jumps over the lazy dog. It does so every day, and nobody knows why.'
const prefills = (can: Partial<Continues>): Partial<Chosen> => ({
  continues: async () => ({ text: false, thought: false, ...can }),
})
/** Endpoints `a`, `b`, ... that do as their scripts say. */
const endpoints = (...scripts: (Script | [Script, Partial<Chosen>])[]) => {
  const models = scripts.map((script) => scriptedModel(isPair(script) ? script[0] : script))
  const list = models.map((model, i) => {
    const script = scripts[i]!
    return chosen(model, { endpoint: 'abcdef'[i]!, ...(isPair(script) ? script[1] : {}) })
  })
  return { models, list }
}
const isPair = (script: Script | [Script, Partial<Chosen>]): script is [Script, Partial<Chosen>] =>
  Array.isArray(script) && script.length === 2 && typeof script[1] === 'object' && isScript(script[0])
const isScript = (value: unknown): boolean => Array.isArray(value) || typeof value === 'function'

async function answered(...scripts: Parameters<typeof endpoints>) {
  const { models, list } = endpoints(...scripts)
  const rig = await openRig({ backends: listed(...list), limits: { betweenMs: 100, firstMs: 100, connectMs: 100 } })
  const run = await rig.say('go')
  const entries = await rig.entries(run)
  const draft = await rig.draft(run)
  const { rows } = await rig.store.messages(rig.owner, rig.session, { limit: 1 })
  await rig.close()
  assert.equal(rows[0]?.text, textOf(draft), 'the history has the whole answer')
  assert.ok(models.every(({ open }) => open === 0))
  const types = entries.map(({ event }) => event.type)
  return { draft, entries, models, types, run, session: rig.session }
}

const BEFORE: FaultCode[] = [
  'engine.unreachable',
  'engine.refused',
  'engine.busy',
  'engine.error',
  'engine.garbled',
  'engine.cut',
  'engine.crashed',
  'engine.failed',
  'watch.connect',
  'watch.silent',
  'model.missing',
]
for (const code of BEFORE)
  test(`before the first word, ${code} costs a visible attempt, and the next endpoint answers`, async () => {
    const { draft, types, entries } = await answered([{ fail: code }], ['here'])
    assert.equal(textOf(draft), 'here')
    assert.equal(draft.end?.reason, 'done')
    assert.deepEqual([draft.steps[0]?.attempt, draft.steps[0]?.endpoint], [2, 'b'])
    assert.deepEqual(
      types.filter((type) => /^(step|endpoint)/.test(type)),
      ['step.start', 'step.end', 'endpoint.skip', 'step.start', 'step.end'],
    )
    const end = entries.find(({ event }) => event.type === 'step.end')?.event
    assert.ok(end?.type === 'step.end' && end.finish === 'failed' && end.fault?.code === code)
    assert.deepEqual(
      draft.skips.map(({ endpoint, why }) => [endpoint, why]),
      [['a', 'failed just now']],
    )
  })

const SILENT: [string, Script][] = [
  ['stays silent', [new Promise(() => {})]],
  ['loads for ever', [{ type: 'phase', phase: 'loading' }, new Promise(() => {})]],
  ['reads and comes no further', [{ type: 'phase', phase: 'reading', done: 1, total: 9 }, new Promise(() => {})]],
]
for (const [how, script] of SILENT)
  test(`an endpoint that takes the question and ${how} is passed over by its deadline`, async () => {
    const { draft, entries } = await answered(script, ['here'])
    assert.deepEqual([textOf(draft), draft.steps[0]?.endpoint], ['here', 'b'])
    const end = entries.find(({ event }) => event.type === 'step.end')?.event
    assert.equal(end?.type === 'step.end' && end.fault?.code, 'watch.silent')
  })

test('every endpoint is tried before a run fails, each once; the fault is the newest one, and each skip is told once', async () => {
  const all = ['engine.error', 'engine.busy', 'engine.refused', 'engine.garbled'] as const
  const { draft, models } = await answered(...all.map((fail): Script => [{ fail }]))
  assert.equal(draft.end?.fault?.code, 'engine.garbled')
  assert.deepEqual(
    models.map(({ asked }) => asked.length),
    [1, 1, 1, 1],
  )
  assert.deepEqual(
    draft.skips.map(({ endpoint }) => endpoint),
    ['a', 'b', 'c'],
  )
})

test('when nothing else is there, the fault of the endpoint that failed is told, and it is not asked the same again', async () => {
  const { draft, models } = await answered([{ fail: 'engine.error' }])
  assert.equal(draft.end?.fault?.code, 'engine.error')
  assert.equal(models[0]?.asked.length, 1)
})

test('a crash of the engine before its first word costs one visible retry; a second one ends the run with its fault', async () => {
  const once = await answered((_, nth) => (nth === 1 ? [{ fail: 'engine.crashed' }] : ['whole']))
  assert.equal(textOf(once.draft), 'whole')
  assert.equal(once.draft.steps[0]?.attempt, 2)
  const always = await answered([{ fail: 'engine.crashed' }])
  assert.equal(always.draft.end?.fault?.code, 'engine.crashed')
  assert.equal(always.models[0]?.asked.length, 2)
})

/** How an answer breaks off in the middle. */
const BREAKS: [string, Script][] = [
  ['is cut', ['The quick bro', { cut: true }]],
  ['fails', ['The quick bro', { fail: 'engine.error' }]],
  ['crashes', ['The quick bro', { fail: 'engine.crashed' }]],
  ['is not there any more', ['The quick bro', { fail: 'engine.unreachable' }]],
  ['is silent', ['The quick bro', new Promise(() => {})]],
]
const rest = WHOLE.slice('The quick bro'.length)
for (const [how, script] of BREAKS) {
  test(`an endpoint that ${how} in mid-answer: another one takes up its words as its own`, async () => {
    const { draft, models, types } = await answered(script, [[rest], prefills({ text: true })])
    assert.equal(textOf(draft), WHOLE)
    assert.equal(draft.end?.reason, 'done')
    assert.deepEqual(models[1]?.asked[0]?.said, { thought: '', text: 'The quick bro' })
    assert.equal(types.filter((type) => type === 'step.start').length, 1)
    const [joint] = draft.steps[0]!.joints
    assert.deepEqual([joint?.by, joint?.kept, joint?.endpoint], ['prefill', 13, 'b'])
  })

  test(`an endpoint that ${how} in mid-answer: another one is shown its words, and what it repeats is left out`, async () => {
    for (const again of ['', 'The quick bro', 'quick bro', 'brown']) {
      const words = again === 'brown' ? ['brown', rest.slice(2)] : (again + rest).split('')
      const { draft, models } = await answered(script, words)
      assert.equal(textOf(draft), WHOLE, `with ${JSON.stringify(again)} again`)
      const [partial, told] = models[1]!.asked[0]!.messages.slice(-2)
      assert.deepEqual(partial, { role: 'assistant', text: 'The quick bro' })
      assert.match(told?.text ?? '', /"The quick bro"/)
      assert.equal(draft.steps[0]?.joints[0]?.by, 'shown')
    }
  })
}

test('an endpoint that is well again goes on itself', async () => {
  const { draft } = await answered([
    (_: Turn, nth: number) => (nth === 1 ? ['The quick bro', { fail: 'engine.crashed' }] : [rest]),
    prefills({ text: true }),
  ])
  assert.equal(textOf(draft), WHOLE)
  assert.deepEqual(
    draft.steps[0]?.joints.map(({ endpoint }) => endpoint),
    ['a'],
  )
})

test('an answer that is cut again and again, by two endpoints in turn, comes to its end', async () => {
  const cutting = ({ said }: Turn): Iterable<string | { cut: true }> => {
    const next = WHOLE.slice(said?.text.length ?? 0)
    return next.length > 9 ? [next.slice(0, 9), { cut: true }] : [next]
  }
  const { draft } = await answered([cutting, prefills({ text: true })], [cutting, prefills({ text: true })])
  assert.equal(textOf(draft), WHOLE)
  assert.equal(draft.steps[0]?.attempt, Math.ceil(WHOLE.length / 9))
})

test('a run fails, with its words, once nothing new comes of going on, and in the end however much comes', async () => {
  const stuck = await answered(['The quick bro', { cut: true }])
  assert.equal(textOf(stuck.draft), 'The quick bro')
  assert.equal(stuck.draft.end?.fault?.code, 'engine.cut')
  assert.equal(stuck.models[0]?.asked.length, 3)
  const endless = await answered([
    ({ said }) => [`w${said?.text.length ?? 0} `, { cut: true }],
    prefills({ text: true }),
  ])
  assert.equal(endless.draft.end?.fault?.code, 'engine.cut')
  assert.equal(endless.models[0]?.asked.length, 20)
})

test('a backend that fails when it is to take up words is shown them', async () => {
  const { draft } = await answered([
    ({ said }: Turn, nth: number) =>
      nth === 1 ? ['The quick bro', { cut: true }] : said ? [{ fail: 'engine.error' }] : [WHOLE],
    prefills({ text: true }),
  ])
  assert.equal(textOf(draft), WHOLE)
  assert.deepEqual(
    draft.steps[0]?.joints.map(({ by }) => by),
    ['prefill', 'shown'],
  )
})

const thinks: Script = [{ thought: 'Let me see' }, { cut: true }]
test('a thought that was cut is gone on with where the backend can, and thought anew where it cannot', async () => {
  const on = await answered(thinks, [[{ thought: ', a fox' }, WHOLE], prefills({ text: true, thought: true })])
  assert.equal(thoughtOf(on.draft), 'Let me see, a fox')
  assert.deepEqual(on.models[1]?.asked[0]?.said, { thought: 'Let me see', text: '' })
  const anew = await answered(thinks, [[{ thought: 'A fox' }, WHOLE], prefills({ text: true })])
  assert.equal(thoughtOf(anew.draft), 'A fox')
  assert.equal(anew.models[1]?.asked[0]?.said, undefined)
  for (const { draft } of [on, anew]) assert.equal(textOf(draft), WHOLE)
})

test('a text after a thought goes on with the thought where the backend can, and without it where it cannot', async () => {
  const script: Script = [{ thought: 'A fox' }, 'The quick bro', { cut: true }]
  const both = await answered(script, [[rest], prefills({ text: true, thought: true })])
  assert.deepEqual(both.models[1]?.asked[0]?.said, { thought: 'A fox', text: 'The quick bro' })
  const text = await answered(script, [[rest], prefills({ text: true })])
  assert.deepEqual(text.models[1]?.asked[0]?.said, { thought: '', text: 'The quick bro' })
  for (const { draft } of [both, text]) assert.deepEqual([textOf(draft), thoughtOf(draft)], [WHOLE, 'A fox'])
})

test('calls that were whole when the connection was cut are carried out; a continuation may end with calls', async () => {
  const call = { type: 'tool.call', id: 'x', tool: 'nope', input: {} } as const
  const cut = await answered((_, nth) => (nth === 1 ? ['Let me see. ', call, { cut: true }] : ['Done']))
  assert.deepEqual([textOf(cut.draft), toolsOf(cut.draft)], ['Let me see. Done', ['nope']])
  assert.equal(cut.draft.end?.reason, 'done')
  const later = await answered(
    (_, nth) => (nth === 1 ? ['Let me ', { cut: true }] : ['Done']),
    [['see. ', call], prefills({ text: true })],
  )
  assert.deepEqual([textOf(later.draft), toolsOf(later.draft)], ['Let me see. Done', ['nope']])
  const [said, result] = later.models[0]!.asked[1]!.messages.slice(-2)
  assert.deepEqual([said?.role, said?.text, result?.role], ['assistant', 'Let me see. ', 'tool'])
})

test('the first PKN’s stream of an answer that was gone on with has each word once, and its end has all of them', async () => {
  const { entries, run, session } = await answered(['The quick bro', { cut: true }], [`quick brown${rest.slice(2)}`])
  for (const size of [1, 3, 1000]) {
    const view = seedView(session, run)
    let stream = ''
    for (let at = 0; at < entries.length; at += size) stream += view(entries.slice(at, at + size))
    const frames = frameReader()(stream).map(({ event, data }) => ({ event, ...JSON.parse(data) }))
    assert.equal(
      frames
        .filter(({ event }) => event === 'chunk')
        .map(({ content }) => content)
        .join(''),
      WHOLE,
    )
    assert.equal(frames.at(-1)?.response, WHOLE)
  }
})

test('an endpoint that is to go on is waited for a moment where it comes back', async () => {
  const { list } = endpoints([
    ({ said }: Turn) => (said ? [rest] : ['The quick bro', { cut: true }]),
    prefills({ text: true }),
  ])
  const known = listed(...list)
  let asked = 0
  const rig = await openRig({
    backends: {
      ...known,
      choose: async (...args) => (++asked === 2 ? listed().choose(...args) : known.choose(...args)),
    },
  })
  const draft = await rig.draft(await rig.say('go'))
  assert.equal(textOf(draft), WHOLE)
  await rig.close()
})

test('the practice model, which knows nothing, may answer but never goes on with what another one began', async () => {
  const practice = { practice: true, ...prefills({ text: true }) }
  const before = await answered([{ fail: 'engine.cut' }], [['I only practise'], practice])
  assert.equal(textOf(before.draft), 'I only practise')
  const own = await answered([
    (_: Turn, nth: number) => (nth === 1 ? ['I only ', { cut: true }] : ['practise']),
    practice,
  ])
  assert.equal(textOf(own.draft), 'I only practise')
  const rig = await openRig({
    backends: listed(
      chosen(
        scriptedModel((_, nth) => (nth === 1 ? ['The quick bro', { fail: 'engine.unreachable' }] : [])),
        {
          endpoint: 'a',
        },
      ),
      chosen(scriptedModel(['I only practise']), { endpoint: 'b', practice: true }),
    ),
    clock: { ...systemClock, after: (ms, call) => systemClock.after(ms / 50, call) },
  })
  const draft = await rig.draft(await rig.say('go'))
  assert.deepEqual([textOf(draft), draft.end?.fault?.code], ['The quick bro', 'engine.unreachable'])
  await rig.close()
})

/** A server that dies while a model holds, and the next one with another model. */
async function restarted(before: Script, after: Script, over: Partial<Chosen> = {}, sign = 'The quick bro') {
  const [disk, clock] = [newDisk(), systemClock]
  const first = await openRig({ backends: listed(chosen(scriptedModel(before))), store: openMemory({ clock, disk }) })
  const run = await first.say('go')
  await first.until(run, (d) => textOf(d) + thoughtOf(d) === sign)
  await first.close()
  const model = scriptedModel(after)
  const rig = await openRig({ backends: listed(chosen(model, over)), store: openMemory({ clock, disk }) })
  const entries = await rig.entries(run)
  const draft = await rig.draft(run)
  await rig.close()
  const types = entries.map(({ event }) => event.type)
  return { draft, model, types: types.slice(types.indexOf('run.resume')), entries }
}

test('a run that another process takes up goes on from its words, which stay', async () => {
  const never = new Promise(() => {})
  const own = await restarted(['The quick bro', never], [rest], prefills({ text: true }))
  assert.deepEqual(own.model.asked[0]?.said, { thought: '', text: 'The quick bro' })
  const shown = await restarted(['The quick bro', never], ['The quick brown', rest.slice(2)])
  for (const { draft, types } of [own, shown]) {
    assert.equal(textOf(draft), WHOLE)
    assert.deepEqual(types.slice(0, 2), ['run.resume', 'step.continue'])
    assert.equal(draft.steps[0]?.joints[0]?.kept, 13)
  }
  const thought = await restarted([{ thought: 'The quick bro' }, never], [{ thought: 'A fox' }, WHOLE])
  assert.deepEqual([textOf(thought.draft), thoughtOf(thought.draft)], [WHOLE, 'A fox'])
})

test('a run that had said everything and was not ended is ended without asking a model again', async () => {
  const model = scriptedModel(['something else'])
  const rig = await openRig({ backends: listed(chosen(model)), idle: true })
  const run = await rig.say('go')
  const over = new AbortController()
  for await (const claim of rig.store.claims(newWorkerId(), over.signal)) {
    const journal = new Journal({ claim, store: rig.store, clock: rig.clock })
    const route = (await rig.router(rig.owner)).route({ text: 'go', recent: [], forced: null })
    journal.write(
      { type: 'run.start', session: claim.session, agent: route.agent, route },
      { type: 'step.start', step: 1, model: 'm', endpoint: 'a' },
      { type: 'text.delta', text: WHOLE },
      { type: 'step.end', step: 1, finish: 'stop' },
    )
    await journal.flushed()
    await rig.store.release(claim)
    over.abort()
  }
  rig.start()
  const draft = await rig.draft(run)
  assert.deepEqual([textOf(draft), draft.end?.reason, model.asked.length], [WHOLE, 'done', 0])
  await rig.close()
})

test('a group of endpoints is one queue: whichever is free first is asked', async () => {
  const hold = gate()
  const models = [scriptedModel([hold.opened, 'a']), scriptedModel(['b'])] as const
  const group = [
    chosen(models[0], { endpoint: 'a', slots: 1 }),
    chosen(models[1], { endpoint: 'b', slots: 1 }),
  ] as const
  const rig = await openRig({
    backends: { ...listed(), choose: async () => ({ ok: true, chosen: group, skipped: [] }) },
    agents: [agentNamed('general')],
  })
  const sessions = await Promise.all([1, 2].map(async () => (await rig.store.createSession(rig.owner, null)).id))
  const first = await rig.say('one', { session: sessions[0]! })
  await rig.until(first, (d) => d.steps.length === 1)
  const second = await rig.draft(await rig.say('two', { session: sessions[1]! }))
  assert.deepEqual([textOf(second), second.steps[0]?.endpoint], ['b', 'b'])
  hold.open()
  assert.equal(textOf(await rig.draft(first)), 'a')
  await rig.close()
})

test('a model that says again what stands, slowly, leaves no second of the log silent', async () => {
  const clock = handClock()
  const slowly = async function* (words: readonly string[]) {
    for (const word of words) {
      for (let ms = 0; ms < 700; ms += 100) {
        clock.move(100)
        await new Promise(setImmediate)
      }
      yield word
    }
  }
  const models = [
    scriptedModel(['The quick bro', { cut: true }]),
    scriptedModel(() => slowly(['The', ' ', 'qu', 'ick', ' ', 'bro', rest])),
  ]
  const rig = await openRig({ backends: listed(...models.map((m, i) => chosen(m, { endpoint: 'ab'[i]! }))), clock })
  const run = await rig.say('go')
  const entries = await rig.entries(run)
  await rig.close()
  assert.equal(textOf(foldAll(EMPTY, entries)), WHOLE)
  const gaps = entries.map(({ t }, i) => t - (entries[i - 1]?.t ?? 0))
  assert.ok(Math.max(...gaps) <= 1000, `a gap of ${Math.max(...gaps)} ms`)
})

test('the last words before a tool call are said, though the connection is cut after it', async () => {
  const call = { type: 'tool.call', id: 'x', tool: 'nope', input: {} } as const
  const { draft } = await answered(
    (_, nth) => (nth === 1 ? ['See, I look. ', { fail: 'engine.unreachable' }] : ['Done']),
    (_, nth) => (nth === 1 ? ['I lo', call, { cut: true }] : [' Done']),
  )
  assert.deepEqual([textOf(draft), toolsOf(draft)], ['See, I look. I lo Done', ['nope']])
})

test('a context that is too small is another endpoint’s to mend, before the first word and after it', async () => {
  const small: Script = [{ fail: 'context.full' }]
  const before = await answered(small, ['here'])
  assert.deepEqual([textOf(before.draft), before.draft.end?.reason], ['here', 'done'])
  const again = (_: Turn, nth: number) => (nth === 1 ? ['The quick bro', { cut: true } as const] : [rest])
  const after = await answered([again, prefills({ text: true })], small)
  assert.deepEqual([textOf(after.draft), after.draft.end?.reason], [WHOLE, 'done'])
  const none = await answered(small, small)
  assert.equal(none.draft.end?.fault?.code, 'context.full')
  assert.deepEqual(
    none.models.map(({ asked }) => asked.length),
    [1, 1],
  )
})
