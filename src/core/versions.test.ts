import assert from 'node:assert/strict'
import { test } from 'node:test'
import { scriptedModel, type Script } from '../models/scripted.ts'
import { openMemory } from '../store/memory.ts'
import { newDisk } from '../store/memory-disk.ts'
import { systemClock } from '../clock.ts'
import { textOf } from '../wire/fold.ts'
import { AgentName, LOCAL, newMessageId, type RunId } from '../wire/id.ts'
import type { Chosen } from './ports.ts'
import { chosen, gate, listed, openRig, type Rig } from './testing/rig.ts'

const rigOf = (script: Script, over: Partial<Chosen> = {}) => {
  const model = scriptedModel(script)
  return openRig({ backends: listed(chosen(model, over)) }).then((rig) => ({ rig, model }))
}
const prefills = { continues: async () => ({ text: true, thought: false }) }
const goOn = { continues: true, key: null }
const anew = { continues: false, key: null }
const sayAfter = async (rig: Rig, text: string, after: RunId | null) => {
  const wish = { agent: null, backend: 'local', model: null, priority: 'interactive' } as const
  const { run } = await rig.store.submit(LOCAL, { id: newMessageId(), session: rig.session, text, after, ...wish })
  await rig.entries(run.id)
  return run.id
}
const texts = async (rig: Rig, run?: RunId) =>
  (await rig.store.messages(LOCAL, rig.session, { limit: 50, run })).rows.map((m) => m.text)

test('the model is shown the path to its question, and nothing of the branches beside it', async () => {
  const { rig, model } = await rigOf((_, nth) => [`answer ${nth}`])
  const a = await sayAfter(rig, 'a', null)
  const b = await sayAfter(rig, 'b', a)
  await sayAfter(rig, 'c', b)
  const shown = () =>
    model.asked
      .at(-1)!
      .messages.slice(1)
      .map((m) => m.text)
  await sayAfter(rig, 'B', a)
  assert.deepEqual(shown(), ['a', 'answer 1', 'B'])
  const second = await rig.store.again(LOCAL, a, anew)
  await rig.entries(second.id)
  assert.deepEqual(shown(), ['a'])
  await sayAfter(rig, 'd', second.id)
  assert.deepEqual(shown(), ['a', 'answer 5', 'd'])
  await sayAfter(rig, 'fresh', null)
  assert.deepEqual(shown(), ['fresh'])
  await rig.close()
})

test('two versions of an answer are written side by side', async () => {
  const gates = [gate(), gate()]
  const { rig } = await rigOf((_, nth) => [`${nth} `, gates[nth - 1]!.opened, 'end'])
  const first = await rig.say('go')
  await rig.until(first, (d) => textOf(d) === '1 ')
  const second = await rig.store.again(LOCAL, first, { ...anew, agent: AgentName.parse('coder') })
  const draft = await rig.until(second.id, (d) => textOf(d) === '2 ')
  assert.equal(draft.route?.agent, 'coder')
  gates[1]!.open()
  assert.equal(textOf(await rig.draft(second.id)), '2 end')
  assert.equal((await rig.store.run(LOCAL, first)).state, 'running')
  gates[0]!.open()
  assert.equal(textOf(await rig.draft(first)), '1 end')
  assert.deepEqual(await texts(rig, first), ['go', '1 end'])
  assert.deepEqual(await texts(rig), ['go', '2 end'])
  await rig.close()
})

test('a continued answer begins with the words of the old one, which the model takes up as its own', async () => {
  const { rig, model } = await rigOf((turn) => (turn.said ? ['world.'] : ['Hello ']), prefills)
  const first = await rig.say('hi')
  await rig.entries(first)
  const next = await rig.store.again(LOCAL, first, goOn)
  const entries = await rig.entries(next.id)
  const events = entries.map(({ event }) => event).filter(({ type }) => type !== 'phase')
  assert.deepEqual(
    events.map(({ type }) => type),
    ['run.start', 'run.continue', 'step.continue', 'text.delta', 'step.end', 'run.end'],
  )
  assert.deepEqual(events[1], { type: 'run.continue', run: first, text: 'Hello ', model: 'scripted' })
  assert.deepEqual(model.asked[1]?.said, { thought: '', text: 'Hello ' })
  const draft = await rig.draft(next.id)
  assert.equal(textOf(draft), 'Hello world.')
  assert.deepEqual(draft.continues, { run: first, kept: 6, model: 'scripted' })
  assert.deepEqual([draft.steps.length, draft.steps[0]?.finish, draft.steps[0]?.joints.length], [1, 'stop', 1])
  assert.deepEqual(await texts(rig), ['hi', 'Hello world.'])
  assert.deepEqual(await texts(rig, first), ['hi', 'Hello '])
  await rig.close()
})

test('where words cannot be taken up, the model is shown them, and what it repeats is said once', async () => {
  const { rig, model } = await rigOf((_, nth) =>
    nth === 1 ? ['The quick brown fox jumps over'] : ['fox jumps over', ' the lazy dog.'],
  )
  const first = await rig.say('a pangram')
  await rig.entries(first)
  const draft = await rig.draft((await rig.store.again(LOCAL, first, goOn)).id)
  assert.equal(textOf(draft), 'The quick brown fox jumps over the lazy dog.')
  assert.deepEqual(
    model.asked[1]?.messages.slice(1, 3).map((m) => [m.role, m.text]),
    [
      ['user', 'a pangram'],
      ['assistant', 'The quick brown fox jumps over'],
    ],
  )
  await rig.close()
})

test('an answer that was stopped, and one that failed, can be continued; and the continued one again', async () => {
  const never = gate()
  const { rig } = await rigOf(
    (_, nth) => (nth === 1 ? ['one, ', never.opened] : nth === 2 ? ['two, ', { fail: 'context.full' }] : ['three']),
    prefills,
  )
  const first = await rig.say('count')
  await rig.until(first, (d) => textOf(d) === 'one, ')
  await rig.store.cancel(LOCAL, first)
  assert.equal((await rig.draft(first)).end?.reason, 'cancelled')
  const second = await rig.store.again(LOCAL, first, goOn)
  const failed = await rig.draft(second.id)
  assert.deepEqual([failed.end?.reason, textOf(failed)], ['failed', 'one, two, '])
  const third = await rig.draft((await rig.store.again(LOCAL, second.id, goOn)).id)
  assert.deepEqual([third.end?.reason, textOf(third)], ['done', 'one, two, three'])
  never.open()
  await rig.close()
})

test('the agent of a continued answer is the one that began it, for its own reasons, unless another is asked for', async () => {
  const { rig } = await rigOf(['ok'])
  const first = await rig.say('@coder go', { agent: 'coder' })
  const { route } = await rig.draft(first)
  const same = await rig.draft((await rig.store.again(LOCAL, first, { ...goOn, agent: null })).id)
  assert.deepEqual(same.route, route)
  const other = await rig.draft(
    (await rig.store.again(LOCAL, first, { ...goOn, agent: AgentName.parse('general') })).id,
  )
  assert.equal(other.route?.agent, 'general')
  await rig.close()
})

test('the practice model may go on with an answer of its own', async () => {
  const { rig } = await rigOf(['ok '], { practice: true, ...prefills })
  const own = await rig.say('hi')
  await rig.entries(own)
  const draft = await rig.draft((await rig.store.again(LOCAL, own, goOn)).id)
  assert.deepEqual([draft.end?.reason, textOf(draft)], ['done', 'ok ok '])
  await rig.close()
})

test('a continued answer that another process takes up goes on from both, each word once', async () => {
  const disk = newDisk()
  const never = gate()
  const script: Script = (turn) =>
    turn.said === undefined ? ['a'] : turn.said.text === 'a' ? ['b', never.opened] : ['c']
  const open = () =>
    openRig({
      backends: listed(chosen(scriptedModel(script), prefills)),
      store: openMemory({ clock: systemClock, disk }),
    })
  const one = await open()
  const first = await one.say('go')
  await one.entries(first)
  const { id } = await one.store.again(LOCAL, first, goOn)
  await one.until(id, (d) => textOf(d) === 'ab')
  await one.close()
  const two = await open()
  const draft = await two.draft(id)
  assert.deepEqual([textOf(draft), draft.resumes, draft.end?.reason], ['abc', 1, 'done'])
  assert.equal(draft.steps[0]?.joints.length, 2)
  never.open()
  await two.close()
})
