import { getCompileCacheDir } from 'node:module'
import { dirname } from 'node:path'
import { Worker } from 'node:worker_threads'
import type { Clock } from '../core/ports.ts'
import type { Question, Reply } from './search-thread.ts'

/** Without a question for so long the thread ends, and what it held is given back. */
const LINGER_MS = 5 * 60_000

export type Searcher = {
  ask: (question: Question) => Promise<Reply>
  /** The index is another file now. */
  renew: () => Promise<void>
  close: () => Promise<void>
}

/** Answers from the index in a thread of its own, which is there while there are questions. */
export function openSearcher(path: string, clock: Clock): Searcher {
  let worker: Worker | null = null
  let letBe = () => {}
  let last = 0
  const waiting = new Map<number, { resolve: (reply: Reply) => void; reject: (cause: unknown) => void }>()

  const end = async () => {
    letBe()
    const ending = worker
    worker = null
    await ending?.terminate()
  }
  const start = (): Worker => {
    const used = getCompileCacheDir()
    const env = used === undefined ? process.env : { ...process.env, NODE_COMPILE_CACHE: dirname(used) }
    const started = new Worker(new URL('search-thread.ts', import.meta.url), {
      workerData: { path },
      env,
      name: 'pkn-documents',
    })
    started.on('message', ({ id, reply }: { id: number; reply: Reply }) => {
      waiting.get(id)?.resolve(reply)
      waiting.delete(id)
      // It alone keeps no process alive.
      if (waiting.size === 0) started.unref()
    })
    const failed = (cause: unknown) => {
      if (worker === started) worker = null
      for (const [id, { reject }] of waiting) {
        waiting.delete(id)
        reject(cause)
      }
    }
    started.on('error', failed)
    started.on('exit', () => failed(new Error('the thread that searches documents has ended')))
    return started
  }

  return {
    ask(question) {
      letBe()
      letBe = clock.after(LINGER_MS, () => {
        if (waiting.size === 0) held(end())
      })
      worker ??= start()
      worker.ref()
      const id = ++last
      return new Promise<Reply>((resolve, reject) => {
        waiting.set(id, { resolve, reject })
        // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
        worker?.postMessage({ id, question })
      })
    },
    renew: end,
    close: end,
  }
}

/** A thread that ends late is no bug. */
const held = (ending: Promise<void>): void => void ending.catch(() => {})
