import { Worker } from 'node:worker_threads'
import type { Clock } from '../core/ports.ts'

export type Wanted = { html: string; base: string }
/** `links` are the footnotes of the text: `[1]` in it is the first. */
export type PageText = { ok: true; title: string; text: string; links: string[] } | { ok: false; why: string }

const LIMIT_MS = 15_000

/** What a page says, read in a thread of its own: whatever the page is like, it holds up nobody, and takes its time and memory from nobody. */
export function pageText(wanted: Wanted, { clock, signal }: { clock: Clock; signal: AbortSignal }): Promise<PageText> {
  if (signal.aborted) return Promise.resolve({ ok: false, why: 'It was stopped.' })
  return new Promise((resolve) => {
    const worker = new Worker(new URL('./page-text-worker.ts', import.meta.url), {
      workerData: wanted,
      env: {},
      resourceLimits: { maxOldGenerationSizeMb: 512 },
    })
    let ended: PageText = { ok: false, why: 'The page is such that it could not be read.' }
    const end = (how: PageText) => {
      ended = how
      // 'exit' follows, and nothing is held any more by then.
      worker.terminate().catch(() => {})
    }
    const cancel = clock.after(LIMIT_MS, () => end({ ok: false, why: 'The page took too long to be read.' }))
    const stop = () => end({ ok: false, why: 'It was stopped.' })
    signal.addEventListener('abort', stop, { once: true })
    worker.once('message', (text: PageText) => end(text))
    worker.once('error', () => {})
    worker.once('exit', () => {
      cancel()
      signal.removeEventListener('abort', stop)
      resolve(ended)
    })
  })
}
