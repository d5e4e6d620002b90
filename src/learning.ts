import { fork } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { getCompileCacheDir } from 'node:module'
import { dirname, join } from 'node:path'
import { deserialize } from 'node:v8'
import type { Agent, Agents, Router, Say } from './core/ports.ts'
import { routerOf } from './core/route.ts'
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
  let newest = learn()

  function learn(): Promise<Router> {
    const list = agents.list()
    const learnt = lessonOf(list, folder, say, stop.signal).then((lesson) => routerOf(list, lesson))
    learnt.catch((cause: unknown) => {
      if (!stop.signal.aborted) say({ level: 'error', text: 'The router could not learn', cause })
    })
    return learnt
  }

  return {
    router: () => newest,
    again: () => {
      newest = learn()
    },
    close: () => stop.abort(),
  }
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
