import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { randomInt } from 'node:crypto'
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
} from 'node:fs'
import { createServer, type ListenOptions, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

const ROOT = resolve(import.meta.dirname, '..')
const LEARNT = join(ROOT, 'node_modules', '.cache', 'pkn', 'learnt')

export type ServerProcess = {
  url: string
  port: number
  pid: number
  /** Everything that it has said by now. */
  said: () => string
  child: ChildProcess
  kill: (signal?: NodeJS.Signals) => Promise<void>
}

/**
 * A port for a server that is to come up, or back, on that one. Nothing takes it meanwhile: the system gives none below 32768 to whoever wants any,
 * and another test process is given another one for as long as this one lives.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(21_000, 32_000)
    // The name of a socket that is no file, and is gone with this process however it ends.
    if (process.platform === 'linux' && !(await listening({ path: `\0pkn-test-port-${port}` }))) continue
    const server = await listening({ port, host: '127.0.0.1' })
    if (server === null) continue
    server.close()
    await once(server, 'close')
    return port
  }
}

/** One that keeps no process alive; null where somebody listens already. */
async function listening(options: ListenOptions): Promise<Server | null> {
  const server = createServer().listen(options).unref()
  return new Promise((settle, failed) => {
    server.once('listening', () => settle(server))
    server.once('error', (cause: NodeJS.ErrnoException) => (cause.code === 'EADDRINUSE' ? settle(null) : failed(cause)))
  })
}

/** A folder of its own that is gone when `remove` was called. */
export function scratch(): { home: string; log: () => string; remove: () => void } {
  const home = mkdtempSync(join(tmpdir(), 'pkn-test-'))
  return {
    home,
    log: () => readFileSync(join(home, 'divinenode.log'), 'utf8'),
    remove: () => rmSync(home, { recursive: true, force: true }),
  }
}

const lessonsIn = (folder: string): string[] =>
  existsSync(folder) ? readdirSync(folder).filter((name) => /^router-\w+$/.test(name)) : []

/** Learning takes a second. What is learnt of the agents that are there from the start is kept for the next server of a test, under the name of what it is of. */
function bringLesson(home: string): void {
  const cache = join(home, 'cache')
  const [kept] = lessonsIn(LEARNT)
  if (kept === undefined || existsSync(cache)) return
  mkdirSync(cache, { recursive: true })
  try {
    copyFileSync(join(LEARNT, kept), join(cache, kept))
  } catch (cause) {
    // Another test has just put a newer one in its place; this server learns by itself.
    if (!(cause instanceof Error && 'code' in cause && cause.code === 'ENOENT')) throw cause
  }
}
function keepLesson(home: string): void {
  const [learnt, ...more] = lessonsIn(join(home, 'cache'))
  if (
    learnt === undefined ||
    more.length > 0 ||
    readdirSync(join(home, 'agents')).length > 0 ||
    existsSync(join(LEARNT, learnt))
  )
    return
  mkdirSync(LEARNT, { recursive: true })
  for (const old of lessonsIn(LEARNT)) rmSync(join(LEARNT, old), { force: true })
  const half = join(LEARNT, `half.${process.pid}`)
  copyFileSync(join(home, 'cache', learnt), half)
  renameSync(half, join(LEARNT, learnt))
}

/** The true server as a process of its own. Resolves once it says that it listens. Nothing but `env` says where models are. */
export async function startProcess(home: string, env: Record<string, string> = {}): Promise<ServerProcess> {
  bringLesson(home)
  const child = spawn(process.execPath, ['--max-semi-space-size=1', join(ROOT, 'src', 'serve.mjs')], {
    env: {
      ...process.env,
      PKN_PORT: '0',
      PKN_HOME: home,
      PKN_LOG_FILE: join(home, 'divinenode.log'),
      PKN_ENGINE: 'off',
      // Nothing listens on port 9: models of the machine that runs the tests are not looked for.
      LLAMA_BASE_URL: 'http://127.0.0.1:9/v1',
      OLLAMA_BASE_URL: 'http://127.0.0.1:9',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  const port = await new Promise<number>((found, failed) => {
    const hear = (piece: string) => {
      said += piece
      const match = /PKN is at http:\/\/\S+:(\d+)\//.exec(said)
      if (match) found(Number(match[1]))
    }
    child.stdout?.setEncoding('utf8').on('data', hear)
    child.stderr?.setEncoding('utf8').on('data', hear)
    child.once('exit', (code, signal) =>
      failed(new Error(`the server ended (${code ?? signal}) before it listened: ${said}`)),
    )
  })
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    pid: child.pid ?? 0,
    said: () => said,
    child,
    kill: async (signal = 'SIGKILL') => {
      if (child.exitCode !== null || child.signalCode !== null) return
      child.kill(signal)
      await once(child, 'exit')
      keepLesson(home)
    },
  }
}
