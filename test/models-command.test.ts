import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { after, before, it } from 'node:test'
import type { Pull } from '../src/wire/shelf.ts'
import { scratch, startProcess, type ServerProcess } from './process.ts'

const place = scratch()
const files = createServer()
let server: ServerProcess
let env: NodeJS.ProcessEnv
let what: string
const waiting = Promise.withResolvers<() => void>()
before(async () => {
  const bytes = Buffer.alloc(2_000_000, 'x')
  bytes.write('GGUF')
  files.on('request', (request, response) => {
    response.writeHead(200, { 'content-length': bytes.length })
    if (request.method === 'HEAD') return response.end()
    response.write(bytes.subarray(0, 500_000))
    waiting.resolve(() => response.end(bytes.subarray(500_000)))
    return response
  })
  files.listen(0, '127.0.0.1')
  await once(files, 'listening')
  what = `http://127.0.0.1:${(files.address() as AddressInfo).port}/far-q8_0.gguf`
  server = await startProcess(place.home)
  env = { PATH: process.env['PATH'], HOME: place.home, PKN_HOME: place.home, PKN_PORT: `${server.port}` }
})
after(async () => {
  files.closeAllConnections()
  files.close()
  await server.kill('SIGTERM')
  place.remove()
})

const begin = (...words: string[]) =>
  spawn(process.execPath, [join(import.meta.dirname, '../src/cli/pkn.mjs'), ...words], { env, stdio: 'pipe' })

async function ended(child: ReturnType<typeof begin>): Promise<{ code: number | null; out: string; err: string }> {
  let out = ''
  let err = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text))
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, out, err }
}
const pkn = (...words: string[]) => ended(begin(...words))
const pulls = async () => (JSON.parse((await pkn('models', '--json')).out) as { pulls: Pull[] }).pulls

it('asks the server while it runs, which goes on with a pull when the command is left', async () => {
  const first = begin('models', 'pull', what)
  const shown = Promise.withResolvers<void>()
  first.stdout.on('data', (text) => String(text).includes('of 2.0 MB') && shown.resolve())
  const stopped = ended(first)
  const finish = await waiting.promise
  await shown.promise
  first.kill('SIGINT')
  const left = await stopped
  const id = /pkn models cancel (pull_\w+) stops it/.exec(left.out)?.[1]
  assert.deepEqual([left.code, id === undefined], [1, false], left.out)
  assert.deepEqual(
    (await pulls()).map((pull) => [pull.id, pull.state]),
    [[id, 'pulling']],
  )
  assert.match((await pkn('models')).out, new RegExp(`on their way\\n +↓ +far-q8_0 .* of 2\\.0 MB .*${id}`))

  const second = pkn('models', 'pull', what)
  finish()
  const { code, out, err } = await second
  assert.equal(code, 0, err)
  assert.match(out, /far-q8_0 is here \(2\.0 MB\)/)
  assert.ok(existsSync(join(place.home, 'models/far-q8_0.gguf')))
  assert.equal((await pkn('models', 'remove', 'far-q8_0')).code, 0)
})

it('says what the server refuses, in its words', async () => {
  const wrong = await pkn('models', 'pull', 'no such thing')
  assert.equal(wrong.code, 1)
  assert.match(wrong.err, /^pkn models: no such thing cannot be pulled: .* Use a name of the catalogue/)
  assert.match((await pkn('models', 'remove', 'none')).err, /There is no model file called none/)
  assert.match((await pkn('models', 'cancel', 'pull_00000000')).err, /There is no such pull/)
})
