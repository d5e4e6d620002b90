import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { it } from 'node:test'

it('ends in order when it is told to stop as soon as it has said where it is', async (t) => {
  const home = mkdtempSync(join(tmpdir(), 'pkn-main-'))
  t.after(() => rmSync(home, { recursive: true, force: true }))
  const env = {
    ...process.env,
    PKN_PORT: '0',
    PKN_HOST: '127.0.0.1',
    PKN_HOME: home,
    PKN_LOG_FILE: join(home, 'log'),
    PKN_ENGINE: 'off',
  }
  for (let i = 0; i < 4; i++) {
    const server = spawn(process.execPath, [join(import.meta.dirname, 'serve.mjs')], {
      env,
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const exit = once(server, 'exit')
    const [said] = (await once(server.stdout, 'data')) as [Buffer]
    server.kill('SIGTERM')
    assert.match(String(said), /^PKN is at http:\/\/localhost:\d+\/pkn\.html$/m)
    assert.deepEqual(await exit, [0, null])
  }
})
