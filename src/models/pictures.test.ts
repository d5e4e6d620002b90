import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Turn } from '../core/ports.ts'
import type { ModelInfo } from '../wire/model.ts'
import { callOptions } from './ai-prompt.ts'
import { ollamaRequest } from './ollama-request.ts'
import { openaiRequest } from './openai-request.ts'
import { byPreference, type Seat, wishesOf } from './rank.ts'

const TURN: Turn = {
  model: 'm',
  messages: [
    { role: 'user', text: 'What is it?', images: [{ type: 'image/png', data: 'iVBO' }] },
    { role: 'assistant', text: 'A cat.' },
    { role: 'user', text: 'Sure?' },
  ],
  tools: [],
}

test('each dialect shows a picture in its own way, and a message without one as before', () => {
  const openai = JSON.parse(openaiRequest(TURN, 'openai', 'http://127.0.0.1/v1')) as { messages: unknown[] }
  assert.deepEqual(openai.messages[0], {
    role: 'user',
    content: [
      { type: 'text', text: 'What is it?' },
      { type: 'image_url', image_url: { url: 'data:image/png;base64,iVBO' } },
    ],
  })
  assert.deepEqual(openai.messages[2], { role: 'user', content: 'Sure?' })
  const ollama = JSON.parse(ollamaRequest(TURN, false)) as { messages: unknown[] }
  assert.deepEqual(ollama.messages[0], { role: 'user', content: 'What is it?', images: ['iVBO'] })
  assert.deepEqual(ollama.messages[2], { role: 'user', content: 'Sure?' })
  const { prompt } = callOptions(TURN, new AbortController().signal)
  assert.deepEqual(prompt[0], {
    role: 'user',
    content: [
      { type: 'text', text: 'What is it?' },
      { type: 'file', mediaType: 'image/png', data: { type: 'data', data: 'iVBO' } },
    ],
  })
})

test('with a picture, what sees comes before what is preferred, and preference decides among those', () => {
  const model = (name: string, vision: boolean | null): ModelInfo => ({
    name,
    endpoint: 'here',
    context: null,
    tools: null,
    thinking: null,
    vision,
    bytes: null,
    practice: false,
    loaded: null,
    speed: null,
  })
  const models = [model('blind', false), model('eyes', true), model('sharp', true), model('unknown', null)]
  const seat: Seat = {
    origin: 'configured',
    known: models,
    trouble: null,
    info: {
      name: 'here',
      kind: 'ollama',
      url: 'http://127.0.0.1:1',
      state: 'up',
      why: null,
      slots: 1,
      since: '2026-01-01T00:00:00.000Z',
      busy: 0,
      waiting: 0,
      local: true,
      models,
    },
  }
  const order = (pictures: boolean) =>
    byPreference([seat], wishesOf(['blind', 'sharp']), undefined, pictures).map((c) => c.model?.name)
  assert.deepEqual(order(true), ['sharp', 'eyes', 'unknown', 'blind'])
  assert.deepEqual(order(false), ['blind', 'sharp', 'eyes', 'unknown'])
})
