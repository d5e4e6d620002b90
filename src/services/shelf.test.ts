import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, it } from 'node:test'
import { systemClock } from '../clock.ts'
import type { LogLine, Shelf } from '../core/ports.ts'
import { Fault, type FaultCode } from '../wire/fault.ts'
import type { Pull } from '../wire/shelf.ts'
import { beginOf } from './pid-file.ts'
import { openShelf, type ShelfGiven } from './shelf.ts'
import { hashOf, modelOf, serveFile, type Conduct } from './testing/file-server.ts'

const content = modelOf(600_000)
let home: string
let lines: LogLine[]
let undo: (() => void | Promise<void>)[]
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'pkn-shelf-'))
  lines = []
  undo = []
})
afterEach(async () => {
  for (const end of undo.toReversed()) await end()
  rmSync(home, { recursive: true, force: true })
})

const open = async (over: Partial<ShelfGiven> = {}): Promise<Shelf> => {
  const shelf = await openShelf({
    home,
    hub: { url: 'http://127.0.0.1:9' },
    ollama: 'http://127.0.0.1:9',
    clock: systemClock,
    say: (line) => lines.push(line),
    pause: () => new Promise((resolve) => setImmediate(resolve)),
    ...over,
  })
  undo.push(() => shelf.close())
  return shelf
}
async function serve(conduct: Conduct = {}, file = content) {
  const server = await serveFile(file, conduct)
  undo.push(server.close)
  return server
}
const models = (...rest: string[]) => join(home, 'models', ...rest)
const put = (name: string, file: Buffer = content) => {
  mkdirSync(models(), { recursive: true })
  writeFileSync(models(name), file)
}
const looked = () => new Promise<void>((resolve) => setImmediate(resolve))

/** The pull, as soon as it is as asked. */
async function until(shelf: Shelf, id: string, is: (pull: Pull) => boolean): Promise<Pull> {
  for (;;) {
    const pull = shelf.pulls().find((p) => p.id === id)
    assert.ok(pull !== undefined, 'the pull is not known any more')
    if (is(pull)) return pull
    assert.ok(pull.state !== 'failed' || is(pull), JSON.stringify(pull))
    await looked()
  }
}
const ended = ({ state }: Pull) => state === 'done' || state === 'failed' || state === 'cancelled'
const end = async (shelf: Shelf, what: string) => until(shelf, (await shelf.pull(what)).id, ended)
const refused = (code: FaultCode) => (cause: unknown) => cause instanceof Fault && cause.code === code

it('pulls a URL, shows how far it is, and has the model then', async () => {
  const gate = Promise.withResolvers<void>()
  const { url } = await serve({ slowly: (sent) => (sent < 300_000 ? Promise.resolve() : gate.promise) })
  const shelf = await open()
  const begun = await shelf.pull(`${url}/some/Model%20one.gguf?token=1`)
  assert.equal(begun.name, 'Model-one')
  const half = await until(shelf, begun.id, ({ done }) => done > 250_000)
  assert.deepEqual([half.state, half.total, half.source], ['pulling', content.length, new URL(url).host])
  assert.deepEqual(await shelf.installed().then((all) => all.filter(({ practice }) => !practice)), [])
  gate.resolve()
  const done = await until(shelf, begun.id, ended)
  assert.deepEqual([done.state, done.done, done.fault], ['done', content.length, null])
  assert.deepEqual(readFileSync(models('Model-one.gguf')), content)
  const [first] = await shelf.installed()
  assert.deepEqual([first?.name, first?.chosen, first?.removable], ['Model-one', true, true])
  assert.deepEqual(readdirSync(models('.pulls')), [`${begun.id}.json`])
})

it('takes the same thing twice for one pull, and one that failed up again', async () => {
  let there = false
  const server = await serve({ instead: (_, r) => !there && (r.writeHead(404).end(), true) })
  const shelf = await open()
  const what = `${server.url}/m.gguf`
  const [one, two] = await Promise.all([shelf.pull(what), shelf.pull(` ${what} `)])
  assert.equal(one.id, two.id)
  const failed = await until(shelf, one.id, ended)
  assert.equal(failed.fault?.code, 'pull.failed')
  assert.match(failed.fault?.message ?? '', /m could not be got: .*no such file/)
  there = true
  const again = await end(shelf, what)
  assert.deepEqual([again.id, again.state, again.fault], [one.id, 'done', null])
  assert.equal(shelf.pulls().length, 1)
  // What is here is not fetched again.
  const asked = server.served.length
  assert.equal((await end(shelf, what)).state, 'done')
  assert.ok(server.served.slice(asked).every(({ sent }) => sent < content.length))
  assert.deepEqual(readdirSync(models('.pulls')), [`${one.id}.json`])
})

it('names a pull no more that was forgotten, also after a restart, and lets it begin again', async () => {
  const { url } = await serve({ slowly: () => new Promise(() => {}) })
  const shelf = await open()
  const failed = await end(shelf, join(home, 'none.gguf'))
  const { id } = await shelf.pull(`${url}/m.gguf`)
  await until(shelf, id, ({ state }) => state === 'pulling')
  await shelf.forget(failed.id)
  await shelf.forget(id)
  assert.deepEqual(shelf.pulls(), [])
  await assert.rejects(shelf.forget(id), { code: 'pull.missing' })
  await shelf.close()
  const later = await open()
  assert.deepEqual(later.pulls(), [])
  assert.equal((await end(later, join(home, 'none.gguf'))).state, 'failed')
})

it('keeps what has arrived when it is cancelled, and the same pull goes on from there', async () => {
  const held = Promise.withResolvers<void>()
  const { url, served } = await serve({ slowly: (sent) => (sent < 300_000 ? Promise.resolve() : held.promise) })
  const shelf = await open()
  const { id } = await shelf.pull(`${url}/m.gguf`)
  await until(shelf, id, ({ done }) => done >= 300_000)
  const cancelled = await shelf.cancel(id)
  assert.equal(cancelled.state, 'cancelled')
  assert.equal((await shelf.cancel(id)).state, 'cancelled')
  const size = statSync(models('.pulls', 'm.gguf.d', 'm.gguf.part')).size
  held.resolve()
  assert.equal((await end(shelf, `${url}/m.gguf`)).state, 'done')
  assert.deepEqual(
    served.map(({ from }) => from),
    [0, size],
  )
  assert.deepEqual(readFileSync(models('m.gguf')), content)
})

it('goes on by itself after its process was killed, and fetches no byte twice', async () => {
  const file = modelOf(30_000_000, 3)
  const held = Promise.withResolvers<void>()
  const server = await serve({ slowly: (sent) => (sent < 12_000_000 ? Promise.resolve() : held.promise) }, file)
  const script = `
    const { openShelf } = await import(${JSON.stringify(join(import.meta.dirname, 'shelf.ts'))})
    const { systemClock } = await import(${JSON.stringify(join(import.meta.dirname, '../clock.ts'))})
    const shelf = await openShelf({ home: ${JSON.stringify(home)}, hub: { url: 'http://127.0.0.1:9' },
      ollama: 'http://127.0.0.1:9', clock: systemClock, say: () => undefined })
    await shelf.pull(${JSON.stringify(`${server.url}/m.gguf`)})
    setInterval(() => shelf.pulls()[0].done >= 11_000_000 && console.log('there'), 5)`
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
    // Nothing of the runner of these tests may be taken for its own by the child.
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'] },
  })
  undo.push(() => void child.kill('SIGKILL'))
  await once(child.stdout, 'data')
  child.kill('SIGKILL')
  await once(child, 'exit')
  const size = statSync(models('.pulls', 'm.gguf.d', 'm.gguf.part')).size
  assert.ok(size >= 11_000_000 && size < file.length)
  assert.ok(!existsSync(models('m.gguf')))
  held.resolve()
  const shelf = await open()
  const [pull] = shelf.pulls()
  assert.equal((await until(shelf, pull?.id ?? '', ended)).state, 'done')
  assert.deepEqual(
    server.served.map(({ from }) => from),
    [0, size],
  )
  assert.equal(hashOf(readFileSync(models('m.gguf'))), hashOf(file))
})

it('stops what is under way when it is closed, and the next one goes on with it', async () => {
  const held = Promise.withResolvers<void>()
  const { url, served } = await serve({ slowly: (sent) => (sent < 300_000 ? Promise.resolve() : held.promise) })
  const first = await open()
  const { id } = await first.pull(`${url}/m.gguf`)
  await until(first, id, ({ done }) => done >= 300_000)
  await first.close()
  await assert.rejects(first.pull(`${url}/n.gguf`), refused('server.stopping'))
  held.resolve()
  const second = await open()
  assert.equal((await until(second, id, ended)).state, 'done')
  assert.equal(served.length, 2)
})

it('gets two at a time, and lets the others wait', async () => {
  const held = Promise.withResolvers<void>()
  const { url } = await serve({ slowly: () => held.promise })
  const shelf = await open()
  const [a, b, c] = [
    await shelf.pull(`${url}/a.gguf`),
    await shelf.pull(`${url}/b.gguf`),
    await shelf.pull(`${url}/c.gguf`),
  ]
  for (const { id } of [a, b]) await until(shelf, id, ({ state }) => state === 'pulling')
  assert.deepEqual(
    shelf.pulls().map(({ name, state }) => `${name} ${state}`),
    ['c waiting', 'b pulling', 'a pulling'],
  )
  assert.equal((await shelf.cancel(a.id)).state, 'cancelled')
  await until(shelf, c.id, ({ state }) => state === 'pulling')
  held.resolve()
  for (const { id } of [b, c]) assert.equal((await until(shelf, id, ended)).state, 'done')
})

for (const told of ['tells', 'does not tell'])
  it(`never writes a file that another process is getting, and takes over from one that is gone, where the system ${told} when a process began`, async () => {
    const { url, served } = await serve()
    const other = spawn(process.execPath, ['-e', 'process.stdin.resume()'], { stdio: ['pipe', 'ignore', 'ignore'] })
    undo.push(() => void other.kill('SIGKILL'))
    mkdirSync(models('.pulls', 'm.gguf.d'), { recursive: true })
    const lock = { pid: other.pid, began: told === 'tells' ? beginOf(other.pid ?? 0) : '?' }
    writeFileSync(models('.pulls', 'm.gguf.d', 'lock'), JSON.stringify(lock))
    const shelf = await open()
    const { id } = await shelf.pull(`${url}/m.gguf`)
    await until(shelf, id, ({ notes }) => notes.some((note) => note.includes('Another process')))
    assert.equal(served.length, 0)
    other.kill('SIGKILL')
    await once(other, 'exit')
    assert.equal((await until(shelf, id, ended)).state, 'done')
  })

it('lets two names of the same file be got one after the other', async () => {
  const { url, served } = await serve()
  const shelf = await open()
  const [one, two] = await Promise.all([shelf.pull(`${url}/m.gguf`), shelf.pull(`${url}/m.gguf?again`)])
  for (const { id } of [one, two]) assert.equal((await until(shelf, id, ended)).state, 'done')
  assert.deepEqual(
    served.map(({ method }) => method),
    ['GET', 'HEAD'],
  )
})

it('leaves to the server what is on its way, where only one thing is asked for', async () => {
  const held = Promise.withResolvers<void>()
  const { url, served } = await serve({ slowly: (sent) => (sent < 300_000 ? Promise.resolve() : held.promise) })
  const first = await open()
  const { id } = await first.pull(`${url}/m.gguf`)
  await until(first, id, ({ done }) => done >= 300_000)
  await first.close()
  held.resolve()
  const command = await open({ resume: false })
  assert.equal((await end(command, `${url}/n.gguf`)).state, 'done')
  assert.equal(command.pulls().find((pull) => pull.id === id)?.state, 'waiting')
  assert.equal(served.length, 2)
  assert.equal((await end(command, `${url}/m.gguf`)).state, 'done')
})

it('asks the hub which files a repository has, and checks what comes by what it says', async () => {
  const parts = ['r-Q4_K_M-00001-of-00002.gguf', 'r-Q4_K_M-00002-of-00002.gguf']
  const hub = await serve({
    instead: ({ url = '' }, response) => {
      if (!url.startsWith('/api/')) return false
      const lfs = { oid: hashOf(content), size: content.length }
      const tree = ['README.md', 'r-Q8_0.gguf', ...parts].map((path) => ({ type: 'file', path, size: 130, lfs }))
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(tree))
      return true
    },
  })
  const shelf = await open({ hub: { url: hub.url, token: 'secret' } })
  const done = await end(shelf, 'hf:o/r')
  assert.deepEqual([done.state, done.total], ['done', content.length * 2])
  assert.deepEqual(readdirSync(models()).toSorted(), ['.pulls', ...parts])
  assert.ok(hub.served.every(({ headers }) => headers.authorization === 'Bearer secret'))
  const [model] = await shelf.installed()
  assert.deepEqual([model?.name, done.name, model?.bytes], ['r-Q4_K_M', 'r-Q4_K_M', content.length * 2])
  const none = await end(shelf, 'hf:o/r:Q2_K')
  assert.match(none.fault?.message ?? '', /no such model; it has r-Q8_0/)
  // All parts go when it is removed.
  await shelf.remove(done.name)
  assert.deepEqual(readdirSync(models()), ['.pulls'])
})

it('goes to the next source when one fails, and says what failed', async () => {
  const hub = await serve({ instead: (_, r) => (r.writeHead(404).end(), true) })
  const mirror = await serve()
  const known = {
    id: 'small',
    title: 'Small',
    about: 'Small.',
    bytes: content.length,
    exact: true,
    sha256: hashOf(content),
    memory: 1e6,
    context: 1000,
    tools: false,
    thinking: false,
    vision: false,
    licence: 'MIT',
    sources: ['hf:o/r/small.gguf', `${mirror.url}/small.gguf`],
  }
  const shelf = await open({ hub: { url: hub.url }, catalogue: [known] })
  const done = await end(shelf, 'Small')
  assert.deepEqual([done.what, done.name, done.state], ['small', 'small', 'done'])
  assert.match(done.notes.join(), /Hugging Face, o\/r: .*404.*; trying 127\.0\.0\.1/)
  const { models: judged } = await shelf.catalogue()
  assert.deepEqual(
    judged.map(({ id, installed, recommended }) => [id, installed, recommended]),
    [['small', true, true]],
  )
})

it('uses a file of this machine where it lies, and only forgets it when it is removed', async () => {
  const place = mkdtempSync(join(tmpdir(), 'pkn-there-'))
  undo.push(() => rmSync(place, { recursive: true, force: true }))
  writeFileSync(join(place, 'mine.gguf'), content)
  writeFileSync(join(place, 'page.gguf'), '<html>')
  const shelf = await open()
  assert.equal((await end(shelf, join(place, 'mine.gguf'))).state, 'done')
  assert.ok(lstatSync(models('mine.gguf')).isSymbolicLink())
  assert.equal((await shelf.installed())[0]?.bytes, content.length)
  assert.match((await end(shelf, join(place, 'page.gguf'))).fault?.message ?? '', /cannot be used: it is no model file/)
  await shelf.remove('mine')
  assert.ok(existsSync(join(place, 'mine.gguf')) && !existsSync(models('mine.gguf')))
})

it('lets Ollama get what is Ollama’s, layer by layer, and says what it says', async () => {
  const asked: string[] = []
  const server = createServer((request, response) => {
    let body = ''
    request.on('data', (piece) => (body += String(piece)))
    request.on('end', () => {
      asked.push(`${request.method} ${request.url} ${body}`)
      if (request.method === 'DELETE') return void response.writeHead(body.includes('missing') ? 404 : 200).end()
      if (body.includes('missing')) return void response.end('{"error":"pull model manifest: file does not exist"}\n')
      const layer = (digest: string, completed: number) => ({ status: 'pulling', digest, total: 100, completed })
      const said = [{ status: 'pulling manifest' }, layer('a', 50), layer('a', 100), layer('b', 40)]
      // The first time it is cut off.
      const rest = asked.length === 1 ? [] : [layer('b', 100), { status: 'verifying sha256' }, { status: 'success' }]
      for (const line of [...said, ...rest]) response.write(`${JSON.stringify(line)}\n`)
      response.end()
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  undo.push(() => void server.close())
  const address = server.address()
  const shelf = await open({
    ollama: `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`,
  })
  const done = await end(shelf, 'ollama:qwen3:4b')
  assert.deepEqual([done.state, done.name, done.done], ['done', 'qwen3:4b', 200])
  assert.equal(asked[0], 'POST /api/pull {"model":"qwen3:4b","stream":true}')
  assert.equal(asked.length, 2)
  const missing = await end(shelf, 'ollama:missing')
  assert.match(missing.fault?.message ?? '', /Ollama says: .*does not exist/)
  await shelf.remove('ollama:qwen3:4b')
  assert.equal(asked.at(-1), 'DELETE /api/delete {"model":"qwen3:4b"}')
  await assert.rejects(shelf.remove('ollama:missing'), refused('shelf.missing'))
})

it('lets the model that is chosen answer, which another pull does not change', async () => {
  put('one.gguf')
  put('two.gguf')
  const shelf = await open()
  assert.equal((await shelf.use('one')).chosen, true)
  assert.equal((await shelf.use('two.gguf')).name, 'two')
  assert.equal(readFileSync(models('.default'), 'utf8').trim(), 'two')
  rmSync(models('.default'))
  const before = (await shelf.installed())[0]?.name
  const { url } = await serve()
  await end(shelf, `${url}/three.gguf`)
  assert.equal((await shelf.installed())[0]?.name, before)
  await assert.rejects(shelf.use('four'), refused('shelf.missing'))
  // What the configuration says stands above it.
  const fixed = await open({ model: 'one' })
  await assert.rejects(fixed.use('two'), refused('shelf.fixed'))
  assert.equal((await fixed.use('one')).chosen, true)
})

it('deletes a model with what is left of its pull, and nothing outside of its own folder', async () => {
  const place = join(home, 'elsewhere.gguf')
  writeFileSync(place, content)
  put('one.gguf')
  put('two.gguf')
  mkdirSync(models('.pulls', 'one.gguf.d'), { recursive: true })
  writeFileSync(models('.pulls', 'one.gguf.d', 'one.gguf.part'), 'x')
  const shelf = await open({ model: place })
  await assert.rejects(shelf.remove('elsewhere'), refused('shelf.kept'))
  await assert.rejects(shelf.remove('../elsewhere'), refused('shelf.missing'))
  assert.ok(existsSync(place))
  const plain = await open()
  await plain.use('one')
  await plain.remove('one')
  assert.deepEqual(readdirSync(models()).toSorted(), ['.pulls', 'two.gguf'])
  assert.deepEqual(readdirSync(models('.pulls')), [])
})

it('passes over a pull that cannot be read, and remembers the last twenty that ended', async () => {
  mkdirSync(models('.pulls'), { recursive: true })
  writeFileSync(models('.pulls', 'pull_broken00.json'), '{"id":')
  const shelf = await open()
  assert.ok(lines.some(({ level, text }) => level === 'warn' && text.includes('pull_broken00')))
  for (let i = 0; i < 23; i += 1) await end(shelf, join(home, `none-${i}.gguf`))
  const kept = shelf.pulls()
  assert.ok(kept.length <= 21 && kept[0]?.name === 'none-22')
  await shelf.close()
  assert.deepEqual(
    (await open()).pulls().map(({ what }) => what),
    kept.map(({ what }) => what),
  )
})

it('begins a pull again that is asked for while it is being cancelled', async () => {
  const held = Promise.withResolvers<void>()
  const { url } = await serve({ slowly: (sent) => (sent < 300_000 ? Promise.resolve() : held.promise) })
  const shelf = await open()
  const { id } = await shelf.pull(`${url}/m.gguf`)
  await until(shelf, id, ({ done }) => done >= 300_000)
  const cancelled = shelf.cancel(id)
  const again = await shelf.pull(`${url}/m.gguf`)
  assert.equal((await cancelled).state, 'cancelled')
  assert.equal(again.id, id)
  held.resolve()
  assert.equal((await until(shelf, id, ended)).state, 'done')
})

it('loses none of those on their way when it forgets those that ended', async () => {
  const { url } = await serve()
  const shelf = await open()
  const gone = await Promise.all(Array.from({ length: 30 }, (_, i) => shelf.pull(join(home, `none-${i}.gguf`))))
  for (const { id } of gone) await until(shelf, id, ended)
  const asked = await Promise.all(['a', 'b', 'c', 'd', 'e'].map((name) => shelf.pull(`${url}/${name}.gguf`)))
  for (const { id } of asked) assert.equal((await until(shelf, id, ended)).state, 'done')
})

it('takes no more than a hundred at a time', async () => {
  const held = Promise.withResolvers<void>()
  const { url } = await serve({ slowly: () => held.promise })
  const shelf = await open()
  await Promise.all(Array.from({ length: 100 }, (_, i) => shelf.pull(`${url}/m-${i}.gguf`)))
  await assert.rejects(shelf.pull(`${url}/more.gguf`), refused('pull.invalid'))
  assert.equal((await shelf.pull(`${url}/m-99.gguf`)).state, 'waiting')
  held.resolve()
})

it('passes on nothing that a server says but plain words, and not too many', async () => {
  const says = `\u001b]0;owned\u0007\u202eesrever ${'long '.repeat(2000)}`
  const ollama = createServer((_, response) => void response.end(`${JSON.stringify({ error: says })}\n`))
  ollama.listen(0, '127.0.0.1')
  await once(ollama, 'listening')
  undo.push(() => void ollama.close())
  const address = ollama.address()
  assert.ok(address !== null && typeof address === 'object')
  const shelf = await open({ ollama: `http://127.0.0.1:${address.port}` })
  const failed = await end(shelf, 'ollama:m')
  for (const text of [...failed.notes, failed.fault?.message ?? '', ...lines.map((line) => line.text)]) {
    // oxlint-disable-next-line no-control-regex -- they are what must not be there
    assert.doesNotMatch(text, /[\u0000-\u001f\u202e]/)
    assert.ok(text.length < 1000, `${text.length} characters`)
  }
})

it('says so where it cannot write', async () => {
  writeFileSync(models(), 'no folder')
  const shelf = await open()
  await assert.rejects(shelf.pull('http://127.0.0.1:9/m.gguf'), refused('shelf.unwritable'))
  assert.deepEqual(shelf.pulls(), [])
  rmSync(models())
  put('m.gguf')
  mkdirSync(models('.default'), { recursive: true })
  await assert.rejects(shelf.use('m'), refused('shelf.unwritable'))
})

it('takes no list of files that has no end', async () => {
  const hub = await serve({
    instead: (_, response) => {
      const piece = `[${'{"type":"file","path":"a.gguf","size":1},'.repeat(20_000)}`
      const more = () => {
        while (!response.destroyed && response.write(piece));
      }
      response.writeHead(200, { 'content-type': 'application/json' }).on('drain', more)
      more()
      return true
    },
  })
  const failed = await end(await open({ hub: { url: hub.url } }), 'hf:o/r')
  assert.match(failed.fault?.message ?? '', /has more than \d+ bytes/)
})

it('lets the last of many who choose at once have its way, and fails none of them', async () => {
  put('a.gguf')
  put('b.gguf')
  const shelf = await open()
  await Promise.all(Array.from({ length: 40 }, (_, i) => shelf.use(i % 2 === 0 ? 'a' : 'b')))
  assert.equal((await shelf.use('b')).chosen, true)
  assert.equal(readFileSync(models('.default'), 'utf8'), 'b\n')
  assert.deepEqual(readdirSync(models()).toSorted(), ['.default', 'a.gguf', 'b.gguf'])
})
