import assert from 'node:assert/strict'
import { test } from 'node:test'
import { agentNamed, chosen, listed } from '../core/testing/rig.ts'
import { scriptedModel } from '../models/scripted.ts'
import { fault } from '../wire/fault.ts'
import { serve } from './testing/serve.ts'

const agents = ['general', 'coder', 'reasoner'].map((name) => agentNamed(name, { instructions: `You are ${name}.` }))
const OPTIONS = ['tea', 'coffee']
type Reply = {
  choice: string
  votes: { agent: string; choice: string | null; run: string }[]
  tie: string[]
  consensus: number
  session_id: string
} & {
  final_reasoning: string
  status: string
  dissent: { agent: string; choice: string; reasoning: string }[]
  counts: Record<string, number>
}

/** Each agent answers as it is told here. */
const voting = (answers: Record<string, string>) =>
  scriptedModel(({ messages }) => {
    const name = /You are (\w+)/.exec(messages[0]?.text ?? '')?.[1] ?? ''
    return [answers[name] ?? '']
  })
const ask = (server: Awaited<ReturnType<typeof serve>>, body: object) =>
  server.ask('POST', '/api/multi-agent/vote', { body: { question: 'Which?', options: OPTIONS, ...body } })

test('several agents choose without knowing of each other, and dissent keeps its own words', async (t) => {
  const model = voting({
    general: '{"choice": 1, "reason": "calm"}',
    coder: '{"choice": 2, "reason": "it keeps me awake"}',
    reasoner: 'Sure:\n```json\n{"choice": "tea", "reason": "warm"}\n```',
  })
  const server = await serve({ backends: listed(chosen(model)), agents })
  t.after(server.close)
  const answer = await ask(server, { context: 'It is late.', voters: agents.map(({ name }) => ({ agent: name })) })
  assert.equal(answer.status, 200)
  const reply = answer.json() as Reply
  assert.deepEqual([reply.choice, reply.status, reply.tie, reply.counts], ['tea', 'success', [], { tea: 2, coffee: 1 }])
  assert.ok(Math.abs(reply.consensus - 2 / 3) < 1e-9)
  assert.deepEqual(reply.dissent, [{ agent: 'coder', choice: 'coffee', reasoning: 'it keeps me awake' }])
  assert.match(reply.final_reasoning, /^2 of 3 chose "tea"/)
  assert.equal(new Set(model.asked.map(({ messages }) => messages.at(-1)?.text)).size, 1, 'all are asked the same')
  assert.ok(model.asked.every(({ messages }) => messages.length === 2))
  // Each is held to the form of a ballot, and is told of it too.
  assert.ok(model.asked.every(({ format, tools }) => format?.name === 'vote' && tools.length === 0))
  assert.match(model.asked[0]?.messages.at(-1)?.text ?? '', /1\. tea\n2\. coffee\n[^]*"enum":\[1,2\]/)
  const { messages } = (await server.ask('GET', `/v1/sessions/${reply.session_id}/messages`)).json() as {
    messages: { runs: string[] }[]
  }
  assert.deepEqual(
    messages[0]?.runs,
    reply.votes.map(({ run }) => run),
  )
})

test('a tie is said to be one, and who names no option has not chosen', async (t) => {
  const model = voting({ general: '1', coder: '2', reasoner: 'Both are fine, tea and coffee.' })
  const server = await serve({ backends: listed(chosen(model)), agents })
  t.after(server.close)
  const voters = agents.map(({ name }) => ({ agent: name }))
  const reply = (await ask(server, { voters })).json() as Reply
  assert.deepEqual([reply.choice, reply.tie, reply.consensus], ['tea', ['tea', 'coffee'], 0.5])
  assert.deepEqual(
    reply.votes.filter(({ choice }) => choice === null).map(({ agent }) => agent),
    ['reasoner'],
  )
  assert.match(reply.final_reasoning, /A tie.*\n1 named no option/)
})

test('a vote in which no model answers fails as a chat does; what is asked wrongly is told', async (t) => {
  const broken = scriptedModel([[{ type: 'model.fail', fault: fault('context.full', { tokens: 9, context: 1 }) }]])
  const server = await serve({ backends: listed(chosen(broken)), agents })
  t.after(server.close)
  const failed = await ask(server, {})
  assert.ok(failed.status >= 400)
  assert.equal((failed.json() as Reply).status, 'error')
  for (const body of [
    { options: ['one'] },
    { options: ['a', 'a'] },
    { voters: [{ agent: 'general' }] },
    { voters: [{ agent: 'nobody' }, { agent: 'coder' }] },
  ])
    assert.ok([400, 404, 422].includes((await ask(server, body)).status), JSON.stringify(body))
})
