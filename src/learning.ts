import { fork } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { getCompileCacheDir } from 'node:module'
import { dirname, join } from 'node:path'
import { deserialize } from 'node:v8'
import type { Agent, Agents, Router, Say } from './core/ports.ts'
import { routerOf, trainRouter } from './core/route.ts'
import type { Lesson } from './core/route-learn.ts'
import type { Homework } from './learn-process.ts'

export type Learning = {
  /** Resolves at once but for the moment in which it learns. */
  router: () => Promise<Router>
  /** The agents have changed. Who asks for the router from now on waits for the new one. */
  again: () => void
  close: () => void
}
type Options = { agents: Agents; folder: string; say: Say }

/**
 * A router that has learnt from the agents as they are now. What was learnt is kept in `folder` until the agents, or the way of learning,
 * change. Learning takes half a second and a hundred megabytes, so a process of its own does it and ends: the event loop goes
 * on, and the memory is given back (a thread's would not be: 65 MB stayed).
 */
export function learnRouter({ agents, folder, say }: Options): Learning {
  const stop = new AbortController()
  let newest = held(learn())

  async function learn(): Promise<Router> {
    const list = agents.list()
    try {
      return routerOf(list, await lessonOf(list, folder, say, stop.signal))
    } catch (cause) {
      // Without a router no message could be answered, and a full disk or a lack of processes is no reason for that.
      if (stop.signal.aborted) throw cause
      say({ level: 'warn', text: `What the router learns can not be kept in ${folder}`, cause })
      return trainRouter(list)
    }
  }

  return {
    router: () => newest,
    again: () => {
      // One after the other: who learns clears away what others have learnt.
      newest = held(newest.then(learn, learn))
    },
    close: () => stop.abort(),
  }
}

/** Whoever asks is told that it failed; that nobody asks is no bug. */
function held<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => {})
  return promise
}

async function lessonOf(agents: readonly Agent[], folder: string, say: Say, signal: AbortSignal): Promise<Lesson> {
  const name = `router-${keyOf(agents)}`
  const file = join(folder, name)
  const kept = readLesson(file, say)
  if (kept) return kept
  await learnInProcess({ agents, file }, signal)
  for (const old of readdirSync(folder))
    if (old.startsWith('router-') && old !== name) rmSync(join(folder, old), { force: true })
  const lesson = readLesson(file, say)
  if (!lesson) throw new Error(`${file} was written and can not be read`)
  return lesson
}

/** The same agents and the same way of learning give the same key. */
function keyOf(agents: readonly Agent[]): string {
  const hash = createHash('sha256')
  const core = join(import.meta.dirname, 'core')
  for (const file of readdirSync(core)
    .filter((f) => /^route.*(?<!\.test)\.ts$/.test(f))
    .sort())
    hash.update(readFileSync(join(core, file)))
  hash.update(JSON.stringify(agents.map(({ name, source, sampleMessages }) => [name, source, sampleMessages])))
  return hash.digest('hex').slice(0, 32)
}

function readLesson(file: string, say: Say): Lesson | null {
  if (!existsSync(file)) return null
  try {
    return deserialize(readFileSync(file)) as Lesson // only learn-process.ts writes these, whole, under a name that holds the format's hash
  } catch (cause) {
    say({ level: 'warn', text: `${file} is damaged; it is learnt again`, cause })
    rmSync(file, { force: true })
    return null
  }
}

async function learnInProcess(homework: Homework, signal: AbortSignal): Promise<void> {
  const used = getCompileCacheDir()
  const env = used === undefined ? process.env : { ...process.env, NODE_COMPILE_CACHE: dirname(used) }
  const child = fork(join(import.meta.dirname, 'learn-process.ts'), {
    env,
    signal,
    serialization: 'advanced',
    execArgv: [],
  })
  const exit = once(child, 'exit')
  child.send(homework)
  const [code, by] = (await exit) as [number | null, string | null] // as Node documents the event
  if (code !== 0) throw new Error(`the process that learns ended with ${code ?? by}`)
}
