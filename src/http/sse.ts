import type { ServerResponse } from 'node:http'
import type { Clock } from '../core/ports.ts'
import { Fault, fault } from '../wire/fault.ts'
import { PING } from '../wire/frame.ts'
import type { Live } from './caller.ts'

const SILENCE_MS = 1000
/** A reader that takes nothing for so long is let go; it comes back and goes on at its offset. */
const STUCK_MS = 30_000

const SSE_HEADERS = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-cache, no-transform',
  'x-accel-buffering': 'no',
} as const

export type Pipe = Live & { clock: Clock; stopping: AbortSignal }

/**
 * Writes text to the socket as it comes, until its end, the reader's leave or the server's stop; says `: ping`,
 * or what is known better, whenever a second has passed in silence. Buffers no more than one piece: a slow reader slows only itself.
 */
export async function pipe(
  raw: ServerResponse,
  { text: live, lost = () => '', quiet: words = () => null, headers, clock, stopping }: Pipe,
): Promise<void> {
  const leave = new AbortController()
  const gone = () => leave.abort()
  raw.once('close', gone)
  stopping.addEventListener('abort', gone)
  // It may have left while its request was being answered.
  if (stopping.aborted || raw.destroyed) leave.abort()
  raw.socket?.setNoDelay(true)
  raw.writeHead(200, { ...SSE_HEADERS, ...headers })
  raw.flushHeaders()
  let last = clock.now()
  let cancelPing = () => {}
  const ping = () => {
    const quiet = clock.now() - last
    if (quiet >= SILENCE_MS && raw.writableLength === 0) {
      raw.write(words() ?? PING)
      last = clock.now()
    }
    cancelPing = clock.after(Math.max(SILENCE_MS - (clock.now() - last), 10), ping)
  }
  cancelPing = clock.after(SILENCE_MS, ping)
  try {
    for await (const text of live(leave.signal)) {
      if (text === '') continue
      last = clock.now()
      if (!raw.write(text) && !(await drained(raw, clock, leave.signal))) break
    }
    if (stopping.aborted) raw.write(lost(fault('server.stopping')))
  } catch (cause) {
    if (!(cause instanceof Fault)) throw cause
    raw.write(lost(cause.toData()))
    // A run that was removed is the end that somebody asked for.
    if (cause.code !== 'run.missing') throw cause
  } finally {
    cancelPing()
    stopping.removeEventListener('abort', gone)
    raw.off('close', gone)
    if (!raw.destroyed) raw.end()
  }
}

/** False when the reader has taken nothing for too long, or has left. */
function drained(raw: ServerResponse, clock: Clock, left: AbortSignal): Promise<boolean> {
  if (left.aborted) return Promise.resolve(false)
  return new Promise((resolve) => {
    const done = (ok: boolean) => {
      cancel()
      raw.off('drain', onDrain)
      left.removeEventListener('abort', onLeft)
      resolve(ok)
    }
    const onDrain = () => done(true)
    const onLeft = () => done(false)
    const cancel = clock.after(STUCK_MS, () => {
      raw.destroy()
      done(false)
    })
    raw.once('drain', onDrain)
    left.addEventListener('abort', onLeft)
  })
}
