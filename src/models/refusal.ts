import { fault, type FaultData } from '../wire/fault.ts'

/** `secrets` are never repeated, whatever a server says. */
export type Asked = { endpoint: string; model: string; secrets?: readonly string[] }

/** What a server's error status means. `loading`: it has started and is not ready yet, so that waiting is all it takes. */
export function refusal(status: number, body: string, asked: Asked): FaultData | 'loading' {
  const { endpoint, model, secrets } = asked
  if (status >= 400 && status !== 401 && status !== 403 && TOOLLESS.test(body))
    return toolless(ofTheRequest(fault('engine.error', { endpoint, what: plain(wordsIn(body), secrets) })), model)
  if (status === 401 || status === 403) return fault('engine.refused', { endpoint, status })
  if (status === 404)
    return parsed(body) === null
      ? fault('engine.garbled', { endpoint, what: 'it has nothing at this address (404)' })
      : fault('model.missing', { endpoint, model })
  if (status === 503 && /loading model/i.test(body)) return 'loading'
  if (status === 429 || status === 503) return fault('engine.busy', { endpoint, status })
  if (status >= 300 && status < 400)
    return fault('engine.error', { endpoint, what: `it answers with a redirect (${status}), which is not followed` })
  const told = parsed(body)
  const failure =
    told === null
      ? fault('engine.error', {
          endpoint,
          what: `status ${status}${body.trim() === '' ? '' : `: ${plain(body, secrets)}`}`,
        })
      : reported(told, asked)
  return OF_THE_REQUEST.has(status) ? ofTheRequest(failure) : failure
}
/** Ollama, vLLM, llama.cpp without templates, and gateways that find no model for it. */
const TOOLLESS =
  /does not support (?:tools|tool|function)|tools? (?:param|calling|use|choice)[^"]{0,60}(?:requires|not supported|unsupported|not enabled)|enable-auto-tool-choice|support tool use|(?:tools|tool_choice|functions?) (?:is|are) not supported|unsupported (?:parameter|param)[^"]{0,20}tools/i
const toolless = (failure: FaultData, model: string): FaultData => ({
  ...failure,
  details: { ...failure.details, tools: model },
})
/** The model that was refused because tools came with what was asked. */
export const toollessModel = ({ details }: FaultData): string | null =>
  typeof details?.['tools'] === 'string' ? details['tools'] : null
const wordsIn = (body: string): string => {
  const told = parsed(body)
  const inner = told !== null && isFields(told['error']) ? told['error'] : told
  const words = inner?.['message'] ?? told?.['error']
  return typeof words === 'string' ? words : body
}
const OF_THE_REQUEST = new Set([400, 413, 415, 422])

/** What is wrong is what was asked, and not who was asked. */
export const ofTheRequest = (failure: FaultData): FaultData => ({
  ...failure,
  details: { ...failure.details, request: true },
})
export const isOfTheRequest = ({ details }: FaultData): boolean => details?.['request'] === true

/** What an error object means, wherever in an answer it was: OpenAI's and llama.cpp's `{error: {message, type, ...}}`, Ollama's `{error: text}`. */
export function reported(object: Fields, { endpoint, model, secrets }: Asked): FaultData {
  const inner = isFields(object['error']) ? object['error'] : object
  const message = [inner['message'], object['error'], object['message'], object['detail']].find(
    (text) => typeof text === 'string',
  )
  const told = typeof message === 'string' ? message : JSON.stringify(inner)
  const size = overflow(inner, told)
  if (size) return fault('context.full', size)
  const broken = UNLOADABLE.exec(told)
  if (broken) return fault('model.broken', { endpoint, model, why: plain(broken[1] ?? '', secrets) })
  return fault('engine.error', { endpoint, what: plain(told, secrets) })
}

/** PKN's engine says so of a file that is damaged, or too large for it. */
const UNLOADABLE = /^The model .+? cannot be loaded: (.*)$/s

function overflow(error: Fields, message: string): { tokens: number; context: number } | null {
  const { n_prompt_tokens: tokens, n_ctx: context } = error
  if (error['type'] === 'exceed_context_size_error' && typeof tokens === 'number' && typeof context === 'number')
    return { tokens, context }
  // vLLM and OpenAI say it in words only.
  const said = /maximum context length is (\d+) tokens\b.*?\b(\d+)(?: input)? tokens/s.exec(message)
  return said ? { tokens: Number(said[2]), context: Number(said[1]) } : null
}

export type Fields = { readonly [name: string]: unknown }
export const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function parsed(body: string): Fields | null {
  try {
    const value: unknown = JSON.parse(body)
    return isFields(value) ? value : null
  } catch {
    return null
  }
}

/** A server's words on one line, without markup, without the secrets and at most 300 characters. */
export const plain = (text: string, secrets: readonly string[] = []): string => {
  const line = secrets
    .reduce((left, secret) => left.replaceAll(secret, '•••'), text)
    .replaceAll(/<[^<>]{0,200}>/g, ' ')
    .replaceAll(/[\s\p{Cc}]+/gu, ' ')
    .trim()
  return line.length > 300 ? `${line.slice(0, 299)}…` : line
}
