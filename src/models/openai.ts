import { setTimeout as wait } from 'node:timers/promises'
import type { Model, ModelEvent, Turn } from '../core/ports.ts'
import { Batch } from './batch.ts'
import { OpenaiAnswer } from './openai-answer.ts'
import { type OpenaiKind, openaiRequest } from './openai-request.ts'
import { type Reader, readerFor } from './openai-readers.ts'
import { type Asked, refusal } from './refusal.ts'
import { bodyOf, exchange } from './upstream.ts'

/** How often a server that is loading its model is asked again. */
const AGAIN_MS = 400
/** How long the rest is waited for once the outcome is known: figures after the end of an answer, the words of a refusal. */
const PATIENCE_MS = 2000

/** A model behind llama.cpp's server, LM Studio, vLLM, OpenAI, PKN's own engine, or any server with POST {url}/chat/completions. */
export function openaiModel(server: { name: string; url: string; key?: string | undefined; kind: OpenaiKind }): Model {
  return {
    async *stream(turn, signal) {
      if (signal.aborted) return
      let told: 'loading' | null = null
      for (;;) {
        const outcome = yield* attempt(server, turn, signal, told !== null)
        if (outcome !== 'loading') return
        told = 'loading'
        yield [{ type: 'phase', phase: 'loading' }]
        await wait(AGAIN_MS, undefined, { signal }).catch(() => {})
        if (signal.aborted) return
      }
    },
  }
}

async function* attempt(
  server: Parameters<typeof openaiModel>[0],
  turn: Turn,
  signal: AbortSignal,
  again: boolean,
): AsyncGenerator<readonly ModelEvent[], 'loading' | 'over', undefined> {
  const { name: endpoint, kind, key } = server
  const url = `${server.url.replace(/\/+$/, '')}/chat/completions`
  const asked: Asked = { endpoint, model: turn.model }
  if (!again) yield [{ type: 'phase', phase: 'starting' }]
  const enough = new AbortController()
  const bits = exchange(
    { endpoint, url, key, body: openaiRequest(turn, kind, url) },
    AbortSignal.any([signal, enough.signal]),
  )
  const batch = new Batch()
  const answer = new OpenaiAnswer(asked, batch)
  let read: Reader = () => null
  let patience: NodeJS.Timeout | undefined
  try {
    for await (const bit of bits) {
      switch (bit.type) {
        case 'connected':
          // A server may keep its headers until it has read the prompt, which is no reason to give up on connecting.
          if (!again) yield [{ type: 'phase', phase: 'reading' }]
          break
        case 'head': {
          if (bit.status !== 200) {
            patience = setTimeout(() => enough.abort(), PATIENCE_MS)
            const refused = refusal(bit.status, await bodyOf(bits), asked)
            if (refused === 'loading') return 'loading'
            if (!signal.aborted) yield [{ type: 'model.fail', fault: refused }]
            return 'over'
          }
          read = readerFor(bit.contentType, asked, answer)
          yield again ? [{ type: 'model.open' }, { type: 'phase', phase: 'reading' }] : [{ type: 'model.open' }]
          break
        }
        case 'text':
        case 'end': {
          const ended = read(bit.type === 'end' ? null : bit.text)
          if (ended === 'done') answer.end()
          else if (ended !== null) batch.add({ type: 'model.fail', fault: ended })
          if (!batch.empty) yield batch.take()
          if (ended !== null) return 'over'
          if (answer.finished) patience ??= setTimeout(() => enough.abort(), PATIENCE_MS)
          break
        }
        case 'failed':
          if (answer.finished) answer.end()
          else batch.add({ type: 'model.fail', fault: bit.fault })
          yield batch.take()
      }
    }
    if (enough.signal.aborted && !signal.aborted) {
      answer.end()
      yield batch.take()
    }
    return 'over'
  } finally {
    clearTimeout(patience)
  }
}
