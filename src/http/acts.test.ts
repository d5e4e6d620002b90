import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { z } from 'zod'
import { agentNamed, chosen, listed } from '../core/testing/rig.ts'
import type { Tool } from '../core/tool-ports.ts'
import { scriptedModel } from '../models/scripted.ts'
import { serve } from './testing/serve.ts'

const long = Array.from({ length: 5000 }, (_, i) => `line ${i + 1}`).join('\n')
const shows: Tool<object> = {
  name: 'shows',
  about: 'Shows a lot.',
  input: z.object({}),
  effect: 'run',
  reach: 'machine',
  run: async () => ({ ok: true, output: long }),
}
const model = () =>
  scriptedModel((turn) =>
    turn.messages.at(-1)?.role === 'tool' ? ['ok'] : [{ type: 'tool.call', id: 'x', tool: 'shows', input: {} }],
  )
const rig = { agents: [agentNamed('general', { tools: ['shows'] })], tools: [shows], policy: [] }

describe('what agents do, over HTTP', () => {
  it('a question is listed and answered, the run goes on, and a long output is read by lines', async (t) => {
    const server = await serve({ backends: listed(chosen(model())), ...rig })
    t.after(server.close)
    const run = await server.sayTo('go')
    await server.until(run, (d) => d.parts.some((p) => p.kind === 'tool' && p.ask !== null))
    const { asks } = (await server.ask('GET', '/v1/asks')).json() as {
      asks: { ask: string; run: string; tool: string }[]
    }
    assert.deepEqual([asks.length, asks[0]?.run, asks[0]?.tool], [1, run, 'shows'])
    const path = `/v1/runs/${run}/asks/${asks[0]!.ask}`
    const bad = await server.ask('POST', path, { body: { allow: 'yes' } })
    assert.equal(bad.status, 400)
    assert.match(bad.text, /allow/)
    assert.equal((await server.ask('POST', path, { body: { allow: true } })).status, 202)
    const draft = await server.draft(run)
    const part = draft.parts.find((p) => p.kind === 'tool')
    const result = part?.kind === 'tool' ? part.result : null
    assert.match(JSON.stringify(result?.output ?? null), /line 1\\n.*beginning, \d+ of 5000 lines/)
    const page = await server.ask('GET', `/v1/outputs/${result?.rest?.output}?from=4999&lines=10`)
    assert.deepEqual(page.json(), { text: 'line 4999\nline 5000', from: 4999, lines: 2, total: 5000 })
    assert.equal((await server.ask('POST', path, { body: { allow: false } })).status, 409)
    assert.equal((await server.ask('GET', '/v1/outputs/out_00000000000000000000000000')).status, 404)
  })

  it('who has something else done that cannot be is told so, and the question stays open', async (t) => {
    const plan = { ...shows, input: z.object({ steps: z.array(z.string()).min(1).max(20) }) } as Tool
    const script = scriptedModel((turn) =>
      turn.messages.at(-1)?.role === 'tool'
        ? ['ok']
        : [{ type: 'tool.call', id: 'x', tool: 'shows', input: { steps: ['a'] } }],
    )
    const server = await serve({ backends: listed(chosen(script)), ...rig, tools: [plan] })
    t.after(server.close)
    const run = await server.sayTo('go')
    await server.until(run, (d) => d.parts.some((p) => p.kind === 'tool' && p.ask !== null))
    const { asks } = (await server.ask('GET', '/v1/asks')).json() as { asks: { ask: string }[] }
    const path = `/v1/runs/${run}/asks/${asks[0]!.ask}`
    for (const steps of [[], Array.from({ length: 200 }, () => 'b'), null]) {
      const refused = await server.ask('POST', path, { body: { allow: true, input: { steps } } })
      assert.deepEqual([refused.status, refused.json()['code']], [400, 'request.invalid'], refused.text)
      assert.match(refused.text, /input: steps/)
    }
    const body = { allow: true, input: { steps: ['b'] } }
    for (let twice = 0; twice < 2; twice++) assert.equal((await server.ask('POST', path, { body })).status, 202)
    const other = { allow: true, input: { steps: ['c'] } }
    assert.equal((await server.ask('POST', path, { body: other })).status, 409)
    await server.draft(run)
  })

  it('the tools are listed with what happens if an agent calls one', async (t) => {
    const server = await serve({ backends: listed(chosen(model())), ...rig })
    t.after(server.close)
    const { tools } = (await server.ask('GET', '/v1/tools')).json() as { tools: unknown[] }
    assert.deepEqual(tools, [
      {
        name: 'shows',
        about: 'Shows a lot.',
        effect: 'run',
        reach: 'machine',
        from: 'pkn',
        why: null,
        decision: 'ask',
      },
    ])
  })

  it('a tool that insists, or is there to ask, is listed as one that asks where a rule allows it, and as refused where one does', async (t) => {
    const seen: unknown[] = []
    const insists: Tool<object>['insists'] = async (...given) => {
      seen.push(given)
      return 'Nothing confines it here.'
    }
    const tools = [shows, { ...shows, name: 'insists', insists }, { ...shows, name: 'open', asks: true as const }]
    const named = tools.concat({ ...shows, name: 'never', asks: true })
    const policy = [{ tool: 'never', decision: 'deny' as const }, { decision: 'allow' as const }]
    const server = await serve({ backends: listed(chosen(model())), ...rig, tools: named, policy })
    t.after(server.close)
    const listing = (await server.ask('GET', '/v1/tools')).json() as { tools: { name: string; decision: string }[] }
    assert.deepEqual(
      listing.tools.map(({ name, decision }) => [name, decision]),
      [
        ['shows', 'allow'],
        ['insists', 'ask'],
        ['open', 'ask'],
        ['never', 'deny'],
      ],
    )
    assert.deepEqual(seen, [[null, { answered: false }]])
  })
})
