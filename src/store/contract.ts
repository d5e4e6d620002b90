import assert from 'node:assert/strict'
import { afterEach, beforeEach, describe, test } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import { LogConflict, type Claim, type Clock, type NewMessage, type RunLog, type Store } from '../core/ports.ts'
import type { EndReason, Entry } from '../wire/event.ts'
import { Fault, type FaultCode } from '../wire/fault.ts'
import {
  AgentName,
  LOCAL,
  MessageId,
  newAskId,
  newMessageId,
  newRunId,
  newSessionId,
  newWorkerId,
  offset,
  OwnerId,
  START,
  type Offset,
  type RunId,
  type SessionId,
} from '../wire/id.ts'

/** Time stands still until it is moved. */
export class HandClock implements Clock {
  #wall: number
  #calls: { at: number; call: () => void }[] = []

  /** Not a whole number, since a real clock need not give one. */
  constructor(wall = Date.UTC(2030, 0, 1) + 0.25) {
    this.#wall = wall
  }

  wall(): number {
    return this.#wall
  }

  now(): number {
    return this.#wall
  }

  after(ms: number, call: () => void): () => void {
    const pending = { at: this.#wall + ms, call }
    this.#calls.push(pending)
    return () => {
      this.#calls = this.#calls.filter((c) => c !== pending)
    }
  }

  /** As when the clock is set, or a machine wakes: the hands move, and what was due is not called yet. */
  set(ms: number): void {
    this.#wall += ms
  }

  move(ms: number): void {
    const to = this.#wall + ms
    for (;;) {
      const next = this.#calls.filter((c) => c.at <= to).sort((a, b) => a.at - b.at)[0]
      if (next === undefined) break
      this.#calls = this.#calls.filter((c) => c !== next)
      this.#wall = Math.max(this.#wall, next.at)
      next.call()
    }
    this.#wall = to
  }
}

export type Tested = RunLog & Store & { readonly listeners: number }
export type World = {
  store: Tested
  /** Another process over the same data. */
  another(clock: Clock): Promise<Tested>
  /** Closes all stores and leaves nothing behind. */
  end(): Promise<void>
}

const OTHER = OwnerId.parse('other')
const never = new AbortController().signal
const say = (at: number, text: string): Entry => ({ at: offset(at), t: at, event: { type: 'text.delta', text } })
const endAt = (at: number, reason: EndReason = 'done'): Entry => ({
  at: offset(at),
  t: at,
  event: { type: 'run.end', reason },
})
const said = (text: string, reason: EndReason = 'done') => ({ text, agent: null, model: 'tiny', reason, fault: null })
const fails = (code: FaultCode) => (cause: unknown) => cause instanceof Fault && cause.code === code

/** What every store must keep. `open` gives an empty one. */
export function storeContract(name: string, open: (clock: Clock) => Promise<World>): void {
  describe(name, { timeout: 30_000 }, () => {
    let clock: HandClock
    let world: World
    let store: Tested
    let ends: AbortController

    beforeEach(async () => {
      clock = new HandClock()
      world = await open(clock)
      store = world.store
      ends = new AbortController()
    })
    afterEach(async () => {
      ends.abort()
      await world.end()
    })

    const begin = async () => (await store.createSession(LOCAL, null)).id
    const message = (session: SessionId, text = 'hello', more: Partial<NewMessage> = {}): NewMessage => ({
      id: newMessageId(),
      session,
      text,
      agent: null,
      backend: 'local',
      model: null,
      priority: 'interactive',
      ...more,
    })
    const ask = async (session: SessionId, text = 'hello') => store.submit(LOCAL, message(session, text))
    const claimsOf = (of: Tested = store, signal = ends.signal) =>
      of.claims(newWorkerId(), signal)[Symbol.asyncIterator]()
    const take = async (of: Tested = store): Promise<Claim> => {
      for await (const claim of of.claims(newWorkerId(), ends.signal)) return claim
      throw new Error('the claims ended')
    }
    const claimed = async () => {
      const session = await begin()
      const { run } = await ask(session)
      const claim = await take()
      assert.equal(claim.run, run.id)
      return claim
    }
    const all = async (run: RunId, after: Offset = START, of: Tested = store): Promise<Entry[]> => {
      const entries: Entry[] = []
      for await (const batch of of.read(run, after, never)) entries.push(...batch)
      return entries
    }
    /** Whether it is settled once everything that was asked of the store before is answered. */
    const isSettled = async (promise: Promise<unknown>): Promise<boolean> => {
      let settled = false
      const mark = () => {
        settled = true
      }
      promise.then(mark, mark)
      await store.createSession(OTHER, null)
      await store.createSession(OTHER, null)
      for (let i = 0; i < 5; i++) await turn()
      return settled
    }
    /** Lets time pass on one clock until something happens. */
    const passing = async <T>(on: HandClock, promise: Promise<T>): Promise<T> => {
      let settled = false
      const mark = () => {
        settled = true
      }
      promise.then(mark, mark)
      for (let i = 0; i < 10_000; i++) {
        if (settled) return promise
        on.move(100)
        await turn()
      }
      throw new Error('it never happens')
    }

    describe('the log', () => {
      test('a reader gets everything after any offset, in order and without gaps', async () => {
        const claim = await claimed()
        assert.equal(await store.append(claim, START, [say(1, 'a')]), 1)
        assert.equal(await store.append(claim, offset(1), [say(2, 'b'), say(3, 'c'), say(4, 'd')]), 4)
        await store.settle(claim, offset(4), [say(5, 'e'), endAt(6)], said('abcde'))
        const whole = [say(1, 'a'), say(2, 'b'), say(3, 'c'), say(4, 'd'), say(5, 'e'), endAt(6)]
        for (let after = 0; after <= 6; after++)
          assert.deepEqual(await all(claim.run, offset(after)), whole.slice(after), `after ${after}`)
        assert.deepEqual(await all(claim.run, offset(99)), [])
      })

      test('the same append again succeeds and writes nothing', async () => {
        const claim = await claimed()
        const batch = [say(1, 'a'), say(2, 'b')]
        await store.append(claim, START, batch)
        assert.equal(await store.append(claim, START, batch), 2)
        await store.append(claim, offset(2), [say(3, 'c')])
        assert.equal(await store.append(claim, START, batch), 2)
        await store.settle(claim, offset(3), [endAt(4)], said('abc'))
        await store.settle(claim, offset(3), [endAt(4)], said('abc'))
        assert.equal(await store.append(claim, START, batch), 2)
        assert.deepEqual(await all(claim.run), [...batch, say(3, 'c'), endAt(4)])
        assert.equal((await store.messages(LOCAL, claim.session, { limit: 10 })).rows.length, 2)
      })

      test('an append at a wrong offset, or with other content at the same one, is a conflict that nobody sees', async () => {
        const claim = await claimed()
        await store.append(claim, START, [say(1, 'a')])
        await assert.rejects(store.append(claim, START, [say(1, 'x')]), LogConflict)
        await assert.rejects(store.append(claim, START, [say(1, 'a'), say(2, 'b')]), LogConflict)
        await assert.rejects(store.append(claim, offset(5), [say(6, 'x')]), LogConflict)
        assert.deepEqual(await store.page(claim.run, START, 10), [say(1, 'a')])
        assert.equal(claim.stop.aborted, false)
      })

      test('entries that skip an offset, or an end that is not the end, are a bug and not written', async () => {
        const claim = await claimed()
        await assert.rejects(store.append(claim, START, [say(2, 'a')]), RangeError)
        await assert.rejects(store.append(claim, START, [say(1, 'a'), say(3, 'b')]), RangeError)
        await assert.rejects(store.append(claim, START, [endAt(1)]), RangeError)
        await assert.rejects(store.settle(claim, START, [say(1, 'a')], said('')), RangeError)
        await assert.rejects(store.settle(claim, START, [], said('')), RangeError)
        assert.equal(await store.append(claim, START, []), 0)
        assert.deepEqual(await store.page(claim.run, START, 10), [])
      })

      test('a reader that was there first gets what comes, and ends after the end', async () => {
        const session = await begin()
        const { run } = await ask(session)
        const reading = all(run.id)
        const claim = await take()
        await store.append(claim, START, [say(1, 'a')])
        await store.append(claim, offset(1), [say(2, 'b')])
        assert.equal(await isSettled(reading), false)
        await store.settle(claim, offset(2), [endAt(3)], said('ab'))
        assert.deepEqual(await reading, [say(1, 'a'), say(2, 'b'), endAt(3)])
        assert.equal(store.listeners, 0)
      })

      test('aborting ends a reader quietly, before it began, between entries and while it waits', async () => {
        const claim = await claimed()
        await store.append(claim, START, [say(1, 'a')])
        const before = store.read(claim.run, START, AbortSignal.abort())[Symbol.asyncIterator]()
        assert.equal((await before.next()).done, true)
        const leave = new AbortController()
        const reading = store.read(claim.run, START, leave.signal)[Symbol.asyncIterator]()
        assert.equal((await reading.next()).done, false)
        const waiting = reading.next()
        assert.equal(await isSettled(waiting), false)
        leave.abort()
        assert.equal((await waiting).done, true)
        assert.equal(store.listeners, 0)
      })

      test('twenty readers get the same entries, and at the tip the same arrays', async () => {
        const claim = await claimed()
        const readers = Array.from({ length: 20 }, async () => {
          const batches: (readonly Entry[])[] = []
          for await (const batch of store.read(claim.run, START, never)) batches.push(batch)
          return batches
        })
        await turn()
        for (let at = 1; at <= 50; at++) await store.append(claim, offset(at - 1), [say(at, `${at}`)])
        await store.settle(claim, offset(50), [endAt(51)], said('x'))
        const [first, ...others] = await Promise.all(readers)
        assert.equal(first?.flat().length, 51)
        for (const other of others) {
          assert.deepEqual(other.flat(), first?.flat())
          assert.equal(other.at(-1), first?.at(-1))
        }
      })

      test('a reader that leaves changes nothing for the run and the others', async () => {
        const claim = await claimed()
        const stays = all(claim.run)
        await store.append(claim, START, [say(1, 'a')])
        for await (const batch of store.read(claim.run, START, never)) {
          assert.equal(batch.length, 1)
          break
        }
        await store.append(claim, offset(1), [say(2, 'b')])
        await store.settle(claim, offset(2), [endAt(3)], said('ab'))
        assert.equal((await stays).length, 3)
        assert.equal(claim.stop.aborted, false)
      })

      test('ten thousand readers that come and go leave none behind', async () => {
        const claim = await claimed()
        await store.append(claim, START, [say(1, 'a')])
        for (let i = 0; i < 100; i++) {
          const leave = new AbortController()
          const readers = Array.from({ length: 100 }, async () => {
            for await (const batch of store.read(claim.run, START, leave.signal)) assert.equal(batch.length, 1)
          })
          await turn()
          assert.equal(store.listeners, 100)
          leave.abort()
          await Promise.all(readers)
        }
        assert.equal(store.listeners, 0)
      })

      test('a reader far behind a long log misses nothing, wherever it begins', async () => {
        const claim = await claimed()
        const text = 'long '.repeat(400)
        const behind = store.read(claim.run, START, never)[Symbol.asyncIterator]()
        const waiting = behind.next()
        let head = 0
        for (let i = 0; i < 200; i++) {
          const batch = [say(head + 1, text), say(head + 2, `${i}`), say(head + 3, text)]
          head = await store.append(claim, offset(head), batch)
        }
        await store.settle(claim, offset(head), [endAt(head + 1)], said('x'))
        const offsets = async (from: AsyncIterable<readonly Entry[]>) => {
          const found: number[] = []
          for await (const batch of from) found.push(...batch.map((e) => e.at))
          return found
        }
        const expected = Array.from({ length: 601 }, (_, i) => i + 1)
        const first = await waiting
        const rest = await offsets({ [Symbol.asyncIterator]: () => behind })
        assert.deepEqual([...first.value.map((e: Entry) => e.at), ...rest], expected)
        for (const after of [1, 2, 299, 300, 301, 575, 599, 600])
          assert.deepEqual(await offsets(store.read(claim.run, offset(after), never)), expected.slice(after))
        assert.deepEqual(
          (await store.page(claim.run, offset(100), 250)).map((e) => e.at),
          expected.slice(100, 350),
        )
      })

      test('what is in the log can not be changed by who wrote it', async () => {
        const claim = await claimed()
        const entry = say(1, 'a')
        await store.append(claim, START, [entry])
        if (entry.event.type === 'text.delta') entry.event.text = 'changed'
        assert.deepEqual(await store.page(claim.run, START, 10), [say(1, 'a')])
      })

      test('a log that does not exist is missing', async () => {
        await assert.rejects(all(newRunId()), fails('run.missing'))
        await assert.rejects(store.page(newRunId(), START, 1), fails('run.missing'))
      })
    })

    describe('messages', () => {
      test('the same message again gives the same run, also all at once and after its end', async () => {
        const session = await begin()
        const wish = { agent: AgentName.parse('coder'), backend: 'cloud', model: 'm', priority: 'background' } as const
        const once = message(session, 'once', wish)
        const replies = await Promise.all(Array.from({ length: 50 }, () => store.submit(LOCAL, once)))
        assert.equal(new Set(replies.map((r) => r.run.id)).size, 1)
        const claim = await take()
        assert.deepEqual(claim.wish, wish)
        await store.settle(claim, START, [endAt(1)], said('x'))
        const again = await store.submit(LOCAL, once)
        assert.equal(again.run.id, claim.run)
        assert.equal(again.run.state, 'ended')
        assert.deepEqual(again.message, claim.message)
        assert.deepEqual(await store.counts(), { active: 0, queued: 0 })
        assert.equal((await store.messages(LOCAL, session, { limit: 10 })).rows.length, 2)
      })

      test('a message that names no session begins one, which takes its title from it', async () => {
        const { run } = await store.submit(LOCAL, { ...message(await begin(), 'Plan my garden'), session: null })
        const session = await store.session(LOCAL, run.session)
        assert.equal(session.title, 'Plan my garden')
        assert.equal(session.active, run.id)
        assert.equal((await take()).session, run.session)
      })

      test('the same id with another body is a conflict', async () => {
        const session = await begin()
        const first = message(session, 'one')
        await store.submit(LOCAL, first)
        const conflict = fails('message.conflict')
        await assert.rejects(store.submit(LOCAL, { ...first, text: 'two' }), conflict)
        await assert.rejects(store.submit(LOCAL, { ...first, backend: 'cloud' }), conflict)
        await assert.rejects(store.submit(LOCAL, { ...first, agent: AgentName.parse('coder') }), conflict)
        await assert.rejects(store.submit(LOCAL, { ...first, model: 'another' }), conflict)
        await assert.rejects(store.submit(LOCAL, { ...first, priority: 'background' }), conflict)
        assert.deepEqual(await store.counts(), { active: 0, queued: 1 })
      })

      test("an id that another session or owner used is a conflict that says nothing of the other's message", async () => {
        const mine = message(await begin(), 'a secret')
        await store.submit(LOCAL, mine)
        const theirs = (await store.createSession(OTHER, null)).id
        for (const [owner, session] of [
          [LOCAL, await begin()],
          [OTHER, theirs],
        ] as const)
          await assert.rejects(store.submit(owner, { ...mine, session }), (cause) => {
            assert.ok(cause instanceof Fault)
            assert.equal(cause.code, 'message.conflict')
            assert.deepEqual(cause.details, { message: mine.id })
            return true
          })
      })

      test('the id of an answer is no message of the user', async () => {
        const claim = await claimed()
        await store.settle(claim, START, [endAt(1)], said('hello'))
        const answer = (await store.messages(LOCAL, claim.session, { limit: 1 })).rows[0]!
        const copy = message(claim.session, 'hello', { id: MessageId.parse(answer.id) })
        await assert.rejects(store.submit(LOCAL, copy), fails('message.conflict'))
      })

      test('the page before a cursor stays the same while messages are added', async () => {
        const session = await begin()
        for (let i = 1; i <= 5; i++) await ask(session, `m${i}`)
        const texts = (page: { rows: { text: string }[] }) => page.rows.map((m) => m.text)
        const newest = await store.messages(LOCAL, session, { limit: 2 })
        assert.deepEqual(texts(newest), ['m4', 'm5'])
        await ask(session, 'm6')
        const older = await store.messages(LOCAL, session, { limit: 2, before: newest.next! })
        assert.deepEqual(texts(older), ['m2', 'm3'])
        const oldest = await store.messages(LOCAL, session, { limit: 2, before: older.next! })
        assert.deepEqual(texts(oldest), ['m1'])
        assert.equal(oldest.next, null)
        await assert.rejects(store.messages(LOCAL, session, { limit: 1, before: 'x' }), fails('request.invalid'))
      })
    })

    describe('sessions', () => {
      test('the one used last comes first, and pages survive new ones', async () => {
        const ids: SessionId[] = []
        for (let i = 0; i < 5; i++) ids.push(await begin())
        await ask(ids[0]!)
        const list = async (before?: string) => store.sessions(LOCAL, { limit: 2, before })
        const first = await list()
        assert.deepEqual(
          first.rows.map((s) => s.id),
          [ids[0], ids[4]],
        )
        await begin()
        const second = await list(first.next!)
        assert.deepEqual(
          second.rows.map((s) => s.id),
          [ids[3], ids[2]],
        )
        const third = await list(second.next!)
        assert.deepEqual(
          third.rows.map((s) => s.id),
          [ids[1]],
        )
        assert.equal(third.next, null)
      })

      test('a title comes from the first message, and from a person for good', async () => {
        const session = await begin()
        assert.equal((await store.session(LOCAL, session)).title, '')
        await ask(session, '## Fix my **bike**')
        await ask(session, 'and my car')
        assert.deepEqual(
          [(await store.session(LOCAL, session)).title, (await store.session(LOCAL, session)).named],
          ['Fix my bike', false],
        )
        const renamed = await store.renameSession(LOCAL, session, 'Workshop')
        assert.deepEqual([renamed.title, renamed.named], ['Workshop', true])
        const named = await store.createSession(LOCAL, 'Mine')
        await ask(named.id, 'something else')
        const after = await store.session(LOCAL, named.id)
        assert.deepEqual([after.title, after.named], ['Mine', true])
      })

      test('removing one stops its run, and its worker can not write another word', async () => {
        const claim = await claimed()
        await store.append(claim, START, [say(1, 'a')])
        const reading = assert.rejects(all(claim.run, offset(1)), fails('run.missing'))
        await turn()
        await store.removeSession(LOCAL, claim.session)
        assert.equal(claim.stop.reason, 'cancelled')
        await reading
        await assert.rejects(store.append(claim, offset(1), [say(2, 'b')]), LogConflict)
        await assert.rejects(store.settle(claim, offset(1), [endAt(2)], said('a')), LogConflict)
        await store.release(claim)
        await assert.rejects(store.session(LOCAL, claim.session), fails('session.missing'))
        await assert.rejects(store.run(LOCAL, claim.run), fails('run.missing'))
        await assert.rejects(store.page(claim.run, START, 1), fails('run.missing'))
        assert.deepEqual(await store.counts(), { active: 0, queued: 0 })
        await assert.rejects(store.removeSession(LOCAL, claim.session), fails('session.missing'))
      })

      test("another owner's session, messages and runs are as missing, for reading and for changing", async () => {
        const claim = await claimed()
        const missing = fails('session.missing')
        const gone = fails('run.missing')
        for (const [owner, session, run] of [
          [OTHER, claim.session, claim.run],
          [LOCAL, newSessionId(), newRunId()],
        ] as const) {
          await assert.rejects(store.session(owner, session), missing)
          await assert.rejects(store.renameSession(owner, session, 'x'), missing)
          await assert.rejects(store.removeSession(owner, session), missing)
          await assert.rejects(store.messages(owner, session, { limit: 1 }), missing)
          await assert.rejects(store.submit(owner, message(session)), missing)
          await assert.rejects(store.run(owner, run), gone)
          await assert.rejects(store.cancel(owner, run), gone)
          await assert.rejects(store.answer(owner, run, newAskId(), true), gone)
        }
        assert.deepEqual((await store.sessions(OTHER, { limit: 10 })).rows, [])
        assert.equal((await store.session(LOCAL, claim.session)).title, 'hello')
        assert.equal(claim.stop.aborted, false)
      })
    })

    describe('claims', () => {
      test('runs come oldest first, and never two of one session at once', async () => {
        const [one, two] = [await begin(), await begin()]
        const first = await ask(one, '1')
        const second = await ask(one, '2')
        const third = await ask(two, '3')
        const claims = claimsOf()
        const a: Claim = (await claims.next()).value
        const b: Claim = (await claims.next()).value
        assert.deepEqual([a.run, b.run], [first.run.id, third.run.id])
        assert.deepEqual([a.epoch, a.head, a.owner, a.message.text], [1, 0, LOCAL, '1'])
        assert.equal(a.submitted, Math.floor(clock.wall()))
        const next = claims.next()
        assert.equal(await isSettled(next), false)
        assert.deepEqual(await store.counts(), { active: 2, queued: 1 })
        await store.settle(b, START, [endAt(1)], said('3'))
        assert.equal(await isSettled(next), false)
        await store.settle(a, START, [endAt(1)], said('1'))
        assert.equal((await next).value.run, second.run.id)
      })

      test('a run is claimed once, however many workers wait', async () => {
        const session = await begin()
        const waiting = Array.from({ length: 10 }, () => claimsOf().next())
        await ask(session)
        const first: Claim = (await Promise.race(waiting)).value
        const others = await Promise.all(waiting.map((w) => isSettled(w)))
        assert.equal(others.filter(Boolean).length, 1)
        await store.settle(first, START, [endAt(1)], said('x'))
      })

      test('a released run is claimed again at once, with a higher epoch and its head', async () => {
        const first = await claimed()
        await ask(first.session, 'later')
        await store.append(first, START, [say(1, 'a'), say(2, 'b')])
        await store.release(first)
        await assert.rejects(store.append(first, offset(2), [say(3, 'c')]), LogConflict)
        const second = await take()
        assert.deepEqual([second.run, second.epoch, second.head], [first.run, 2, 2])
        await assert.rejects(store.append(first, offset(2), [say(3, 'c')]), LogConflict)
        await assert.rejects(store.settle(first, offset(2), [endAt(3)], said('')), LogConflict)
        await store.append(second, offset(2), [say(3, 'c')])
        await store.release(first)
        assert.equal((await store.run(LOCAL, second.run)).state, 'running')
      })

      test('a claimer that leaves takes nothing with it', async () => {
        const session = await begin()
        const leave = new AbortController()
        const waiting = claimsOf(store, leave.signal).next()
        await turn()
        const submitted = ask(session)
        leave.abort()
        await submitted
        assert.equal((await waiting).done, true)
        assert.equal((await take()).session, session)
      })

      test('the lease of a claim is kept however long it takes', async () => {
        const claim = await claimed()
        const other = new HandClock(clock.wall())
        const peer = await world.another(other)
        const waiting = claimsOf(peer).next()
        for (let i = 0; i < 40; i++) {
          clock.move(1000)
          assert.equal(await isSettled(waiting), false)
          other.move(1000)
        }
        await store.append(claim, START, [say(1, 'a')])
        assert.equal(claim.stop.aborted, false)
      })

      test('when a process hangs, its run goes to another with a higher epoch and its head, and it can write no more', async () => {
        const first = await claimed()
        await store.append(first, START, [say(1, 'a')])
        const other = new HandClock(clock.wall())
        const peer = await world.another(other)
        const waiting = claimsOf(peer).next()
        other.move(9000)
        assert.equal(await isSettled(waiting), false)
        const second: Claim = (await passing(other, waiting)).value
        assert.deepEqual([second.run, second.epoch, second.head], [first.run, 2, 1])
        await assert.rejects(store.append(first, offset(1), [say(2, 'x')]), LogConflict)
        assert.equal(first.stop.reason, 'lost')
        await peer.append(second, offset(1), [say(2, 'b')])
        await peer.settle(second, offset(2), [endAt(3)], said('ab'))
        assert.deepEqual(await passing(clock, all(first.run)), [say(1, 'a'), say(2, 'b'), endAt(3)])
      })

      test('a machine that slept keeps its claims if nobody else wanted them', async () => {
        const claim = await claimed()
        const waiting = claimsOf().next()
        await turn()
        clock.move(3_600_000)
        assert.equal(await isSettled(waiting), false)
        assert.equal(claim.stop.aborted, false)
        await store.append(claim, START, [say(1, 'a')])
      })

      test('a clock that is set forward or back costs no claim, also when a message comes at that very moment', async () => {
        for (const ms of [3_600_000, -7_200_000]) {
          const claim = await claimed()
          clock.set(ms)
          const { run } = await ask(await begin())
          const next = await claimsOf().next()
          assert.equal(next.value?.run, run.id)
          assert.equal(claim.stop.aborted, false)
          await store.append(claim, START, [say(1, 'a')])
          await store.settle(next.value, START, [endAt(1)], said(''))
          await store.settle(claim, offset(1), [endAt(2)], said('a'))
        }
      })

      test('closing gives back what is claimed', async () => {
        const claim = await claimed()
        await store.append(claim, START, [say(1, 'a')])
        const peer = await world.another(new HandClock(clock.wall()))
        const reading = all(claim.run)
        const waiting = claimsOf().next()
        await turn()
        await store.close()
        assert.equal((await waiting).done, true)
        assert.equal((await reading).length, 1)
        assert.equal(claim.stop.reason, 'lost')
        await assert.rejects(store.append(claim, offset(1), [say(2, 'b')]))
        const again = await take(peer)
        assert.deepEqual([again.run, again.epoch, again.head], [claim.run, 2, 1])
      })
    })

    describe('the end of a run', () => {
      test('settling ends the log, adds the answer and frees the session, all at once', async () => {
        const claim = await claimed()
        assert.equal((await store.session(LOCAL, claim.session)).active, claim.run)
        assert.equal((await store.run(LOCAL, claim.run)).state, 'running')
        clock.move(1000)
        const fault = new Fault('engine.cut', { endpoint: 'x' }).toData()
        const settled = {
          text: 'half',
          agent: AgentName.parse('coder'),
          model: 'tiny',
          reason: 'failed',
          fault,
        } as const
        await store.settle(claim, START, [say(1, 'half'), endAt(2, 'failed')], settled)
        const session = await store.session(LOCAL, claim.session)
        assert.equal(session.active, null)
        assert.equal(session.updated, new Date(clock.wall()).toISOString())
        const run = await store.run(LOCAL, claim.run)
        assert.deepEqual([run.state, run.reason, run.head], ['ended', 'failed', 2])
        const { rows } = await store.messages(LOCAL, claim.session, { limit: 10 })
        assert.deepEqual(
          rows.map((m) => [m.role, m.text]),
          [
            ['user', 'hello'],
            ['assistant', 'half'],
          ],
        )
        const { id: _id, created: _created, ...answer } = rows[1]!
        assert.deepEqual(answer, { session: claim.session, run: claim.run, role: 'assistant', ...settled })
      })

      test('settling at a wrong offset or under an old epoch changes nothing', async () => {
        const first = await claimed()
        await assert.rejects(store.settle(first, offset(3), [endAt(4)], said('x')), LogConflict)
        await store.release(first)
        await take()
        await assert.rejects(store.settle(first, START, [endAt(1)], said('x')), LogConflict)
        assert.equal((await store.run(LOCAL, first.run)).state, 'running')
        assert.equal((await store.messages(LOCAL, first.session, { limit: 10 })).rows.length, 1)
      })

      test('nothing can be written after the end', async () => {
        const claim = await claimed()
        await store.settle(claim, START, [endAt(1)], said('x'))
        await assert.rejects(store.append(claim, offset(1), [say(2, 'late')]), LogConflict)
        await assert.rejects(store.settle(claim, offset(1), [endAt(2)], said('late')), LogConflict)
        await store.release(claim)
        assert.equal((await store.run(LOCAL, claim.run)).state, 'ended')
      })

      test('cancelling reaches the claim of a running run', async () => {
        const claim = await claimed()
        const run = await store.cancel(LOCAL, claim.run)
        assert.equal(run.state, 'running')
        assert.equal(claim.stop.reason, 'cancelled')
        await store.append(claim, START, [say(1, 'last words')])
        await store.settle(claim, offset(1), [endAt(2, 'cancelled')], said('last words', 'cancelled'))
        assert.equal((await store.run(LOCAL, claim.run)).reason, 'cancelled')
      })

      test('a cancelled run that waits is handed out stopped, even while its session is busy', async () => {
        const busy = await claimed()
        const { run } = await ask(busy.session, 'never mind')
        const waiting = claimsOf().next()
        assert.equal(await isSettled(waiting), false)
        assert.equal((await store.cancel(LOCAL, run.id)).state, 'queued')
        const claim: Claim = (await waiting).value
        assert.equal(claim.run, run.id)
        assert.equal(claim.stop.reason, 'cancelled')
        await store.settle(claim, START, [endAt(1, 'cancelled')], said('', 'cancelled'))
        assert.equal(busy.stop.aborted, false)
        assert.equal((await store.session(LOCAL, busy.session)).active, busy.run)
      })

      test('a run that was cancelled and released is still cancelled', async () => {
        const first = await claimed()
        await store.cancel(LOCAL, first.run)
        await store.release(first)
        assert.equal((await take()).stop.reason, 'cancelled')
      })

      test('cancelling a run that has ended leaves it as it is', async () => {
        const claim = await claimed()
        await store.settle(claim, START, [endAt(1)], said('x'))
        const before = await store.run(LOCAL, claim.run)
        assert.deepEqual(await store.cancel(LOCAL, claim.run), before)
        assert.deepEqual(await store.run(LOCAL, claim.run), before)
        assert.equal(claim.stop.aborted, false)
      })
    })

    describe('two processes', () => {
      test('one submits, the other executes, and a reader in the first follows to the end', async () => {
        const other = new HandClock(clock.wall())
        const peer = await world.another(other)
        const waiting = claimsOf(peer).next()
        const session = await begin()
        const { run } = await ask(session)
        const claim: Claim = (await passing(other, waiting)).value
        assert.equal(claim.run, run.id)
        const reading = all(run.id)
        await turn()
        await peer.append(claim, START, [say(1, 'a')])
        await peer.settle(claim, offset(1), [endAt(2)], said('a'))
        assert.deepEqual(await passing(clock, reading), [say(1, 'a'), endAt(2)])
      })

      test('cancelling in one stops the claim in the other', async () => {
        const session = await begin()
        const { run } = await ask(session)
        const other = new HandClock(clock.wall())
        const peer = await world.another(other)
        const claim = await take(peer)
        assert.equal(claim.run, run.id)
        await store.cancel(LOCAL, run.id)
        const stopped = new Promise((resolve) => {
          claim.stop.addEventListener('abort', resolve)
          if (claim.stop.aborted) resolve(null)
        })
        await passing(other, stopped)
        assert.equal(claim.stop.reason, 'cancelled')
      })
    })
  })
}
