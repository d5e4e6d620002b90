import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { z } from 'zod'
import { startEngine, user, type Driven } from './testing/drive.ts'

const Given = {
  get_weather: z.strictObject({ city: z.string(), unit: z.enum(['C', 'F']).optional() }),
  add: z.strictObject({ a: z.number(), b: z.int() }),
  search: z.strictObject({
    query: z.string().min(2).max(40),
    where: z
      .array(z.enum(['notes', 'files', 'web']))
      .min(1)
      .max(2),
    page: z.union([z.int(), z.null()]).optional(),
  }),
}
const tools = Object.entries(Given).map(([name, schema]) => ({
  type: 'function',
  function: { name, description: `Use ${name}`, parameters: z.toJSONSchema(schema) },
}))
const fits = ({ name, arguments: input }: { name: string; arguments: string }): boolean =>
  name in Given && Given[name as keyof typeof Given].safeParse(JSON.parse(input)).success

describe('the words of the engine', () => {
  let engine: Driven
  before(async () => {
    engine = await startEngine('--context', '1024', '--sequences', '4')
  })
  after(() => engine.stop())

  it('writes no call that does not fit its tool, however wildly it chooses its words', async () => {
    const asked = Array.from({ length: 24 }, (_, seed) =>
      engine.ask({
        messages: [user(['What is the weather in Paris?', 'Add 2 and 3.', 'Search my notes.'][seed % 3]!)],
        tools,
        ...(seed % 2 === 0 ? { tool_choice: 'required' } : {}),
        temperature: (seed % 4) / 2,
        top_k: 0,
        top_p: 1,
        min_p: 0,
        seed,
        max_tokens: 250,
      }),
    )
    const said = await Promise.all(asked)
    const calls = said.flatMap((answer) => answer.calls)
    assert.ok(calls.length >= 12, `${calls.length} calls`)
    for (const call of calls) assert.ok(fits(call), JSON.stringify(call))
    for (const { text } of said) assert.doesNotMatch(text, /"arguments"/)
    for (const { finish, calls } of said) assert.equal(finish === 'tool_calls', calls.length > 0 && finish !== 'length')
  })

  it('writes JSON of the form that it is held to, however wildly it chooses its words', async () => {
    const Form = z.strictObject({
      choice: z.int().and(z.union([z.literal(1), z.literal(2), z.literal(3)])),
      reason: z.string().max(80),
      marks: z.array(z.boolean()).min(1).max(3).optional(),
    })
    const schema = {
      type: 'object',
      properties: {
        choice: { type: 'integer', enum: [1, 2, 3] },
        reason: { type: 'string', maxLength: 80 },
        marks: { type: 'array', items: { type: 'boolean' }, minItems: 1, maxItems: 3 },
      },
      required: ['choice', 'reason'],
      additionalProperties: false,
    }
    const asked = Array.from({ length: 12 }, (_, seed) =>
      engine.ask({
        messages: [user('Which is the largest: 1. a mouse, 2. a horse, 3. a whale?')],
        response_format: { type: 'json_schema', json_schema: { name: 'vote', strict: true, schema } },
        temperature: seed / 4,
        top_k: 0,
        top_p: 1,
        min_p: 0,
        seed,
      }),
    )
    for (const { text, thought, finish } of await Promise.all(asked)) {
      assert.deepEqual([thought, finish], ['', 'stop'])
      assert.ok(Form.safeParse(JSON.parse(text)).success, text)
    }
    const any = await engine.ask({
      messages: [user('Hello')],
      response_format: { type: 'json_object' },
      max_tokens: 60,
    })
    assert.match(any.text, /^\{/)
    const free = await engine.ask({ messages: [user('Say: river')], response_format: { type: 'text' }, max_tokens: 20 })
    assert.doesNotMatch(free.text, /^\{/)
    const both = { messages: [user('Add 2 and 3.')], tools, response_format: { type: 'json_object' } }
    assert.equal((await engine.post(both)).status, 400)
  })

  it('calls the tool that it is told to call', async () => {
    const tool_choice = { type: 'function', function: { name: 'add' } }
    const said = await engine.ask({ messages: [user('What is the weather in Oslo?')], tools, tool_choice })
    assert.equal(said.calls[0]?.name, 'add')
    assert.ok(fits(said.calls[0]))
  })

  it('reports no half call when the limit cuts one', async () => {
    for (let max_tokens = 1; max_tokens < 16; max_tokens += 3) {
      const said = await engine.ask({ messages: [user('What is the weather in Paris?')], tools, max_tokens })
      assert.equal(said.finish, 'length')
      assert.deepEqual([said.calls, said.text.includes('{')], [[], false])
    }
  })

  it('goes on from any cut of an answer as if it had not been cut, and reads next to nothing for it', async () => {
    for (const question of ['Count from 1 to 9.', 'Hello']) {
      const whole = await engine.ask({ messages: [user(question)] })
      const all = whole.thought + whole.text
      for (let at = 1; at <= all.length; at++) {
        const reasoning_content = whole.thought.slice(0, at)
        const content = whole.text.slice(0, Math.max(0, at - whole.thought.length))
        const begun = { role: 'assistant', content, reasoning_content }
        const more = await engine.ask({ messages: [user(question), begun] })
        assert.equal(reasoning_content + more.thought + content + more.text, all, `cut at ${at}`)
        assert.equal(more.finish, 'stop')
        const { prompt_tokens, prompt_tokens_details } = more.usage!
        assert.ok(prompt_tokens - prompt_tokens_details.cached_tokens <= 4)
      }
    }
  })

  it('says in its properties that it can go on', async () => {
    const { pkn } = (await engine.get('/props')) as { pkn: { continues: object } }
    assert.deepEqual(pkn.continues, { text: true, thought: true })
  })
})
