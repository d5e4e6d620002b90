import { setTimeout as wait } from 'node:timers/promises'
import type { Model } from '../core/ports.ts'
import type { Phase } from '../wire/event.ts'
import { fault } from '../wire/fault.ts'
import { FrameTooLong } from '../wire/frame.ts'
import { ask } from './ask.ts'
import { Batch } from './batch.ts'
import { lineReader } from './line-reader.ts'
import { OllamaAnswer } from './ollama-answer.ts'
import { ollamaRequest } from './ollama-request.ts'
import { showModel } from './probe-ollama.ts'
import { type Asked, isFields, plain, refusal } from './refusal.ts'
import { type Bit, bodyOf, exchange } from './upstream.ts'

const POLL_MS = 700
const PATIENCE_MS = 2000
const LINE_LIMIT = 16 * 1024 * 1024

/**
 * A model behind Ollama's own API. Ollama sends nothing at all until the first token: until then it is asked every 700 ms what is in its
 * memory, and each answer is an event that tells loading from reading.
 */
export function ollamaModel(server: { name: string; url: string }): Model {
  const endpoint = server.name
  const url = server.url.replace(/\/+$/, '').replace(/\/v1$/, '')
  /** Whether a model can think, by name, so that each is asked about once. */
  const thinking = new Map<string, boolean>()
  return {
    async *stream(turn, signal) {
      const asked: Asked = { endpoint, model: turn.model }
      if (signal.aborted) return
      yield [{ type: 'phase', phase: 'starting' }]
      const think = await canThink(url, turn.model, thinking, signal)
      const enough = new AbortController()
      const body = ollamaRequest(turn, think)
      const bits = exchange({ endpoint, url: `${url}/api/chat`, body }, AbortSignal.any([signal, enough.signal]))
      const batch = new Batch()
      const answer = new OllamaAnswer(asked, batch)
      const lines = lineReader(LINE_LIMIT)
      let patience: NodeJS.Timeout | undefined
      try {
        for await (const bit of whileSilent(bits, enough, () => residence(url, turn.model, signal))) {
          switch (bit.type) {
            case 'phase':
              yield [bit]
              break
            case 'connected':
              break
            case 'head':
              if (bit.status !== 200) {
                patience = setTimeout(() => enough.abort(), PATIENCE_MS)
                const text = await bodyOf(bits)
                const refused = refusal(bit.status, text, asked)
                if (bit.status === 400) thinking.delete(turn.model)
                if (!signal.aborted)
                  yield [
                    {
                      type: 'model.fail',
                      fault: refused === 'loading' ? fault('engine.busy', { endpoint, status: 503 }) : refused,
                    },
                  ]
                return
              }
              if (/html/i.test(bit.contentType)) {
                yield [
                  {
                    type: 'model.fail',
                    fault: fault('engine.garbled', {
                      endpoint,
                      what: `${plain(bit.contentType)} instead of an answer`,
                    }),
                  },
                ]
                return
              }
              yield [{ type: 'model.open' }]
              break
            case 'text':
            case 'end': {
              const ended = takeAll(() => lines(bit.type === 'end' ? null : bit.text), answer, endpoint)
              if (ended !== null && ended !== 'done') batch.add({ type: 'model.fail', fault: ended })
              else if (bit.type === 'end' && ended === null)
                batch.add({ type: 'model.fail', fault: fault('engine.cut', { endpoint }) })
              if (!batch.empty) yield batch.take()
              if (ended !== null) return
              break
            }
            case 'failed':
              yield [{ type: 'model.fail', fault: bit.fault }]
          }
        }
      } finally {
        clearTimeout(patience)
      }
    },
  }
}

function takeAll(lines: () => string[], answer: OllamaAnswer, endpoint: string) {
  try {
    for (const line of lines()) {
      const ended = answer.take(line)
      if (ended !== null) return ended
    }
    return null
  } catch (error) {
    if (!(error instanceof FrameTooLong)) throw error
    return fault('engine.garbled', { endpoint, what: error.message })
  }
}

type PhaseBit = { type: 'phase'; phase: Phase }

/** The bits, with a phase between them each time that something could be learnt while there is no head yet. */
async function* whileSilent(
  bits: AsyncGenerator<Bit, void, undefined>,
  enough: AbortController,
  learn: () => Promise<Phase | null>,
): AsyncGenerator<Bit | PhaseBit, void, undefined> {
  const spoke = new AbortController()
  try {
    let next = bits.next()
    let learning = learnLater(learn, spoke.signal)
    for (;;) {
      const first = await Promise.race([next, learning])
      if (first === null || typeof first === 'string') {
        if (first !== null) yield { type: 'phase', phase: first }
        learning = learnLater(learn, spoke.signal)
        continue
      }
      if (first.done) return
      yield first.value
      if (first.value.type === 'head') break
      next = bits.next()
    }
    spoke.abort()
    yield* bits
  } finally {
    spoke.abort()
    enough.abort() // or the return would wait behind a next that nobody ends
    await bits.return()
  }
}

async function learnLater(learn: () => Promise<Phase | null>, signal: AbortSignal): Promise<Phase | null> {
  await wait(POLL_MS, undefined, { signal, ref: false }).catch(() => {})
  return signal.aborted ? null : learn()
}

/** `loading` while the model is not in Ollama's memory, then `reading`; null if it does not tell. */
async function residence(url: string, model: string, signal: AbortSignal): Promise<Phase | null> {
  const answer = await ask({ url: `${url}/api/ps` }, AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)]))
  if (!answer.ok || answer.status !== 200 || !Array.isArray(answer.json?.['models'])) return null
  const rows = answer.json['models'].filter(isFields)
  return rows.some((row) => [row['name'], row['model']].some((name) => name === model || name === `${model}:latest`))
    ? 'reading'
    : 'loading'
}

async function canThink(
  url: string,
  model: string,
  known: Map<string, boolean>,
  signal: AbortSignal,
): Promise<boolean> {
  const before = known.get(model)
  if (before !== undefined) return before
  const about = await showModel(url, model, AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)]))
  if (about !== null) known.set(model, about.thinking)
  return about?.thinking ?? false
}
