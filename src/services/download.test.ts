import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import {
  createReadStream,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, it } from 'node:test'
import { numbers } from '../core/testing/numbers.ts'
import { download, type Progress } from './download.ts'
import { wrongWithGguf } from '../gguf.ts'
import { getFiles } from './pull-files.ts'
import { hashOf, modelOf, serveFile, type Conduct } from './testing/file-server.ts'

const never = new AbortController().signal
const content = modelOf(600_000)
const sha256 = hashOf(content)
let home: string
let undo: (() => void)[]
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'pkn-get-'))
  undo = []
})
afterEach(() => {
  for (const end of undo) end()
  rmSync(home, { recursive: true, force: true })
})

async function serve(conduct: Conduct = {}, file = content) {
  const server = await serveFile(file, conduct)
  undo.push(server.close)
  return server
}
const part = () => join(home, 'm.gguf.part')
const partSize = () => statSync(part(), { throwIfNoEntry: false })?.size ?? 0
const get = (url: string, more: Partial<Parameters<typeof download>[0]> = {}) => {
  const pause = () => Promise.resolve()
  return download({
    url: `${url}/m.gguf`,
    to: join(home, 'm.gguf'),
    begins: 'GGUF',
    check: wrongWithGguf,
    tell: () => undefined,
    signal: never,
    pause,
    ...more,
  })
}
const whole = () => assert.deepEqual(readFileSync(join(home, 'm.gguf')), content)

it('gets a file, and tells how far it is', async () => {
  const told: Progress[] = []
  const { url } = await serve()
  assert.deepEqual(await get(url, { sha256, tell: (p) => told.push(p) }), { ok: true, bytes: content.length })
  whole()
  assert.deepEqual(told.at(-1), { done: content.length, total: content.length, verifying: false })
  assert.deepEqual(readdirSync(home), ['m.gguf'])
})

it('brings 200 MB over a connection that is dropped at random ten times, fetches nothing twice, and verifies it', async () => {
  const file = modelOf(200_000_000, 7)
  const next = numbers(7)
  const drops = Array.from({ length: 10 }, () => Math.floor(next() * file.length))
  const there: number[] = []
  const blob = await serve({ drops, instead: () => (there.push(partSize()), false) }, file)
  const linked = { 'x-linked-size': file.length, 'x-linked-etag': `"${hashOf(file)}"` }
  const hub = await serve({
    instead: (_, response) => {
      response.writeHead(302, { location: `${blob.url}/blob`, ...linked }).end()
      return true
    },
  })
  const got = await get(hub.url)
  assert.deepEqual(got, { ok: true, bytes: file.length })
  const hash = createHash('sha256')
  for await (const piece of createReadStream(join(home, 'm.gguf')) as AsyncIterable<Buffer>) hash.update(piece)
  assert.equal(hash.digest('hex'), hashOf(file))
  assert.equal(blob.served.length, 11)
  // Each connection began at the very byte after the last one that was on the disk.
  assert.deepEqual(
    blob.served.map(({ from }) => from),
    there,
  )
  assert.deepEqual(readdirSync(home), ['m.gguf'])
})

it('goes on where the connection was dropped, as often as each attempt brings something', async () => {
  const drops = Array.from({ length: 9 }, (_, i) => 60_000 * (i + 1))
  const { url, served } = await serve({ drops })
  assert.deepEqual(await get(url, { sha256 }), { ok: true, bytes: content.length })
  whole()
  assert.equal(served.length, 10)
})

it('goes on with what an earlier call has left, and does not take it for right unread', async () => {
  for (const damage of [false, true]) {
    const { url, served } = await serve({ drops: [200_000] })
    const stop = new AbortController()
    const pause = () => Promise.resolve(stop.abort())
    assert.equal((await get(url, { signal: stop.signal, pause, sha256 })).ok, false)
    assert.deepEqual(readdirSync(home).toSorted(), ['m.gguf.part', 'm.gguf.part.json'])
    const left = readFileSync(part())
    if (damage) writeFileSync(part(), left.fill(0, 5, 50))
    served.length = 0
    assert.deepEqual(await get(url, { sha256 }), { ok: true, bytes: content.length })
    whole()
    assert.equal(served[0]?.from, left.length)
    // What was wrong on the disk is found by its hash, and all of it is got again, once.
    assert.deepEqual(
      served.map(({ from }) => from),
      damage ? [left.length, 0] : [left.length],
    )
    rmSync(join(home, 'm.gguf'))
  }
})

it('begins again when the file becomes another one in the middle', async () => {
  const old = modelOf(600_000, 2)
  const { url, served } = await serve({ changes: { after: 200_000, content, tag: '"two"' } }, old)
  assert.equal((await get(url)).ok, true)
  whole()
  assert.deepEqual(
    served.map(({ from }) => from),
    [0, 0],
  )
})

it('takes a file from the beginning, if its server knows no ranges or has no word for which file it is', async () => {
  for (const conduct of [{ ranges: false }, { tag: null }]) {
    const { url, served } = await serve({ ...conduct, drops: [100_000, 300_000] })
    assert.deepEqual(await get(url), { ok: true, bytes: content.length })
    whole()
    assert.deepEqual(
      served.map(({ from }) => from),
      [0, 0, 0],
    )
    rmSync(join(home, 'm.gguf'))
  }
})

it('accepts a part that was complete already without asking for it again', async () => {
  writeFileSync(part(), content)
  const { url, served } = await serve()
  assert.deepEqual(await get(url, { sha256, size: content.length }), { ok: true, bytes: content.length })
  assert.equal(served.length, 0)
})

it('throws away what is not what it should be', async () => {
  const { url } = await serve()
  const wrong = await get(url, { sha256: '0'.repeat(64) })
  assert.ok(!wrong.ok)
  assert.match(wrong.why, /thrown away/)
  assert.deepEqual(readdirSync(home), [])
  const short = await get(url, { size: content.length + 1 })
  assert.ok(!short.ok)
  assert.match(short.why, /600000 bytes of it instead of 600001/)
  assert.deepEqual(readdirSync(home), [])
})

it('takes no web page for a model, and no answer that is longer or shorter than it should be', async () => {
  const page = await serve({
    instead: (_, r) => (r.writeHead(200, { 'content-type': 'text/html' }).end('<html>Sign in, please</html>'), true),
  })
  const got = await get(page.url)
  assert.ok(!got.ok)
  assert.match(got.why, /a web page and no model file/)
  const empty = await serve({ instead: (_, r) => (r.writeHead(200, { 'content-length': 0 }).end(), true) })
  assert.equal((await get(empty.url)).ok, false)
  // Without a length, only what is known of it beforehand tells.
  const long = await serve({ instead: (_, r) => (r.writeHead(200).end(content), true) })
  const more = await get(long.url, { size: 500_000 })
  assert.ok(!more.ok)
  assert.match(more.why, /more than the 500000 bytes/)
  const less = await get(long.url, { size: 700_000 })
  assert.ok(!less.ok)
  assert.match(less.why, /thrown away/)
  assert.deepEqual(readdirSync(home), [])
})

it('takes no model that ends before its last tensor does, although nothing else tells', async () => {
  const cut = await serve({ instead: (_, r) => (r.writeHead(200).end(content.subarray(0, 400_000)), true) })
  const got = await get(cut.url)
  assert.ok(!got.ok)
  assert.match(got.why, /it is cut off, so it was thrown away/)
  assert.deepEqual(readdirSync(home), [])
  const uncut = await serve({ instead: (_, r) => (r.writeHead(200).end(content), true) })
  assert.deepEqual(await get(uncut.url), { ok: true, bytes: content.length })
  const practice = join(import.meta.dirname, '../../models/practice/practice-q8_0.gguf')
  assert.equal(await wrongWithGguf(practice), null)
  writeFileSync(part(), readFileSync(practice).subarray(0, 1_000_000))
  assert.equal(await wrongWithGguf(part()), 'it is cut off')
  writeFileSync(part(), Buffer.concat([content.subarray(0, 8), Buffer.alloc(100, 0xff)]))
  assert.equal(await wrongWithGguf(part()), 'its header cannot be read')
})

it('says so when the disk becomes full in the middle', { skip: !existsSync('/dev/full') }, async () => {
  symlinkSync('/dev/full', part())
  const got = await get((await serve()).url)
  assert.deepEqual(got, { ok: false, why: 'the disk is full', full: true })
})

it('gives up on what is not there, and after some attempts on what does not come', async () => {
  const gone = await serve({ instead: (_, r) => (r.writeHead(404).end(), true) })
  assert.deepEqual([(await get(gone.url)).ok, gone.served.length], [false, 1])
  const gated = await get((await serve({ instead: (_, r) => (r.writeHead(401).end(), true) })).url)
  assert.ok(!gated.ok)
  assert.match(gated.why, /HF_TOKEN/)
  const busy = await serve({ instead: (_, r) => (r.writeHead(503).end(), true) })
  const waits: number[] = []
  const tired = await get(busy.url, { pause: (ms) => Promise.resolve(void waits.push(ms)) })
  assert.ok(!tired.ok)
  assert.match(tired.why, /503/)
  assert.ok(waits.length > 3 && waits.every((ms, i) => i === 0 || ms > (waits[i - 1] ?? 0)), String(waits))
})

it('does not wait long for somebody who is not there', async () => {
  const waits: number[] = []
  const pause = (ms: number) => Promise.resolve(void waits.push(ms))
  const server = await serve()
  server.close()
  const notes: string[] = []
  const got = await get(server.url, { pause, note: (text) => notes.push(text) })
  assert.ok(!got.ok)
  assert.match(got.why, /^127\.0\.0\.1:\d+ cannot be reached: .*ECONNREFUSED/)
  assert.equal(waits.length, 2)
  // Who waits is told what for.
  assert.equal(notes.length, 2)
  for (const note of notes) assert.match(note, /cannot be reached: .*ECONNREFUSED.*; trying again$/)
})

it('refuses what does not fit on the disk before it begins', async () => {
  const huge = await serve({ instead: (_, r) => (r.writeHead(200, { 'content-length': 1e15 }).flushHeaders(), true) })
  const got = await get(huge.url)
  assert.ok(!got.ok && got.full)
  assert.match(got.why, /GB are needed/)
  assert.deepEqual(readdirSync(home), [])
})

it('gives the token to the host that it is for, and to nobody that it sends to', async () => {
  const blob = await serve()
  const hub = await serve({ instead: (_, r) => (r.writeHead(307, { location: `${blob.url}/blob` }).end(), true) })
  assert.equal((await get(hub.url, { token: 'secret' })).ok, true)
  assert.equal(hub.served[0]?.headers.authorization, 'Bearer secret')
  assert.equal(blob.served[0]?.headers.authorization, undefined)
  const endless = await serve({ instead: (_, r) => (r.writeHead(302, { location: '/again' }).end(), true) })
  const lost = await get(endless.url, { attempts: 1 })
  assert.ok(!lost.ok)
  assert.match(lost.why, /without end/)
  const file = await serve({ instead: (_, r) => (r.writeHead(302, { location: 'file:///etc/passwd' }).end(), true) })
  const refused = await get(file.url, { attempts: 1 })
  assert.ok(!refused.ok)
  assert.match(refused.why, /not followed/)
})

it('stops at once when it is told to, and keeps what has arrived', async () => {
  const stop = new AbortController()
  const { url } = await serve({ slowly: (sent) => (sent < 200_000 ? Promise.resolve() : new Promise(() => undefined)) })
  const got = await get(url, { signal: stop.signal, tell: ({ done }) => done > 150_000 && stop.abort() })
  assert.deepEqual(got, { ok: false, why: 'it was stopped' })
  assert.ok(partSize() > 150_000)
})

it('never fills a disk with an answer that does not end', async () => {
  let sent = 0
  const endless = await serve({
    instead: (_, response) => {
      const piece = Buffer.alloc(1 << 20, 'GGUF')
      const more = () => {
        do sent += piece.length
        while (!response.destroyed && response.write(piece))
      }
      response.writeHead(200).on('drain', more)
      more()
      return true
    },
  })
  const got = await get(endless.url, { free: () => Promise.resolve(300e6 - sent) })
  assert.ok(!got.ok && got.full)
  assert.match(got.why, /free, but/)
  assert.ok(sent < 300e6)
})

it('keeps a password of the address to itself, and uses it where it belongs', async () => {
  const asked: (string | undefined)[] = []
  const hub = await serve({ instead: (request) => (asked.push(request.headers.authorization), false) })
  const url = hub.url.replace('//', '//me:s3cret@')
  assert.equal((await get(url)).ok, true)
  assert.deepEqual(asked, [`Basic ${Buffer.from('me:s3cret').toString('base64')}`])
  const sends = await serve({
    instead: (_, response) => (response.writeHead(302, { location: `${url}/there` }).end(), true),
  })
  rmSync(join(home, 'm.gguf'))
  assert.equal((await get(sends.url)).ok, true)
  const gone = await get(url.replace(/:\d+$/, ':9'))
  assert.ok(!gone.ok)
  assert.doesNotMatch(gone.why, /s3cret/)
})

it('gets all of a file again that an earlier call had left wrong, although nobody answered at first', async () => {
  const other = modelOf(content.length, 3)
  writeFileSync(part(), other.subarray(0, 300_000))
  writeFileSync(`${part()}.json`, JSON.stringify({ tag: '"one"', sha256, total: content.length }))
  let busy = true
  const server = await serve({ instead: (_, r) => busy && ((busy = false), r.writeHead(503).end(), true) })
  assert.deepEqual(await get(server.url, { attempts: 2 }), { ok: true, bytes: content.length })
  whole()
})

it('asks for the space of all the parts of a model before the first of them', async () => {
  const { url, served } = await serve()
  const files = [1, 2, 3].map((n) => ({ url: `${url}/${n}`, name: `m-0000${n}-of-00003.gguf`, size: 1e15 }))
  const tell = { progress: () => undefined, verifying: () => undefined, note: () => undefined }
  const got = await getFiles({ files, models: home, tell, signal: never })
  assert.ok(!got.ok && got.full)
  assert.match(got.why, /has [0-9.]+ [GM]B free, but 3000000\.3 GB are needed/)
  assert.deepEqual(served, [])
})
