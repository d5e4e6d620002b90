import assert from 'node:assert/strict'
import { test } from 'node:test'
import { scriptedModel, type Script } from '../models/scripted.ts'
import { openMemory } from '../store/memory.ts'
import { newDisk } from '../store/memory-disk.ts'
import { systemClock } from '../clock.ts'
import { plan } from '../tools/plan.ts'
import { todo } from '../tools/todo.ts'
import { textOf, thoughtOf, type Draft } from '../wire/fold.ts'
import { LOCAL, newMessageId, type RunId } from '../wire/id.ts'
import type { Planning } from '../wire/message.ts'
import type { Answer } from '../wire/tool.ts'
import { fromWords } from './planning.ts'
import { handClock } from './testing/hand-clock.ts'
import { agentNamed, chosen, listed, openRig, type Rig } from './testing/rig.ts'
import type { Tool } from './tool-ports.ts'

const tools = [plan, todo] as Tool[]
const steps = ['Look around.', 'Write it down.']
const called = { type: 'tool.call', id: 'p', tool: 'plan', input: { steps } } as const

type Options = Partial<Parameters<typeof openRig>[0]> & { calls?: boolean | null }
async function rigOf(script: Script, { calls = true, ...more }: Options = {}) {
  const model = scriptedModel(script)
  const rig = await openRig({
    backends: listed(chosen(model, { calls, name: 'm' })),
    agents: [agentNamed('general')],
    tools,
    route: (text) => ({ complexity: text.includes('hard') ? 'complex' : 'simple' }),
    ...more,
  })
  return { rig, model }
}
const say = async (rig: Rig, wish: Planning, text = 'go') => {
  const { run } = await rig.store.submit(LOCAL, {
    id: newMessageId(),
    session: rig.session,
    text,
    agent: null,
    backend: 'local',
    model: null,
    priority: 'interactive',
    plan: wish,
  })
  return run.id
}
const open = ({ parts }: Draft) => parts.flatMap((p) => (p.kind === 'tool' && p.ask?.allow === null ? [p.ask] : []))[0]
const asked = (rig: Rig, run: RunId) => rig.until(run, (draft) => open(draft) !== undefined)
const answer = async (rig: Rig, run: RunId, given: Partial<Answer> = {}) =>
  rig.store.acts.answer(LOCAL, run, open(await asked(rig, run))!.id, { allow: true, scope: 'once', ...given })
const guards = (draft: Draft) => draft.guards.map(({ guard, text }) => `${guard}: ${text}`)

test('a run that is to begin with a plan is offered nothing else, shows it, and goes on with the steps as the person left them', async () => {
  const { rig, model } = await rigOf((_, nth) => (nth === 1 ? ['I will plan.', called] : ['Done.']))
  const run = await say(rig, 'always')
  const draft = await asked(rig, run)
  assert.deepEqual(open(draft)?.shown, { kind: 'plan', steps })
  assert.match(open(draft)?.why ?? '', /plan/)
  assert.deepEqual([model.asked[0]?.must, model.asked[0]?.tools.map(({ name }) => name)], ['plan', ['plan']])
  assert.equal((await rig.store.run(LOCAL, run)).state, 'waiting')
  await answer(rig, run, { input: { steps: ['Write it down.', 'Sleep.'] } })
  const end = await rig.draft(run)
  assert.equal(end.end?.reason, 'done')
  // What was said beside the plan is no part of the answer, and not lost.
  assert.deepEqual([textOf(end), thoughtOf(end)], ['Done.', 'I will plan.'])
  assert.deepEqual(end.todo, [
    { text: 'Write it down.', state: 'open' },
    { text: 'Sleep.', state: 'open' },
  ])
  const second = model.asked[1]
  assert.match(second?.messages.at(-1)?.text ?? '', /approved this plan.*\n1\. Write it down\.\n2\. Sleep\./)
  assert.deepEqual([second?.must, second?.tools.map(({ name }) => name)], [undefined, ['todo']])
  await rig.close()
})

test('a plan is written for complex messages only where that is the wish, and never without one', async () => {
  const { rig, model } = await rigOf((turn) => (turn.must === undefined ? ['An answer.'] : [called]))
  for (const [wish, text] of [
    ['never', 'hard'],
    ['complex', 'easy'],
  ] as const)
    // prettier-ignore
    assert.equal(textOf(await rig.draft(await say(rig, wish, text))), 'An answer.')
  assert.equal(model.asked.some(({ must }) => must !== undefined), false) // prettier-ignore
  const run = await say(rig, 'complex', 'hard')
  await answer(rig, run)
  assert.equal(textOf(await rig.draft(run)), 'An answer.')
  await rig.close()
})

test('a plan that was approved and emptied, or made far too long, is shown again, and nothing begins without one', async () => {
  const { rig, model } = await rigOf((turn) => (turn.must === undefined ? ['Done.'] : [called]))
  const run = await say(rig, 'always')
  const seen = new Set<string>()
  const wrong = [[], Array.from({ length: 200 }, () => 'again'), ['x'.repeat(501)]]
  for (const input of [...wrong.map((list) => ({ steps: list })), { steps: ['Sleep.'], todo: 'rm' }]) {
    const ask = open(await rig.until(run, (d) => open(d) !== undefined && !seen.has(open(d)!.id)))!.id
    seen.add(ask)
    assert.equal(model.asked.length, seen.size)
    await rig.store.acts.answer(LOCAL, run, ask, { allow: true, scope: 'once', input })
  }
  const end = await rig.draft(run)
  assert.deepEqual([end.end?.reason, end.todo], ['done', [{ text: 'Sleep.', state: 'open' }]])
  await rig.close()
})

test('a plan that is refused is written anew with the reason; the third refusal ends the run, and says so', async () => {
  const { rig, model } = await rigOf(() => [called])
  const run = await say(rig, 'always')
  const seen = new Set<string>()
  for (let i = 0; i < 3; i++) {
    const ask = open(await rig.until(run, (d) => open(d) !== undefined && !seen.has(open(d)!.id)))!.id
    seen.add(ask)
    await rig.store.acts.answer(LOCAL, run, ask, { allow: false, scope: 'once', reason: `too long ${i}` })
  }
  const end = await rig.draft(run)
  assert.deepEqual([end.end?.reason, end.end?.fault?.code], ['failed', 'plan.refused'])
  assert.equal(model.asked.length, 3)
  assert.match(model.asked[2]?.messages.at(-1)?.text ?? '', /too long 1/)
  assert.ok(model.asked.every(({ must }) => must === 'plan'))
  await rig.close()
})

test('a list that a model writes in place of the call is the plan, visibly', async () => {
  const text = 'Sure, here is it:\n\n1. **Look** around\n   - under the bed\n2) Write it down\n'
  const { rig } = await rigOf((turn) => (turn.must === undefined ? ['Done.'] : [text]))
  const run = await say(rig, 'always')
  const draft = await asked(rig, run)
  assert.deepEqual(open(draft)?.shown, { kind: 'plan', steps: ['Look around', 'under the bed', 'Write it down'] })
  assert.deepEqual(guards(draft), ['repaired: The plan was a list in the text, and was read from there.'])
  await answer(rig, run)
  assert.equal(textOf(await rig.draft(run)), 'Done.')
  await rig.close()
})

test('a model that writes no plan is told once, and then the run goes on without one, and says so', async () => {
  const { rig, model } = await rigOf((turn) => (turn.must === undefined ? ['Done.'] : ['I cannot plan, I am a cloud.']))
  const end = await rig.draft(await say(rig, 'always'))
  assert.equal(end.end?.reason, 'done')
  assert.equal(textOf(end), 'Done.')
  assert.deepEqual(model.asked.map(({ must }) => must), ['plan', 'plan', undefined]) // prettier-ignore
  assert.match(model.asked[1]?.messages.at(-1)?.text ?? '', /The input does not fit.*Call plan again/s)
  assert.equal(guards(end).at(-1), 'malformed: No plan came of it, so the run goes on without one.')
  await rig.close()
})

test('a model without calls is held to the form of one where its backend can, and may write it as it was told to', async () => {
  for (const written of [
    `{"tool": "plan", "input": ${JSON.stringify({ steps })}}`,
    `<tool_call>\n{"tool":"plan","input":${JSON.stringify({ steps })}}\n</tool_call>`,
  ]) {
    // prettier-ignore
    const { rig, model } = await rigOf((_, nth) => (nth === 1 ? [written] : ['Done.']), { calls: false })
    const run = await say(rig, 'always')
    assert.deepEqual(open(await asked(rig, run))?.shown, { kind: 'plan', steps })
    const first = model.asked[0]
    assert.deepEqual([first?.tools, first?.must, first?.format?.name], [[], undefined, 'plan'])
    assert.deepEqual(first?.format?.schema['required'], ['tool', 'input'])
    await answer(rig, run)
    assert.equal(textOf(await rig.draft(run)), 'Done.')
    await rig.close()
  }
})

test('a plan that nobody approves in time ends the run, visibly', async () => {
  const clock = handClock()
  const store = openMemory({ clock, say: () => {} })
  const { rig } = await rigOf(() => [called], { clock, store, limits: { askMs: 60_000 } })
  const run = await say(rig, 'always')
  await asked(rig, run)
  clock.move(61_000)
  assert.equal(await store.acts.expireAsks(), null)
  const end = await rig.draft(run)
  assert.deepEqual([end.end?.reason, end.end?.fault?.code], ['failed', 'plan.late'])
  await rig.close()
})

test('a plan that waits outlives its server, and its steps are set once it is approved', async () => {
  const disk = newDisk()
  const first = await rigOf(() => [called], { store: openMemory({ clock: systemClock, say: () => {}, disk }) })
  const run = await say(first.rig, 'always')
  await asked(first.rig, run)
  await first.rig.stop()
  const { rig, model } = await rigOf(() => ['Done.'], {
    store: openMemory({ clock: systemClock, say: () => {}, disk }),
  })
  await answer(rig, run)
  const end = await rig.draft(run)
  assert.deepEqual([textOf(end), end.todo.length, end.resumes], ['Done.', 2, 0])
  assert.equal(model.asked.length, 1)
  await rig.close()
  await first.rig.close()
})

test('what stands for a plan is read from words in any of the ways that models write one', () => {
  const of = (words: string) => fromWords(words).call.input
  assert.deepEqual(of('```json\n{"steps": ["a", "b"]}\n```'), { steps: ['a', 'b'] })
  assert.deepEqual(of('Here: {"tool":"plan","input":{"steps":["a"]}} as asked'), { input: { steps: ['a'] } })
  assert.deepEqual(of('["a","b"]'), { steps: ['a', 'b'] })
  assert.deepEqual(of('- a\n* b\n• c\n'), { steps: ['a', 'b', 'c'] })
  assert.deepEqual(of('Step 1: a\nStep 2: b'), { steps: ['a', 'b'] })
  assert.equal(of('I would rather not [really].'), 'I would rather not [really].')
  assert.equal(
    (of(Array.from({ length: 50 }, (_, i) => `${i + 1}. x`).join('\n')) as { steps: string[] }).steps.length,
    20,
  )
})

test('a run whose plan was refused to its end is gone on with by another plan, which knows what was said against it', async () => {
  const { rig, model } = await rigOf((turn) => (turn.must === undefined ? ['Done.'] : [called]))
  const refuse = async (run: RunId, times: number) => {
    const seen = new Set<string>()
    for (let i = 0; i < times; i++) {
      const ask = open(await rig.until(run, (d) => open(d) !== undefined && !seen.has(open(d)!.id)))!.id
      seen.add(ask)
      await rig.store.acts.answer(LOCAL, run, ask, { allow: false, scope: 'once', reason: `too long ${i}` })
    }
  }
  const run = await say(rig, 'always')
  await refuse(run, 3)
  assert.equal((await rig.draft(run)).end?.fault?.code, 'plan.refused')
  const next = await rig.store.again(LOCAL, run, { continues: true, key: null })
  const draft = await asked(rig, next.id)
  assert.deepEqual(draft.continues?.plan, {
    approved: false,
    steps,
    reasons: ['too long 0', 'too long 1', 'too long 2'],
  })
  assert.equal(model.asked[3]?.must, 'plan')
  assert.match(
    model.asked[3]?.messages.at(-1)?.text ?? '',
    /refused this plan.*1\. Look around\..*too long 0.*too long 2/s,
  )
  // It may be refused three times again, and what was said before is not forgotten.
  await refuse(next.id, 3)
  assert.equal((await rig.draft(next.id)).end?.fault?.code, 'plan.refused')
  const third = await rig.store.again(LOCAL, next.id, { continues: true, key: null })
  assert.equal((await asked(rig, third.id)).continues?.plan?.reasons.length, 6)
  await answer(rig, third.id)
  const end = await rig.draft(third.id)
  assert.deepEqual([textOf(end), end.todo.length, end.end?.reason], ['Done.', 2, 'done'])
  await rig.close()
})

test('an answer under an approved plan that was cut is gone on with under it, and no other is asked for', async () => {
  const { rig, model } = await rigOf((turn, nth) =>
    turn.must === 'plan' ? [called] : nth === 2 ? ['One, ', { fail: 'context.full' }] : ['two.'],
  )
  const run = await say(rig, 'always')
  await answer(rig, run, { input: { steps: ['Count.', 'Sleep.'] } })
  assert.deepEqual([(await rig.draft(run)).end?.reason, textOf(await rig.draft(run))], ['failed', 'One, '])
  const next = await rig.draft((await rig.store.again(LOCAL, run, { continues: true, key: null })).id)
  assert.deepEqual([next.end?.reason, textOf(next)], ['done', 'One, two.'])
  assert.deepEqual(next.todo.map(({ text }) => text), ['Count.', 'Sleep.']) // prettier-ignore
  const last = model.asked.at(-1)
  assert.match(last?.messages.at(-1)?.text ?? '', /approved this plan.*1\. Count\.\n2\. Sleep\./s)
  assert.deepEqual([last?.must, last?.tools.map(({ name }) => name)], [undefined, ['todo']])
  await rig.close()
})
