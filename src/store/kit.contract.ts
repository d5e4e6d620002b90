import assert from 'node:assert/strict'
import { setImmediate as turn } from 'node:timers/promises'
import type { Claim, Clock, NewMessage, RunLog, Store } from '../core/ports.ts'
import type { EndReason, Entry } from '../wire/event.ts'
import { Fault, type FaultCode } from '../wire/fault.ts'
import {
  LOCAL,
  newMessageId,
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

export const OTHER = OwnerId.parse('other')
export const never = new AbortController().signal
export const say = (at: number, text: string): Entry => ({ at: offset(at), t: at, event: { type: 'text.delta', text } })
export const endAt = (at: number, reason: EndReason = 'done'): Entry => ({
  at: offset(at),
  t: at,
  event: { type: 'run.end', reason },
})
export const said = (text: string, reason: EndReason = 'done') => ({
  text,
  agent: null,
  model: 'tiny',
  reason,
  fault: null,
  finish: null,
  remote: null,
})
export const fails = (code: FaultCode) => (cause: unknown) => cause instanceof Fault && cause.code === code

/** A store with nothing in it, and what a test does to it all the time. */
export function desk(world: World, clock: HandClock, ends: AbortController) {
  const { store } = world
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
  /** Asks, and answers at once. */
  const talk = async (session: SessionId, text: string, after?: RunId | null, answer = `${text}!`) => {
    const submitted = await store.submit(LOCAL, message(session, text, { after }))
    await answered(submitted.run.id, answer)
    return submitted
  }
  const answered = async (run: RunId, answer: string, reason: EndReason = 'done') => {
    const claim = await take()
    assert.equal(claim.run, run)
    await store.settle(claim, START, [endAt(1, reason)], said(answer, reason))
  }
  const texts = async (session: SessionId, page: Partial<Parameters<Store['messages']>[2]> = {}) =>
    (await store.messages(LOCAL, session, { limit: 200, ...page })).rows.map((m) => m.text)
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
  return {
    store,
    clock,
    world,
    ends,
    begin,
    message,
    ask,
    talk,
    answered,
    texts,
    claimsOf,
    take,
    claimed,
    all,
    isSettled,
    passing,
  }
}

/** The desk of the test that runs. */
export type Now = () => ReturnType<typeof desk>
