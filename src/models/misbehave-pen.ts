import type { ServerResponse } from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'

export type Finish = 'stop' | 'length' | 'tools'

/** Writes one answer as a server of a dialect would, or as it never should. */
export interface Pen {
  readonly response: ServerResponse
  /** Aborts when the connection has closed, which ends every pause. */
  readonly gone: AbortSignal
  head(status?: number, contentType?: string): void
  text(text: string): void
  thought(text: string): void
  /** One call, in as many fragments as the dialect knows. */
  call(index: number, id: string, tool: string, pieces: readonly string[]): void
  /** How much of the prompt was read, in the dialect that knows it. */
  progress(done: number, total: number): void
  error(message: string): void
  /** How it ended, and its figures. */
  finish(how: Finish, usage?: { input: unknown; output: unknown }): void
  /** What is said after the last, and the end of the body. */
  close(): void
  refuse(status: number, error: object): void
  raw(bytes: string | Uint8Array): void
  /** The bytes that `text` would write. */
  encode(text: string): string
  pause(ms: number): Promise<void>
  /** Never resolves by itself: only when the other side has gone. */
  silence(): Promise<void>
}

function basics(response: ServerResponse, gone: AbortSignal, contentType: string) {
  const pause = (ms: number) => wait(ms, undefined, { signal: gone }).catch(() => {})
  return {
    response,
    gone,
    pause,
    silence: () =>
      new Promise<void>((resolve) => {
        if (gone.aborted) resolve()
        else gone.addEventListener('abort', () => resolve(), { once: true })
      }),
    head: (status = 200, type = contentType) => {
      response.writeHead(status, { 'content-type': type })
      response.flushHeaders()
    },
    raw: (bytes: string | Uint8Array) => void response.write(bytes),
    refuse: (status: number, error: object) => {
      response.writeHead(status, { 'content-type': 'application/json' })
      response.end(JSON.stringify(error))
    },
  }
}

export function openaiPen(response: ServerResponse, gone: AbortSignal, model: string): Pen {
  const base = basics(response, gone, 'text/event-stream')
  const frame = (fields: object) =>
    `data: ${JSON.stringify({ id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 1, model, ...fields })}\n\n`
  const delta = (delta: object, finish_reason: string | null = null) =>
    frame({ choices: [{ index: 0, delta, finish_reason }] })
  const encode = (content: string) => delta({ content })
  return {
    ...base,
    encode,
    text: (content) => base.raw(encode(content)),
    thought: (reasoning_content) => base.raw(delta({ reasoning_content })),
    call: (index, id, name, pieces) => {
      const [first = '', ...rest] = pieces
      const begin = { index, id, type: 'function', function: { name, arguments: first } }
      base.raw(delta({ tool_calls: [begin] }))
      for (const piece of rest) base.raw(delta({ tool_calls: [{ index, function: { arguments: piece } }] }))
    },
    progress: (processed, total) =>
      base.raw(frame({ choices: [], prompt_progress: { processed, total, cache: 0, time_ms: 1 } })),
    error: (message) =>
      base.raw(`data: ${JSON.stringify({ error: { code: 500, message, type: 'server_error' } })}\n\n`),
    finish: (how, usage) => {
      base.raw(delta({}, how === 'tools' ? 'tool_calls' : how))
      if (usage)
        base.raw(frame({ choices: [], usage: { prompt_tokens: usage.input, completion_tokens: usage.output } }))
    },
    close: () => void response.end('data: [DONE]\n\n'),
  }
}

export function ollamaPen(response: ServerResponse, gone: AbortSignal, model: string): Pen {
  const base = basics(response, gone, 'application/x-ndjson')
  const line = (fields: object) => `${JSON.stringify({ model, created_at: '2026-01-01T00:00:00Z', ...fields })}\n`
  const said = (message: object) => line({ message: { role: 'assistant', ...message }, done: false })
  const encode = (content: string) => said({ content })
  return {
    ...base,
    encode,
    text: (content) => base.raw(encode(content)),
    thought: (thinking) => base.raw(said({ content: '', thinking })),
    call: (_index, id, name, pieces) => {
      const whole = parsed(pieces.join(''))
      base.raw(said({ content: '', tool_calls: [{ id, function: { name, arguments: whole } }] }))
    },
    progress: () => {},
    error: (error) => base.raw(`${JSON.stringify({ error })}\n`),
    finish: (how, usage) => {
      const done_reason = how === 'length' ? 'length' : 'stop'
      const figures = {
        prompt_eval_count: usage?.input ?? 1,
        eval_count: usage?.output ?? 1,
        eval_duration: 1e6,
        load_duration: 5e6,
      }
      base.raw(line({ message: { role: 'assistant', content: '' }, done: true, done_reason, ...figures }))
    },
    close: () => void response.end(),
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
