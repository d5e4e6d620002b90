import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { closeSync } from 'node:fs'
import { join } from 'node:path'
import type { Clock, LocalEngine, Say } from '../core/ports.ts'
import { fault, type FaultData } from '../wire/fault.ts'
import { engineCommand, leashed, type EngineOptions } from './engine-command.ts'
import { findProgram } from './engine-program.ts'
import { listModelFiles, type ModelFile } from './model-file.ts'
import { lastLines, openOutput } from './output-file.ts'
import { freePort, whoAnswers } from './port.ts'

type Given = EngineOptions & {
  home: string
  /** 0 takes any port that is free. */
  port?: number | undefined
  model?: string | undefined
  enabled: boolean
  say: Say
  clock: Clock
}
type Started = { ok: true; url: string } | { ok: false; fault: FaultData }
type Running = { child: ChildProcess; url: string | null; ended: Promise<void> }

const MOST_CRASHES = 3
const WITHIN_MS = 60_000
const GRACE_MS = 5000
const RECENT_MS = 2000
/** It answers before it loads anything, so what takes longer than this hangs. */
const START_MS = 60_000

/** The engine as a process of its own: started when it is needed, started again after a crash, and gone when this process is gone. */
export function openLocalEngine(given: Given): LocalEngine {
  const { home, say, clock } = given
  const log = join(home, 'engine.log')
  const closing = new AbortController()
  let running: Running | null = null
  let starting: Promise<Started> | null = null
  let why: string | null = null
  let crashes: number[] = []

  const refused = (what: string): Started => ({ ok: false, fault: fault('engine.failed', { what }) })

  async function start(model: ModelFile): Promise<Started> {
    const port = await choosePort()
    if (typeof port === 'string') return { ok: true, url: port }
    // A llama-server tells nobody which port it took.
    const exact = port === 0 && (await findProgram(given)) !== 'own' ? await freePort() : port
    const found = await engineCommand(model, exact, given)
    if (found === null) return refused('llama-server is configured, but it is not on the PATH')
    const { own } = found
    const command = own ? found.command : leashed(found.command)
    if (closing.signal.aborted) return refused('PKN is stopping')
    const output = openOutput(log)
    const child = spawn(command.file, command.args, {
      // A group of its own, so that Ctrl-C ends the server first, which then ends the engine in order.
      detached: true,
      env: command.env,
      stdio: own ? ['ignore', output, output, 'ipc'] : ['pipe', output, output],
    })
    closeSync(output)
    const here: Running = { child, url: null, ended: ended(child, model) }
    running = here
    say({ level: 'info', text: `Engine started: ${model.name}, pid ${child.pid ?? '?'}, log ${log}` })
    const listening = own ? heard(child) : answering(child, exact)
    const late = Promise.withResolvers<'late'>()
    const cancel = clock.after(START_MS, () => late.resolve('late'))
    const at = await Promise.race([listening, late.promise, here.ended.then(() => null)]).finally(cancel)
    if (at === 'late') {
      await putDown(here)
      return refused(`it did not answer within ${START_MS / 1000} s; see ${log}`)
    }
    if (at === null) return refused(`${why ?? 'it ended'}; see ${log}: ${lastComplaint(log)}`)
    here.url = `http://127.0.0.1:${at}/v1`
    return { ok: true, url: here.url }
  }

  async function putDown({ child, ended }: Running): Promise<void> {
    child.kill('SIGTERM')
    const cancel = clock.after(GRACE_MS, () => child.kill('SIGKILL'))
    await ended
    cancel()
  }

  /** A port to take, or the address of an engine that is there already. */
  async function choosePort(): Promise<number | string> {
    const port = given.port ?? 8000
    if (port === 0) return 0
    const found = await whoAnswers(port, closing.signal)
    if (found.what === 'free') return port
    if (found.what !== 'other') return `http://127.0.0.1:${port}/v1`
    say({ level: 'warn', text: `Port ${port} is held by another program, so the engine takes another one` })
    return 0
  }

  async function ended(child: ChildProcess, model: ModelFile): Promise<void> {
    const [code, signal] = await exitOf(child)
    running = null
    if (closing.signal.aborted) return
    why = signal === null ? `exit code ${code}` : `signal ${signal}`
    crashes = [...crashes.filter((t) => clock.now() - t < WITHIN_MS), clock.now()]
    say({ level: 'error', text: `Engine ended by itself: ${why}, model ${model.name}, log ${log}` })
  }

  return {
    async offer() {
      if (!given.enabled) return []
      const files = await listModelFiles(given)
      // One that is configured and not there is a mistake to be seen, and not to be passed over in silence.
      if (!files.some((file) => file.isDefault)) return []
      const all = (await findProgram(given)) === 'own' ? files : files.filter((file) => file.isDefault)
      return all.map(({ name, bytes, practice }) => ({ name, bytes, practice }))
    },

    async ensure(report, signal) {
      if (!given.enabled) return refused('it is switched off in the configuration')
      if (closing.signal.aborted) return { ok: false, fault: fault('server.stopping') }
      if (running?.url) return { ok: true, url: running.url }
      const model = (await listModelFiles(given)).find((file) => file.isDefault)
      if (model === undefined)
        return refused(
          given.model ? `there is no model file ${given.model}` : `there is no model file in ${home}/models`,
        )
      const recent = crashes.filter((t) => clock.now() - t < WITHIN_MS).length
      if (recent >= MOST_CRASHES) return refused(`it ended ${recent} times within a minute (${why}); see ${log}`)
      report({ type: 'phase', phase: 'starting', model: model.name })
      starting ??= start(model)
        .catch((cause: unknown): Started => {
          say({ level: 'error', text: 'The engine could not be started', cause })
          return refused(cause instanceof Error ? cause.message : String(cause))
        })
        .finally(() => (starting = null))
      return await unlessAborted(starting, signal)
    },

    // Several answers are cut by one crash, and the first of them may have had it started again already.
    crashed: () => (running === null || clock.now() - (crashes.at(-1) ?? -Infinity) < RECENT_MS ? why : null),

    async close() {
      closing.abort()
      // Also one that is only starting: what hangs then would never be closed.
      if (running !== null) await putDown(running)
      await starting
    },
  }
}

function lastComplaint(log: string): string {
  const lines = lastLines(log, 30)
  return lines.findLast((line) => /error|fail/i.test(line)) ?? lines.at(-1) ?? ''
}

/** How a process ended, or why it could not begin. */
const exitOf = (child: ChildProcess): Promise<[number | null, NodeJS.Signals | null]> =>
  new Promise((resolve) => {
    child.once('exit', (code, signal) => resolve([code, signal]))
    child.once('error', () => child.pid === undefined && resolve([-1, null]))
  })

/** The port that our own engine says it listens on. */
async function heard(child: ChildProcess): Promise<number> {
  for (;;) {
    const [message] = (await once(child, 'message')) as [unknown]
    if (typeof message === 'object' && message !== null && 'port' in message) return Number(message.port)
  }
}

/** Resolves once something answers on the port: llama-server tells nobody when it does. */
async function answering(child: ChildProcess, port: number): Promise<number> {
  while (child.exitCode === null && child.signalCode === null) {
    const found = await whoAnswers(port)
    if (found.what !== 'free' && found.what !== 'other') return port
    await new Promise((resolve) => setTimeout(resolve, 100).unref())
  }
  return port
}

async function unlessAborted(work: Promise<Started>, signal: AbortSignal): Promise<Started> {
  const left = Promise.withResolvers<Started>()
  const leave = () =>
    left.resolve({ ok: false, fault: fault('engine.failed', { what: 'the wait for it was given up' }) })
  if (signal.aborted) leave()
  signal.addEventListener('abort', leave, { once: true })
  try {
    return await Promise.race([work, left.promise])
  } finally {
    signal.removeEventListener('abort', leave)
  }
}
