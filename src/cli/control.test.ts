import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, before, it } from 'node:test'
import { promisify } from 'node:util'
import { freePort } from '../../test/process.ts'
import { getJson } from '../services/port.ts'

let env: NodeJS.ProcessEnv
let home: string
let port: number
before(async () => {
  home = mkdtempSync(join(tmpdir(), 'pkn-control-'))
  port = await freePort()
  env = {
    PATH: process.env['PATH'],
    HOME: home,
    PKN_HOME: home,
    PKN_PORT: `${port}`,
    PKN_ENGINE_PORT: `${await freePort()}`,
    PKN_ENGINE_THREADS: '1',
    PKN_LOG_FILE: join(home, 'divinenode.log'),
    PKN_MODEL_SOURCE: 'practice',
    OLLAMA_BASE_URL: `http://127.0.0.1:${await freePort()}`,
  }
})
after(async () => {
  await control('stop-all')
  rmSync(home, { recursive: true, force: true })
})

/** The true control command, on a home and ports of its own. */
async function control(verb: string): Promise<{ code: number; out: string; err: string }> {
  const args = [join(import.meta.dirname, 'pkn.mjs'), ...verb.split(' ')]
  try {
    const { stdout, stderr } = await promisify(execFile)(process.execPath, args, { env })
    return { code: 0, out: stdout, err: stderr }
  } catch (cause) {
    const { code, stdout, stderr } = cause as { code: number; stdout: string; stderr: string } // what execFile rejects with
    return { code, out: stdout, err: stderr }
  }
}

it('starts everything, shows it, starts nothing twice, and stops it', async () => {
  const started = await control('start-all')
  assert.equal(started.code, 0, started.out)
  assert.match(started.out, /✓ llama +started, pid \d+; practice-q8_0/)
  assert.match(started.out, /✓ divinenode +started, pid \d+/)
  assert.match(started.out, /The practice model will answer\. It only shows how PKN works and knows nothing/)
  assert.match(started.out, new RegExp(`Open http://localhost:${port}/pkn\\.html`))
  const health = await getJson<{ status: string }>(`http://127.0.0.1:${port}/health`)
  assert.equal(health?.body.status, 'ok')

  const status = await control('status')
  assert.equal(status.code, 0)
  assert.match(status.out, /● divinenode +running/)
  assert.match(status.out, /● llama +running/)
  const again = await control('start-llama')
  assert.deepEqual([again.code, /already running, pid \d+/.test(again.out)], [0, true])

  const restarted = await control('restart-divinenode')
  assert.equal(restarted.code, 0)
  assert.match(restarted.out, /stopped, pid \d+[\s\S]*started, pid \d+/)

  const other = await control('restart llama')
  assert.match(other.out, /✓ llama +stopped, pid \d+\n(.*\n)*✓ llama +started, pid \d+/)
  const stopped = await control('stop')
  assert.equal(stopped.code, 0)
  assert.equal(stopped.out.match(/stopped, pid \d+/g)?.length, 2)
  assert.match((await control('status')).out, /○ divinenode +not running/)
  assert.equal((await control('stop-llama')).code, 0)
})

it('starts all the same when something else holds the port of the engine', async () => {
  const other = createServer((_, response) => response.end('not an engine'))
  const taken = await new Promise<number>((resolve) => {
    other.listen(0, '127.0.0.1', () => resolve((other.address() as AddressInfo).port))
  })
  const usual = env['PKN_ENGINE_PORT']
  env['PKN_ENGINE_PORT'] = `${taken}`
  const started = await control('start-all')
  assert.equal(started.code, 0, started.out)
  assert.match(started.out, new RegExp(`Port ${taken} is held by .*\\nSo the engine takes a free port`))
  assert.match(started.out, new RegExp(`Open http://localhost:${port}/pkn\\.html`))
  env['PKN_ENGINE_PORT'] = usual
  other.close()
})

it('says on which port it runs when asked for another one, and stops it although its file is broken', async () => {
  env['PKN_PORT'] = `${await freePort()}`
  const again = await control('start-divinenode')
  assert.deepEqual(
    [again.code, new RegExp(`already running, pid \\d+, but on port ${port};`).test(again.out)],
    [1, true],
  )
  assert.match((await control('status')).out, new RegExp(`● divinenode +running +port ${port}.* and not on port`))
  env['PKN_PORT'] = `${port}`
  writeFileSync(join(home, 'pkn.config.json'), '{"port": ')
  assert.equal((await control('status')).code, 2)
  const stopped = await control('stop-all')
  rmSync(join(home, 'pkn.config.json'))
  assert.deepEqual([stopped.code, /is not valid JSON[^]*divinenode +stopped, pid/.test(stopped.out)], [0, true])
})

it('finds its project through a link, from another folder, also where a path has spaces', async () => {
  const project = join(home, 'my project')
  mkdirSync(join(project, 'src/cli'), { recursive: true })
  mkdirSync(join(project, 'node_modules'))
  writeFileSync(join(project, 'node_modules/.package-lock.json'), '{}')
  for (const name of ['pkn', 'pkn_control.sh'])
    copyFileSync(join(import.meta.dirname, '../..', name), join(project, name))
  writeFileSync(join(project, 'src/cli/pkn.mjs'), 'console.log(import.meta.dirname, process.argv[2])')
  mkdirSync(join(home, 'bin'))
  symlinkSync('../my project/pkn_control.sh', join(home, 'bin/pkn'))
  symlinkSync('bin/pkn', join(home, 'pkn'))
  symlinkSync('my project/pkn', join(home, 'short'))
  for (const name of ['pkn', 'short']) {
    const { stdout } = await promisify(execFile)('bash', [name, 'status'], { env, cwd: home })
    assert.equal(stdout.trim(), `${realpathSync(project)}/src/cli status`)
  }
})

it('installs what is missing, once, and builds the page before a start', async () => {
  const project = join(home, 'fresh')
  const tools = join(home, 'tools')
  for (const folder of [join(project, 'src/cli'), join(project, 'src/web'), tools])
    mkdirSync(folder, { recursive: true })
  copyFileSync(join(import.meta.dirname, '../../pkn'), join(project, 'pkn'))
  writeFileSync(join(project, 'package-lock.json'), '{}')
  writeFileSync(join(project, 'vite.config.ts'), '')
  writeFileSync(join(project, 'src/web/index.html'), '')
  writeFileSync(join(project, 'src/cli/pkn.mjs'), 'console.log("ran", process.argv[2])')
  const npm = `#!/bin/sh
echo "npm $*" >>"${home}/npm.log"
case "$*" in
  ci*) mkdir -p node_modules && touch node_modules/.package-lock.json ;;
  *build) mkdir -p dist/web && touch dist/web/index.html ;;
esac`
  writeFileSync(join(tools, 'npm'), npm, { mode: 0o755 })
  const fresh = { ...env, PATH: `${tools}:${dirname(process.execPath)}:${process.env['PATH']}` }
  const run = (verb: string) => promisify(execFile)('bash', [join(project, 'pkn'), verb], { env: fresh, cwd: home })
  const first = await run('status')
  assert.deepEqual([first.stdout, first.stderr], ['ran status\n', 'Installing packages, once ...\n'])
  assert.equal((await run('start')).stderr, 'Building the page ...\n')
  assert.deepEqual([(await run('start')).stderr, (await run('status')).stderr], ['', ''])
  const calls = readFileSync(join(home, 'npm.log'), 'utf8').trim().split('\n')
  assert.deepEqual(
    calls.map((call) => call.replace(/ --\S+/g, '')),
    ['npm ci', 'npm run build'],
  )
})

it('sets up once when two are called at the same time, and is not held up by one that was killed', async () => {
  const project = join(home, 'twice')
  const tools = join(home, 'slow tools')
  for (const folder of [join(project, 'src/cli'), tools]) mkdirSync(folder, { recursive: true })
  copyFileSync(join(import.meta.dirname, '../../pkn'), join(project, 'pkn'))
  writeFileSync(join(project, 'package-lock.json'), '{}')
  writeFileSync(join(project, 'src/cli/pkn.mjs'), 'console.log("ran", process.argv[2])')
  // The lock of a process that has ended: nobody has a number as high.
  symlinkSync('99999999', join(project, '.pkn-setup'))
  const npm = `#!/bin/sh
echo "npm $*" >>"${home}/twice.log"
until grep -q waiting "${home}/second"; do sleep 0.02; done
mkdir -p node_modules && touch node_modules/.package-lock.json`
  writeFileSync(join(tools, 'npm'), npm, { mode: 0o755 })
  const fresh = { ...env, PATH: `${tools}:${dirname(process.execPath)}:${process.env['PATH']}` }
  const script = `: >"${home}/second"
bash "${project}/pkn" start & until [ -f "${home}/twice.log" ]; do sleep 0.02; done
bash "${project}/pkn" help 2>"${home}/second"; wait`
  const { stdout } = await promisify(execFile)('bash', ['-c', script], { env: fresh })
  assert.deepEqual(stdout.trim().split('\n').toSorted(), ['ran help', 'ran start'])
  assert.match(
    readFileSync(join(home, 'second'), 'utf8'),
    /^Another pkn \(pid \d+\) is setting things up; waiting for it \.\.\.\n$/,
  )
  assert.equal(readFileSync(join(home, 'twice.log'), 'utf8').trim().split('\n').length, 1)
})

it('does not complain when its reader leaves', async () => {
  const command = `"${process.execPath}" "${join(import.meta.dirname, 'pkn.mjs')}" status | head -n 1`
  const { stdout, stderr } = await promisify(execFile)('bash', ['-c', command], { env })
  assert.match(stdout, /^○ divinenode/)
  assert.equal(stderr, '')
})

it('refuses a verb or a setting that it does not know', async () => {
  const unknown = await control('start-divinenod')
  assert.deepEqual([unknown.code, unknown.out], [2, ''])
  assert.match(unknown.err, /no verb "start-divinenod". Did you mean start-divinenode/)
  assert.deepEqual((await control('start everything')).code, 2)
  env['PKN_PORT'] = 'many'
  const wrong = await control('status')
  env['PKN_PORT'] = `${port}`
  assert.deepEqual([wrong.code, /PKN_PORT/.test(wrong.err)], [2, true])
})
