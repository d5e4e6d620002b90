import { z } from 'zod'
import { frameReader } from '../wire/frame.ts'
import { bad, ok, quoted, warn, type Finding } from './finding.ts'

const WATCH_MS = 3500
const ANSWER_MS = 10_000
const LATE_MS = 700
const SILENT_MS = 2200
const CURE =
  'Turn its buffering off (nginx: proxy_buffering off; Apache: flushpackets=on; no compression of text/event-stream)'

/** When something came, and when it was written, where it tells that itself; both in milliseconds of a beginning of their own. */
export type Arrival = { at: number; t: number | null }

/**
 * Asks the server for an answer under an address that the browser uses, and looks whether what it says comes one by one or in lumps. The
 * session that it makes for that is removed again.
 */
export async function checkStream(base: string, hosts: readonly string[]): Promise<Finding> {
  const root = base.replace(/\/+(pkn\.html)?$/, '')
  try {
    const health = await asked(`${root}/health`, {})
    if (health.status === 403 || health.status === 421) {
      const host = new URL(root).hostname
      return bad(
        'stream',
        `${root} is refused: ${host} is not one of the server's names`,
        `./pkn config set hosts ${quoted(JSON.stringify([...hosts, host]))}`,
      )
    }
    if (!Health.safeParse(health.body).success)
      return bad('stream', `${root}/health answers ${health.status}, and not as PKN does`, `curl -i ${root}/health`)
    const session = Id.parse(
      (await asked(`${root}/v1/sessions`, { method: 'POST', ...json({ title: 'pkn doctor' }) })).body,
    ).id
    try {
      return judgeStream(root, await arrivals(`${root}/v1/sessions/${session}/messages`))
    } finally {
      await asked(`${root}/v1/sessions/${session}`, { method: 'DELETE' })
    }
  } catch (cause) {
    if (!(cause instanceof Error)) throw cause
    const why = cause.cause instanceof Error ? cause.cause.message : cause.message
    return bad('stream', `${root} cannot be followed: ${why}`, `curl -i ${root}/health`)
  }
}

/** Exported for its test: what comes later than it was written, or not for two seconds, was held back. */
export function judgeStream(root: string, { came, open }: { came: readonly Arrival[]; open: number }): Finding {
  const told = came.flatMap(({ at, t }) => (t === null ? [] : [at - t]))
  const late = told.length === 0 ? 0 : Math.max(...told) - Math.min(...told)
  const times = [0, ...came.map(({ at }) => at), open]
  const gap = Math.max(...times.slice(1).map((at, i) => at - (times[i] ?? 0)))
  if (late > LATE_MS)
    return bad(
      'stream',
      `${root}: something on the way holds the stream back: words came up to ${seconds(late)} after they were written. ${CURE}`,
    )
  if (gap > SILENT_MS)
    return bad(
      'stream',
      `${root}: something on the way holds the stream back: nothing came for ${seconds(gap)}, but the server is never silent for longer than 1 s. ${CURE}`,
    )
  if (open < 1000)
    return warn(
      'stream',
      `${root}: the answer was over within ${seconds(open)}, too quick to see whether anything holds streams back`,
    )
  return ok('stream', `${root}: ${came.length} pieces, one by one, at most ${seconds(gap)} apart`)
}

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`
const Health = z.object({ status: z.literal('ok'), version: z.string() })
const Id = z.object({ id: z.string().regex(/^\w+$/) })
const Written = z.object({ t: z.number() })
const json = (body: unknown) => ({ headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) })

async function asked(url: string, init: RequestInit): Promise<{ status: number; body: unknown }> {
  const response = await fetch(url, { ...init, redirect: 'manual', signal: AbortSignal.timeout(ANSWER_MS) })
  const text = await response.text()
  try {
    return { status: response.status, body: JSON.parse(text) as unknown }
  } catch {
    return { status: response.status, body: null }
  }
}

async function arrivals(url: string): Promise<{ came: Arrival[]; open: number }> {
  const began = performance.now()
  const since = () => performance.now() - began
  const came: Arrival[] = []
  const read = frameReader({ onComment: () => came.push({ at: since(), t: null }) })
  const stop = AbortSignal.timeout(WATCH_MS)
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
      body: JSON.stringify({ text: 'Count slowly from one to one hundred, in words.' }),
      signal: stop,
    })
    if (response.status !== 200) throw new Error(`a message was answered with ${response.status}`)
    const text = new TextDecoder()
    for await (const piece of response.body ?? [])
      for (const { data } of read(text.decode(piece, { stream: true }))) {
        const written = Written.safeParse(JSON.parse(data))
        came.push({ at: since(), t: written.success ? written.data.t : null })
      }
  } catch (cause) {
    if (!stop.aborted) throw cause
  }
  return { came, open: since() }
}
