import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { getCompileCacheDir } from 'node:module'
import { dirname, join } from 'node:path'
import type { Clock } from '../core/ports.ts'
import { DAMAGED, type FromIndex, type Job, type Summary, type ToIndex } from './index-talk.ts'

export type ReadingFile = { path: string; size: number; mtime: number }
type Done = Extract<FromIndex, { type: 'done' }>
/** How a job went. `reading` is the file from which the process did not come back. */
export type Outcome =
  Done | { type: 'damaged' } | { type: 'died'; why: 'silent' | 'ended'; reading: ReadingFile | null }
export type Listener = {
  progress: (done: number, total: number) => void
  summary: (summary: Summary) => void
  measure: (texts: readonly string[], what: 'question' | 'passage') => Promise<readonly Float32Array[] | null>
}
type Options = { index: string; home: string; clock: Clock; silentMs: number; memoryMb: number; listener: Listener }

export type IndexChild = {
  perform: (job: Job) => Promise<Outcome>
  kill: () => void
  /** Resolves once the process has ended. */
  end: () => Promise<void>
  readonly pid: number | undefined
}
/** A document may take so many times longer than the longest silence, as long as page after page comes. */
const PATIENCE = 10

/** A process of its own for what may take long, never end, or break. It is given nothing of the environment: it needs nothing of it. */
export function startIndexChild({ index, home, clock, silentMs, memoryMb, listener }: Options): IndexChild {
  const used = getCompileCacheDir()
  const child: ChildProcess = fork(join(import.meta.dirname, 'index-process.ts'), {
    env: used === undefined ? {} : { NODE_COMPILE_CACHE: dirname(used) },
    serialization: 'advanced',
    execArgv: [`--max-old-space-size=${memoryMb}`, '--max-semi-space-size=4'],
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  })
  const gone = new Promise<number | null>((resolve) => {
    child.once('exit', (code) => resolve(code))
    child.once('error', () => resolve(null))
  })
  const tell = (message: ToIndex) => void (child.connected && child.send(message, () => {}))
  let settle: (outcome: Outcome) => void = () => {}
  let reading: (ReadingFile & { since: number }) | null = null
  let silent = false
  let letBe = () => {}
  const expect = () => {
    letBe()
    letBe = clock.after(silentMs, () => {
      silent = true
      child.kill('SIGKILL')
    })
  }
  child.on('message', (message: FromIndex) => {
    expect()
    switch (message.type) {
      case 'alive':
        if (reading !== null && clock.now() - reading.since > silentMs * PATIENCE) {
          silent = true
          child.kill('SIGKILL')
        }
        return
      case 'reading':
        reading = { path: message.path, size: message.size, mtime: message.mtime, since: clock.now() }
        return
      case 'progress':
        return listener.progress(message.done, message.total)
      case 'summary':
        return listener.summary(message.summary)
      case 'texts':
        letBe() // it waits for this side now
        listener.measure(message.texts, message.what).then(
          (vectors) => {
            expect()
            tell({ type: 'vectors', vectors })
          },
          () => tell({ type: 'vectors', vectors: null }),
        )
        return
      case 'done':
        letBe()
        reading = null
        return settle(message)
    }
  })
  const died = gone.then((code): Outcome => {
    letBe()
    if (code === DAMAGED) return { type: 'damaged' }
    if (reading === null) return { type: 'died', why: silent ? 'silent' : 'ended', reading: null }
    const { path, size, mtime } = reading
    return { type: 'died', why: silent ? 'silent' : 'ended', reading: { path, size, mtime } }
  })
  tell({ type: 'begin', index, home })

  return {
    pid: child.pid,
    perform(job) {
      const done = new Promise<Outcome>((resolve) => (settle = resolve))
      reading = null
      expect()
      tell({ type: 'job', job })
      return Promise.race([done, died])
    },
    kill: () => void child.kill('SIGKILL'),
    async end() {
      letBe()
      if (child.exitCode !== null || child.signalCode !== null) return
      const exit = once(child, 'exit')
      child.kill('SIGKILL') // what it has written is whole at any moment, and all of it can be made again
      await exit
    },
  }
}
