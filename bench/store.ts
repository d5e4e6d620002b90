// How fast the store takes what runs say, and what that does to the event loop.  node bench/store.ts [events per second] [seconds]
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Claim, Clock } from '../src/core/ports.ts'
import { openSqlite } from '../src/store/sqlite.ts'
import type { Entry } from '../src/wire/event.ts'
import { LOCAL, newMessageId, newWorkerId, offset, START } from '../src/wire/id.ts'

const RUNS = 20
const rate = Number(process.argv[2] ?? 20_000)
const seconds = Number(process.argv[3] ?? 5)
const clock: Clock = {
  wall: () => Date.now(),
  now: () => performance.now(),
  after(ms, call) {
    const timer = setTimeout(call, ms).unref()
    return () => clearTimeout(timer)
  },
}

const home = mkdtempSync(join(tmpdir(), 'pkn-bench-'))
const path = join(home, 'pkn.db')
const before = performance.now()
const store = await openSqlite({ path, clock, say: (line) => console.error(line) })
const opened = performance.now() - before
const ends = new AbortController()
const claims = store.claims(newWorkerId(), ends.signal)[Symbol.asyncIterator]()
const held: Claim[] = []
for (let i = 0; i < RUNS; i++) {
  const session = await store.createSession(LOCAL, null)
  await store.submit(LOCAL, {
    id: newMessageId(),
    session: session.id,
    text: 'hi',
    agent: null,
    backend: 'local',
    model: null,
    priority: 'interactive',
  })
  held.push((await claims.next()).value)
}

/** A journal as core writes it: what comes while an append is under way joins the next. */
async function write(
  claim: Claim,
  perSecond: number,
  until: number,
  delays: number[],
): Promise<{ events: number; appends: number }> {
  let head = START
  let pending: Entry[] = []
  let appends = 0
  const born = performance.now()
  let made = 0
  const make = () => {
    const due = perSecond === Infinity ? made + 64 : Math.floor(((performance.now() - born) / 1000) * perSecond)
    for (; made < due; made++)
      pending.push({ at: offset(made + 1), t: performance.now(), event: { type: 'text.delta', text: ' token' } })
  }
  while (performance.now() < until) {
    make()
    if (pending.length === 0) {
      await sleep(1)
      continue
    }
    const batch = pending
    pending = []
    head = await store.append(claim, head, batch)
    appends++
    const now = performance.now()
    for (const entry of batch) delays.push(now - entry.t)
  }
  return { events: head, appends }
}

async function read(claim: Claim): Promise<number> {
  let seen = 0
  for await (const batch of store.read(claim.run, START, ends.signal)) seen += batch.length
  return seen
}

const readers = held.map(read)
const loop = monitorEventLoopDelay({ resolution: 1 })
loop.enable()
const cpu = process.cpuUsage()
const begun = performance.now()
const delays: number[] = []
const written = await Promise.all(held.map((claim) => write(claim, rate / RUNS, begun + seconds * 1000, delays)))
const took = (performance.now() - begun) / 1000
loop.disable()
const { user, system } = process.cpuUsage(cpu)
const events = written.reduce((n, w) => n + w.events, 0)
const appends = written.reduce((n, w) => n + w.appends, 0)
await sleep(50)
ends.abort()
const seen = (await Promise.all(readers)).reduce((a, b) => a + b, 0)
await store.close()
delays.sort((a, b) => a - b)
const at = (q: number) => `${delays[Math.floor(delays.length * q)]?.toFixed(1)} ms`
console.log(`open: ${opened.toFixed(0)} ms`)
console.log(`${RUNS} runs with a reader each, ${took.toFixed(1)} s, asked for ${rate} events/s`)
console.log(
  `appended: ${Math.round(events / took)} events/s in ${Math.round(appends / took)} appends/s, read ${seen} of ${events}`,
)
console.log(`made -> durable: median ${at(0.5)}, p99 ${at(0.99)}`)
console.log(
  `event loop delay: median ${(loop.percentile(50) / 1e6).toFixed(1)} ms, p99 ${(loop.percentile(99) / 1e6).toFixed(1)} ms, max ${(loop.max / 1e6).toFixed(1)} ms`,
)
console.log(
  `CPU: ${((user + system) / 1e3 / (took * 10)).toFixed(0)} % of a core, both threads; ${((user + system) / events).toFixed(1)} us per event`,
)
console.log(`file: ${(statSync(path).size / events).toFixed(0)} bytes per event`)
rmSync(home, { recursive: true })
