import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { after } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { connectTo, type Client } from '../../src/client/client.ts'
import { systemClock } from '../../src/clock.ts'
import { CATALOGUE } from '../../src/services/catalogue.ts'
import { getModel } from '../../src/services/get-model.ts'
import { openShelf } from '../../src/services/shelf.ts'
import type { Entry, Phase } from '../../src/wire/event.ts'
import { EMPTY, fold, textOf, type Draft } from '../../src/wire/fold.ts'
import { START, type RunId, type SessionId } from '../../src/wire/id.ts'
import { freePort, scratch, startProcess } from '../process.ts'
import { llamaServer, type Program } from './get-server.ts'

const CACHE = resolve(import.meta.dirname, '../../node_modules/.cache/pkn')
const MODEL = join(CACHE, 'models', 'SmolLM2-135M-Instruct.Q4_1.gguf')
const never = new AbortController().signal

/** A real model, small and slow enough to be caught in the middle of what it does, or the reason why there is none. */
async function realModel(): Promise<string | { missing: string }> {
  if (existsSync(MODEL)) return MODEL
  const shelf = await openShelf({
    home: CACHE,
    hub: { url: 'http://127.0.0.1:9' },
    ollama: 'http://127.0.0.1:9',
    clock: systemClock,
    say: () => {},
    catalogue: CATALOGUE.filter(({ id }) => id === 'smollm2-135m'),
  })
  try {
    const had = await getModel({ shelf, tell: () => {}, signal: never })
    if (!had.ok) return { missing: had.why }
    const installed = await shelf.installed()
    return installed.find(({ name }) => name === had.name)?.path ?? { missing: `${had.name} was not found` }
  } finally {
    await shelf.close()
  }
}

export type Real = { program: Program; model: string }
/** What the tests of this folder run on, or why they cannot run. */
export async function realParts(): Promise<Real | { missing: string }> {
  const program = await llamaServer()
  if ('missing' in program) return program
  const model = await realModel()
  return typeof model === 'string' ? { program, model } : model
}

/** How many slots a server at this base says that it has at work. */
export async function slotsAtWork(base: string): Promise<number> {
  const slots = (await (await fetch(`${base}/slots`)).json()) as { is_processing: boolean }[] // its documented answer
  return slots.filter(({ is_processing }) => is_processing).length
}

export type Llama = { url: string; working: () => Promise<number>; kill: (signal?: NodeJS.Signals) => Promise<void> }

/** A llama-server with one thread, batches so small that it can be stopped while it reads, and stories that never end by themselves. */
export async function startLlama({ program, model }: Real, options: { slots?: number } = {}): Promise<Llama> {
  const port = await freePort()
  const slots = options.slots ?? 2
  const args = ['-m', model, '--host', '127.0.0.1', '--port', `${port}`, '--jinja', '-t', '1', '-b', '64', '-ub', '64']
  const endless = ['--ignore-eos']
  const child = spawn(
    program.file,
    [...program.args, ...args, ...endless, '-np', `${slots}`, '-c', `${slots * 8192}`],
    {
      env: { ...process.env, ...program.env },
      stdio: 'ignore',
    },
  )
  const base = `http://127.0.0.1:${port}`
  const kill = async (signal: NodeJS.Signals = 'SIGKILL') => {
    if (child.exitCode !== null || child.signalCode !== null) return
    child.kill(signal)
    await once(child, 'exit')
  }
  after(() => kill())
  // It tells nobody when it is there.
  while (child.exitCode === null) {
    const health = await fetch(`${base}/health`).catch(() => null)
    if (health?.status === 200) break
    await wait(50)
  }
  return {
    url: `${base}/v1`,
    working: () => slotsAtWork(base),
    kill,
  }
}

export type Pkn = {
  client: Client
  session: SessionId
  say: (text: string) => Promise<RunId>
  /** Everything of the run's log, `seen` told at each entry. */
  read: (run: RunId, seen?: (draft: Draft) => void) => Promise<{ draft: Draft; entries: Entry[] }>
  restart: () => Promise<void>
  log: () => string
}

/** About 700 tokens: some seconds of reading. */
export const LONG = `Here is a text. ${'It was a dark and stormy night; the rain fell in torrents. '.repeat(28)} What is it about?`
export const STORY = 'Tell a very long story of a fox, with many chapters.'

/** Says something, stops it as soon as the run is as asked; `working` is asked right after its end was read. */
export async function stopWhen(pkn: Pkn, text: string, is: (draft: Draft) => boolean, working: () => Promise<number>) {
  const run = await pkn.say(text)
  const asked: Promise<unknown>[] = []
  const { draft } = await pkn.read(run, (at) => {
    if (asked.length === 0 && is(at)) asked.push(pkn.client.call('runsCancel', { params: { run }, body: {} }))
  })
  const after = await working()
  await Promise.all(asked)
  return { end: draft.end, working: after, phases: draft.phases.map(({ phase }) => phase) }
}
export const inPhase =
  (phase: Phase, done = 0) =>
  (draft: Draft) =>
    draft.phase?.phase === phase && (draft.phase.done ?? 0) >= done

/** Says something and reads it until `enough` has been written; a small model may not stop by itself. */
export async function readUntil(pkn: Pkn, text: string, enough: number): Promise<{ draft: Draft; entries: Entry[] }> {
  const run = await pkn.say(text)
  const stopping: Promise<unknown>[] = []
  const read = await pkn.read(run, (at) => {
    if (stopping.length === 0 && textOf(at).length > enough)
      stopping.push(pkn.client.call('runsCancel', { params: { run }, body: {} }))
  })
  await Promise.all(stopping)
  return read
}

/** The longest time between two entries of a log, in milliseconds. */
export const longestSilence = (entries: readonly Entry[]): number =>
  Math.max(...entries.slice(1).map((entry, i) => entry.t - entries[i]!.t))

/** The true server before the endpoints named by `env`. */
export async function withPkn(
  env: Record<string, string>,
  config: object | null,
  work: (pkn: Pkn) => Promise<void>,
): Promise<void> {
  const { home, log, remove } = scratch()
  if (config !== null) {
    writeFileSync(join(home, 'pkn.config.json'), JSON.stringify(config))
  }
  const settings = { ...env, PKN_PORT: String(await freePort()) }
  let server = await startProcess(home, settings)
  const client = connectTo(server.url)
  try {
    const session = (await client.call('sessionsCreate', { body: {} })).id
    await work({
      client,
      session,
      log,
      say: async (text) =>
        (await client.call('messagesSubmit', { params: { session }, body: { text, agent: 'general' } })).run.id,
      read: async (run, seen = () => {}) => {
        let draft = EMPTY
        const entries: Entry[] = []
        for await (const batch of client.follow(run, START, never))
          for (const entry of batch) {
            draft = fold(draft, entry)
            entries.push(entry)
            seen(draft)
          }
        return { draft, entries }
      },
      restart: async () => {
        await server.kill('SIGKILL')
        server = await startProcess(home, settings)
      },
    })
  } finally {
    await server.kill('SIGTERM')
    remove()
  }
}
