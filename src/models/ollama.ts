import type { Model } from '../core/ports.ts'
import { fault } from '../wire/fault.ts'
import { FrameTooLong } from '../wire/frame.ts'
import { ask } from './ask.ts'
import { Batch } from './batch.ts'
import { lineReader } from './line-reader.ts'
import { OllamaAnswer } from './ollama-answer.ts'
import { ollamaRequest } from './ollama-request.ts'
import { calledByFormat } from './called-by-format.ts'
import { free, refusedHold, Unheld } from './unheld.ts'
import { showModel } from './probe-ollama.ts'
import { type Asked, isFields, plain, refusal } from './refusal.ts'
import { type PhaseBit, whileSilent } from './quiet.ts'
import type { Way } from './continuation.ts'
import type { Work } from './work.ts'
import { bodyOf, exchange } from './upstream.ts'

const POLL_MS = 700
const PATIENCE_MS = 2000
const LINE_LIMIT = 16 * 1024 * 1024

/**
 * A model behind Ollama's own API. Ollama sends nothing at all until the first token: until then it is asked every 700 ms what is in its
 * memory, and each answer is an event that tells loading from reading.
 */
export function ollamaModel(server: {
  name: string
  url: string
  /** Whether a model goes on from what was said, as far as that is known. */
  way?: (model: string) => Way | null
  work?: Work
}): Model {
  const endpoint = server.name
  const url = server.url.replace(/\/+$/, '').replace(/\/v1$/, '')
  /** Whether a model can think, by name, so that each is asked about once. */
  const thinking = new Map<string, boolean>()
  const unheld = new Unheld()
  const model: Model = {
    async *stream(wanted, signal) {
      const turn = unheld.fit(wanted)
      const asked: Asked = { endpoint, model: turn.model }
      if (signal.aborted) return
      yield [{ type: 'phase', phase: 'starting' }]
      const think = await canThink(url, turn.model, thinking, signal)
      const enough = new AbortController()
      const goesOn = turn.said !== undefined && (server.way?.(turn.model)?.text ?? false)
      const body = ollamaRequest(turn, think, goesOn)
      const bits = exchange({ endpoint, url: `${url}/api/chat`, body }, AbortSignal.any([signal, enough.signal]))
      const batch = new Batch()
      const answer = new OllamaAnswer(asked, batch, {
        ...(goesOn ? { said: turn.said } : {}),
        ...(calledByFormat(turn) === null ? {} : { must: turn.must }),
      })
      const lines = lineReader(LINE_LIMIT)
      const close = server.work?.begin()
      let patience: NodeJS.Timeout | undefined
      try {
        for await (const bit of whileSilent(bits, enough, { soonMs: POLL_MS, ms: POLL_MS }, (spoke) =>
          residence(url, turn.model, spoke),
        )) {
          switch (bit.type) {
            case 'phase':
              if (bit.phase === 'loading') answer.wasLoaded()
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
                if (!signal.aborted && refused !== 'loading' && refusedHold(turn, bit.status, text, refused)) {
                  unheld.learn(turn)
                  yield* model.stream(free(turn), signal)
                  return
                }
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
        close?.()
      }
    },
  }
  return model
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

/** `loading` while the model is not in Ollama's memory, then `reading`; null if it does not tell. */
async function residence(url: string, model: string, signal: AbortSignal): Promise<PhaseBit | null> {
  const answer = await ask({ url: `${url}/api/ps` }, AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)]))
  if (!answer.ok || answer.status !== 200 || !Array.isArray(answer.json?.['models'])) return null
  const rows = answer.json['models'].filter(isFields)
  const there = rows.some((row) =>
    [row['name'], row['model']].some((name) => name === model || name === `${model}:latest`),
  )
  return { type: 'phase', phase: there ? 'reading' : 'loading' }
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
