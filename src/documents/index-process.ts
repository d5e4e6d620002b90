import { flushCompileCache } from 'node:module'
import { setPriority } from 'node:os'
import { Worker } from 'node:worker_threads'
import { isDamage, openIndex, removeIndex } from './index-file.ts'
import { look } from './index-look.ts'
import { measure } from './index-measure.ts'
import { DAMAGED, type FromIndex, type Job, type ToIndex } from './index-talk.ts'
import { writerOf } from './index-writer.ts'

// The other end of indexer.ts: takes one job after the other, and ends when nobody has another one.

/** What is written becomes visible, and durable, so often. */
const COMMIT_MS = 300
const TELL_MS = 100
const SUMMARY_MS = 1000

const send = (message: FromIndex): void => void process.send?.(message)
const sent = (message: FromIndex): Promise<void> => new Promise((resolve) => process.send?.(message, () => resolve()))

process.once('message', ({ index, home }: Extract<ToIndex, { type: 'begin' }>) => {
  setPriority(10)
  try {
    serve(index, home)
  } catch (cause) {
    ended(cause, index)
  }
})
process.once('disconnect', () => {
  flushCompileCache()
  process.exit(0)
})

function serve(index: string, home: string): void {
  const db = openIndex(index)
  const writer = writerOf(db)
  let answered: (vectors: readonly Float32Array[] | null) => void = () => {}
  let open = false
  let watched = false
  const last = { commit: 0, tell: 0, summary: 0 }
  const begin = () => {
    if (open) return
    db.exec('BEGIN IMMEDIATE')
    open = true
    last.commit = performance.now()
  }
  const commit = () => {
    if (open) db.exec('COMMIT')
    open = false
  }
  const isDue = (what: keyof typeof last, every: number): boolean => {
    const now = performance.now()
    if (now - last[what] < every) return false
    last[what] = now
    return true
  }
  const alive = () => {
    if (isDue('tell', TELL_MS)) send({ type: 'alive' })
  }

  const perform = async (job: Job): Promise<Extract<FromIndex, { type: 'done' }>> => {
    switch (job.type) {
      case 'keep':
        begin()
        writer.keep(job.sources)
        commit()
        for (const source of job.sources) send({ type: 'summary', summary: writer.summary(source) })
        return { type: 'done', outcome: 'kept', folders: [], changed: 0 }
      case 'look': {
        begin()
        const looked = await look(job, {
          home,
          writer,
          alive,
          reading: async ({ path, stamp }) => {
            if (!watched) new Worker(new URL('parent-watch.ts', import.meta.url)).unref()
            watched = true
            await sent({ type: 'reading', path, ...stamp })
          },
          progress: (done, total) => {
            if (isDue('tell', TELL_MS)) send({ type: 'progress', done, total })
            if (performance.now() - last.commit > COMMIT_MS) {
              commit()
              if (isDue('summary', SUMMARY_MS)) send({ type: 'summary', summary: writer.summary(job.source) })
              begin()
            }
          },
        })
        commit()
        send({ type: 'summary', summary: writer.summary(job.source) })
        return { type: 'done', ...looked }
      }
      case 'measure': {
        const ask = (texts: readonly string[], what: 'question' | 'passage') =>
          new Promise<readonly Float32Array[] | null>((resolve) => {
            answered = resolve
            send({ type: 'texts', texts, what })
          })
        const whole = await measure(db, writer, job.model, ask, () => {
          if (isDue('summary', SUMMARY_MS)) tellAll()
        })
        tellAll()
        return { type: 'done', outcome: whole ? 'measured' : 'unmeasured', folders: [], changed: 0 }
      }
    }
  }
  const tellAll = () => {
    const sources = db.prepare('SELECT source FROM looked').all() as { source: Parameters<typeof writer.summary>[0] }[]
    for (const { source } of sources) send({ type: 'summary', summary: writer.summary(source) })
  }

  process.on('message', (message: ToIndex) => {
    if (message.type === 'vectors') answered(message.vectors)
    else if (message.type === 'job')
      perform(message.job).then(
        (done) => send(done),
        (cause: unknown) => ended(cause, index),
      )
  })
  send({ type: 'alive' })
}

function ended(cause: unknown, index: string): never {
  if (isDamage(cause)) {
    removeIndex(index)
    process.exit(DAMAGED)
  }
  console.error(cause)
  process.exit(1)
}
