/**
 * Starts the server once and stops it, so that its code lies compiled in the cache: the first start of a user is then as quick and as small as every
 * later one. Touches nothing of the user's.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

const home = mkdtempSync(join(tmpdir(), 'pkn-warm-'))
const env = {
  ...process.env,
  PKN_PORT: '0',
  PKN_HOST: '127.0.0.1',
  PKN_HOME: home,
  PKN_LOG_FILE: join(home, 'log'),
  PKN_ENGINE: 'off',
}
try {
  const server = spawn(process.execPath, [resolve(import.meta.dirname, '../src/serve.mjs')], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const exit = once(server, 'exit')
  await Promise.race([once(server.stdout, 'data'), exit])
  server.kill('SIGTERM')
  const [code] = (await exit) as [number | null]
  if (code !== 0)
    process.stderr.write(
      'The server could not be started once to compile its code; its first start will take longer.\n',
    )
} finally {
  rmSync(home, { recursive: true, force: true })
}
