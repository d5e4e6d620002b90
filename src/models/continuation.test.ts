import assert from 'node:assert/strict'
import { afterEach, test } from 'node:test'
import type { Chosen, Turn } from '../core/ports.ts'
import {
  closeAll,
  engineReplies,
  llamaAt,
  llamaReplies,
  ollamaAt,
  ollamaReplies,
  open,
  serve,
} from './testing/backends-kit.ts'
import { withoutEcho } from './echo.ts'
import { collect, textOf, thoughtOf } from './test-kit.ts'

afterEach(closeAll)

const never = new AbortController().signal
const GO_ON = { continue_final_message: true, add_generation_prompt: false }
const said = (thought: string, text: string) => ({ thought, text })
const turn = (chosen: Chosen, begun: Turn['said']): Turn => ({
  model: chosen.name,
  messages: [{ role: 'user', text: 'Count.' }],
  tools: [],
  ...(begun ? { said: begun } : {}),
})
const answer = (content: string, reasoning_content?: string) => ({
  choices: [{ index: 0, message: { role: 'assistant', content, reasoning_content }, finish_reason: 'stop' }],
})
const prompts = (body: string) => {
  const { messages } = JSON.parse(body) as { messages: { content: string; reasoning_content?: string }[] }
  const last = messages.at(-1)
  return { text: last?.content ?? '', thought: last?.reasoning_content ?? '' }
}

test('PKN’s engine says itself what it goes on from', async () => {
  const told = { pkn: { continues: { text: true, thought: true } } }
  const server = await serve({ ...engineReplies(false), '/props': { total_slots: 2, ...told } })
  const chosen = await open({ configured: [llamaAt(server.url)] }).choose()
  assert.deepEqual(await chosen.continues(never), { text: true, thought: true })
  server.replies['/v1/chat/completions'] = answer('gain')
  await collect(chosen.model, turn(chosen, said('hm', 'once a')))
  const { body } = server.bodies.at(-1)!
  assert.deepEqual(prompts(body), { text: 'once a', thought: 'hm' })
  const silent = await serve(engineReplies(false))
  const old = await open({ configured: [llamaAt(silent.url)] }).choose()
  assert.deepEqual(await old.continues(never), { text: false, thought: false })
})

test('llama.cpp goes on if the prompt that it would make ends with what was said, and is asked once', async () => {
  const server = await serve(llamaReplies('m'))
  server.replies['/apply-template'] = (body: string) => {
    const { text, thought } = prompts(body)
    return { prompt: text === '' ? `<think>${thought}` : `<think></think>${text}` }
  }
  const chosen = await open({ configured: [llamaAt(server.url)] }).choose()
  assert.deepEqual(await Promise.all([chosen.continues(never), chosen.continues(never)]), [
    { text: true, thought: true },
    { text: true, thought: true },
  ])
  assert.deepEqual(await chosen.continues(never), { text: true, thought: true })
  assert.equal(server.asked.filter((path) => path === '/apply-template').length, 2)
  server.replies['/v1/chat/completions'] = answer(' five')
  const events = await collect(chosen.model, turn(chosen, said('', 'one two three four')))
  assert.equal(textOf(events), ' five')
  const sent = JSON.parse(server.bodies.at(-1)!.body) as Record<string, unknown>
  assert.equal(sent['continue_final_message'], true)
  assert.equal(sent['add_generation_prompt'], false)
})

test('a template that closes what was said, or knows no thoughts, is not gone on from', async () => {
  const server = await serve(llamaReplies('m'))
  server.replies['/apply-template'] = (body: string) => ({ prompt: `${prompts(body).text}<|im_end|>\n` })
  const chosen = await open({ configured: [llamaAt(server.url)] }).choose()
  assert.deepEqual(await chosen.continues(never), { text: false, thought: false })
})

test('a build that refuses to go on while it may think is told not to think', async () => {
  const server = await serve(llamaReplies('m'))
  server.replies['/apply-template'] = (body: string) =>
    body.includes('"enable_thinking":false')
      ? { prompt: prompts(body).text }
      : {
          status: 400,
          body: { error: { code: 400, message: 'Assistant response prefill is incompatible with enable_thinking.' } },
        }
  const chosen = await open({ configured: [llamaAt(server.url)] }).choose()
  assert.deepEqual(await chosen.continues(never), { text: true, thought: false })
  server.replies['/v1/chat/completions'] = answer('x')
  await collect(chosen.model, turn(chosen, said('', 'begun')))
  assert.match(server.bodies.at(-1)!.body, /"enable_thinking":false/)
})

test('other servers here are asked to count on, once; what is out of the house never is', async () => {
  const server = await serve({ '/v1/models': { object: 'list', data: [{ id: 'm' }] } })
  server.replies['/v1/chat/completions'] = (body: string) =>
    body.includes('continue_final_message') ? answer(' five six') : answer('One two three')
  const chosen = await open({ configured: [{ name: 'v', kind: 'openai', url: server.url }] }).choose()
  assert.deepEqual(await chosen.continues(never), { text: true, thought: false })
  await chosen.continues(never)
  assert.equal(server.bodies.length, 1)
  await collect(chosen.model, turn(chosen, said('a thought', 'begun')))
  const sent = JSON.parse(server.bodies.at(-1)!.body) as Record<string, unknown> & { messages: unknown[] }
  assert.deepEqual(sent.messages.at(-1), { role: 'assistant', content: 'begun' })
  assert.deepEqual({ ...sent, ...GO_ON }, sent)

  server.replies['/v1/chat/completions'] = answer('one two three four five')
  const again = await open({ configured: [{ name: 'w', kind: 'openai', url: server.url }] }).choose()
  assert.deepEqual(await again.continues(never), { text: false, thought: false }, 'it began anew')
  const asked = server.bodies.length
  await again.continues(never)
  assert.equal(server.bodies.length, asked, 'and is not asked a second time')
})

test('Ollama is asked to count on, and then given what was said as the last message', async () => {
  const server = await serve(ollamaReplies('m:latest'))
  server.replies['/api/chat'] = { message: { role: 'assistant', content: ' five' }, done: true, done_reason: 'stop' }
  const chosen = await open({ configured: [ollamaAt(server.url)] }).choose()
  assert.deepEqual(await chosen.continues(never), { text: true, thought: false })
  const events = await collect(chosen.model, turn(chosen, said('', 'one two')))
  assert.equal(textOf(events), ' five')
  const sent = JSON.parse(server.bodies.at(-1)!.body) as { messages: unknown[] }
  assert.deepEqual(sent.messages.at(-1), { role: 'assistant', content: 'one two' })
})

test('what cannot be found out in time is nothing, and is looked for again', async () => {
  const server = await serve(llamaReplies('m'))
  const chosen = await open({ configured: [llamaAt(server.url)] }).choose()
  assert.deepEqual(await chosen.continues(AbortSignal.abort()), { text: false, thought: false })
  server.replies['/apply-template'] = (body: string) => ({ prompt: prompts(body).text })
  assert.equal((await chosen.continues(never)).text, true)
})

test('what a server says again of what it was given is left out, and nothing else', async () => {
  const server = await serve(llamaReplies('m'))
  server.replies['/apply-template'] = (body: string) => {
    const { text, thought } = prompts(body)
    return { prompt: thought + text }
  }
  const chosen = await open({ configured: [llamaAt(server.url)] }).choose()
  await chosen.continues(never)
  server.replies['/v1/chat/completions'] = answer('Once upon a time', 'Let me think\n')
  const events = await collect(chosen.model, turn(chosen, said('Let me think', 'Once upon')))
  assert.deepEqual([thoughtOf(events), textOf(events)], ['', ' a time'])

  const echo = withoutEcho('ha ha ha ha')
  assert.deepEqual(['ha ha', ' ha ha ha ha', 'ha ha ha ha'].map(echo), ['ha ha', ' ha ha ha ha', 'ha ha ha ha'])
  assert.equal(withoutEcho('ha')('ha'), 'ha', 'a short word may be meant')
})

test('an answer that is gone on with keeps the tags that it speaks of', async () => {
  const server = await serve(engineReplies(false))
  server.replies['/props'] = { total_slots: 1, pkn: { continues: { text: true, thought: false } } }
  server.replies['/v1/chat/completions'] = answer('<think> begins a thought')
  const chosen = await open({ configured: [llamaAt(server.url)] }).choose()
  await chosen.continues(never)
  const events = await collect(chosen.model, turn(chosen, said('', 'In the template, ')))
  assert.equal(textOf(events), '<think> begins a thought')
})
