import assert from 'node:assert/strict'
import { test } from 'node:test'
import { z } from 'zod'
import { scriptedModel } from '../models/scripted.ts'
import type { EventOf } from '../wire/event.ts'
import { agentNamed, chosen, listed, openRig } from './testing/rig.ts'
import type { Tool } from './tool-ports.ts'
import { estimateTokens } from './estimate.ts'
import type { Turn } from './ports.ts'

const CONTEXT = 2048
const read: Tool<{ path: string }> = {
  name: 'read',
  about: 'Reads a file.',
  input: z.strictObject({ path: z.string() }),
  effect: 'read',
  reach: 'none',
  run: async ({ path }) => ({
    ok: true,
    output: `${path}, line 1\n${Array.from({ length: 20 }, (_, i) => `${path} has this in line ${i + 2}`).join('\n')}`,
  }),
}
const tokensOf = ({ messages, tools }: Turn) =>
  messages.reduce(
    (sum, m) =>
      sum + estimateTokens(m.text) + (m.role === 'assistant' ? estimateTokens(JSON.stringify(m.calls ?? [])) : 0),
    tools.length === 0 ? 0 : estimateTokens(JSON.stringify(tools)),
  )

test('thirty calls fit into a small context: older outputs are cut to their first lines, the newest is whole, and the log says so', async () => {
  const model = scriptedModel((_, nth) =>
    nth <= 30
      ? [{ type: 'tool.call', id: `c${nth}`, tool: 'read', input: { path: `file-${nth}.txt` } }]
      : ['That is all.'],
  )
  const rig = await openRig({
    backends: listed(chosen(model, { context: CONTEXT, calls: true })),
    agents: [agentNamed('general', { tools: ['read'] })],
    tools: [read],
    limits: { steps: 40 },
  })
  const run = await rig.say('read them all')
  const draft = await rig.draft(run)
  assert.equal(draft.end?.reason, 'done')
  assert.equal(model.asked.length, 31)
  for (const [i, turn] of model.asked.entries()) {
    assert.ok(tokensOf(turn) <= CONTEXT * 0.8, `step ${i + 1} has ${tokensOf(turn)} tokens`)
    assert.equal(turn.messages[1]?.text, 'read them all')
    const calls = turn.messages.flatMap((m) => (m.role === 'assistant' ? (m.calls ?? []) : []))
    const results = turn.messages.flatMap((m) => (m.role === 'tool' ? [m.call] : []))
    assert.deepEqual(
      calls.map(({ id }) => id),
      results,
      'each call has its result',
    )
    if (i === 0) continue
    const newest = turn.messages.at(-1)!
    assert.ok(newest.text.startsWith(`file-${i}.txt, line 1`))
    assert.ok(newest.text.includes('line 21'), 'the newest is whole')
  }
  const cut = model.asked.at(-1)!.messages.filter((m) => m.role === 'tool' && m.text.includes('Call the tool again'))
  const shown = model.asked.at(-1)!.messages.filter(({ role }) => role === 'tool').length
  const cuts = (await rig.entries(run)).flatMap(({ event }) => (event.type === 'context.cut' ? [event] : []))
  const last: EventOf<'context.cut'> = cuts.at(-1)!
  assert.deepEqual([last.left, last.context, last.outputs], [0, CONTEXT, 29])
  assert.equal(last.steps, 30 - shown)
  assert.ok(cut.length > 3 && cut.length === shown - 1)
  assert.equal(draft.cut?.outputs, 29)
  const beginnings = model.asked.slice(8).map((turn, i) => {
    const before = model.asked[i + 7]!
    return turn.messages.findIndex((m, at) => JSON.stringify(m) !== JSON.stringify(before.messages[at]))
  })
  assert.ok(beginnings.filter((at) => at > 4).length > beginnings.length / 2, 'most steps leave what was read as it is')
  await rig.close()
})

test('what was said before keeps its place beside the calls, and a huge input of an older call is cut before a step is left out', async () => {
  const write: Tool<{ text: string }> = {
    name: 'write',
    about: 'Writes.',
    effect: 'read',
    reach: 'none',
    input: z.strictObject({ text: z.string() }),
    run: async () => ({ ok: true, output: 'written' }),
  }
  const model = scriptedModel((turn, nth) =>
    nth === 1
      ? ['I am called Ann.']
      : turn.messages.filter(({ role }) => role === 'tool').length < 3
        ? [{ type: 'tool.call', id: `c${nth}`, tool: 'write', input: { text: `${nth}: ${'word '.repeat(500)}` } }]
        : ['Done.'],
  )
  const rig = await openRig({
    backends: listed(chosen(model, { context: CONTEXT, calls: true })),
    agents: [agentNamed('general', { tools: ['write'] })],
    tools: [write],
  })
  await rig.draft(await rig.say('who are you?'))
  const draft = await rig.draft(await rig.say('write it thrice'))
  assert.equal(draft.end?.reason, 'done')
  const last = model.asked.at(-1)!
  assert.equal(last.messages[2]?.text, 'I am called Ann.')
  const calls = last.messages.flatMap((m) => (m.role === 'assistant' ? (m.calls ?? []) : []))
  assert.equal(calls.length, 3)
  assert.ok(JSON.stringify(calls[0]).length < 400)
  assert.ok(tokensOf(last) <= CONTEXT)
  await rig.close()
})
