import assert from 'node:assert/strict'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, it, type TestContext } from 'node:test'
import type { Entry } from '../wire/event.ts'
import { EMPTY, foldAll, textOf } from '../wire/fold.ts'
import { encodeFrame, PING } from '../wire/frame.ts'
import { newRunId, offset, START } from '../wire/id.ts'
import { connectTo } from './client.ts'
import type { FollowOptions, Line } from './line.ts'
import { Refusal } from './refusal.ts'

const words =
  'PKN keeps every word that it has said, whoever listens, and however often the line breaks. ünï 🦊 '.repeat(5)
const LOG: readonly Entry[] = words.match(/.{1,4}/gsu)!.map((text, i): Entry => ({
  at: offset(i + 1),
  t: i,
  event: { type: 'text.delta', text },
}))
const END: Entry = { at: offset(LOG.length + 1), t: 999, event: { type: 'run.end', reason: 'done' } }
const ALL = [...LOG, END]
const frame = (entry: Entry) => encodeFrame({ id: String(entry.at), data: JSON.stringify(entry) })

type Serve = (response: ServerResponse, after: number, visit: number) => void
async function serverThat(t: TestContext, serve: Serve): Promise<{ base: string; visits: number[] }> {
  const visits: number[] = []
  const server = createServer((request, response) => {
    const after = Number(request.headers['last-event-id'])
    visits.push(after)
    response.writeHead(200, { 'Content-Type': 'text/event-stream' })
    response.flushHeaders()
    serve(response, after, visits.length)
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  t.after(() => {
    server.closeAllConnections()
    server.close()
  })
  return { base: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, visits }
}

const quick: FollowOptions = { random: () => -2 }
async function readAll(base: string, options: FollowOptions = quick, after = START): Promise<Entry[]> {
  const got: Entry[] = []
  const signal = AbortSignal.timeout(60_000)
  for await (const batch of connectTo(base).follow(newRunId(), after, signal, options)) got.push(...batch)
  assert.equal(signal.aborted, false)
  return got
}

describe('follow', () => {
  it('gives the whole log and ends after run.end', async (t) => {
    const { base } = await serverThat(t, (response) => response.end(ALL.map(frame).join('')))
    assert.deepEqual(await readAll(base), ALL)
  })

  it('ends with exactly the log although the line is cut at a random byte each time', async (t) => {
    const { base, visits } = await serverThat(t, (response, after, visit) => {
      const bytes = Buffer.from(ALL.slice(after).map(frame).join(''))
      if (visit === 12) return void response.end(bytes)
      const some = bytes.subarray(0, Math.floor((bytes.length * (visit % 5)) / 12))
      response.write(some, () => response.destroy())
    })
    const got = await readAll(base)
    assert.deepEqual(got, ALL)
    assert.equal(textOf(foldAll(EMPTY, got)), words)
    assert.equal(visits.length, 12)
    assert.ok(visits.every((after, i) => i === 0 || after >= visits[i - 1]!))
  })

  it('takes a stream that ends without run.end for a broken line, never for the end', async (t) => {
    const { base, visits } = await serverThat(t, (response, after, visit) =>
      response.end(visit < 4 ? frame(ALL[after]!) : ALL.slice(after).map(frame).join('')),
    )
    assert.deepEqual(await readAll(base), ALL)
    assert.deepEqual(visits, [0, 1, 2, 3])
  })

  it('gives nothing twice although the server repeats itself', async (t) => {
    const { base } = await serverThat(t, (response) =>
      response.end([...ALL.slice(0, 9), ...ALL.slice(2, 6), ...ALL.slice(1)].map(frame).join('')),
    )
    assert.deepEqual(await readAll(base), ALL)
  })

  it('reads again after a hole', async (t) => {
    const { base, visits } = await serverThat(t, (response, after, visit) =>
      response.end(
        ALL.slice(after)
          .filter((entry) => visit > 1 || entry.at !== 7)
          .map(frame)
          .join(''),
      ),
    )
    assert.deepEqual(await readAll(base), ALL)
    assert.ok(visits.length > 1)
  })

  it('gives up a line that has fallen silent, but not one that pings', async (t) => {
    const { base, visits } = await serverThat(t, (response, after, visit) => {
      if (visit === 1) return void response.write(ALL.slice(0, 5).map(frame).join(''))
      let pings = 0
      const timer = setInterval(() => {
        response.write(PING)
        if (++pings < 20) return
        clearInterval(timer)
        response.end(ALL.slice(after).map(frame).join(''))
      }, 100)
    })
    assert.deepEqual(await readAll(base, { ...quick, silenceMs: 1500 }), ALL)
    assert.deepEqual(visits, [0, 5])
  })

  it('says when the line is lost and when it is open again', async (t) => {
    const lines: Line[] = []
    const { base } = await serverThat(t, (response, after, visit) =>
      visit === 1 ? response.destroy() : response.end(ALL.slice(after).map(frame).join('')),
    )
    await readAll(base, { ...quick, onLine: (line) => lines.push(line) })
    assert.deepEqual(lines.map((line) => (line.state === 'lost' ? `lost ${line.attempt}` : 'open')).slice(-3), [
      'lost 1',
      'lost 1',
      'open',
    ])
  })

  it('does not wait out its pause when it is woken', async (t) => {
    const rings = new Set<() => void>()
    const { base } = await serverThat(t, (response, after, visit) =>
      visit === 1 ? response.destroy() : response.end(ALL.slice(after).map(frame).join('')),
    )
    const got = await readAll(base, {
      random: () => 1e9,
      wake: (ring) => {
        rings.add(ring)
        return () => rings.delete(ring)
      },
      onLine: (line) => {
        if (line.state === 'lost') setTimeout(() => rings.forEach((ring) => ring()), 20)
      },
    })
    assert.deepEqual(got, ALL)
    assert.equal(rings.size, 0)
  })

  it('reads on from where it is told', async (t) => {
    const { base, visits } = await serverThat(t, (response, after) =>
      response.end(ALL.slice(after).map(frame).join('')),
    )
    assert.deepEqual(await readAll(base, quick, offset(20)), ALL.slice(20))
    assert.deepEqual(visits, [20])
  })

  it('ends quietly when aborted', async (t) => {
    const { base } = await serverThat(t, (response) => response.write(frame(ALL[0]!)))
    const stop = new AbortController()
    let batches = 0
    for await (const _ of connectTo(base).follow(newRunId(), START, stop.signal)) {
      batches++
      stop.abort()
    }
    assert.equal(batches, 1)
  })

  it('rejects with what the server says when there is no such run', async (t) => {
    const server = createServer((_, response) => {
      response.writeHead(404, { 'Content-Type': 'application/problem+json' })
      response.end(
        JSON.stringify({
          type: 'about:blank',
          title: 'run.missing',
          status: 404,
          detail: 'There is no run.',
          code: 'run.missing',
          fix: 'List.',
          retry: false,
        }),
      )
    })
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
    t.after(() => server.close())
    const { port } = server.address() as AddressInfo
    await assert.rejects(
      readAll(`http://127.0.0.1:${port}`),
      (error) => error instanceof Refusal && error.fault.code === 'run.missing' && error.status === 404,
    )
  })
})
