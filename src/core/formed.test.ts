import assert from 'node:assert/strict'
import { test } from 'node:test'
import { scriptedModel } from '../models/scripted.ts'
import { todo } from '../tools/todo.ts'
import { textOf } from '../wire/fold.ts'
import { LOCAL, newMessageId } from '../wire/id.ts'
import { Format } from '../wire/message.ts'
import { misformed } from './formed.ts'
import { agentNamed, chosen, listed, openRig } from './testing/rig.ts'

const format = Format.parse({
  name: 'pick',
  schema: {
    type: 'object',
    properties: { choice: { type: 'integer', enum: [1, 2] } },
    required: ['choice'],
    additionalProperties: false,
  },
})

test('an answer is asked for in the form that was wished, without tools; what is of another stays, and is told to be', async () => {
  const said = ['{"choice": 2}', 'The second.', '{"choice": 2}']
  const model = scriptedModel((_, nth) => [said[nth - 1]!])
  const rig = await openRig({
    backends: listed(chosen(model)),
    agents: [agentNamed('general', { tools: ['todo'] })],
    tools: [todo],
  })
  const ask = async (form: Format | null) => {
    const { run } = await rig.store.submit(LOCAL, {
      id: newMessageId(),
      session: rig.session,
      text: 'Which?',
      agent: null,
      backend: 'local',
      model: null,
      priority: 'interactive',
      format: form,
    })
    return { run: run.id, draft: await rig.draft(run.id) }
  }
  const good = await ask(format)
  assert.deepEqual([textOf(good.draft), good.draft.guards], ['{"choice": 2}', []])
  assert.deepEqual([model.asked[0]?.format, model.asked[0]?.tools], [format, []])
  assert.match(model.asked[0]?.messages.at(-1)?.text ?? '', /one JSON object of this schema.*"choice"/)
  const bad = await ask(format)
  assert.deepEqual([textOf(bad.draft), bad.draft.end?.reason], ['The second.', 'done'])
  assert.match(bad.draft.guards[0]?.text ?? '', /not of the form "pick"/)
  // The form belongs to the question: another version of the answer is held to it too.
  const again = await rig.store.again(LOCAL, good.run, { continues: false, key: null })
  assert.equal(textOf(await rig.draft(again.id)), '{"choice": 2}')
  assert.deepEqual(model.asked[2]?.format, format)
  await ask(null)
  assert.equal(model.asked[3]?.format, undefined)
  await rig.close()
})

test('what is wrong with a form is told by its field; a schema that cannot be checked by asks for JSON alone', () => {
  assert.equal(misformed('{"choice":1}', format), null)
  assert.match(misformed('{"choice":3}', format) ?? '', /choice: /)
  assert.match(misformed('```json\n{"choice":1}\n```', format) ?? '', /no JSON/)
  const odd = Format.parse({ name: 'odd', schema: { type: 'object', $ref: '#/nowhere' } })
  assert.equal(misformed('{"a":1}', odd), null)
  assert.match(misformed('a', odd) ?? '', /no JSON/)
})

test('a form is bounded, and is one of an object', () => {
  const of = (schema: object, name = 'a') => Format.safeParse({ name, schema }).success
  assert.equal(of({ type: 'object', properties: {} }), true)
  assert.equal(of({ type: 'string' }), false)
  assert.equal(of({ type: 'object' }, 'a b'), false)
  assert.equal(of({ type: 'object', description: 'x'.repeat(17_000) }), false)
})
