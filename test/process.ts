import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
} from 'node:fs'
import { createServer } from 'node:net'
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

/** A port that was free a moment ago; for a server that is to come back on the same one. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
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
  if (lessonsIn(LEARNT).length > 0 && !existsSync(join(home, 'cache')))
    cpSync(LEARNT, join(home, 'cache'), { recursive: true })
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
