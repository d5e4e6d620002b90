import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { appendFileSync, closeSync, mkdirSync, mkdtempSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, it } from 'node:test'
import { ownEngine, plainEnvironment } from './engine-command.ts'
import { findModelFile, listModelFiles, PRACTICE } from './model-file.ts'
import { keepOutputsBounded } from './output-bounds.ts'
import { lastLines, openOutput } from './output-file.ts'
import { beginOf, livingProcess, writePidFile } from './pid-file.ts'

let home: string
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'pkn-files-'))
  mkdirSync(join(home, 'models'))
})
afterEach(() => rmSync(home, { recursive: true, force: true }))

const model = (name: string, age: number, text = 'GGUF...') => {
  const path = join(home, 'models', name)
  writeFileSync(path, text)
  utimesSync(path, 1_700_000_000 - age, 1_700_000_000 - age)
}

it('takes the configured model, else the newest, else the practice model', async () => {
  assert.equal((await findModelFile({ home }))?.practice, true)
  model('old.gguf', 100)
  model('new.gguf', 50)
  model('newer-but-broken.gguf', 10, '<html>')
  model('newer-download.gguf.part', 10)
  model('mmproj-newer.gguf', 10)
  model('newer-00002-of-00003.gguf', 10)
  const newest = await findModelFile({ home })
  assert.deepEqual([newest?.name, newest?.practice], ['new', false])
  assert.equal((await findModelFile({ home, model: 'old' }))?.name, 'old')
  assert.equal((await findModelFile({ home, model: join(home, 'models', 'old.gguf') }))?.name, 'old')
  assert.equal(await findModelFile({ home, model: 'gone' }), null)
})

it('lists every model, the one that answers by default first: configured, else named in the default file, else the newest', async () => {
  const names = async (model?: string) => (await listModelFiles({ home, model })).map((file) => file.name)
  model('old.gguf', 100)
  model('new.gguf', 50)
  assert.deepEqual(await names(), ['new', 'old'])
  writeFileSync(join(home, 'models', '.default'), 'old\n')
  assert.deepEqual(await names(), ['old', 'new'])
  assert.deepEqual(await names('new'), ['new', 'old'])
  writeFileSync(join(home, 'models', '.default'), 'gone')
  assert.deepEqual(await names(), ['new', 'old'])
  const files = await listModelFiles({ home, model: 'gone' })
  assert.ok(files.every((file) => !file.isDefault && !file.practice))
})

it('takes the parts of a split model for one, with the bytes of all, and none of it if one is missing', async () => {
  model('big-00001-of-00003.gguf', 10, 'GGUF1')
  model('big-00002-of-00003.gguf', 10, 'GGUF22')
  assert.equal((await findModelFile({ home }))?.practice, true)
  model('big-00003-of-00003.gguf', 10, 'GGUF333')
  model('big-mmproj-f16.gguf', 1)
  const files = await listModelFiles({ home })
  assert.deepEqual(
    files.map(({ name, bytes }) => [name, bytes]),
    [['big', 18]],
  )
  assert.match(files[0]?.path ?? '', /big-00001-of-00003\.gguf$/)
  assert.equal((await findModelFile({ home, model: 'big' }))?.bytes, 18)
})

it('knows a process by when it began, so that another one with its number is never taken for it', async () => {
  const file = join(home, 'run', 'x.pid')
  const child = spawn(process.execPath, ['-e', 'process.stdin.resume()'], { stdio: ['pipe', 'ignore', 'ignore'] })
  const pid = child.pid ?? 0
  writePidFile(file, pid)
  assert.equal(livingProcess(file)?.pid, pid)
  const { began, ...kept } = livingProcess(file)!
  writeFileSync(file, JSON.stringify({ ...kept, began: `${began}1` }))
  assert.equal(livingProcess(file), null)
  writePidFile(file, pid)
  child.kill('SIGKILL')
  await once(child, 'exit')
  assert.equal(livingProcess(file), null)
  assert.equal(beginOf(pid), null)
  writeFileSync(file, 'not json')
  assert.equal(livingProcess(file), null)
})

it('puts a large output file aside and begins a new one', () => {
  const path = join(home, 'engine.log')
  writeFileSync(path, `${'x'.repeat(6 * 1024 * 1024)}\nlast but one\nlast\n`)
  assert.deepEqual(lastLines(path, 2), ['last but one', 'last'])
  openOutput(path)
  assert.equal(statSync(path).size, 0)
  assert.deepEqual(lastLines(`${path}.1`, 1), ['last'])
  assert.deepEqual(lastLines(join(home, 'none'), 1), [])
})

it('bounds an output file while a process writes to it, which goes on writing to the same one', async () => {
  const path = join(home, 'engine.log')
  const output = openOutput(path)
  const script = "process.stdin.on('data', (text) => console.log(String(text).trim()))"
  const child = spawn(process.execPath, ['-e', script], { stdio: ['pipe', output, output] })
  closeSync(output)
  const written = async (text: string) => {
    child.stdin?.write(`${text}\n`)
    while (!lastLines(path, 1).includes(text)) await new Promise((resolve) => setTimeout(resolve, 5))
  }
  await written('before')
  appendFileSync(path, `${'x'.repeat(6 * 1024 * 1024)}\n`)
  let ticks = 0
  const clock = { wall: () => 0, now: () => 0, after: () => (ticks++, () => ticks--) }
  const stop = keepOutputsBounded({ home, clock, say: ({ text }) => assert.fail(text) })
  assert.deepEqual([statSync(path).size, statSync(`${path}.1`).size, ticks], [0, 5 * 1024 * 1024, 1])
  stop()
  assert.equal(ticks, 0)
  await written('after')
  assert.equal(statSync(path).size, 'after\n'.length)
  child.kill()
  await once(child, 'exit')
})

it('gives the engine nothing of the environment that could be a secret', () => {
  const env = {
    PATH: '/bin',
    OPENAI_API_KEY: 'sk',
    HF_TOKEN: 'hf',
    LLAMA_API_KEY: 'k',
    LANG: 'C',
    NODE_OPTIONS: '-r x',
  }
  assert.deepEqual(plainEnvironment(env), { PATH: '/bin', LANG: 'C' })
  const practice = { path: '/m.gguf', name: 'm', bytes: 1, practice: true, isDefault: true }
  const argsOf = (options: Parameters<typeof ownEngine>[2]) => ownEngine(practice, 7, options).args.slice(1).join(' ')
  const asked = argsOf({ home: '/h', model: 'm', threads: 2, context: undefined, gpuLayers: 'off', idleMinutes: 0.5 })
  assert.equal(
    asked,
    '--model /m.gguf --practice --models-dir /h/models --port 7 --threads 2 --gpu off --idle-seconds 30',
  )
  assert.equal(argsOf({ home: '/h' }), `--fallback ${PRACTICE} --models-dir /h/models --port 7`)
})
