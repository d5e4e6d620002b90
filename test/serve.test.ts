import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'

test('a server whose terminal or pipe is gone goes on', { timeout: 30_000 }, async () => {
  const home = mkdtempSync(join(tmpdir(), 'pkn-serve-'))
  const log = join(home, 'divinenode.log')
  const env = {
    ...process.env,
    PKN_HOME: home,
    PKN_PORT: '0',
    PKN_ENGINE: 'off',
    PKN_LOG_FILE: log,
    LLAMA_BASE_URL: 'http://127.0.0.1:9/v1',
    OLLAMA_BASE_URL: 'http://127.0.0.1:9',
  }
  const server = spawn(process.execPath, [join(import.meta.dirname, '..', 'src', 'serve.mjs')], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const exit = once(server, 'exit')
  server.stdout.destroy()
  server.stderr.destroy()
  const said = () => (existsSync(log) ? readFileSync(log, 'utf8') : '')
  while (!/listens on/.test(said()) && server.exitCode === null) await new Promise((resolve) => setTimeout(resolve, 20))
  const port = Number(/listens on 127\.0\.0\.1:(\d+)/.exec(said())?.[1])
  const health = await fetch(`http://127.0.0.1:${port}/health`)
  assert.equal(health.status, 200)
  server.kill('SIGTERM')
  assert.deepEqual(await exit, [0, null])
  assert.doesNotMatch(said(), /ERROR/)
  rmSync(home, { recursive: true, force: true })
})
