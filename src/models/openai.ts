import { setTimeout as wait } from 'node:timers/promises'
import type { Model, ModelEvent, Turn } from '../core/ports.ts'
import { Batch } from './batch.ts'
import type { Way } from './continuation.ts'
import { whySilent } from './llama-quiet.ts'
import { secretsOf } from './look.ts'
import { OpenaiAnswer } from './openai-answer.ts'
import { type OpenaiKind, openaiRequest } from './openai-request.ts'
import { type Reader, readerFor } from './openai-readers.ts'
import { whileSilent } from './quiet.ts'
import { type Asked, refusal } from './refusal.ts'
import { asCall, calledByFormat } from './called-by-format.ts'
import { free, refusedHold, Unheld } from './unheld.ts'
import { bodyOf, exchange } from './upstream.ts'
import type { Streams } from './work.ts'

/** How often a server that is loading its model is asked again. */
const AGAIN_MS = 400
/** How long the rest is waited for once the outcome is known: figures after the end of an answer, the words of a refusal. */
const PATIENCE_MS = 2000
/** After how long without a word a server is asked why. */
const SILENT = { soonMs: 300, ms: 1000 }

export type OpenaiServer = {
  name: string
  url: string
  key?: string | undefined
  kind: OpenaiKind
  /** How a model goes on from what was said, as far as that is known. */
  way?: (model: string) => Way | null
  /** Told of each stream. */
  streams?: Streams
  /** What its models were found not to be held by. */
  unheld?: Unheld
}

/** A model behind llama.cpp's server, LM Studio, vLLM, OpenAI, PKN's own engine, or any server with POST {url}/chat/completions. */
export function openaiModel(server: OpenaiServer): Model {
  const model = plainModel(server)
  // llama.cpp lets a model say what it likes before a call that is required; a form it holds.
  if (server.kind !== 'llama') return model
  return {
    async *stream(turn, signal) {
      const forced = calledByFormat(turn)
      if (forced === null || turn.must === undefined) return yield* model.stream(turn, signal)
      const { schema, messages } = forced
      const asked = { ...free(turn), tools: [], messages, format: { name: turn.must, schema } }
      yield* asCall(model.stream(asked, signal), turn.must)
    },
  }
}

function plainModel(server: OpenaiServer): Model {
  const unheld = server.unheld ?? new Unheld()
  return {
    async *stream(turn, signal) {
      if (signal.aborted) return
      const job = server.streams?.begin()
      let outcome: Outcome = 'left'
      let asked = unheld.fit(turn)
      let refused = false
      try {
        for (let again = false; ; again = true) {
          const accepted = () => {
            if (refused) unheld.learn(turn)
          }
          outcome = yield* attempt(server, asked, signal, { again, seed: job?.seed, accepted })
          if (outcome === 'held') {
            asked = free(turn)
            refused = true
            continue
          }
          if (outcome !== 'loading') return
          yield [{ type: 'phase', phase: 'loading' }]
          await wait(AGAIN_MS, undefined, { signal }).catch(() => {})
          if (signal.aborted) return
        }
      } finally {
        job?.end(outcome === 'whole')
      }
    },
  }
}

/** `held`: it was refused for what holds the turn to a form or a call, so that it is to be asked without. */
type Outcome = 'loading' | 'held' | 'left' | 'whole'

async function* attempt(
  server: OpenaiServer,
  turn: Turn,
  signal: AbortSignal,
  { again, seed, accepted }: { again: boolean; seed: number | undefined; accepted: () => void },
): AsyncGenerator<readonly ModelEvent[], Outcome, undefined> {
  const { name: endpoint, kind, key } = server
  const url = `${server.url.replace(/\/+$/, '')}/chat/completions`
  const asked: Asked = { endpoint, model: turn.model, secrets: secretsOf(server) }
  if (!again) yield [{ type: 'phase', phase: 'starting' }]
  const goOn = (turn.said && server.way?.(turn.model)?.fields) ?? null
  const body = openaiRequest(turn, kind, url, { goOn, ...(seed === undefined ? {} : { seed }) })
  const enough = new AbortController()
  const bits = exchange({ endpoint, url, key, body }, AbortSignal.any([signal, enough.signal]))
  const batch = new Batch()
  const answer = new OpenaiAnswer(asked, batch, goOn ? turn.said : undefined)
  let read: Reader = () => null
  let patience: NodeJS.Timeout | undefined
  /** Whether the phase last told is another than reading. */
  let elsewhere = again
  const learn = async (silent: AbortSignal) =>
    kind === 'llama' && seed !== undefined ? whySilent(server, turn.model, seed, silent) : null
  try {
    for await (const bit of whileSilent(bits, enough, SILENT, learn)) {
      switch (bit.type) {
        case 'phase':
          elsewhere = true
          yield [bit]
          break
        case 'connected':
          // A server may keep its headers until it has read the prompt, which is no reason to give up on connecting.
          if (!again) yield [{ type: 'phase', phase: 'reading' }]
          break
        case 'head': {
          if (bit.status !== 200) {
            patience = setTimeout(() => enough.abort(), PATIENCE_MS)
            const words = await bodyOf(bits)
            const refused = refusal(bit.status, words, asked)
            if (refused === 'loading') return 'loading'
            if (refusedHold(turn, bit.status, words, refused)) return 'held'
            if (!signal.aborted) yield [{ type: 'model.fail', fault: refused }]
            return 'whole'
          }
          accepted()
          read = readerFor(bit.contentType, asked, answer)
          yield elsewhere ? [{ type: 'model.open' }, { type: 'phase', phase: 'reading' }] : [{ type: 'model.open' }]
          break
        }
        case 'text':
        case 'end': {
          const ended = read(bit.type === 'end' ? null : bit.text)
          if (ended === 'done') answer.end()
          else if (ended !== null) batch.add({ type: 'model.fail', fault: ended })
          if (!batch.empty) yield batch.take()
          if (ended !== null) return ended === 'done' && answer.finished ? 'whole' : 'left'
          if (answer.finished) patience ??= setTimeout(() => enough.abort(), PATIENCE_MS)
          break
        }
        case 'failed':
          if (answer.finished) answer.end()
          else batch.add({ type: 'model.fail', fault: bit.fault })
          yield batch.take()
          return answer.finished ? 'whole' : 'left'
      }
    }
    if (enough.signal.aborted && !signal.aborted && answer.finished) {
      answer.end()
      yield batch.take()
    }
    return 'left'
  } finally {
    clearTimeout(patience)
  }
}
