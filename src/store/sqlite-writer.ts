import { getCompileCacheDir } from 'node:module'
import { dirname, join } from 'node:path'
import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { Fault } from '../wire/fault.ts'
import type { ArgsOf, ChangeName, ResultOf } from './changes.ts'
import { Refusal } from './refusal.ts'
import { faultOf } from './sqlite-faults.ts'
import type { Answer, Change, Outcome, Question, WriterOptions } from './sqlite-protocol.ts'

/** One transaction is being written while the next is already on its way, so the disk never waits for this thread. */
const AHEAD = 2

type Waiting = { change: Change; resolve: (value: ResultOf<ChangeName>) => void; reject: (cause: unknown) => void }
type Asked = { answered: (answer: Answer) => void; failed: (cause: unknown) => void }

/**
 * The calling thread's end of the thread that writes. Changes asked for in the same turn of the event loop, or while others are being
 * written, share one transaction and one disk flush. If the thread dies, what it had not answered fails, and the next change starts another.
 */
export class SqliteWriter {
  readonly #path: string
  #worker: Worker | null = null
  #waiting: Waiting[] = []
  #asked: Asked[] = []
  #batches = 0
  #scheduled = false

  constructor(path: string) {
    this.#path = path
  }

  /** Resolves once the database is open and its schema current. */
  async open(): Promise<void> {
    await this.#start(true)
  }

  change<K extends ChangeName>(kind: K, args: ArgsOf<K>): Promise<ResultOf<K>> {
    return new Promise<ResultOf<K>>((resolve, reject) => {
      const change = [kind, args] as unknown as Change // TypeScript can't tell that K picks both alike, here and below
      this.#waiting.push({ change, resolve: resolve as Waiting['resolve'], reject })
      this.#schedule()
    })
  }

  async poll(): Promise<boolean> {
    const answer = await this.#ask('poll')
    return 'changed' in answer && answer.changed
  }

  async close(): Promise<void> {
    if (this.#worker === null) return
    const worker = this.#worker
    this.#flush()
    const exit = once(worker, 'exit')
    await this.#ask('close')
    worker.ref()
    await exit
  }

  #schedule(): void {
    if (this.#scheduled || this.#batches >= AHEAD) return
    this.#scheduled = true
    // After this turn's callbacks rather than after this promise: they bring more changes.
    setImmediate(() => {
      this.#scheduled = false
      this.#flush()
    })
  }

  #flush(): void {
    const batch = this.#waiting
    if (batch.length === 0) return
    this.#waiting = []
    this.#batches++
    const over = () => {
      this.#batches--
      if (this.#waiting.length > 0) this.#schedule()
    }
    this.#send(
      { changes: batch.map((w) => w.change) },
      {
        answered: (answer) => {
          over()
          const outcomes = 'outcomes' in answer ? answer.outcomes : []
          for (const [i, waiting] of batch.entries()) this.#settle(waiting, outcomes[i] ?? { bug: 'no outcome' })
        },
        failed: (cause) => {
          over()
          for (const { reject } of batch) reject(cause)
        },
      },
    )
  }

  #settle({ resolve, reject }: Waiting, outcome: Outcome): void {
    if ('ok' in outcome) resolve(outcome.ok)
    else if ('refused' in outcome) reject(new Refusal(outcome.refused, outcome.what))
    else if ('failed' in outcome) reject(faultOf(this.#path, outcome.failed))
    else reject(new Error(`the writing thread: ${outcome.bug}`))
  }

  #ask(question: Question): Promise<Answer> {
    return new Promise((answered, failed) => this.#send(question, { answered, failed }))
  }

  #send(question: Question, asked: Asked): void {
    // A thread that can't start fails every question that was put to it, this one too.
    if (this.#worker === null) this.#start(false).catch(() => {})
    this.#worker?.ref()
    this.#worker?.postMessage(question)
    this.#asked.push(asked)
  }

  #start(first: boolean): Promise<void> {
    const workerData: WriterOptions = { path: this.#path, first }
    const env = { NODE_COMPILE_CACHE: cacheFolder(this.#path) }
    const worker = new Worker(new URL('sqlite-worker.ts', import.meta.url), { workerData, env, name: 'pkn-store' })
    this.#worker = worker
    return new Promise((begun, failed) => {
      const gone = (cause: unknown) => {
        failed(cause)
        if (this.#worker !== worker) return
        this.#worker = null
        const asked = this.#asked
        this.#asked = []
        for (const { failed } of asked) failed(cause)
      }
      worker.on('message', (answer: Answer) => {
        if ('begun' in answer) begun()
        else if ('failed' in answer) gone(faultOf(this.#path, answer.failed))
        else this.#asked.shift()?.answered(answer)
        // A store that is idle keeps no process alive.
        if (this.#asked.length === 0) worker.unref()
      })
      worker.on('error', (cause) => gone(new Fault('store.failed', { what: 'the writing thread failed' }, { cause })))
      worker.on('exit', () => gone(new Fault('store.failed', { what: 'the writing thread ended' })))
    })
  }
}

/**
 * A thread loads Node's TypeScript support anew, which takes longer than all else here (40 of 85 ms); from the compile cache it need not.
 * Not in a folder that other users can write to.
 */
function cacheFolder(path: string): string {
  const used = getCompileCacheDir()
  return used === undefined ? join(dirname(path), 'compile-cache') : dirname(used)
}
