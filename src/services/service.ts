import { spawn } from 'node:child_process'
import { closeSync, fstatSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Command } from './engine-command.ts'
import { lastLines, openOutput } from './output-file.ts'
import { livingProcess, parentOf, readPidFile, removePidFile, writePidFile } from './pid-file.ts'
import { accepts } from './port.ts'
import { portHolder } from './port-holder.ts'
import { alone } from './service-lock.ts'

export type ServiceName = 'divinenode' | 'llama' | 'ollama'
export type Health = { state: 'ready' | 'loading'; text: string; pid: number | null } | { state: 'down' }
/** A program that runs in the background and answers on a port. */
export type Service = {
  name: ServiceName
  port: number
  pidFile: string
  /** Where its output goes. */
  output: string
  /** What starts it, or what is missing to do so. */
  command: () => Promise<Command | { missing: string }>
  /** What answers on its port, if that is such a service. */
  health: () => Promise<Health>
  /** How long it may take until it answers at all; loading a model after that may take longer. */
  patience: number
}
/** `ok` decides the exit code; doing what is done already is ok. */
export type Outcome = { ok: boolean; text: string }
export type Tell = (line: string) => void

/** Starts it, and never a second one, and waits until it is ready. Tells how far it has come once a second. */
export async function startService(service: Service, tell: Tell): Promise<Outcome> {
  const begun = await oneAtATime(service, tell, () => begin(service))
  if ('ok' in begun) return begun
  const outcome = await untilReady(service, begun.pid, tell, begun.from)
  return outcome.ok ? { ok: true, text: `${begun.said}, pid ${begun.pid}; ${outcome.text}` } : outcome
}

/** Two commands at once would both find that nothing runs. */
const oneAtATime = <T>(service: Service, tell: Tell, work: () => Promise<T>): Promise<T> =>
  alone(service.pidFile.replace(/\.pid$/, '.lock'), () => tell('waiting for another command'), work)

type Begun = { said: string; pid: number; /** Where the output of this start begins. */ from: number }

async function begin(service: Service): Promise<Outcome | Begun> {
  const kept = livingProcess(service.pidFile)
  if (kept !== null) {
    if (kept.port !== undefined && kept.port !== service.port)
      return {
        ok: false,
        text: `already running, pid ${kept.pid}, but on port ${kept.port}; stop it first to use port ${service.port}`,
      }
    return { said: 'already running', pid: kept.pid, from: 0 }
  }
  const there = await service.health()
  if (there.state !== 'down')
    return { ok: true, text: `already running${pidText(service, there)}, ${starter(service, there)}; ${there.text}` }
  if (service.port !== 0 && (await accepts(service.port))) return { ok: false, text: held(service.port) }
  const command = await service.command()
  if ('missing' in command) return { ok: false, text: command.missing }

  const output = openOutput(service.output)
  const from = fstatSync(output).size
  const child = spawn(command.file, command.args, {
    detached: true,
    env: command.env,
    stdio: ['ignore', output, output],
  })
  closeSync(output)
  child.once('error', () => undefined) // `pid` tells of it
  if (child.pid === undefined) return { ok: false, text: `${command.file} could not be started` }
  writePidFile(service.pidFile, child.pid, service.port)
  child.unref()
  return { said: 'started', pid: child.pid, from }
}

/** Ends what `startService` started, and nothing else: gently, and after ten seconds firmly. */
export const stopService = (service: Service, graceMs = 10_000, tell: Tell = () => {}): Promise<Outcome> =>
  oneAtATime(service, tell, () => stop(service, graceMs, tell))

async function stop(service: Service, graceMs: number, tell: Tell): Promise<Outcome> {
  const kept = livingProcess(service.pidFile)
  if (kept === null) {
    const there = await service.health()
    if (there.state === 'down') return { ok: true, text: 'not running' }
    const who =
      service.name === 'llama' ? ' (the server starts one by itself when it needs it, and ends that with itself)' : ''
    return {
      ok: true,
      text: `runs${pidText(service, there)}, but was not started by this script${who}, so it is left alone`,
    }
  }
  const gone = () => livingProcess(service.pidFile) === null
  send(kept.pid, 'SIGTERM')
  const polite = await waitFor(gone, graceMs, (seconds) => tell(`stopping, ${seconds} s`))
  if (!polite) send(kept.pid, 'SIGKILL')
  const dead = polite || (await waitFor(gone, 5000))
  if (!dead) return { ok: false, text: `pid ${kept.pid} does not end` }
  removePidFile(service.pidFile, kept.pid)
  return { ok: true, text: polite ? `stopped, pid ${kept.pid}` : `killed, pid ${kept.pid}, since it did not stop` }
}

export const held = (port: number): string => {
  const holder = portHolder(port)
  const who = holder === null ? 'another program' : `pid ${holder.pid} (${holder.command})`
  return `port ${port} is held by ${who}; stop that, or choose another port`
}

/** `from` is where the output of this start begins. */
async function untilReady(service: Service, pid: number, tell: Tell, from = 0): Promise<Outcome> {
  const began = performance.now()
  let told = began
  for (;;) {
    const health = await service.health()
    if (health.state === 'ready') return { ok: true, text: health.text }
    if (livingProcess(service.pidFile)?.pid !== pid) {
      if (readPidFile(service.pidFile)?.pid !== pid)
        return { ok: false, text: `pid ${pid} was stopped by another command before it was ready` }
      removePidFile(service.pidFile, pid)
      const lines = lastLines(service.output, 12, from).map((line) => `    ${line}`)
      return { ok: false, text: [`it ended at once; the end of ${service.output}:`, ...lines].join('\n') }
    }
    const now = performance.now()
    if (health.state === 'down' && now - began > service.patience)
      return { ok: false, text: `pid ${pid} lives, but nothing answers on port ${service.port}; see ${service.output}` }
    if (now - told >= 1000) {
      told = now
      tell(health.state === 'loading' ? health.text : `starting, ${Math.round((now - began) / 1000)} s`)
    }
    await pause(50)
  }
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch {
    // it has ended meanwhile
  }
}

/** There is no event for the end of a process that isn't our child. */
async function waitFor(done: () => boolean, ms: number, tell: (seconds: number) => void = () => {}): Promise<boolean> {
  const began = performance.now()
  let told = 0
  while (performance.now() < began + ms) {
    if (done()) return true
    const seconds = Math.floor((performance.now() - began) / 1000)
    if (seconds > told) tell((told = seconds))
    await pause(40)
  }
  return done()
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

/** The server starts an engine by itself when it needs one. */
function starter(service: Service, health: Health): string {
  const pid = (health.state === 'down' ? null : health.pid) ?? portHolder(service.port)?.pid
  const server = livingProcess(join(dirname(service.pidFile), 'divinenode.pid'))?.pid
  const byServer = pid !== undefined && server !== undefined && parentOf(pid) === server
  return byServer ? 'started by divinenode' : 'not started by this script'
}

function pidText(service: Service, health: Health): string {
  const pid = (health.state === 'down' ? null : health.pid) ?? portHolder(service.port)?.pid
  return pid === undefined ? '' : `, pid ${pid}`
}
