import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import { encodeFrame, PING } from '../wire/frame.ts'
import type { Piece } from './answer-reader.ts'
import type { Out, Tell } from './answer.ts'
import type { Ask, Refusal } from './ask.ts'

const MOST_WAITING = 1024 * 1024

/** What an answer says, as the OpenAI dialect has it: chunks as they come, or one object in the end. */
export function replier(response: ServerResponse, ask: Ask, model: string, signal: AbortSignal): Tell {
  const head = { id: `chatcmpl-${randomUUID()}`, created: Math.floor(Date.now() / 1000), model }
  return ask.stream === true ? streamed(response, ask, head, signal) : collected(response, head)
}

type Head = { id: string; created: number; model: string }

function streamed(response: ServerResponse, ask: Ask, head: Head, signal: AbortSignal): Tell {
  const ping = setInterval(() => {
    open()
    response.write(PING)
  }, 1000)
  if (signal.aborted) clearInterval(ping)
  signal.addEventListener('abort', () => clearInterval(ping), { once: true })
  let calls = 0
  let begun = false
  const open = () => {
    if (response.headersSent) return
    response.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-cache, no-transform',
      'x-accel-buffering': 'no',
    })
  }
  const send = (body: object): boolean => {
    open()
    ping.refresh()
    return response.write(encodeFrame({ data: JSON.stringify(body) }))
  }
  const chunk = (choices: object[], more: object = {}) =>
    send({ ...head, object: 'chat.completion.chunk', choices, ...more })
  const delta = (body: object) => {
    const role = begun ? {} : { role: 'assistant' }
    begun = true
    return chunk([{ index: 0, delta: { ...role, ...body }, finish_reason: null }])
  }
  const one = (out: Out): void => {
    switch (out.type) {
      case 'phase':
        return void chunk([], { pkn_phase: out.phase })
      case 'reading':
        return void chunk([], { prompt_progress: out.reading })
      case 'piece':
        return void delta(deltaOf(out.piece, () => calls++))
      case 'end':
        clearInterval(ping)
        chunk([{ index: 0, delta: {}, finish_reason: out.finish }], { timings: out.timings })
        if (ask.stream_options?.include_usage === true) chunk([], { usage: out.usage, timings: out.timings })
        return void response.end(encodeFrame({ data: '[DONE]' }))
      case 'error':
        clearInterval(ping)
        if (!response.headersSent) return refuse(response, out.error)
        send({ error: out.error })
        return void response.end()
    }
  }
  return async (out) => {
    if (signal.aborted) return
    one(out)
    // Whoever reads more slowly than the model writes is waited for.
    if (response.writableLength > MOST_WAITING) await once(response, 'drain', { signal }).catch(() => undefined)
  }
}

function deltaOf(piece: Piece, index: () => number): object {
  switch (piece.kind) {
    case 'thought':
      return { reasoning_content: piece.text }
    case 'text':
      return { content: piece.text }
    case 'call':
      return { tool_calls: [{ index: index(), ...callOf(piece) }] }
  }
}

const callOf = ({ name, input }: Extract<Piece, { kind: 'call' }>) => ({
  id: `call_${randomUUID()}`,
  type: 'function',
  function: { name, arguments: JSON.stringify(input) },
})

function collected(response: ServerResponse, head: Head): Tell {
  let content = ''
  let thought = ''
  const calls: object[] = []
  return (out) => {
    switch (out.type) {
      case 'phase':
      case 'reading':
        return
      case 'piece':
        if (out.piece.kind === 'text') content += out.piece.text
        else if (out.piece.kind === 'thought') thought += out.piece.text
        else calls.push(callOf(out.piece))
        return
      case 'end': {
        const message = {
          role: 'assistant',
          content,
          ...(thought === '' ? {} : { reasoning_content: thought }),
          ...(calls.length === 0 ? {} : { tool_calls: calls }),
        }
        const choices = [{ index: 0, message, finish_reason: out.finish }]
        const { usage, timings } = out
        return sendJson(response, 200, { ...head, object: 'chat.completion', choices, usage, timings })
      }
      case 'error':
        return refuse(response, out.error)
    }
  }
}

export const refuse = (response: ServerResponse, error: Refusal): void => sendJson(response, error.code, { error })

export function sendJson(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' })
  response.end(JSON.stringify(body))
}
