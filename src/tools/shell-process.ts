import { spawn, type ChildProcess } from 'node:child_process'
import { closeSync } from 'node:fs'
import type { Clock } from '../core/ports.ts'
import { holdWorkspace } from './confined.ts'
import { takeNetwork, type Proxy } from './egress-proxy.ts'
import type { Traffic } from './egress-traffic.ts'
import type { Egress } from './egress.ts'
import { attend, invocation, type Sandbox } from './sandbox.ts'
import { watchSandbox, type TooMuch } from './sandbox-watch.ts'

/** A program that writes more is ended: nobody reads that. */
const MOST_OUTPUT = 16 * 1024 * 1024

const LET_GO_MS = 2000

export type Cause = 'late' | 'stopped' | 'output' | TooMuch
/**
 * `code` is null where a signal ended it; `cause` is why PKN did. `broken` is what the sandbox itself said where it could not start. `traffic`
 * is null where it had no network, or all of the machine's.
 */
export type End = {
  code: number | null
  signal: string | null
  cause: Cause | null
  broken: string | null
  ms: number
  traffic: Traffic | null
}
export type Running = { pid: number | null; end: (cause: Cause) => void; ended: Promise<End> }

/**
 * Starts a command. It ends with all that it started: in a sandbox nothing of it can live on, and without one its process group is ended. `ended`
 * resolves when nothing of it holds its output any more, and never rejects.
 */
export function startCommand(
  {
    sandbox,
    clock,
    ...wish
  }: { sandbox: Sandbox; clock: Clock; folder: string; command: string; network: Egress | null },
  hear: (bytes: Uint8Array) => void,
): Running {
  const started = clock.now()
  const { file, args, env, filter, confined } = invocation(sandbox, wish)
  const egress = confined ? wish.network : null
  const more = [...(confined ? ['pipe', 'pipe'] : []), ...(egress === null ? [] : ['ipc'])]
  let child: ChildProcess
  let held: number | null = null
  try {
    held = holdWorkspace(wish.folder)
    const stdio = ['ignore', 'pipe', 'pipe', ...more, ...(confined ? [held] : [])] as (
      'ignore' | 'pipe' | 'ipc' | number
    )[]
    child = spawn(file, args, { cwd: wish.folder, env, stdio, detached: true })
    closeSync(held)
  } catch (cause) {
    if (held !== null) closeSync(held)
    const broken = cause instanceof Error ? cause.message : String(cause)
    return {
      pid: null,
      end: () => {},
      ended: Promise.resolve({ code: null, signal: null, cause: null, broken, ms: 0, traffic: null }),
    }
  }
  const state: { cause: Cause | null; broken: string; bytes: number } = {
    cause: null,
    broken: '',
    bytes: 0,
  }
  const end = (cause: Cause) => {
    state.cause ??= cause
    kill(child)
  }
  child.stdout?.on('data', (bytes: Buffer) => {
    state.bytes += bytes.length
    if (state.bytes > MOST_OUTPUT) end('output')
    else if (state.cause !== 'output') hear(bytes)
  })
  // Both outputs of the command come by the first: this one is only of what starts it.
  child.stderr?.on('data', (bytes: Buffer) => {
    if (state.broken.length < 2000) state.broken += bytes.toString()
  })
  let proxy: Proxy | null = null
  const network = egress === null ? Promise.resolve(null) : takeNetwork(child, egress)
  const linked = network.then((opened) => (proxy = opened))
  if (confined) attend(child, filter, linked)
  const unwatch = confined ? watchSandbox({ outer: child.pid, folder: wish.folder, clock }, end) : () => {}
  const ended = new Promise<End>((resolve) => {
    const over = (code: number | null, signal: string | null) => {
      unwatch()
      void linked.then((opened) => opened?.close())
      const broken = code !== 0 && state.bytes === 0 && state.broken.trim() !== '' ? state.broken.trim() : null
      resolve({
        code,
        signal,
        cause: state.cause,
        broken,
        ms: clock.now() - started,
        traffic: proxy?.traffic() ?? null,
      })
    }
    child.once('error', (cause) => {
      state.broken = cause.message
      over(null, null)
    })
    // What is `close` in all else never comes where the channel of a listener was closed from here.
    const written = [child.stdout, child.stderr].map((stream) => new Promise((done) => stream?.once('close', done)))
    child.once('exit', (code, signal) => {
      kill(child)
      // Without a sandbox something may have left the group and hold on to the output.
      clock.after(LET_GO_MS, () => child.stdout?.destroy())
      void Promise.all(written).then(() => over(code, signal))
    })
  })
  return { pid: child.pid ?? null, end, ended }
}

/** Bubblewrap takes everything within along when it ends; without it this ends what is still in its group. */
function kill({ pid }: ChildProcess): void {
  if (pid === undefined) return
  try {
    process.kill(-pid, 'SIGKILL')
  } catch {
    // Nothing is left of it.
  }
}
