import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, it } from 'node:test'
import { systemClock } from '../clock.ts'
import type { Machine } from '../wire/shelf.ts'
import type { KnownModel } from './catalogue.ts'
import { getModel, progressLine } from './get-model.ts'
import { openShelf } from './shelf.ts'
import { hashOf, modelOf, serveFile } from './testing/file-server.ts'

const content = modelOf(300_000)
let home: string
beforeEach(() => void (home = mkdtempSync(join(tmpdir(), 'pkn-first-'))))
afterEach(() => rmSync(home, { recursive: true, force: true }))

const machine = async (): Promise<Machine> => ({ memory: 16 * 1024 ** 3, disk: 1e12, cores: 8, gpu: null })
const known = (id: string, bytes: number, ...sources: string[]): KnownModel => ({
  id,
  title: id,
  about: `The ${id}.`,
  bytes,
  exact: false,
  memory: bytes * 1.5,
  context: 4096,
  tools: false,
  thinking: false,
  vision: false,
  licence: 'MIT',
  sources,
})

it('gets the largest modest model that fits, and the smallest one if that cannot be had', async () => {
  const server = await serveFile(content, {
    instead: (request, response) => {
      if (!request.url?.includes('gone')) return false
      response.writeHead(404).end()
      return true
    },
  })
  try {
    for (const gone of [false, true]) {
      const shelf = await openShelf({
        home: join(home, String(gone)),
        hub: { url: server.url },
        ollama: server.url,
        clock: systemClock,
        say: () => undefined,
        machine,
        catalogue: [
          known('smollm2-135m', 1e8, `${server.url}/smollm.gguf`),
          { ...known('middling', 2e9, `hf:o/r/${gone ? 'gone' : 'middling'}.gguf`), sha256: hashOf(content) },
          known('large', 5e9, `${server.url}/large.gguf`),
        ],
      })
      const told: string[] = []
      const had = await getModel({ shelf, tell: (line) => told.push(line), signal: new AbortController().signal })
      await shelf.close()
      assert.deepEqual(had, { ok: true, name: gone ? 'smollm' : 'middling' })
      assert.match(told[0] ?? '', /^Getting middling \(2\.0 GB, MIT\)/)
      assert.equal(
        told.some((line) => /could not be got/.test(line)),
        gone,
      )
    }
  } finally {
    server.close()
  }
})

it('leaves a pull that goes on another time when it is told to stop', async () => {
  const server = await serveFile(content, {
    slowly: (sent) => (sent < 100_000 ? Promise.resolve() : new Promise(() => undefined)),
  })
  const shelf = await openShelf({
    home,
    hub: { url: server.url },
    ollama: server.url,
    clock: systemClock,
    say: () => undefined,
    machine,
    catalogue: [known('smollm2-135m', 1e8, `${server.url}/smollm.gguf`)],
  })
  const stop = new AbortController()
  const had = getModel({
    shelf,
    tell: (line) => /\d MB/.test(line) && setImmediate(() => stop.abort()),
    signal: stop.signal,
  })
  assert.equal((await had).ok, false)
  assert.deepEqual(
    shelf.pulls().map(({ state }) => state),
    ['cancelled'],
  )
  assert.deepEqual(readdirSync(join(home, 'models')), ['.pulls'])
  await shelf.close()
  server.close()
})

it('says how far a pull is in one line', () => {
  const pull = { name: 'm', done: 5e8, total: 1e9, bytesPerSecond: 5e6, secondsLeft: 100, state: 'pulling' }
  assert.equal(progressLine(pull as never), '  m: 500 MB of 1.0 GB (50 %), 5.0 MB/s, 2 min left') // the other fields are not looked at
})
