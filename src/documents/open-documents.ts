import { basename, dirname, join } from 'node:path'
import type { Clock, Documents, Embedder, Say } from '../core/ports.ts'
import { Fault } from '../wire/fault.ts'
import { newSourceId, type OwnerId, type ProjectId, type SourceId } from '../wire/id.ts'
import { openIndexer, USUAL, type Bounds } from './indexer.ts'
import { indexPath } from './index-file.ts'
import { measuring } from './measuring.ts'
import { withoutOrphans, type HasProject } from './orphans.ts'
import type { Reply } from './search-thread.ts'
import { openSearcher } from './searcher.ts'
import { openSourcesFile, type KeptSource } from './sources-file.ts'
import { sourcePath } from './source-path.ts'
import { standings } from './standing.ts'
import { termsAsked } from './terms.ts'
import { watchSource, type SourceWatch } from './watch-source.ts'

const MOST_SOURCES = 100
/** So long after the start it is looked what has changed since: who starts PKN waits for other things. */
const SETTLE_MS = 3000
const TIDY_MS = 15 * 60_000
const TOLD_MS = 2000
const AGAIN_MS = 60_000

export type DocumentsOptions = {
  home: string
  clock: Clock
  say: Say
  /** Null, and everything is found by words alone. */
  embedder: Embedder | null
  /** Whether a project is the owner's and not removed. */
  hasProject: HasProject
  /** Resolves when no answer is being written: those come first at every model. */
  quiet: () => Promise<void>
  bounds?: Partial<Bounds>
  /** How long a source that changed is let be; for tests. */
  rest?: { least: number; calm: number }
}
/** Beside what everybody needs: what a test holds it to. */
export type OpenDocuments = Documents & { pid: () => number | undefined }

/**
 * Folders and files whose text is searched for what a question needs. Where there is no source, nothing is opened, started or written. The list
 * of sources is durable; the index is made from the documents by a process of its own, and from nothing else.
 */
export function openDocuments(options: DocumentsOptions): OpenDocuments {
  const { home, clock, say, hasProject, embedder } = options
  const stopping = new AbortController()
  const file = openSourcesFile(join(home, 'documents.json'), say)
  const index = indexPath(home)
  const standing = standings()
  const searcher = openSearcher(index, clock)
  const watches = new Map<SourceId, SourceWatch>()
  const model = embedder === null ? null : measuring({ ...options, embedder, stop: stopping.signal })
  const timers = new Set<() => void>()
  let awake: Promise<void> | null = null
  let measuredAt = -Infinity

  const indexer = openIndexer({
    index,
    home,
    clock,
    say,
    bounds: { ...USUAL, ...options.bounds },
    sources: file.all,
    began: standing.began,
    progress: standing.progress,
    summary: standing.summary,
    looked: (id, { state, why, folders, changed }) => {
      standing.ended(id, state, why)
      const source = file.all().find((one) => one.id === id)
      if (!source || state === 'failed') return
      const places = folders.length > 0 ? folders : [dirname(source.path)]
      watches.get(id)?.close()
      watches.set(
        id,
        watchSource(places, clock, () => indexer.look(id), changed > 0, options.rest?.least, options.rest?.calm),
      )
    },
    measure: async (texts, what) => (await model?.passages(texts, what)) ?? null,
    model: async () => (await model?.model()) ?? null,
    damaged: () => {
      searcher.renew().catch((cause: unknown) => say({ level: 'warn', text: 'The search did not end', cause }))
      for (const { id } of file.all()) indexer.look(id)
    },
  })
  const later = (ms: number, call: () => void) => {
    const cancel = clock.after(ms, () => {
      timers.delete(cancel)
      call()
    })
    timers.add(cancel)
  }
  const tidy = async () => {
    const kept = await withoutOrphans(file.all(), hasProject, clock.wall())
    if (kept !== file.all() && !stopping.signal.aborted) {
      file.write(kept)
      await indexer.tidy()
    }
    if (kept.some(({ project }) => project !== null)) later(TIDY_MS, tidyLater)
  }
  const tidyLater = () => {
    tidy().catch((cause: unknown) => say({ level: 'warn', text: 'Documents of projects that are gone stay', cause }))
  }
  /** Looks what has changed since the last time. Resolves once it is told what the index holds. */
  const wake = (): Promise<void> => {
    if (awake === null) {
      const told = indexer.tidy()
      for (const { id } of file.all()) indexer.look(id)
      tidyLater()
      awake = told
    }
    return awake
  }
  if (file.all().length > 0) later(SETTLE_MS, () => void wake())

  const owned = (owner: OwnerId, id: SourceId): KeptSource => {
    const found = file.all().find((source) => source.owner === owner && source.id === id)
    if (!found) throw new Fault('source.missing', { source: id })
    return found
  }
  /** One whose project is removed is missing with it. */
  const reached = async (owner: OwnerId, id: SourceId): Promise<KeptSource> => {
    const found = owned(owner, id)
    if (found.project !== null && !(await hasProject(owner, found.project)))
      throw new Fault('source.missing', { source: id })
    return found
  }
  const checkProject = async (owner: OwnerId, project: ProjectId | null) => {
    if (project !== null && !(await hasProject(owner, project))) throw new Fault('project.missing', { project })
  }
  const mend = (reply: Reply) => {
    // The process that writes finds the same, and makes it anew.
    if (reply.type === 'damaged') for (const { id } of file.all()) indexer.look(id)
  }

  return {
    pid: indexer.pid,
    async sources(owner, project) {
      const mine = file.all().filter((one) => one.owner === owner && (project === 'all' || one.project === project))
      if (mine.length === 0) return []
      await within(wake(), TOLD_MS)
      const there = await Promise.all(
        mine.map(async (one) => one.project === null || (await hasProject(owner, one.project))),
      )
      return mine.filter((_, i) => there[i]).map(standing.told)
    },
    async add(owner, path, project) {
      await checkProject(owner, project)
      const place = await sourcePath(path, home)
      const mine = file.all().filter((source) => source.owner === owner)
      const same = mine.find((source) => source.path === place && source.project === project)
      if (same) return standing.told(same)
      if (mine.length >= MOST_SOURCES) throw new Fault('source.many', { most: MOST_SOURCES })
      const source: KeptSource = { id: newSourceId(), owner, project, path: place }
      file.write([...file.all(), source])
      if (awake === null) void wake()
      else indexer.look(source.id)
      if (project !== null) later(TIDY_MS, tidyLater)
      return standing.told(source)
    },
    async again(owner, id) {
      const source = await reached(owner, id)
      await within(wake(), TOLD_MS)
      indexer.look(id)
      standing.began(id)
      return standing.told(source)
    },
    async remove(owner, id) {
      const gone = owned(owner, id)
      file.write(file.all().filter((source) => source !== gone))
      watches.get(id)?.close()
      watches.delete(id)
      standing.forget(id)
      indexer.forget(id)
    },
    async find(owner, project, text, most, signal) {
      const near = file.all().filter((one) => one.owner === owner && (one.project === null || one.project === project))
      const isThere =
        near.every((one) => one.project === null) || (project !== null && (await hasProject(owner, project)))
      const sources = near.flatMap((one) => (one.project === null || isThere ? [one.id] : []))
      if (sources.length === 0 || most < 1 || signal.aborted || termsAsked(text).length === 0) return []
      if (model !== null && standing.isUnmeasured(sources) && clock.now() - measuredAt > AGAIN_MS) {
        measuredAt = clock.now()
        indexer.measure()
      }
      const vector = model !== null && standing.isMeasured(sources) ? await model.question(text, signal) : null
      const reply = await searcher.ask({ type: 'find', reach: { owner, sources }, text, vector, most })
      mend(reply)
      return reply.type === 'found' && !signal.aborted ? reply.passages : []
    },
    async read(owner, id, place) {
      const source = await reached(owner, id)
      const path = place.path === '' ? basename(source.path) : place.path
      const { page = 0, from, lines } = place
      const reply = await searcher.ask({ type: 'read', owner, source: id, path, page, from, lines })
      mend(reply)
      if (reply.type !== 'text' || reply.text === null) throw new Fault('document.missing', { path })
      return reply.text
    },
    async close() {
      stopping.abort()
      for (const cancel of timers) cancel()
      for (const watch of watches.values()) watch.close()
      await indexer.close()
      await searcher.close()
    },
  }

  function within(promise: Promise<void>, ms: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const cancel = clock.after(ms, resolve)
      promise.then(resolve, reject).finally(cancel)
    })
  }
}
