import { fault, type FaultData } from '../wire/fault.ts'
import { frameReader, FrameTooLong } from '../wire/frame.ts'
import type { OpenaiAnswer } from './openai-answer.ts'
import { type Asked, plain } from './refusal.ts'

/** Takes text as it comes, and null for its end. `done` and a fault end the answer. */
export type Reader = (text: string | null) => FaultData | 'done' | null

const LIMIT = 16 * 1024 * 1024

export function readerFor(contentType: string, asked: Asked, answer: OpenaiAnswer): Reader {
  const type = contentType.split(';')[0]!.trim().toLowerCase()
  if (type === 'application/json') return wholeReader(asked, answer)
  if (type === 'text/event-stream' || type === 'text/plain' || type === '') return streamReader(asked, answer)
  return () =>
    fault('engine.garbled', { endpoint: asked.endpoint, what: `${plain(type, asked.secrets)} instead of an answer` })
}

function streamReader({ endpoint, secrets }: Asked, answer: OpenaiAnswer): Reader {
  let first = true
  let stray: string | null = null
  let told: FaultData | null = null
  const frames = frameReader({
    limit: LIMIT,
    onStray: (line) => {
      // Errors under status 200 come without `data:` too; as `error: {...}` from llama.cpp before 2025.
      const object = line.startsWith('{') ? line : /^error:\s*(\{.*)$/.exec(line)?.[1]
      if (object === undefined) stray ??= line
      else told ??= answer.take(line.startsWith('{') ? object : `{"error":${object}}`)
    },
  })
  return (text) => {
    if (first && text !== null) {
      first = false
      if (text.startsWith('\uFEFF')) text = text.slice(1)
    }
    try {
      // The last frame may lack its empty line.
      for (const { data } of frames(text ?? '\n\n')) {
        if (data === '[DONE]') return 'done'
        const ended = answer.take(data)
        if (ended !== null) return ended
      }
    } catch (error) {
      if (!(error instanceof FrameTooLong)) throw error
      return fault('engine.garbled', { endpoint, what: error.message })
    }
    if (told !== null) return told
    if (text !== null) return null
    if (stray !== null && !answer.begun)
      return fault('engine.garbled', {
        endpoint,
        what: stray.includes('\uFFFD') ? 'bytes that are no text' : plain(stray, secrets).slice(0, 120),
      })
    return 'done'
  }
}

/** For servers that answer in one piece although a stream was asked for. */
function wholeReader({ endpoint }: Asked, answer: OpenaiAnswer): Reader {
  let body = ''
  return (text) => {
    if (text === null) return answer.take(body) ?? 'done'
    body += text
    return body.length > LIMIT ? fault('engine.garbled', { endpoint, what: `more than ${LIMIT} characters` }) : null
  }
}
