import type { LanguageModelV4, LanguageModelV4StreamPart } from '@ai-sdk/provider'
import type { Model, ModelEvent, Turn } from '../core/ports.ts'
import { Json } from '../wire/event.ts'
import { fault, type FaultData } from '../wire/fault.ts'
import { openFetch } from './ai-fetch.ts'
import { callOptions } from './ai-prompt.ts'
import { type Asked, isFields, ofTheRequest, plain, refusal } from './refusal.ts'
import { free, refusedHold, Unheld } from './unheld.ts'

/** Makes one model of a provider; `fetch` is how it may reach the network. */
export type OpenLanguageModel = (model: string, fetch: typeof globalThis.fetch) => Promise<LanguageModelV4>

/** The bridge to every provider of the AI SDK. `endpoint` is the name that faults give it; `secrets` are kept out of what it reports. */
export function aiSdkModel(endpoint: string, open: OpenLanguageModel, secrets: () => readonly string[]): Model {
  const unheld = new Unheld()
  return {
    async *stream(turn, signal) {
      if (signal.aborted) return
      const asked: Asked = { endpoint, model: turn.model }
      const web = openFetch()
      const left = new AbortController()
      const failed = (cause: unknown): readonly ModelEvent[] => [
        { type: 'model.fail', fault: redacted(faultOf(cause, asked), secrets()) },
      ]
      try {
        yield [{ type: 'phase', phase: 'starting' }]
        const model = await open(turn.model, web.fetch)
        const over = AbortSignal.any([signal, left.signal])
        const first = unheld.fit(turn)
        const answer = Promise.resolve(model.doStream(callOptions(first, over))).catch(async (cause: unknown) => {
          if (signal.aborted || !isRefusedHold(first, cause, asked)) throw cause
          const answered = await model.doStream(callOptions(free(turn), over))
          unheld.learn(turn)
          return answered
        })
        await Promise.race([web.connected, answer])
        // A provider may keep its headers until it has read and thought, which is no reason to give up on connecting.
        if (!signal.aborted) yield [{ type: 'phase', phase: 'reading' }]
        const { stream } = await answer
        yield [{ type: 'model.open' }]
        let ended = false
        for await (const part of stream) {
          const events = eventsOf(part, asked)
          if (events === null) yield failed(part.type === 'error' ? part.error : null)
          else if (events.length > 0) yield events
          ended = events === null || events.some(({ type }) => type === 'model.end' || type === 'model.fail')
          if (ended || signal.aborted) return
        }
        if (!ended && !signal.aborted) yield [{ type: 'model.fail', fault: fault('engine.cut', { endpoint }) }]
      } catch (cause) {
        if (!signal.aborted) yield failed(cause)
      } finally {
        left.abort()
        await web.closed()
      }
    },
  }
}

function isRefusedHold(turn: Turn, cause: unknown, asked: Asked): boolean {
  if (!isFields(cause) || typeof cause['statusCode'] !== 'number') return false
  const { statusCode: status, responseBody } = cause
  const body = typeof responseBody === 'string' ? responseBody : ''
  const refused = refusal(status, body, asked)
  return refused !== 'loading' && refusedHold(turn, status, body, refused)
}

/** What a part of the stream means; null for an error, which its sender describes. */
function eventsOf(part: LanguageModelV4StreamPart, { endpoint }: Asked): readonly ModelEvent[] | null {
  switch (part.type) {
    case 'text-delta':
      return [{ type: 'text.delta', text: part.delta }]
    case 'reasoning-delta':
      return [{ type: 'thought.delta', text: part.delta }]
    case 'tool-call':
      // What the provider itself has done is told in its words.
      if (part.providerExecuted === true) return []
      return [{ type: 'tool.call', id: part.toolCallId, tool: part.toolName, input: inputOf(part.input) }]
    case 'finish': {
      const { inputTokens, outputTokens } = part.usage
      const usage = {
        type: 'usage',
        input: inputTokens.total ?? 0,
        cached: inputTokens.cacheRead ?? 0,
        output: outputTokens.total ?? 0,
      } as const
      switch (part.finishReason.unified) {
        case 'stop':
        case 'other':
          return [usage, { type: 'model.end', finish: 'stop' }]
        case 'length':
          return [usage, { type: 'model.end', finish: 'length' }]
        case 'tool-calls':
          return [usage, { type: 'model.end', finish: 'tools' }]
        case 'content-filter':
          return [
            usage,
            {
              type: 'model.fail',
              fault: ofTheRequest(fault('engine.error', { endpoint, what: 'its content filter ended the answer' })),
            },
          ]
        case 'error':
        case 'interrupted':
          return [usage, { type: 'model.fail', fault: fault('engine.cut', { endpoint }) }]
      }
    }
    case 'error':
      return null
    case 'text-start':
    case 'text-end':
    case 'reasoning-start':
    case 'reasoning-end':
    case 'tool-input-start':
    case 'tool-input-delta':
    case 'tool-input-end':
    case 'tool-approval-request':
    case 'tool-result':
    case 'custom':
    case 'file':
    case 'reasoning-file':
    case 'source':
    case 'stream-start':
    case 'response-metadata':
    case 'ping':
    case 'raw':
      return []
  }
}

/** Arguments come as text; those that are no JSON fit no tool, which is then told to the model. */
function inputOf(text: string): Json {
  try {
    return Json.parse(JSON.parse(text === '' ? '{}' : text))
  } catch {
    return null
  }
}

/** The SDK throws errors of its own: with a status where the provider answered, else with the network's as their cause. */
function faultOf(cause: unknown, asked: Asked): FaultData {
  const { endpoint } = asked
  // A body that breaks off comes with the status that it began with.
  if (isFields(cause) && typeof cause['statusCode'] === 'number' && cause['statusCode'] >= 300) {
    const status = cause['statusCode']
    // https://platform.claude.com/docs/en/api/errors: overloaded.
    if (status === 529) return fault('engine.busy', { endpoint, status })
    const body = cause['responseBody']
    const refused = refusal(status, typeof body === 'string' ? body : '', asked)
    return refused === 'loading' ? fault('engine.busy', { endpoint, status: 503 }) : refused
  }
  // An error in mid-stream comes as the provider put it.
  if (!(cause instanceof Error)) return fault('engine.error', { endpoint, what: plain(wordsOf(cause)) })
  const inner = cause.cause instanceof Error ? cause.cause : cause
  const code = isFields(inner) && typeof inner['code'] === 'string' ? inner['code'] : ''
  const begun = isFields(cause) && cause['statusCode'] === 200
  if (begun || code === 'ECONNRESET' || /terminated|aborted/i.test(inner.message))
    return fault('engine.cut', { endpoint })
  if (code !== '') return fault('engine.unreachable', { endpoint, what: plain(inner.message) })
  return fault('engine.garbled', { endpoint, what: plain(cause.message) })
}

function wordsOf(error: unknown): string {
  if (typeof error === 'string') return error
  const told = isFields(error) ? (isFields(error['error']) ? error['error'] : error)['message'] : null
  return typeof told === 'string' ? told : JSON.stringify(error)
}

/** Some providers say the key back to whoever sent a wrong one. */
function redacted(told: FaultData, secrets: readonly string[]): FaultData {
  const clean = (text: string) =>
    secrets.reduce((shown, secret) => (secret.length < 6 ? shown : shown.replaceAll(secret, '[key]')), text)
  const details = Object.fromEntries(
    Object.entries(told.details ?? {}).map(([name, value]) => [name, typeof value === 'string' ? clean(value) : value]),
  )
  return { ...told, message: clean(told.message), ...(told.details ? { details } : {}) }
}
