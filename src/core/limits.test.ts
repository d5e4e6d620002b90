import assert from 'node:assert/strict'
import { test } from 'node:test'
import { z } from 'zod'
import { scriptedModel } from '../models/scripted.ts'
import { textOf } from '../wire/fold.ts'
import { agentNamed, chosen, listed, openRig } from './testing/rig.ts'
import type { Tool } from './tool-ports.ts'

const count: Tool<{ n: number }> = {
  name: 'count',
  about: 'Counts.',
  input: z.strictObject({ n: z.number() }),
  effect: 'read',
  reach: 'none',
  run: async ({ n }) => ({ ok: true, output: n }),
}
const rigOf = (limits: object, more: object[] = []) => {
  const model = scriptedModel((turn, nth) =>
    turn.tools.length === 0
      ? ['I come no further.']
      : [{ type: 'tool.call', id: `c${nth}`, tool: 'count', input: { n: nth } }, ...(more as never[])],
  )
  const rig = openRig({
    backends: listed(chosen(model, { calls: true })),
    agents: [agentNamed('general', { tools: ['count'] })],
    tools: [count],
    limits,
  })
  return rig.then((opened) => ({ rig: opened, model }))
}

test('that the steps come to an end is told before they do, to the model too; the last one has no tools and is the answer', async () => {
  const { rig, model } = await rigOf({ steps: 5 })
  const run = await rig.say('count')
  const draft = await rig.draft(run)
  assert.deepEqual([draft.end?.reason, textOf(draft)], ['done', 'I come no further.'])
  assert.deepEqual(
    model.asked.map(({ tools }) => tools.length > 0),
    [true, true, true, true, false],
  )
  assert.match(model.asked.at(-1)!.messages.at(-1)!.text, /This is the last step/)
  const told = (await rig.entries(run)).map(({ event }) => event)
  const guard = told.findIndex((event) => event.type === 'guard' && event.guard === 'steps')
  const last = told.findLastIndex(({ type }) => type === 'step.start')
  assert.ok(guard !== -1 && guard < last)
  assert.ok(model.asked.slice(0, -1).some(({ messages }) => /of 5 steps are left/.test(messages.at(-1)!.text)))
  await rig.close()
})

test('tokens are told and end a run like steps do', async () => {
  const usage = { type: 'usage', input: 100, cached: 0, output: 10 }
  const { rig, model } = await rigOf({ steps: 50, tokens: 500 }, [usage])
  const run = await rig.say('count')
  const draft = await rig.draft(run)
  assert.equal(draft.end?.reason, 'done')
  assert.equal(model.asked.length, 6)
  assert.deepEqual(
    draft.guards.map(({ guard }) => guard),
    ['tokens'],
  )
  await rig.close()
})

test('a model that calls on where nothing can be called any more does nothing by it, and is told as having spent its steps', async () => {
  const did: number[] = []
  const model = scriptedModel((_, nth) => [{ type: 'tool.call', id: `c${nth}`, tool: 'count', input: { n: nth } }])
  const rig = await openRig({
    backends: listed(chosen(model, { calls: true })),
    agents: [agentNamed('general', { tools: ['count'] })],
    tools: [{ ...count, run: async ({ n }: { n: number }) => (did.push(n), { ok: true, output: n }) }],
    limits: { steps: 3 },
  })
  const draft = await rig.draft(await rig.say('count'))
  assert.deepEqual([draft.end?.reason, draft.end?.fault?.code, did], ['failed', 'steps.many', [1, 2]])
  await rig.close()
})
