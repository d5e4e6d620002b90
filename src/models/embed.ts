import type { Clock, Embedder } from '../core/ports.ts'
import { fault, Fault } from '../wire/fault.ts'
import { ask } from './ask.ts'
import { embeddingsAt, type EmbeddingSeat } from './embed-look.ts'
import { prefixed } from './embed-prefix.ts'
import { isLocal } from './local.ts'
import { secretsOf, type EndpointSpec } from './look.ts'
import { isFields, plain, refusal } from './refusal.ts'

/** What was found is believed for so long, and that nothing was. */
const FOUND_MS = 10 * 60_000
const NOT_FOUND_MS = 60_000
const LOOK_MS = 3000
/** Texts that go in one request: small, so that a question never waits long behind passages. */
const AT_ONCE = 16
const MOST_NUMBERS = 16_384
const MOST_BODY = 64 * 1024 * 1024

export type Embedding = { endpoint: string; model?: string | undefined }
type Given = {
  /** What the user wants; without it, what there is on this machine and in its network, and nothing beyond. */
  embedding: Embedding | undefined
  endpoints: { configured: readonly EndpointSpec[]; usual: readonly EndpointSpec[] }
  clock: Clock
}

/** A model that measures texts: OpenAI's dialect (llama-server with --embeddings, LM Studio, vLLM) or Ollama's own. */
export function openEmbedder({ embedding, endpoints, clock }: Given): Embedder {
  let seat: EmbeddingSeat | null = null
  let until = -Infinity
  let looking: Promise<EmbeddingSeat | null> | null = null

  const look = async (): Promise<EmbeddingSeat | null> => {
    const signal = AbortSignal.timeout(LOOK_MS)
    const places = embedding ? named(embedding, endpoints) : nearby(endpoints)
    const found = await Promise.all(places.map((spec) => embeddingsAt(spec, embedding?.model, signal)))
    const all = found.flat()
    // The one in use stays in use: what another one measured would be worth nothing.
    const same = all.find(({ spec, model }) => spec.name === seat?.spec.name && model === seat.model)
    seat = same ?? all[0] ?? null
    until = clock.now() + (seat === null ? NOT_FOUND_MS : FOUND_MS)
    return seat
  }
  const current = (): Promise<EmbeddingSeat | null> => {
    if (clock.now() < until) return Promise.resolve(seat)
    looking ??= look().finally(() => (looking = null))
    return looking
  }

  return {
    async model(signal) {
      const there = await orAborted(current(), signal)
      return there && { name: there.model, endpoint: there.spec.name }
    },
    async embed(texts, what, signal) {
      const there = await orAborted(current(), signal)
      if (there === null) throw new Fault('model.none', { what: 'no embedding model was found.' })
      const vectors: Float32Array[] = []
      try {
        for (let i = 0; i < texts.length; i += AT_ONCE) {
          const some = texts.slice(i, i + AT_ONCE).map((text) => prefixed(there.model, what, text))
          vectors.push(...(await measured(there, some, signal)))
        }
      } catch (cause) {
        if (!signal.aborted) until = -Infinity
        throw cause
      }
      if (vectors.some(({ length }) => length !== vectors[0]?.length))
        throw garbled(there, 'its vectors are not of one length')
      return vectors
    },
  }
}

function named(embedding: Embedding, { configured, usual }: Given['endpoints']): EndpointSpec[] {
  const spec = [...configured, ...usual].find(({ name }) => name === embedding.endpoint)
  if (spec) return [spec]
  if (!URL.canParse(embedding.endpoint)) return []
  const url = embedding.endpoint
  // Ollama's own port, and no path that says otherwise.
  const kind = new URL(url).port === '11434' && new URL(url).pathname === '/' ? 'ollama' : 'openai'
  return [{ name: new URL(url).host, kind, url }]
}

const nearby = ({ configured, usual }: Given['endpoints']): EndpointSpec[] =>
  [...configured, ...usual].filter(({ kind, url }) => kind !== 'cloud' && isLocal(url))

async function measured(
  { spec, model }: EmbeddingSeat,
  texts: readonly string[],
  signal: AbortSignal,
): Promise<Float32Array[]> {
  const url = spec.kind === 'ollama' ? `${spec.url}/api/embed` : `${spec.url}/embeddings`
  const body =
    spec.kind === 'ollama' ? { model, input: texts, truncate: true } : { model, input: texts, encoding_format: 'float' }
  const answer = await ask({ url, key: spec.key, body }, signal, MOST_BODY)
  signal.throwIfAborted()
  if (!answer.ok) throw new Fault('engine.unreachable', { endpoint: spec.name, what: answer.why })
  const secrets = secretsOf(spec)
  if (answer.status !== 200) {
    const refused = refusal(answer.status, answer.text, { endpoint: spec.name, model, secrets })
    const told = refused === 'loading' ? fault('engine.busy', { endpoint: spec.name, status: answer.status }) : refused
    throw new Fault(told.code, told.details)
  }
  const lists = spec.kind === 'ollama' ? answer.json?.['embeddings'] : inOrder(answer.json?.['data'])
  if (!Array.isArray(lists) || lists.length !== texts.length)
    throw garbled({ spec }, `it was asked for ${texts.length} vectors, and answers ${plain(answer.text.slice(0, 80), secrets)}`) // prettier-ignore
  return lists.map((list: unknown) => unit(list, spec))
}

/** OpenAI numbers them, and promises no order. */
function inOrder(data: unknown): unknown[] | null {
  if (!Array.isArray(data)) return null
  const rows = data.filter(isFields)
  return rows.toSorted((a, b) => Number(a['index'] ?? 0) - Number(b['index'] ?? 0)).map((row) => row['embedding'])
}

/** Of length 1, or a Fault. */
function unit(list: unknown, spec: EndpointSpec): Float32Array {
  if (!Array.isArray(list) || list.length === 0 || list.length > MOST_NUMBERS)
    throw garbled({ spec }, 'what it gives is no vector')
  const vector = Float32Array.from(list, (value: unknown) => (typeof value === 'number' ? value : NaN))
  const length = Math.hypot(...vector)
  if (!Number.isFinite(length) || length === 0) throw garbled({ spec }, 'a vector of it cannot be measured')
  return vector.map((value) => value / length)
}

const garbled = ({ spec }: { spec: EndpointSpec }, what: string): Fault =>
  new Fault('engine.garbled', { endpoint: spec.name, what })

/** What it comes to, unless it is left before. */
export function orAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const leave = () => reject(signal.reason as Error) // an AbortSignal of ours aborts with an error
    if (signal.aborted) return leave()
    signal.addEventListener('abort', leave, { once: true })
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', leave))
  })
}
