import assert from 'node:assert/strict'
import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterEach, beforeEach, test } from 'node:test'
import type { Claim, Clock } from '../core/ports.ts'
import type { Entry } from '../wire/event.ts'
import { Fault } from '../wire/fault.ts'
import { LOCAL, newMessageId, newWorkerId, offset, START } from '../wire/id.ts'
import { HandClock } from './kit.contract.ts'
import { LEASE, type LocalStore } from './local-store.ts'
import { openSqlite } from './sqlite.ts'

const never = new AbortController().signal
const entry = (at: number, text = `word ${at}`): Entry => ({
  at: offset(at),
  t: at,
  event: { type: 'text.delta', text },
})
const say = () => {}

// This file is its own second process.
if (process.argv[2] === undefined) declare()
else await child(process.argv[2], process.argv[3] === 'big')

/** Claims a run and appends until it is killed. What is acknowledged is printed, and only then. */
async function child(path: string, big: boolean): Promise<void> {
  const clock: Clock = {
    wall: () => Date.now(),
    now: () => performance.now(),
    after(ms, call) {
      const timer = setTimeout(call, ms)
      return () => clearTimeout(timer)
    },
  }
  const store = await openSqlite({ path, clock, say })
  const print = (line: string) => writeSync(1, `${line}\n`)
  const lines = createInterface(process.stdin)[Symbol.asyncIterator]()
  print('open')
  for await (const claim of store.claims(newWorkerId(), never)) {
    let head = claim.head
    for (;;) {
      try {
        const text = big ? 'x'.repeat(50_000) : undefined
        head = await store.append(claim, head, [entry(head + 1, text), entry(head + 2, text)])
        print(`${claim.epoch} ${head}`)
      } catch (cause) {
        print(cause instanceof Fault ? cause.code : String(cause))
        await lines.next()
      }
    }
  }
}

function declare(): void {
  let home: string
  let path: string
  let children: ChildProcess[]
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'pkn-kill-'))
    path = join(home, 'pkn.db')
    children = []
  })
  afterEach(async () => {
    for (const child of children) await kill(child)
    rmSync(home, { recursive: true })
  })

  const start = async (...more: string[]) => {
    const child = spawn(process.execPath, [import.meta.filename, path, ...more], { stdio: ['pipe', 'pipe', 'inherit'] })
    children.push(child)
    const lines = createInterface(child.stdout)[Symbol.asyncIterator]()
    assert.equal((await lines.next()).value, 'open')
    return { child, lines }
  }
  async function kill(child: ChildProcess): Promise<void> {
    if (child.exitCode !== null || child.signalCode !== null) return
    const exit = once(child, 'exit')
    child.kill('SIGKILL')
    await exit
  }
  const open = (clock: Clock) => openSqlite({ path, clock, say })
  /** Its time is the children's, and stands still: no lease of theirs runs out by itself. */
  const now = () => new HandClock(Date.now())
  async function submit(store: LocalStore) {
    const session = await store.createSession(LOCAL, null)
    const message = {
      id: newMessageId(),
      session: session.id,
      text: 'go',
      agent: null,
      backend: 'local',
      model: null,
      priority: 'interactive',
    } as const
    return (await store.submit(LOCAL, message)).run.id
  }
  async function take(store: LocalStore): Promise<Claim> {
    for await (const claim of store.claims(newWorkerId(), never)) return claim
    throw new Error('the claims ended')
  }

  test('after kill -9 everything acknowledged is there without a gap, and the run is claimed at once', async () => {
    const store = await open(now())
    const run = await submit(store)
    await store.close()
    let acknowledged = 0
    for (const [i, appends] of [150, 40, 7].entries()) {
      const { child, lines } = await start()
      for (let n = 0; n < appends; n++) {
        const [epoch, head] = String((await lines.next()).value).split(' ')
        assert.equal(epoch, String(i + 1))
        acknowledged = Number(head)
      }
      await kill(child)
      // What it still said before it died counts as well.
      for await (const line of { [Symbol.asyncIterator]: () => lines }) acknowledged = Number(line.split(' ')[1])
    }
    const after = await open(now())
    const claim = await take(after)
    assert.deepEqual([claim.run, claim.epoch], [run, 4])
    const log = await after.page(run, START, 10_000)
    assert.ok(claim.head >= acknowledged && claim.head <= acknowledged + 2, `${claim.head} ${acknowledged}`)
    assert.deepEqual(
      log,
      Array.from({ length: claim.head }, (_, i) => entry(i + 1)),
    )
    assert.equal(await after.append(claim, claim.head, [entry(claim.head + 1)]), claim.head + 1)
    await after.close()
  })

  test('a second process takes over within a few looks when the first is killed, long before its lease ends', async () => {
    const { child, lines } = await start()
    const clock = now()
    let store = await open(clock)
    const run = await submit(store)
    await lines.next()
    const claims = store.claims(newWorkerId(), never)[Symbol.asyncIterator]()
    const waiting = claims.next()
    await store.createSession(LOCAL, null)
    await kill(child)
    // A lease of the child would last ten times as long.
    clock.move(LEASE / 10)
    const { epoch, run: found }: Claim = (await waiting).value
    assert.deepEqual([found, epoch], [run, 2])
    await store.close()
    // And what closing gave back, the next one has at once.
    store = await open(now())
    assert.equal((await take(store)).epoch, 3)
    await store.close()
  })

  test('a process without the lock holds its run by the lease, and loses it when that ends', async () => {
    const clock = now()
    const store = await open(clock)
    const run = await submit(store)
    const { child, lines } = await start()
    await lines.next()
    await kill(child)
    let claim: Claim | null = null
    const claimed = take(store).then((taken) => {
      claim = taken
    })
    clock.move(LEASE / 2)
    for (let i = 0; i < 3; i++) await store.createSession(LOCAL, null)
    assert.equal(claim, null)
    clock.move(LEASE)
    await claimed
    assert.deepEqual([claim!.run, claim!.epoch], [run, 2])
    await store.close()
  })

  const canLimit = process.platform === 'linux' && hasPrlimit()
  test(
    'a disk without room is said, loses nothing, and once there is room it goes on',
    { skip: !canLimit },
    async () => {
      const store = await open(now())
      const run = await submit(store)
      await store.close()
      const { child, lines } = await start('big')
      await lines.next()
      const limit = (bytes: string) => execFileSync('prlimit', ['--pid', String(child.pid), `--fsize=${bytes}`])
      limit('2000000:unlimited')
      let acknowledged = 0
      let line = ''
      for (; !/^[a-z]/.test(line); line = String((await lines.next()).value))
        if (line !== '') acknowledged = Number(line.split(' ')[1])
      assert.match(line, /^(disk\.full|store\.failed)$/)
      limit('unlimited:unlimited')
      child.stdin?.write('go on\n')
      const [epoch, head] = String((await lines.next()).value).split(' ')
      assert.deepEqual([epoch, head], ['1', String(acknowledged + 2)])
      await kill(child)
      const after = await open(now())
      const offsets = (await after.page(run, START, 100_000)).map((e) => e.at)
      assert.deepEqual(
        offsets,
        offsets.map((_, i) => i + 1),
      )
      assert.ok(offsets.length >= acknowledged + 2)
      await after.close()
    },
  )
}

function hasPrlimit(): boolean {
  try {
    execFileSync('prlimit', ['--version'])
    return true
  } catch {
    return false
  }
}
