import assert from 'node:assert/strict'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join, relative, resolve } from 'node:path'
import { once } from 'node:events'
import { spawn } from 'node:child_process'
import { after, before, beforeEach, it } from 'node:test'
import { freePort } from '../../test/process.ts'
import { COMMANDS } from './commands.ts'
import { nearest } from './nearest.ts'

let home: string
let env: NodeJS.ProcessEnv
const file = () => join(home, 'pkn.config.json')
before(async () => {
  home = mkdtempSync(join(tmpdir(), 'pkn-cli-'))
  env = {
    PATH: process.env['PATH'],
    HOME: home,
    PKN_HOME: home,
    PKN_PORT: `${await freePort()}`,
    PKN_LOG_FILE: join(home, 'divinenode.log'),
    PKN_ENGINE_PORT: `${await freePort()}`,
    LLAMA_BASE_URL: 'http://127.0.0.1:9/v1',
    OLLAMA_BASE_URL: 'http://127.0.0.1:9',
  }
})
after(() => rmSync(home, { recursive: true, force: true }))
beforeEach(() => rmSync(file(), { force: true }))

type Said = { code: number | null; out: string; err: string }
const begin = (words: string[]) =>
  spawn(process.execPath, [join(import.meta.dirname, 'pkn.mjs'), ...words], { env, stdio: 'pipe' })

/** The true command, in a process of its own. */
async function pkn(...words: string[]): Promise<Said> {
  return await ended(begin(words))
}

async function ended(child: ReturnType<typeof begin>): Promise<Said> {
  let out = ''
  let err = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text))
  child.stdin.end()
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, out, err }
}

it('names every verb, and each one by itself, without colours where nobody sees them', async () => {
  const all = await pkn('help')
  assert.equal(all.code, 0)
  for (const [verb, { group }] of Object.entries(COMMANDS))
    if (group !== undefined) assert.match(all.out, new RegExp(`^  ${verb}\\b`, 'm'))
  // oxlint-disable-next-line no-control-regex -- colours begin with it
  assert.doesNotMatch(all.out, /\u001B/)
  assert.match((await pkn('help', 'models')).out, /^usage: pkn models .*\n\n.*\n\n.*list /)
  assert.match((await pkn('models', '--help')).out, /^usage: pkn models/)
  const none = await pkn()
  assert.deepEqual([none.code, none.out], [2, ''])
})

it('tells its version', async () => {
  assert.match((await pkn('--version')).out, /^PKN \d+\.\d+\.\d+\n$/)
  assert.match((await pkn('service')).err, /service takes the word install/)
})

it('names what was meant', async () => {
  const words = ['start', 'stop', 'restart', 'status', 'models', 'doctor']
  assert.deepEqual(nearest('statsu', words), ['status'])
  assert.deepEqual(nearest('mod', words), ['models'])
  assert.deepEqual(nearest('xyzzy', words), [])
  const wrong = await pkn('dcotor')
  assert.deepEqual([wrong.code, wrong.err.trim()], [2, 'pkn: there is no verb "dcotor". Did you mean doctor?'])
  assert.equal((await pkn('help', 'nothing')).code, 2)
})

it('changes a setting through the schema, and nothing else', async () => {
  writeFileSync(file(), '{"hosts": ["a.example"], "endpoints": [{"name": "far", "url": "http://127.0.0.1:1/v1"}]}')
  assert.equal((await pkn('config', 'set', 'engine.context', '4096')).out, 'engine.context = 4096\n')
  assert.equal((await pkn('config', 'set', 'endpoints.far.slots', '3')).code, 0)
  assert.equal((await pkn('config', 'set', 'engine.model', '3')).code, 0)
  assert.deepEqual(JSON.parse(readFileSync(file(), 'utf8')), {
    hosts: ['a.example'],
    endpoints: [{ name: 'far', url: 'http://127.0.0.1:1/v1', slots: 3 }],
    engine: { context: 4096, model: '3' },
  })
  assert.equal(statSync(file()).mode & 0o077, 0)
  assert.equal((await pkn('config', 'get', 'endpoints.far.slots')).out, '3\n')
  assert.equal((await pkn('config', 'get', 'limits.runs')).out, '500\n')
  assert.equal((await pkn('config', 'unset', 'endpoints.far')).code, 0)
  assert.equal((await pkn('config', 'get', 'endpoints')).out, '[]\n')
  assert.equal((await pkn('config', 'path')).out.trim(), file())
})

it('refuses a setting that does not exist, or a value that it cannot have, and leaves the file as it is', async () => {
  writeFileSync(file(), '{"engine":{"context":4096}}')
  for (const [words, code, why] of [
    [['set', 'engine.context', '5'], 1, />=256/],
    [['set', 'engine.contxt', '5'], 2, /did you mean engine\.context/],
    [['set', 'endpoints.none.slots', '5'], 1, /endpoints/],
    [['set', 'port'], 2, /a name and a value/],
    [['set', 'port', 'many'], 1, /number/],
    [['get', 'engine.model'], 1, /not set/],
    [['become', 'other'], 2, /none of list/],
  ] as const) {
    const said = await pkn('config', ...words)
    assert.deepEqual([words, said.code, why.test(said.err)], [words, code, true], said.err)
  }
  assert.equal(readFileSync(file(), 'utf8'), '{"engine":{"context":4096}}')
  writeFileSync(file(), '{"engine":')
  assert.match((await pkn('config', 'set', 'port', '1')).err, /is not valid JSON/)
})

it('tells where each setting comes from, and that the environment wins', async () => {
  writeFileSync(file(), '{"engine":{"context":4096}}')
  const rows = JSON.parse((await pkn('config', '--json')).out) as { name: string; value: unknown; from: string }[]
  const of = (name: string) => rows.find((row) => row.name === name)
  assert.deepEqual(of('engine.context'), { name: 'engine.context', value: 4096, from: 'file' })
  assert.deepEqual(of('limits.steps'), { name: 'limits.steps', value: 24, from: 'default' })
  assert.deepEqual(of('port'), { name: 'port', value: env['PKN_PORT'], from: 'PKN_PORT' })
  assert.match((await pkn('config', 'set', 'port', '8011')).out, /PKN_PORT is set in the environment, and wins/)
})

it('keeps a settings file that is a link a link', async () => {
  mkdirSync(join(home, 'dotfiles'), { recursive: true })
  writeFileSync(join(home, 'dotfiles/pkn.json'), '{}')
  symlinkSync(join(home, 'dotfiles/pkn.json'), file())
  assert.equal((await pkn('config', 'set', 'port', '8011')).code, 0)
  assert.deepEqual(JSON.parse(readFileSync(join(home, 'dotfiles/pkn.json'), 'utf8')), { port: 8011 })
})

/** A model server's file: 3 MB that come slowly unless told otherwise, and in ranges. */
async function fileServer(slowly: boolean): Promise<{ url: string; close: () => void }> {
  const bytes = Buffer.alloc(3_000_000, 'x')
  bytes.write('GGUF')
  const server = createServer((request, response) => {
    const from = Number(/bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1] ?? 0)
    const rest = bytes.subarray(from)
    response.writeHead(from > 0 ? 206 : 200, {
      'content-length': rest.length,
      'accept-ranges': 'bytes',
      etag: '"one"',
      ...(from > 0 ? { 'content-range': `bytes ${from}-${bytes.length - 1}/${bytes.length}` } : {}),
    })
    if (request.method === 'HEAD') return response.end()
    if (!slowly || from > 0) return response.end(rest)
    response.write(rest.subarray(0, 1_000_000))
    return response
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/tiny-q8_0.gguf`,
    close: () => (server.closeAllConnections(), server.close()),
  }
}

it('gets a model, lists it, lets it answer and deletes it, without a server', async () => {
  const files = await fileServer(true)
  const cut = begin(['models', 'pull', files.url])
  const shown = Promise.withResolvers<void>()
  cut.stdout.on('data', (text) => String(text).includes('of 3.0 MB') && shown.resolve())
  const stopped = ended(cut)
  await shown.promise
  cut.kill('SIGINT')
  const left = await stopped
  assert.deepEqual([left.code, /What has arrived is kept: pkn models pull http/.test(left.out)], [1, true], left.out)
  assert.equal(existsSync(join(home, 'models/tiny-q8_0.gguf')), false)

  const rest = await pkn('models', 'pull', files.url)
  files.close()
  assert.equal(rest.code, 0, rest.err)
  assert.match(rest.out, /tiny-q8_0 is here \(3\.0 MB\)/)
  assert.equal(statSync(join(home, 'models/tiny-q8_0.gguf')).size, 3_000_000)

  const list = JSON.parse((await pkn('models', '--json')).out) as { installed: { name: string; chosen: boolean }[] }
  assert.ok(list.installed.some(({ name, chosen }) => name === 'tiny-q8_0' && chosen))
  assert.match((await pkn('models')).out, /● +tiny-q8_0 +3\.0 MB/)
  assert.equal((await pkn('models', 'use', 'tiny-q8_0')).code, 0)
  assert.match((await pkn('models', 'catalogue')).out, /^This machine: .*\n\n.*smollm2-135m/s)
  assert.equal((await pkn('models', 'remove', 'tiny-q8_0')).out, 'tiny-q8_0 is deleted\n')
  assert.equal(existsSync(join(home, 'models/tiny-q8_0.gguf')), false)
})

it('says why a model cannot be had, and what there is instead', async () => {
  const gone = await pkn('models', 'pull', join(home, 'nothing.gguf'))
  assert.equal(gone.code, 1)
  assert.match(gone.err, /^pkn models: .*nothing/)
  assert.deepEqual([(await pkn('models', 'remove', 'none')).code, (await pkn('models', 'use', 'none')).code], [1, 1])
  assert.equal((await pkn('models', 'pull')).code, 2)
  assert.equal((await pkn('models', 'eat', 'x')).code, 2)
  assert.equal((await pkn('models', 'cancel', 'x')).code, 2)
})

it('takes a path as it is seen from where the command is given', async () => {
  writeFileSync(join(home, 'mine.gguf'), 'no model')
  for (const path of [relative(process.cwd(), join(home, 'mine.gguf')), './mine.gguf', '../none.gguf']) {
    const { code, err } = await pkn('models', 'pull', path)
    assert.deepEqual([code, err.includes(`${resolve(path)} cannot be used: `)], [1, true], err)
  }
  rmSync(join(home, 'mine.gguf'))
})

it('shows the end of a log, and says when there is none', async () => {
  const none = await pkn('logs', 'llama')
  assert.deepEqual([none.code, /there is no .*engine\.log yet/.test(none.err)], [1, true])
  writeFileSync(join(home, 'divinenode.log'), 'one\ntwo\nthree\n')
  assert.equal((await pkn('logs', '-n', '2')).out, 'two\nthree\n')
  assert.equal((await pkn('logs', '-n', 'two')).code, 2)
  assert.equal((await pkn('logs', 'all')).code, 2)
})

it('tells a program what runs', async () => {
  const { out } = await pkn('status', '--json')
  const { services } = JSON.parse(out) as { services: { name: string; state: string; ours: boolean }[] }
  assert.deepEqual(
    services.slice(0, 2).map(({ name, state, ours }) => [name, state, ours]),
    [
      ['divinenode', 'not running', false],
      ['llama', 'not running', false],
    ],
  )
})

it('prints a unit with the places of this very installation, and writes it for this user', async () => {
  const unit = await pkn('service', 'install', '--print', '--systemd')
  assert.match(unit.out, new RegExp(`^Environment="PKN_HOME=${home}"$`, 'm'))
  assert.match(unit.out, new RegExp(`^ExecStart=${process.execPath} .*/src/serve\\.mjs$`, 'm'))
  assert.match((await pkn('service', 'install', '--print', '--launchd')).out, /^<\?xml/)
  const written = await pkn('service', 'install', '--systemd')
  assert.match(written.out, /systemctl --user enable --now pkn\.service/)
  assert.equal(readFileSync(join(home, '.config/systemd/user/pkn.service'), 'utf8'), unit.out)
  assert.deepEqual([(await pkn('service', 'remove')).code, (await pkn('service', 'install', '--system')).code], [2, 2])
})
