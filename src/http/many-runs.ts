import type { RunLog } from '../core/ports.ts'
import { encodeFrame } from '../wire/frame.ts'
import type { Offset, RunId } from '../wire/id.ts'
import type { Watched } from '../wire/watched.ts'
import { Stream } from './caller.ts'

/** The logs of several runs on one line, each after its own place: a browser has only six lines to a server, for all of its tabs. */
export function manyRuns(log: RunLog, runs: readonly { run: RunId; after: Offset }[]): Stream {
  return new Stream({
    async *text(signal) {
      const leave = new AbortController()
      const either = AbortSignal.any([signal, leave.signal])
      try {
        for await (const news of asTheyCome(runs.map(({ run, after }) => watched(log, run, after, either))))
          yield encodeFrame({ data: JSON.stringify(news) })
      } finally {
        leave.abort()
      }
    },
  })
}

async function* watched(log: RunLog, run: RunId, after: Offset, signal: AbortSignal): AsyncGenerator<Watched> {
  for await (const entries of log.read(run, after, signal)) yield { run, entries: [...entries] }
}

/** What several sources give, in the order in which it comes; none is read ahead of its reader by more than one. Ends when all have. */
async function* asTheyCome<T>(sources: readonly AsyncIterator<T>[]): AsyncGenerator<T> {
  const come: { from: AsyncIterator<T>; next: IteratorResult<T> | { failed: unknown } }[] = []
  let ring = () => {}
  const ask = (from: AsyncIterator<T>) => {
    const got = (next: IteratorResult<T> | { failed: unknown }) => {
      come.push({ from, next })
      ring()
    }
    from.next().then(got, (failed: unknown) => got({ failed }))
  }
  for (const source of sources) ask(source)
  for (let open = sources.length; open > 0;) {
    const first = come.shift()
    if (first === undefined) {
      await new Promise<void>((rung) => (ring = rung))
      continue
    }
    const { from, next } = first
    if ('failed' in next) throw next.failed
    if (next.done === true) open--
    else {
      yield next.value
      ask(from)
    }
  }
}
