import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, it } from 'node:test'
import { ownEngine, plainEnvironment } from './engine-command.ts'
import { findModelFile } from './model-file.ts'
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
  const practice = { path: '/m.gguf', name: 'm', bytes: 1, practice: true }
  const { args } = ownEngine(practice, 7, { threads: 2, context: undefined })
  assert.deepEqual(args.slice(1), ['--model', '/m.gguf', '--port', '7', '--threads', '2', '--practice'])
})
