import { fault, type FaultData } from '../wire/fault.ts'
import type { Clock, ModelEvent, Say } from './ports.ts'

/** Milliseconds without progress that are borne: until the connection stands, until the first word, between words. None limits the whole. */
export type Limits = { connectMs: number; firstMs: number; betweenMs: number }
/** How long a stream may take to close after it was told to. */
const CLOSE_MS = 1500

type Watched = { limits: Limits; clock: Clock; say: Say; endpoint: string; stop: AbortSignal }

/**
 * Passes on what `open` yields. Every event that says something new feeds the deadline of its stage; one that passes closes the stream and becomes `model.fail`
 * with a fault that names the stage. Ends quietly when `stop` aborts, after the stream has closed. A stream that ends without
 * saying how becomes `model.fail`.
 */
export async function* watch(
  open: (signal: AbortSignal) => AsyncIterable<readonly ModelEvent[]>,
  { limits, clock, say, endpoint, stop }: Watched,
): AsyncGenerator<readonly ModelEvent[]> {
  if (stop.aborted) return
  const close = new AbortController()
  const events = open(close.signal)[Symbol.asyncIterator]()
  const stage = {
    name: 'connect' as Stage,
    phase: 'connecting',
    done: undefined as number | undefined,
    since: clock.now(),
  }
  let wake: () => void = () => {}
  let late: FaultData | null = null
  let cancelTimer = () => {}
  let handing = false
  const arm = () => {
    const limit = limitOf(limits, stage.name)
    // While who reads is at work on what came last, it waits for the log, perhaps, but not for the model.
    const left = handing ? limit : stage.since + limit - clock.now()
    if (left <= 0) {
      late = lateFault(stage, endpoint, limit)
      wake()
    } else cancelTimer = clock.after(left, arm) // one timer that looks again, rather than one set anew by each token
  }
  const onStop = () => wake()
  stop.addEventListener('abort', onStop)
  arm()
  let pending: Promise<IteratorResult<readonly ModelEvent[]>> | null = null
  try {
    for (;;) {
      pending ??= events.next()
      const result = await firstOf(
        pending,
        (call) => (wake = call),
        () => late !== null || stop.aborted,
      )
      if (result === null) {
        if (stop.aborted) return
        if (late) yield [{ type: 'model.fail', fault: late }]
        return
      }
      pending = null
      if (result.done) {
        if (!stop.aborted) yield [{ type: 'model.fail', fault: fault('engine.cut', { endpoint }) }]
        return
      }
      if (stop.aborted) return
      const now = clock.now()
      progress(stage, result.value, now, () => {
        cancelTimer()
        arm()
      })
      handing = true
      yield result.value
      handing = false
      stage.since += clock.now() - now
      const last = result.value.at(-1)
      if (last?.type === 'model.end' || last?.type === 'model.fail') return
    }
  } finally {
    cancelTimer()
    stop.removeEventListener('abort', onStop)
    close.abort()
    const closed = await within(
      Promise.allSettled([pending ?? Promise.resolve(null), events.return?.()]),
      CLOSE_MS,
      clock,
    )
    if (!closed) say({ level: 'warn', text: `${endpoint}: the connection was not seen to close within ${CLOSE_MS} ms` })
  }
}

type Stage = 'connect' | 'first' | 'between'
type StageState = { name: Stage; phase: string; done: number | undefined; since: number }

function progress(stage: StageState, batch: readonly ModelEvent[], now: number, changed: () => void): void {
  let name: Stage = stage.name
  for (const event of batch) {
    if (event.type === 'phase') {
      // A backend that only says again that it reads is alive, but no further.
      if (event.phase === stage.phase && event.done === stage.done) continue
      stage.phase = event.phase
      stage.done = event.done
      if (name === 'connect' && event.phase !== 'starting') name = 'first'
    } else if (event.type === 'model.open') {
      if (name === 'connect') name = 'first'
    } else name = 'between'
    stage.since = now
  }
  if (name === stage.name) return
  stage.name = name
  changed()
}

function limitOf(limits: Limits, stage: Stage): number {
  switch (stage) {
    case 'connect':
      return limits.connectMs
    case 'first':
      return limits.firstMs
    case 'between':
      return limits.betweenMs
  }
}

function lateFault(stage: StageState, endpoint: string, limit: number): FaultData {
  const seconds = Math.round(limit / 100) / 10
  switch (stage.name) {
    case 'connect':
      return fault('watch.connect', { endpoint, seconds })
    case 'first':
      return fault('watch.silent', { endpoint, seconds, phase: stage.phase === 'connecting' ? 'reading' : stage.phase })
    case 'between':
      return fault('watch.stalled', { endpoint, seconds })
  }
}

/** The promise's result, or null once woken with `over` true. Promise.race on a long-lived promise would keep every loser alive. */
function firstOf<T>(promise: Promise<T>, onWake: (call: () => void) => void, over: () => boolean): Promise<T | null> {
  return new Promise((resolve, reject) => {
    onWake(() => {
      if (over()) resolve(null)
    })
    promise.then(resolve, reject)
    if (over()) resolve(null)
  })
}

async function within(work: Promise<unknown>, ms: number, clock: Clock): Promise<boolean> {
  return new Promise((resolve) => {
    const cancel = clock.after(ms, () => resolve(false))
    void work.then(() => {
      cancel()
      resolve(true)
    })
  })
}
