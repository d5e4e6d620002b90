import assert from 'node:assert/strict'
import { test } from 'node:test'
import { z } from 'zod'
import { systemClock } from '../clock.ts'
import { scriptedModel } from '../models/scripted.ts'
import { newDisk } from '../store/memory-disk.ts'
import { openMemory } from '../store/memory.ts'
import { delegate } from '../tools/delegate.ts'
import { Fault } from '../wire/fault.ts'
import { textOf, type Draft } from '../wire/fold.ts'
import { AgentName, LOCAL, type RunId } from '../wire/id.ts'
import { agentNamed, chosen, gate, listed, openRig } from './testing/rig.ts'
import type { Tool } from './tool-ports.ts'

const name = (text: string) => AgentName.parse(text)
/** Each agent may hand on to those behind it; who is asked is known by its instructions. */
const agents = ['lead', 'middle', 'worker'].map((one, i, all) =>
  agentNamed(one, {
    instructions: `You are ${one}.`,
    tools: ['delegate'],
    mayDelegateTo: all.slice(i + 1).map(name),
  }),
)
type Turn = { messages: readonly { role: string; text: string }[] }
const who = ({ messages }: Turn) => /You are (\w+)/.exec(messages[0]?.text ?? '')?.[1] ?? ''
const last = ({ messages }: Turn) => messages.at(-1)!
const hand = (agent: string, task: string, id = `${agent} ${task}`) =>
  ({ type: 'tool.call', id, tool: 'delegate', input: { agent, task } }) as const
const tools = [delegate as Tool]
const children = (draft: Draft) => draft.parts.flatMap((part) => (part.kind === 'child' ? [part] : []))
type Rig = Awaited<ReturnType<typeof openRig>>
/** Resolves with the run that is handed on, once it is. */
const childOf = async (rig: Rig, run: RunId): Promise<RunId> =>
  children(await rig.until(run, (d) => children(d).length > 0))[0]!.run

test('a task is handed on as a run of its own, whose answer comes back; nobody sees its session in a list', async () => {
  const model = scriptedModel((turn) => {
    if (who(turn) === 'worker') return [`done: ${last(turn).text}`]
    return last(turn).role === 'tool' ? [`It says ${last(turn).text}`] : [hand('worker', 'count the files')]
  })
  const rig = await openRig({ backends: listed(chosen(model)), agents, tools })
  const run = await rig.say('go', { agent: 'lead' })
  const draft = await rig.draft(run)
  assert.equal(textOf(draft), 'It says done: count the files')
  const [child] = children(draft)
  assert.deepEqual([child?.agent, child?.task, child?.reason], ['worker', 'count the files', 'done'])
  const own = await rig.draft(child!.run)
  assert.equal(own.route?.forced, true)
  assert.equal(textOf(own), 'done: count the files')
  const { rows } = await rig.store.sessions(LOCAL, { limit: 10, show: 'all' })
  assert.deepEqual(
    rows.map(({ id }) => id),
    [rig.session],
  )
  const found = await rig.store.search(LOCAL, { q: 'count the files', limit: 10 })
  assert.ok(found.rows.every(({ session }) => session === rig.session))
  const shown = model.asked.find((turn) => who(turn) === 'worker')!.messages.map(({ text }) => text)
  assert.deepEqual(shown.slice(1), ['count the files'], 'it knows nothing but its task')
  await rig.close()
})

test('several tasks of one step are worked on side by side', async () => {
  const both = gate()
  let busy = 0
  const model = scriptedModel(function* (turn) {
    if (who(turn) === 'worker') {
      if (++busy === 2) both.open()
      yield both.opened
      yield 'ok'
    } else if (last(turn).role === 'tool') yield 'all done'
    else for (const task of ['one', 'two']) yield hand('worker', task)
  })
  const rig = await openRig({ backends: listed(chosen(model, { slots: 4 })), agents, tools })
  const draft = await rig.draft(await rig.say('go', { agent: 'lead' }))
  assert.equal(draft.end?.reason, 'done')
  assert.deepEqual(
    children(draft).map(({ reason }) => reason),
    ['done', 'done'],
  )
  await rig.close()
})

test('a stop at the head of three levels ends all of them, and nothing is left running', async () => {
  const deep = gate()
  const model = scriptedModel(function* (turn) {
    const next = { lead: 'middle', middle: 'worker' }[who(turn)]
    if (next !== undefined) {
      yield hand(next, `for ${next}`)
      return
    }
    yield 'working'
    deep.open()
    yield new Promise<void>(() => {})
  })
  const rig = await openRig({ backends: listed(chosen(model, { slots: 4 })), agents, tools })
  const run = await rig.say('go', { agent: 'lead' })
  await deep.opened
  const middle = await childOf(rig, run)
  const worker = await childOf(rig, middle)
  await rig.store.cancel(LOCAL, run)
  for (const one of [run, middle, worker]) assert.equal((await rig.draft(one)).end?.reason, 'cancelled')
  assert.deepEqual(await rig.store.counts(), { active: 0, queued: 0 })
  await rig.close()
})

test('agents that hand a task to one another come to an end, and none waits for itself', async () => {
  const circle = ['lead', 'middle'].map((one, i, all) =>
    agentNamed(one, {
      instructions: `You are ${one}.`,
      tools: ['delegate'],
      mayDelegateTo: [name(all[1 - i]!), name(one)],
    }),
  )
  const told: string[] = []
  const model = scriptedModel((turn) => {
    const { role, text } = last(turn)
    if (role === 'tool') told.push(text)
    if (role === 'tool') return ['enough']
    return [hand(who(turn) === 'lead' ? 'middle' : 'lead', text), hand(who(turn), 'to myself', 'self')]
  })
  const rig = await openRig({ backends: listed(chosen(model, { slots: 1 })), agents: circle, tools })
  const run = await rig.say('go round', { agent: 'lead' })
  assert.equal((await rig.draft(run)).end?.reason, 'done')
  assert.ok(told.some((text) => text.includes('It can be handed to')))
  assert.ok(model.asked.length < 20, String(model.asked.length))
  assert.deepEqual(await rig.store.counts(), { active: 0, queued: 0 })
  await rig.close()
})

test('a stop at the head takes along what a task below it asks a person, and the answer comes too late', async () => {
  const did: string[] = []
  const write: Tool = {
    name: 'write',
    about: 'Writes.',
    input: z.object({}),
    effect: 'write',
    reach: 'workspace',
    run: async () => {
      did.push('written')
      return { ok: true, output: 'written' }
    },
  }
  const asking = agents.map((agent) => (agent.name === 'worker' ? { ...agent, tools: ['write'] } : agent))
  const model = scriptedModel((turn) =>
    who(turn) === 'worker' ? [{ type: 'tool.call', id: 'w', tool: 'write', input: {} }] : [hand('worker', 'write it')],
  )
  const rig = await openRig({
    backends: listed(chosen(model)),
    agents: asking,
    tools: [...tools, write],
    policy: [{ tool: 'delegate', decision: 'allow' }],
  })
  const run = await rig.say('go', { agent: 'lead' })
  const child = await childOf(rig, run)
  const askOf = (draft: Draft) => draft.parts.flatMap((p) => (p.kind === 'tool' && p.ask ? [p.ask] : []))[0]
  const ask = askOf(await rig.until(child, (d) => askOf(d) !== undefined))!.id
  assert.deepEqual(
    (await rig.store.acts.asks(LOCAL, { limit: 9 })).rows.map((row) => row.session),
    [rig.session],
  )
  await rig.store.cancel(LOCAL, run)
  for (const one of [run, child]) assert.equal((await rig.draft(one)).end?.reason, 'cancelled')
  assert.deepEqual((await rig.store.acts.asks(LOCAL, { limit: 9 })).rows, [])
  const late = rig.store.acts.answer(LOCAL, child, ask, { allow: true, scope: 'session' })
  await assert.rejects(late, (f) => f instanceof Fault && f.code === 'ask.over')
  assert.deepEqual([did, await rig.store.acts.allowances(rig.session)], [[], []])
  await rig.close()
})

test('it is bounded how deep and how often a task is handed on, and to whom; the model is told', async () => {
  const told: string[] = []
  const model = scriptedModel((turn) => {
    const { role, text } = last(turn)
    if (role === 'tool') {
      told.push(`${who(turn)}: ${text}`)
      return ['ok']
    }
    const next = { lead: 'middle', middle: 'worker', worker: 'lead' }[who(turn)]!
    return [hand(next, `for ${next}`), hand('nobody', 'x')]
  })
  const limits = { deepest: 1, children: 8 }
  const rig = await openRig({ backends: listed(chosen(model)), agents, tools, limits })
  assert.equal((await rig.draft(await rig.say('go', { agent: 'lead' }))).end?.reason, 'done')
  assert.ok(
    told.some((text) => /^middle: .*(It can be handed to: worker|handed on 1 times)/.test(text)),
    told.join('\n'),
  )
  const asked = model.asked.map(who)
  assert.equal(asked.filter((one) => one === 'worker').length, 0)
  await rig.close()
})

test('a server that dies while a task is worked on takes it up again, and the task is not done twice', async () => {
  const disk = newDisk()
  const memory = () => openMemory({ clock: systemClock, say: () => {}, disk })
  const began = gate()
  const first = await openRig({
    store: memory(),
    backends: listed(
      chosen(
        scriptedModel(function* (turn) {
          if (who(turn) === 'lead') {
            yield hand('worker', 'long work')
            return
          }
          yield 'half '
          began.open()
          yield new Promise<void>(() => {})
        }),
        { slots: 4 },
      ),
    ),
    agents,
    tools,
  })
  const run = await first.say('go', { agent: 'lead' })
  await began.opened
  const child = await childOf(first, run)
  await first.stop()
  const second = await openRig({
    store: memory(),
    backends: listed(
      chosen(
        scriptedModel((turn) => (who(turn) === 'lead' ? [`It says ${last(turn).text}`] : ['whole'])),
        { slots: 4 },
      ),
    ),
    agents,
    tools,
  })
  const draft = await second.draft(run)
  assert.equal(draft.end?.reason, 'done')
  assert.deepEqual(
    children(draft).map((one) => one.run),
    [child],
  )
  assert.match(textOf(draft), /whole/)
  await second.close()
  await first.close()
})
