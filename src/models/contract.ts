import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { setImmediate as turnOfTheLoop } from 'node:timers/promises'
import type { Model, ModelEvent } from '../core/ports.ts'
import { collect, essence, turnFor } from './test-kit.ts'

/** Cuts bytes into the packets that a test sends. */
type Cut = (bytes: Buffer) => Iterable<Buffer>

const whole: Cut = (bytes) => [bytes]
const eachByte: Cut = (bytes) => Array.from(bytes, (byte) => Buffer.of(byte))
const atRandom = (seed: number): Cut =>
  function* (bytes) {
    let state = seed
    for (let at = 0; at < bytes.length;) {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
      const end = at + 1 + (state % 97)
      yield bytes.subarray(at, end)
      at = end
    }
  }

/**
 * What every dialect promises over recorded bytes: the same events however the network cuts them, one end, no event after it, and a
 * connection that has closed when the iteration has ended. `open` makes the model for a server at that address.
 */
export function modelContract(
  name: string,
  fixtures: readonly { file: string; contentType: string }[],
  open: (url: string, file: string) => Model,
): void {
  describe(`${name} over recorded bytes`, () => {
    let server: Server
    let url = ''
    let sent: { bytes: Buffer; contentType: string; cut: Cut }
    let connections = 0
    before(async () => {
      server = createServer((request, response) => {
        request.resume()
        if (request.method !== 'POST' || request.url?.endsWith('/api/show')) return void response.writeHead(404).end()
        connections++
        request.socket.once('close', () => connections--)
        request.socket.setNoDelay(true)
        response.writeHead(200, { 'content-type': sent.contentType })
        const send = async () => {
          for (const packet of sent.cut(sent.bytes)) {
            response.write(packet)
            await turnOfTheLoop()
          }
          response.end()
        }
        send().catch((error: Error) => response.destroy(error))
      })
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
      url = `http://127.0.0.1:${(server.address() as AddressInfo).port}` // it listens on a port, not on a pipe
    })
    after(() => new Promise((resolve) => server.close(resolve)))

    for (const { file, contentType } of fixtures) {
      const path = join(import.meta.dirname, 'fixtures', file)
      const bytes = readFileSync(path)
      const expected = JSON.parse(readFileSync(`${path}.json`, 'utf8')) as ModelEvent[] // written by us, compared as data
      const cuts: [string, Cut][] = [
        ['whole', whole],
        ['byte by byte', eachByte],
        ...[1, 2, 3, 4, 5].map((seed): [string, Cut] => [`cut at random (seed ${seed})`, atRandom(seed)]),
      ]
      for (const [how, cut] of cuts)
        test(`${file} sent ${how} gives the events that were recorded`, async () => {
          sent = { bytes, contentType, cut }
          const events = await collect(open(url, file), turnFor('recorded'))
          assert.deepEqual(essence(events).map(withoutMadeId(expected)), expected)
          const ends = events.filter(({ type }) => type === 'model.end' || type === 'model.fail')
          assert.deepEqual(ends, [events.at(-1)])
          await closedWithin(() => connections === 0)
        })
    }
  })
}

/** Ids that PKN makes differ each time; the record has `*` in their place. */
const withoutMadeId =
  (expected: readonly ModelEvent[]) =>
  (event: ModelEvent, at: number): ModelEvent => {
    const record = expected[at]
    return event.type === 'tool.call' && record?.type === 'tool.call' && record.id === '*'
      ? { ...event, id: '*' }
      : event
  }

/** The other side of a closed socket learns of it within some turns of the loop. */
async function closedWithin(claim: () => boolean): Promise<void> {
  for (let turns = 0; !claim() && turns < 10_000; turns++) await turnOfTheLoop()
  assert.ok(claim(), 'the connection has closed')
}
