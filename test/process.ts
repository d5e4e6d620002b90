import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

const ROOT = resolve(import.meta.dirname, '..')

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

/** The true server as a process of its own. Resolves once it says that it listens. Nothing but `env` says where models are. */
export async function startProcess(home: string, env: Record<string, string> = {}): Promise<ServerProcess> {
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
    },
  }
}
