import { fork } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { getCompileCacheDir } from 'node:module'
import { basename, dirname, join } from 'node:path'
import { deserialize } from 'node:v8'
import type { Say } from './core/ports.ts'
import type { Homework } from './learn-process.ts'

/**
 * What a process of its own learns into a file, or what it has learnt there before. It takes half a second and a hundred megabytes, so
 * the event loop goes on, and the memory is given back (a thread's would not be: 65 MB stayed). Files that begin with `clears` and are of old are cleared away.
 */
export async function learntApart<T>(homework: Homework, clears: string, say: Say, signal: AbortSignal): Promise<T> {
  const { file } = homework
  const kept = readLearnt<T>(file, say)
  if (kept) return kept
  await learnInProcess(homework, signal)
  clearLearnt(dirname(file), clears, basename(file))
  const learnt = readLearnt<T>(file, say)
  if (!learnt) throw new Error(`${file} was written and cannot be read`)
  return learnt
}

/** What begins so is of no use any more, but for one. */
export function clearLearnt(folder: string, clears: string, but: string | null): void {
  if (!existsSync(folder)) return
  for (const old of readdirSync(folder))
    if (old.startsWith(clears) && old !== but) rmSync(join(folder, old), { force: true })
}

/** The same values and the same way of learning give the same key. */
export function keyOf(values: unknown): string {
  const hash = createHash('sha256')
  const core = join(import.meta.dirname, 'core')
  for (const file of readdirSync(core)
    .filter((f) => /^route.*(?<!\.test)\.ts$/.test(f))
    .sort())
    hash.update(readFileSync(join(core, file)))
  hash.update(JSON.stringify(values))
  return hash.digest('hex').slice(0, 32)
}

function readLearnt<T>(file: string, say: Say): T | null {
  if (!existsSync(file)) return null
  try {
    return deserialize(readFileSync(file)) as T // only learn-process.ts writes these, whole, under a name that holds the format's hash
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
  // One that could not be started at all is told by its first error, and has a second one, of this.
  child.on('error', () => {})
  child.send(homework, () => {})
  const [code, by] = (await exit) as [number | null, string | null] // as Node documents the event
  if (code !== 0) throw new Error(`the process that learns ended with ${code ?? by}`)
}
