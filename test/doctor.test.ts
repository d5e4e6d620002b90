import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, statSync, writeFileSync } from 'node:fs'
import { createServer, request as ask, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { after, before, it } from 'node:test'
import { connectTo } from '../src/client/client.ts'
import type { Finding } from '../src/services/finding.ts'
import { startUpstream, type Upstream } from './e2e/upstream.ts'
import { freePort, scratch, startProcess, type ServerProcess } from './process.ts'

const place = scratch()
let upstream: Upstream
let server: ServerProcess
let env: NodeJS.ProcessEnv
before(async () => {
  upstream = await startUpstream(() => ({
    text: 'one two three four five six seven eight nine ten '.repeat(9),
    everyMs: 60,
  }))
  const models = { LLAMA_BASE_URL: upstream.url }
  server = await startProcess(place.home, models)
  env = {
    PATH: process.env['PATH'],
    HOME: place.home,
    PKN_HOME: place.home,
    PKN_PORT: `${server.port}`,
    PKN_ENGINE_PORT: `${await freePort()}`,
    PKN_LOG_FILE: join(place.home, 'divinenode.log'),
    OLLAMA_HOST: `127.0.0.1:${await freePort()}`,
    ...models,
  }
})
after(async () => {
  await server.kill('SIGTERM')
  await upstream.close()
  place.remove()
})

async function doctor(...words: string[]): Promise<{ code: number | null; out: string; err: string }> {
  const args = [join(import.meta.dirname, '../src/cli/pkn.mjs'), 'doctor', ...words]
  const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'pipe'] })
  let out = ''
  let err = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text))
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, out, err }
}

const findings = (out: string): Finding[] => (JSON.parse(out) as { found: Finding[] }).found

it('finds nothing bad with a server that is well, and names it', async () => {
  const { code, out } = await doctor()
  assert.equal(code, 0, out)
  assert.match(out, new RegExp(`✓ divinenode +port ${server.port}, pid ${server.pid}; PKN `))
  assert.match(out, /✓ database +whole, schema \d+/)
  assert.match(out, /✓ endpoint llama\.cpp .*qwen3-8b-q4/)
  assert.match(out, /✓ runs +none is open/)
})

it('mends what is safe when it may, and refuses to where nobody can be asked', async () => {
  chmodSync(place.home, 0o755)
  const found = findings((await doctor('--json')).out)
  const home = found.find(({ check }) => check === 'home')
  assert.deepEqual(home?.level === 'warn' ? home.mend : null, { command: `chmod 700 ${place.home}`, safe: true })
  const refused = await doctor('--fix')
  assert.deepEqual([refused.code, /needs a terminal, or --yes/.test(refused.err)], [1, true])
  assert.equal(statSync(place.home).mode & 0o777, 0o755)
  const mended = await doctor('--fix', '--yes')
  assert.match(mended.out, new RegExp(`\\$ chmod 700 ${place.home}`))
  assert.equal(mended.code, 0, mended.out)
  assert.equal(statSync(place.home).mode & 0o777, 0o700)
})

it('ends with 1 when something is bad, and deletes nothing of it', async () => {
  const path = join(place.home, 'pkn.config.json')
  writeFileSync(path, JSON.stringify({ endpoints: [{ name: 'far', url: `http://127.0.0.1:${await freePort()}/v1` }] }))
  const { code, out } = await doctor('--fix', '--yes', '--json')
  writeFileSync(path, '{}')
  assert.equal(code, 1)
  const far = findings(out).find(({ check }) => check === 'endpoint far')
  assert.match(far?.text ?? '', /cannot be reached/)
  writeFileSync(path, '{"port":')
  const broken = await doctor()
  writeFileSync(path, '{}')
  assert.deepEqual(
    [broken.code, /✗ config +.*is not valid JSON.*\n +→ .*pkn\.config\.json\n/.test(broken.out)],
    [1, true],
  )
  assert.match(broken.out, /✓ database/)
  assert.equal((await doctor('--url', 'example.org')).code, 2)
})

/** Stands between a browser and the server, as a proxy does; one that buffers gives nothing before it has everything. */
async function proxy(buffers: boolean, host?: string): Promise<{ url: string; close: () => void }> {
  const between: Server = createServer((request, response) => {
    const headers = { ...request.headers, host: host ?? `127.0.0.1:${server.port}` }
    const onward = ask(
      { port: server.port, host: '127.0.0.1', path: request.url, method: request.method, headers },
      (reply) => {
        if (!buffers) return void reply.pipe(response.writeHead(reply.statusCode ?? 502, reply.headers))
        const all: Buffer[] = []
        reply.on('data', (piece: Buffer) => all.push(piece))
        reply.on('end', () => response.writeHead(reply.statusCode ?? 502, reply.headers).end(Buffer.concat(all)))
      },
    )
    request.pipe(onward)
    response.on('close', () => onward.destroy())
    onward.on('error', () => response.destroy())
    if (!buffers) onward.on('response', () => response.flushHeaders())
  }).listen(0, '127.0.0.1')
  await once(between, 'listening')
  return {
    url: `http://127.0.0.1:${(between.address() as AddressInfo).port}`,
    close: () => (between.closeAllConnections(), between.close()),
  }
}

it('tells a proxy that holds streams back from one that does not, and leaves no session behind', async () => {
  const stream = async (url: string) =>
    findings((await doctor('--json', '--url', url)).out).find(({ check }) => check === 'stream')
  const good = await proxy(false)
  const through = await stream(`${good.url}/pkn.html`)
  good.close()
  assert.equal(through?.level, 'ok', through?.text)

  const slow = await proxy(true)
  const lumps = await stream(slow.url)
  slow.close()
  assert.equal(lumps?.level, 'bad', lumps?.text)
  assert.match(lumps?.text ?? '', /holds the stream back.*proxy_buffering off/)

  const named = await proxy(false, 'pkn.example.org')
  const refused = await stream(named.url)
  named.close()
  assert.match(refused?.text ?? '', /is not one of the server's names/)
  assert.deepEqual((await connectTo(server.url).call('sessionsList', { query: {} })).sessions, [])
})
