import type { Clock, Say } from '../core/ports.ts'
import type { SourceId } from '../wire/id.ts'
import { startIndexChild, type IndexChild, type Listener, type Outcome } from './index-child.ts'
import type { Avoid, Job, Summary } from './index-talk.ts'
import type { KeptSource } from './sources-file.ts'
import { BOUNDS, type WalkBounds } from './walk-source.ts'

export type Bounds = { silentMs: number; memoryMb: number; walk: WalkBounds }
export const USUAL: Bounds = { silentMs: 30_000, memoryMb: 512, walk: BOUNDS }

/** Nothing to do for so long, and the process ends. */
const LINGER_MS = 5000
/** A process that ends by itself, whatever it reads, is not started for ever. */
const MOST_DEATHS = 4
const WHY_MISSING: Partial<Record<string, string>> = {
  missing: 'Nothing is there now.',
  elsewhere: 'A link stands there now, or above it, that leads to another place. Add that place if it is meant.',
}

export type Looked = {
  state: 'ready' | 'missing' | 'failed'
  why: string | null
  folders: readonly string[]
  changed: number
}
type Options = {
  index: string
  home: string
  clock: Clock
  say: Say
  bounds: Bounds
  sources: () => readonly KeptSource[]
  began: (source: SourceId) => void
  progress: (source: SourceId, done: number, total: number) => void
  summary: (summary: Summary) => void
  looked: (source: SourceId, looked: Looked) => void
  measure: Listener['measure']
  /** The model to measure with, null if there is none; asked when all is looked through. */
  model: () => Promise<string | null>
  /** The index was damaged and is made anew: all sources are to be looked through. */
  damaged: () => void
}

export type Indexer = {
  look: (source: SourceId) => void
  /** Those that are no source any more leave the index. Resolves once every source that there is was told of. */
  tidy: () => Promise<void>
  /** As `tidy`, for one that is a source no more: if it is looked through at this moment, that ends. */
  forget: (source: SourceId) => void
  measure: () => void
  /** The number of the process, while there is one. */
  pid: () => number | undefined
  close: () => Promise<void>
}

/** Does one thing after the other, in a process that is there only while there is something to do. */
export function openIndexer(options: Options): Indexer {
  const { clock, say, bounds } = options
  const looks = new Set<SourceId>()
  const avoid = new Map<SourceId, Avoid[]>()
  /** A file with which the process ended once is tried once more: something else may have ended it. */
  const suspects = new Map<string, number>()
  let toTidy: (() => void)[] = []
  let toMeasure = false
  let child: IndexChild | null = null
  let looking: SourceId | null = null
  let working: Promise<void> | null = null
  const stop = new AbortController()
  let letLinger = () => {}

  const listener: Listener = {
    progress: (done, total) => {
      if (looking !== null) options.progress(looking, done, total)
    },
    summary: options.summary,
    measure: options.measure,
  }
  const perform = async (job: Job): Promise<Outcome> => {
    child ??= startIndexChild({ ...options, ...bounds, listener })
    const outcome = await child.perform(job)
    if (outcome.type !== 'done') {
      await child.end()
      child = null
    }
    if (outcome.type === 'damaged') {
      say({ level: 'warn', text: 'The index of documents was damaged, and is made anew' })
      options.damaged()
    }
    return outcome
  }

  const isWanted = ({ id }: KeptSource) => !stop.signal.aborted && options.sources().some((source) => source.id === id)
  const lookThrough = async (source: KeptSource): Promise<Looked> => {
    for (let deaths = 0; deaths < MOST_DEATHS && isWanted(source);) {
      const job = { type: 'look', ...source, source: source.id, avoid: avoid.get(source.id) ?? [], bounds: bounds.walk } as const // prettier-ignore
      const outcome = await perform(job)
      if (outcome.type === 'done') {
        const why = outcome.outcome === 'looked' ? null : (WHY_MISSING[outcome.outcome] ?? null)
        return {
          state: why === null ? 'ready' : 'missing',
          why,
          folders: outcome.folders,
          changed: outcome.changed,
        }
      }
      if (outcome.type === 'damaged' || outcome.reading === null) deaths++
      else shun(source, outcome.reading, outcome.why)
    }
    return { state: 'failed', why: 'The process that reads documents ended again and again.', folders: [], changed: 0 }
  }
  const shun = (source: KeptSource, file: Omit<Avoid, 'why'>, how: 'silent' | 'ended') => {
    const key = `${source.id} ${file.path} ${file.size} ${file.mtime}`
    const times = (suspects.get(key) ?? 0) + 1
    suspects.set(key, times)
    if (stop.signal.aborted || (how === 'ended' && times < 2)) return
    const why =
      how === 'silent'
        ? `It took longer than ${Math.ceil(bounds.silentMs / 1000)} s to read.`
        : 'The process that read it ended twice.'
    say({ level: 'warn', text: `${source.path}: ${file.path} is left out. ${why}` })
    avoid.set(source.id, [...(avoid.get(source.id) ?? []).filter(({ path }) => path !== file.path), { ...file, why }])
  }

  const work = async (): Promise<void> => {
    letLinger()
    let measured = false
    while (!stop.signal.aborted) {
      if (toTidy.length > 0) {
        const told = toTidy
        toTidy = []
        await perform({ type: 'keep', sources: options.sources().map(({ id }) => id) })
        for (const tell of told) tell()
        continue
      }
      const [next] = looks
      if (next !== undefined) {
        looks.delete(next)
        const source = options.sources().find(({ id }) => id === next)
        if (!source) continue
        looking = next
        options.began(next)
        const looked = await lookThrough(source)
        looking = null
        if (isWanted(source)) options.looked(next, looked)
        toMeasure = true
        continue
      }
      if (!toMeasure || measured) break
      toMeasure = false
      measured = true
      const model = await options.model()
      if (model !== null && !stop.signal.aborted) await perform({ type: 'measure', model })
    }
    if (!stop.signal.aborted) letLinger = linger()
  }
  const linger = () => {
    return clock.after(LINGER_MS, () => {
      if (working === null) working = endChild().finally(settled)
    })
  }
  const endChild = async () => {
    const ending = child
    child = null
    await ending?.end()
  }
  const settled = () => {
    working = null
    if (looks.size > 0 || toTidy.length > 0 || toMeasure) go()
  }
  const go = () => {
    if (stop.signal.aborted || working !== null) return
    working = work()
      .catch((cause: unknown) => say({ level: 'error', text: 'Documents cannot be indexed', cause }))
      .finally(settled)
  }

  return {
    look: (source) => {
      looks.add(source)
      go()
    },
    tidy: () =>
      new Promise((resolve) => {
        if (stop.signal.aborted) return resolve()
        toTidy.push(resolve)
        go()
      }),
    forget: (source) => {
      toTidy.push(() => {})
      if (looking === source) child?.kill()
      go()
    },
    measure: () => {
      toMeasure = true
      go()
    },
    pid: () => child?.pid,
    async close() {
      stop.abort()
      letLinger()
      for (const tell of toTidy) tell()
      await endChild()
      await working
      await endChild()
    },
  }
}
