import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { EventEmitter, once } from 'node:events'
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { basename, delimiter, join } from 'node:path'
import { afterEach, beforeEach, it } from 'node:test'
import { freePort } from '../../test/process.ts'
import { systemClock } from '../clock.ts'
import type { LocalEngine, LogLine } from '../core/ports.ts'
import { handClock } from '../core/testing/hand-clock.ts'
import { openLocalEngine } from './engine-process.ts'
import { findProgram } from './engine-program.ts'
import { PRACTICE } from './model-file.ts'
import { beginOf } from './pid-file.ts'

const never = new AbortController().signal
let home: string
let lines: LogLine[]
/** Is rung at each line of the log. */
const bell = new EventEmitter()
let engines: LocalEngine[]

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'pkn-services-'))
  lines = []
  engines = []
})
afterEach(async () => {
  for (const engine of engines) await engine.close()
  rmSync(home, { recursive: true, force: true })
})

function open(more: Partial<Parameters<typeof openLocalEngine>[0]> = {}): LocalEngine {
  const say = (line: LogLine) => {
    lines.push(line)
    bell.emit('line')
  }
  const engine = openLocalEngine({ home, port: 0, threads: 1, enabled: true, say, clock: systemClock, ...more })
  engines.push(engine)
  return engine
}
async function ensured(engine: LocalEngine): Promise<string> {
  const started = await engine.ensure(() => undefined, never)
  assert.ok(started.ok, JSON.stringify(started))
  return started.url
}
const pidAt = async (url: string): Promise<number> => {
  const health = (await (await fetch(url.replace('/v1', '/health'))).json()) as { pkn: { pid: number } } // what it promises
  return health.pkn.pid
}
/** The name of the model that answers a question. */
const answering = async (url: string): Promise<string> => {
  const body = JSON.stringify({ messages: [{ role: 'user', content: 'Hello' }], max_tokens: 1 })
  const headers = { 'content-type': 'application/json' }
  const response = await fetch(`${url}/chat/completions`, { method: 'POST', headers, body })
  return ((await response.json()) as { model: string }).model
}
/** No event tells of the end of a process that is another's child, nor of a file of another process. */
const until = async (is: () => boolean) => {
  while (!is()) await new Promise((resolve) => setTimeout(resolve, 5))
}
const untilGone = (pid: number) => until(() => beginOf(pid) === null)
const untilCrashed = async (times: number) => {
  const ends = () => lines.filter((line) => line.text.includes('ended by itself')).length
  while (ends() < times) await once(bell, 'line')
}

it('starts one engine for all who ask, says so, and ends it when closed', async () => {
  const engine = open()
  assert.deepEqual((await engine.offer())[0]?.practice, true)
  const phases: string[] = []
  const report = (event: { phase: string }) => void phases.push(event.phase)
  const [one, two] = await Promise.all([engine.ensure(report, never), engine.ensure(report, never)])
  assert.ok(one.ok && two.ok)
  assert.equal(one.url, two.url)
  assert.deepEqual(phases, ['starting', 'starting'])
  const pid = await pidAt(one.url)
  assert.equal(engine.crashed(), null)
  await engine.close()
  await untilGone(pid)
  assert.match(readFileSync(join(home, 'engine.log'), 'utf8'), /listening on/)
})

it('tells how its engine ended, starts it again, and gives up after three ends within a minute', async () => {
  const engine = open({ clock: handClock() })
  for (let crash = 0; crash < 3; crash += 1) {
    process.kill(await pidAt(await ensured(engine)), 'SIGKILL')
    await untilCrashed(crash + 1)
    assert.equal(engine.crashed(), 'signal SIGKILL')
  }
  const refused = await engine.ensure(() => undefined, never)
  assert.ok(!refused.ok)
  assert.equal(refused.fault.code, 'engine.failed')
  assert.match(refused.fault.message, /3 times.*engine\.log/)
})

it('still tells of a crash to those that learn of it when the engine has been started again', async () => {
  const clock = handClock()
  const engine = open({ clock })
  process.kill(await pidAt(await ensured(engine)), 'SIGKILL')
  await untilCrashed(1)
  await ensured(engine)
  assert.equal(engine.crashed(), 'signal SIGKILL')
  clock.move(2000)
  assert.equal(engine.crashed(), null)
})

it('does not start an engine that is switched off, or has no model', async () => {
  const off = await open({ enabled: false }).ensure(() => undefined, never)
  assert.ok(!off.ok && off.fault.code === 'engine.failed')
  const missing = open({ model: 'nowhere.gguf' })
  assert.deepEqual(await missing.offer(), [])
  const none = await missing.ensure(() => undefined, never)
  assert.ok(!none.ok)
  assert.match(none.fault.message, /no model file nowhere\.gguf/)
})

it('says why a model could not be loaded', async () => {
  mkdirSync(join(home, 'models'))
  writeFileSync(join(home, 'models', 'broken.gguf'), 'GGUF and then nothing of the kind')
  const engine = open()
  await engine.ensure(() => undefined, never)
  await untilCrashed(1)
  assert.equal(engine.crashed(), 'exit code 1')
  assert.match(readFileSync(join(home, 'engine.log'), 'utf8'), /cannot be loaded/)
})

it('offers every model, the default first, and lets a default that is changed while it runs answer next', async () => {
  const models = join(home, 'models')
  mkdirSync(models)
  for (const name of ['red', 'blue']) copyFileSync(PRACTICE, join(models, `${name}.gguf`))
  const use = (name: string) => writeFileSync(join(models, '.default'), `${name}\n`)
  use('blue')
  const engine = open()
  assert.deepEqual(
    (await engine.offer()).map(({ name, practice }) => [name, practice]),
    [
      ['blue', false],
      ['red', false],
    ],
  )
  const url = await ensured(engine)
  const pid = await pidAt(url)
  assert.equal(await answering(url), 'blue')
  use('red')
  assert.equal((await engine.offer())[0]?.name, 'red')
  assert.equal(await answering(url), 'red')
  assert.equal(await pidAt(await ensured(engine)), pid)
})

it('leaves nothing behind of an engine that is killed while one model answers and another one is waited for', async () => {
  const models = join(home, 'models')
  mkdirSync(models)
  for (const name of ['red', 'blue']) copyFileSync(PRACTICE, join(models, `${name}.gguf`))
  const engine = open()
  const url = await ensured(engine)
  const ask = async (model: string, more: object = {}) => {
    const messages = [{ role: 'user', content: 'Tell me a long story.' }]
    const headers = { 'content-type': 'application/json' }
    const body = JSON.stringify({ model, messages, stream: true, ...more })
    const response = await fetch(`${await ensured(engine)}/chat/completions`, { method: 'POST', headers, body })
    return response.body!.pipeThrough(new TextDecoderStream()).getReader()
  }
  const untilSaid = async (said: Awaited<ReturnType<typeof ask>>, what: RegExp) => {
    for (;;) {
      const { done, value } = await said.read()
      assert.ok(!done, `it ended without ${what}`)
      if (what.test(value)) return said
    }
  }
  // A form that can't be filled within the context, so that nothing ends by itself.
  const schema = { type: 'array', minItems: 100, items: { type: 'string', minLength: 600 } }
  const endless = { response_format: { type: 'json_schema', json_schema: { schema } } }
  const stories = await Promise.all([1, 2, 3].map(() => ask('red', endless)))
  await Promise.race(stories.map((story) => untilSaid(story, /"delta"/)))
  const waiting = await untilSaid(await ask('blue'), /"queued"/)
  process.kill(await pidAt(url), 'SIGKILL')
  for (const cut of [...stories, waiting])
    await assert.rejects(async () => {
      while (!(await cut.read()).done) continue
    })
  await untilCrashed(1)
  await untilSaid(await ask('blue', { max_tokens: 3 }), /"finish_reason":"length"/)
  await untilSaid(await ask('red', { max_tokens: 3 }), /"finish_reason":"length"/)
})

/** Tells of its devices as llama-server does. */
const WITH_GPU = `#!/bin/sh
echo 'Available devices:'
echo '  BLAS: OpenBLAS (0 MiB, 0 MiB free)'
echo '  CUDA0: NVIDIA RTX (24110 MiB, 23900 MiB free)'
`
const WITHOUT = `#!/bin/sh
echo 'Available devices:'
echo '  BLAS: OpenBLAS (0 MiB, 0 MiB free)'
`
it("takes a llama-server by itself only where that has a GPU that PKN's own engine cannot use", async () => {
  for (const [text, wanted] of [
    [WITH_GPU, 'llama-server'],
    [WITHOUT, 'own'],
  ] as const) {
    const llama = withLlama(text)
    try {
      const own = process.platform === 'darwin' ? 'own' : wanted
      assert.equal(basename((await findProgram({})) ?? ''), own)
      assert.equal(await findProgram({ gpuLayers: 'off' }), 'own')
      assert.equal(await findProgram({ program: 'own' }), 'own')
      assert.equal(basename((await findProgram({ program: 'llama-server' })) ?? ''), 'llama-server')
    } finally {
      llama.restore()
      rmSync(home, { recursive: true })
      home = mkdtempSync(join(tmpdir(), 'pkn-services-'))
    }
  }
})

it('takes the engine that already answers on its port', async () => {
  const first = open()
  const url = await ensured(first)
  // Who is at work on loading its model may not tell within the time that another gives it who it is.
  await answering(url)
  const second = open({ port: Number(new URL(url).port) })
  assert.equal(await ensured(second), url)
  await second.close()
  assert.ok(await pidAt(url))
})

it('takes another port where some other program holds its own, and says so', async () => {
  const other = createServer((_, response) => response.end('{"status":"ok"}')).listen(0, '127.0.0.1')
  await once(other, 'listening')
  const address = other.address()
  const port = typeof address === 'object' && address ? address.port : 0
  try {
    const url = await ensured(open({ port }))
    assert.notEqual(new URL(url).port, `${port}`)
    assert.ok(lines.some((line) => line.level === 'warn' && line.text.includes(`${port}`)))
  } finally {
    other.close()
    other.closeAllConnections()
  }
})

it('does not hold up one who no longer waits', async () => {
  const leave = new AbortController()
  leave.abort()
  const left = await open().ensure(() => undefined, leave.signal)
  assert.ok(!left.ok)
})

/** Stands for llama.cpp's server: it writes its arguments down and answers as that one does. */
const LLAMA = `#!${process.execPath}
const port = Number(process.argv[process.argv.indexOf('--port') + 1])
require('node:fs').writeFileSync(process.env.TMPDIR + '/llama.json', JSON.stringify({ pid: process.pid, args: process.argv.slice(2) }))
require('node:http').createServer((q, r) => r.end(JSON.stringify(q.url === '/health' ? { status: 'ok' } : { total_slots: 2 }))).listen(port, '127.0.0.1')
`
/** One that hangs before it listens. */
const HANGING = `#!${process.execPath}
const { renameSync, writeFileSync } = require('node:fs')
// At once, as who sees the file reads it.
writeFileSync(process.env.TMPDIR + '/llama.new', JSON.stringify({ pid: process.pid, args: [] }))
renameSync(process.env.TMPDIR + '/llama.new', process.env.TMPDIR + '/llama.json')
setInterval(() => {}, 1000)
`
function withLlama(text = LLAMA): { told: () => { pid: number; args: string[] }; restore: () => void } {
  const program = join(home, 'bin', 'llama-server')
  mkdirSync(join(home, 'bin'))
  writeFileSync(program, text)
  chmodSync(program, 0o755)
  const before = { PATH: process.env['PATH'], TMPDIR: process.env['TMPDIR'] }
  Object.assign(process.env, { PATH: join(home, 'bin') + delimiter + before.PATH, TMPDIR: home })
  return {
    told: () => JSON.parse(readFileSync(join(home, 'llama.json'), 'utf8')) as { pid: number; args: string[] },
    restore: () => {
      process.env['PATH'] = before.PATH
      if (before.TMPDIR === undefined) delete process.env['TMPDIR']
      else process.env['TMPDIR'] = before.TMPDIR
    },
  }
}

it("uses llama.cpp's own server where it is asked for, with batches that are small enough to stop", async () => {
  const llama = withLlama()
  try {
    const port = await freePort()
    const engine = open({ port, program: 'llama-server' })
    assert.equal(await ensured(engine), `http://127.0.0.1:${port}/v1`)
    const { pid, args } = llama.told()
    assert.match(args.join(' '), /-b 256 -ub 256/)
    assert.match(args.join(' '), /--host 127\.0\.0\.1/)
    await engine.close()
    await untilGone(pid)
  } finally {
    llama.restore()
  }
})

it('is closed at once while its engine is still starting, and leaves nothing behind', { timeout: 20_000 }, async () => {
  const llama = withLlama(HANGING)
  try {
    const engine = open({ port: await freePort(), program: 'llama-server' })
    const started = engine.ensure(() => undefined, never)
    await until(() => existsSync(join(home, 'llama.json')))
    await new Promise(setImmediate)
    await engine.close()
    assert.equal((await started).ok, false)
    await untilGone(llama.told().pid)
  } finally {
    llama.restore()
  }
})

it('gives up an engine that never answers, and lets nobody wait for it for ever', { timeout: 20_000 }, async () => {
  const llama = withLlama(HANGING)
  try {
    const clock = handClock()
    const engine = open({ port: await freePort(), program: 'llama-server', clock })
    const started = engine.ensure(() => undefined, never)
    await until(() => existsSync(join(home, 'llama.json')))
    clock.move(60_000)
    const got = await started
    assert.ok(!got.ok)
    assert.match(got.fault.message, /did not answer within 60 s/)
    await untilGone(llama.told().pid)
  } finally {
    llama.restore()
  }
})

for (const kind of ['its own engine', "llama.cpp's server"])
  it(`takes ${kind} along when the process that started it is killed`, async () => {
    const llama = kind === 'its own engine' ? null : withLlama()
    const script = `
      import { openLocalEngine } from ${JSON.stringify(join(import.meta.dirname, 'engine-process.ts'))}
      import { systemClock } from ${JSON.stringify(join(import.meta.dirname, '../clock.ts'))}
      const engine = openLocalEngine({ home: ${JSON.stringify(home)}, port: 0, threads: 1, program: ${JSON.stringify(llama === null ? 'own' : 'llama-server')}, enabled: true, say: () => {}, clock: systemClock })
      const started = await engine.ensure(() => {}, new AbortController().signal)
      process.stdout.write(started.url + '\\n')`
    const parent = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    try {
      const [url] = (await once(parent.stdout.setEncoding('utf8'), 'data')) as [string]
      const pid = llama?.told().pid ?? (await pidAt(url.trim()))
      assert.notEqual(beginOf(pid), null)
      parent.kill('SIGKILL')
      await untilGone(pid)
    } finally {
      parent.kill('SIGKILL')
      llama?.restore()
    }
  })
