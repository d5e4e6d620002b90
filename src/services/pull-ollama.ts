import { z } from 'zod'
import { Fault } from '../wire/fault.ts'
import { waitFor, type Got } from './download.ts'
import { textOf, whyOf } from './download-ask.ts'
import type { Telling } from './pull-files.ts'

const Line = z.object({
  status: z.string().optional(),
  error: z.string().optional(),
  digest: z.string().optional(),
  total: z.number().optional(),
  completed: z.number().optional(),
})

export type OllamaAsked = {
  /** Where Ollama answers. */
  url: string
  name: string
  tell: Telling
  signal: AbortSignal
  pause?: ((ms: number, signal: AbortSignal) => Promise<void>) | undefined
}

const ATTEMPTS = 6

/** Lets Ollama get a model, which then lives there. Closing the connection stops it; the next pull goes on from what it has. */
export async function pullIntoOllama(asked: OllamaAsked): Promise<Got> {
  const { signal, pause = waitFor } = asked
  let why = ''
  let most = 0
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    if (attempt > 0) await pause(500 * 2 ** attempt, signal)
    if (signal.aborted) return { ok: false, why: 'it was stopped' }
    const end = await once(asked).catch((cause: unknown) => ({ end: 'cut' as const, why: whyOf(cause), done: 0 }))
    if (signal.aborted) return { ok: false, why: 'it was stopped' }
    if (end.end === 'whole') return { ok: true, bytes: end.done }
    if (end.end === 'refused') return { ok: false, why: end.why }
    why = end.why
    if (end.done > most) attempt = 0
    most = Math.max(most, end.done)
    if (attempt + 1 < ATTEMPTS) asked.tell.note(`Ollama at ${asked.url}: ${why}; trying again`)
  }
  return { ok: false, why }
}

/** Lets Ollama delete a model of its own. */
export async function removeFromOllama(url: string, name: string): Promise<void> {
  const response = await fetch(`${url.replace(/\/+$/, '')}/api/delete`, {
    method: 'DELETE',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ model: name }),
    signal: AbortSignal.timeout(30_000),
  }).catch((cause: unknown) => {
    throw new Fault('engine.unreachable', { endpoint: 'ollama', what: whyOf(cause) }, { cause })
  })
  await response.body?.cancel()
  if (response.status === 404) throw new Fault('shelf.missing', { name: `ollama:${name}` })
  if (!response.ok) throw new Fault('engine.error', { endpoint: 'ollama', what: `it answered ${response.status}` })
}

type End = { end: 'whole'; done: number } | { end: 'cut' | 'refused'; why: string; done: number }

async function once({ url, name, tell, signal }: OllamaAsked): Promise<End> {
  const response = await fetch(`${url.replace(/\/+$/, '')}/api/pull`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ model: name, stream: true }),
    signal,
  })
  if (!response.ok || response.body === null) {
    const said = await textOf(response, MOST).catch(() => '')
    return {
      end: response.status >= 500 ? 'cut' : 'refused',
      why: `Ollama answered ${response.status} ${said.slice(0, 200)}`.trim(),
      done: 0,
    }
  }
  const layers = new Map<string, { total: number; completed: number }>()
  let status = ''
  const done = () => [...layers.values()].reduce((all, { completed }) => all + completed, 0)
  for await (const text of lines(response.body)) {
    const line = readLine(text)
    if (line === null) continue
    if (line.error !== undefined) return { end: 'refused', why: `Ollama says: ${line.error}`, done: done() }
    status = line.status ?? status
    tell.verifying(status.startsWith('verifying') || status.startsWith('writing'))
    if (line.digest === undefined || line.total === undefined) continue
    layers.set(line.digest, { total: line.total, completed: line.completed ?? layers.get(line.digest)?.completed ?? 0 })
    tell.progress(
      done(),
      [...layers.values()].reduce((all, { total }) => all + total, 0),
    )
  }
  return status === 'success'
    ? { end: 'whole', done: done() }
    : { end: 'cut', why: 'Ollama ended in the middle', done: done() }
}

function readLine(text: string): z.infer<typeof Line> | null {
  try {
    const parsed = Line.safeParse(JSON.parse(text))
    return parsed.success ? parsed.data : null
  } catch {
    return null
  }
}

const MOST = 1_000_000

async function* lines(body: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder()
  let rest = ''
  for await (const piece of body) {
    const parts = (rest + decoder.decode(piece, { stream: true })).split('\n')
    rest = (parts.pop() ?? '').slice(0, MOST)
    yield* parts.filter((part) => part.trim() !== '')
  }
  if (rest.trim() !== '') yield rest
}
