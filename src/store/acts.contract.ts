import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { LogConflict, StopAsked, type Claim, type NewAsk } from '../core/ports.ts'
import type { Entry } from '../wire/event.ts'
import { AgentName, CallId, LOCAL, newAskId, newRunId, offset, START, type AskId } from '../wire/id.ts'
import { endAt, fails, HandClock, OTHER, said, say, type Now } from './kit.contract.ts'

const HOUR = 3_600_000
const call = CallId.parse('call_1')
const yes = { allow: true, scope: 'once' } as const
const no = { allow: false, scope: 'once' } as const

export const askOf = (more: Partial<NewAsk> = {}): NewAsk => ({
  ask: newAskId(),
  call,
  tool: 'write',
  agent: AgentName.parse('coder'),
  effect: 'write',
  why: 'write by coder is asked for as is usual.',
  shown: { kind: 'text', text: 'would write a.txt' },
  expires: null,
  allowance: { tool: 'write', key: '' },
  ...more,
})
const asks = (at: number, ask: AskId): Entry => ({ at: offset(at), t: at, event: { type: 'ask.start', ask, call } })

export function actPromises(now: Now): void {
  /** A run that waits for a person. */
  const parked = async (more: Partial<NewAsk> = {}) => {
    const { store, claimed } = now()
    const claim = await claimed()
    const ask = askOf(more)
    await store.park(claim, START, [asks(1, ask.ask)], ask)
    return { claim, ask: ask.ask, run: claim.run, session: claim.session }
  }
  const open = async (more: { session?: Claim['session'] } = {}) =>
    (await now().store.acts.asks(LOCAL, { limit: 100, ...more })).rows.map(({ ask }) => ask)

  describe('a run that waits for a person', () => {
    test('is nobody’s, keeps its session’s turn, and goes on with its log once it is answered', async () => {
      const { store, ask, take, claimsOf, isSettled, all } = now()
      const waits = await parked()
      assert.equal((await store.run(LOCAL, waits.run)).state, 'waiting')
      const behind = await ask(waits.session, 'and then?')
      const claims = claimsOf()
      const next = claims.next()
      assert.equal(await isSettled(next), false)
      const { rows } = await store.acts.asks(LOCAL, { limit: 10 })
      assert.deepEqual(
        rows.map((row) => [row.ask, row.run, row.session, row.tool, row.agent, row.shown, row.expires]),
        [[waits.ask, waits.run, waits.session, 'write', 'coder', { kind: 'text', text: 'would write a.txt' }, null]],
      )
      assert.equal((await store.acts.answer(LOCAL, waits.run, waits.ask, yes)).state, 'queued')
      const claim: Claim = (await next).value
      assert.deepEqual([claim.run, claim.head, claim.epoch > waits.claim.epoch], [waits.run, 1, true])
      assert.deepEqual([...(await store.acts.answersOf(claim.run))], [[waits.ask, { ...yes, by: 'person' }]])
      await store.settle(claim, offset(1), [endAt(2)], said('done'))
      assert.deepEqual(await all(claim.run), [asks(1, waits.ask), endAt(2)])
      assert.equal((await take()).run, behind.run.id)
    })

    test('who parked it can write no more, and who lost it can’t park it', async () => {
      const { store } = now()
      const { claim, run, ask } = await parked()
      await assert.rejects(store.append(claim, offset(1), [say(2, 'x')]), LogConflict)
      await assert.rejects(store.settle(claim, offset(1), [endAt(2)], said('x')), LogConflict)
      const late = askOf()
      await assert.rejects(
        store.park({ ...claim, epoch: claim.epoch + 1 }, offset(1), [asks(2, late.ask)], late),
        LogConflict,
      )
      await assert.rejects(
        store.park({ ...claim, epoch: claim.epoch - 1 }, offset(1), [asks(2, late.ask)], late),
        LogConflict,
      )
      assert.deepEqual([await open(), (await store.run(LOCAL, run)).head], [[ask], 1])
    })

    test('to park is all or nothing: where the log has moved on, or a stop came first, nothing is asked', async () => {
      const { store, claimed } = now()
      const claim = await claimed()
      await store.append(claim, START, [say(1, 'a')])
      const ask = askOf()
      await assert.rejects(store.park(claim, START, [asks(1, ask.ask)], ask), LogConflict)
      assert.equal((await store.run(LOCAL, claim.run)).state, 'running')
      await store.cancel(LOCAL, claim.run)
      await assert.rejects(store.park(claim, offset(1), [asks(2, ask.ask)], ask), StopAsked)
      assert.deepEqual(await open(), [])
      await store.settle(claim, offset(1), [endAt(2, 'cancelled')], said('a', 'cancelled'))
    })

    test('the same park again, whose acknowledgement was lost, asks once', async () => {
      const { store, claimed } = now()
      const claim = await claimed()
      const ask = askOf()
      await store.park(claim, START, [asks(1, ask.ask)], ask)
      await store.park(claim, START, [asks(1, ask.ask)], ask).catch((cause: unknown) => {
        if (!(cause instanceof LogConflict)) throw cause
      })
      assert.deepEqual(await open(), [ask.ask])
      assert.equal((await store.run(LOCAL, claim.run)).state, 'waiting')
    })

    test('a stop ends it: it is claimed to be ended, its question is asked no more, and an answer comes too late', async () => {
      const { store, take } = now()
      const { run, ask } = await parked()
      await store.cancel(LOCAL, run)
      assert.deepEqual(await open(), [])
      await assert.rejects(store.acts.answer(LOCAL, run, ask, yes), fails('ask.over'))
      const claim = await take()
      assert.deepEqual([claim.run, claim.stop.aborted], [run, true])
      await store.settle(claim, offset(1), [endAt(2, 'cancelled')], said('', 'cancelled'))
      assert.equal((await store.run(LOCAL, run)).reason, 'cancelled')
    })

    test('waits in every process, and is answered in any', async () => {
      const { clock, world, take, passing } = now()
      const { run, ask } = await parked()
      const other = new HandClock(clock.wall())
      const peer = await world.another(other)
      const next = take()
      await peer.acts.answer(LOCAL, run, ask, yes)
      assert.equal((await passing(clock, next)).run, run)
    })
  })

  describe('questions', () => {
    test('the same answer again changes nothing, another one is refused, and others’ are missing', async () => {
      const { store } = now()
      const { run, ask } = await parked()
      for (const owner of [OTHER]) {
        await assert.rejects(store.acts.answer(owner, run, ask, yes), fails('run.missing'))
        assert.deepEqual((await store.acts.asks(owner, { limit: 9 })).rows, [])
      }
      await assert.rejects(store.acts.answer(LOCAL, newRunId(), ask, yes), fails('run.missing'))
      await assert.rejects(store.acts.answer(LOCAL, run, newAskId(), yes), fails('ask.missing'))
      const answers = await Promise.all(Array.from({ length: 8 }, () => store.acts.answer(LOCAL, run, ask, no)))
      assert.ok(answers.every(({ state }) => state === 'queued'))
      await assert.rejects(store.acts.answer(LOCAL, run, ask, yes), fails('ask.answered'))
      await assert.rejects(store.acts.answer(LOCAL, run, ask, { ...no, reason: 'other' }), fails('ask.answered'))
      assert.equal((await store.acts.answersOf(run)).size, 1)
    })

    test('of two answers at once one counts', async () => {
      const { store } = now()
      const { run, ask } = await parked()
      const both = await Promise.allSettled([yes, no].map((answer) => store.acts.answer(LOCAL, run, ask, answer)))
      assert.deepEqual(both.map(({ status }) => status).sort(), ['fulfilled', 'rejected'])
    })

    test('are listed newest first, in pages, and by session', async () => {
      const { store } = now()
      const waiting = []
      for (let i = 0; i < 5; i++) waiting.unshift(await parked())
      const pages: AskId[][] = []
      let before: string | undefined
      do {
        const page = await store.acts.asks(LOCAL, { limit: 2, before })
        pages.push(page.rows.map(({ ask }) => ask))
        before = page.next ?? undefined
      } while (before !== undefined)
      assert.deepEqual(
        pages.flat(),
        waiting.map(({ ask }) => ask),
      )
      assert.deepEqual(
        pages.map((page) => page.length),
        [2, 2, 1],
      )
      assert.deepEqual(await open({ session: waiting[2]!.session }), [waiting[2]!.ask])
    })

    test('an allowance for the session is its own, once, and only from what was allowed', async () => {
      const { store, take } = now()
      const refused = await parked()
      await store.acts.answer(LOCAL, refused.run, refused.ask, { ...no, scope: 'session' })
      assert.deepEqual(await store.acts.allowances(refused.session), [])
      await store.settle(await take(), offset(1), [endAt(2)], said('x'))
      const first = await parked({ tool: 'shell', allowance: { tool: 'shell', key: 'npm test' } })
      await store.acts.answer(LOCAL, first.run, first.ask, { ...yes, scope: 'session' })
      assert.deepEqual(await store.acts.allowances(first.session), [{ tool: 'shell', key: 'npm test' }])
      const claim = await take()
      const again = askOf({ tool: 'shell', allowance: { tool: 'shell', key: 'npm test' } })
      await store.park(claim, offset(1), [asks(2, again.ask)], again)
      await store.acts.answer(LOCAL, first.run, again.ask, { ...yes, scope: 'session' })
      assert.equal((await store.acts.allowances(first.session)).length, 1)
    })

    test('that nobody answers in their time count as refused, and no sooner', async () => {
      const { store, clock, take } = now()
      const at = (ms: number) => new Date(Math.floor(clock.wall()) + ms).toISOString()
      const soon = await parked({ expires: at(HOUR) })
      const later = await parked({ expires: at(2 * HOUR) })
      const never = await parked()
      const next = await store.acts.expireAsks()
      assert.ok(next !== null && next > HOUR - 2 && next <= HOUR)
      assert.equal((await open()).length, 3)
      clock.set(HOUR + 1)
      const rest = await store.acts.expireAsks()
      assert.ok(rest !== null && rest <= HOUR)
      assert.deepEqual((await store.acts.answersOf(soon.run)).get(soon.ask), { ...no, by: 'time' })
      await assert.rejects(store.acts.answer(LOCAL, soon.run, soon.ask, yes), fails('ask.answered'))
      assert.equal((await take()).run, soon.run)
      assert.deepEqual(await open(), [never.ask, later.ask])
    })

    test('a session that is removed asks nothing, one that is restored asks again, and one that is purged has asked nothing', async () => {
      const { store, clock } = now()
      const { session, run, ask } = await parked({ allowance: { tool: 'x', key: '' } })
      const other = await parked()
      await store.removeSession(LOCAL, session)
      assert.deepEqual(await open(), [other.ask])
      await assert.rejects(store.acts.answer(LOCAL, run, ask, yes), fails('run.missing'))
      clock.set(HOUR + 1000)
      await store.purge()
      assert.equal((await store.acts.answersOf(run)).size, 0)
      assert.deepEqual(await open(), [other.ask])
    })
  })

  describe('what tools leave behind', () => {
    const hash = (c: string) => c.repeat(64)
    test('the same output of the same run has one id, and is its owner’s', async () => {
      const { store, claimed } = now()
      const { run } = await claimed()
      const text = { run, owner: LOCAL, hash: hash('a'), bytes: 7 }
      const [one, two] = await Promise.all([store.acts.keepOutput(text), store.acts.keepOutput(text)])
      assert.deepEqual(one, two)
      assert.deepEqual(await store.acts.outputOf(LOCAL, one.output), { hash: hash('a'), bytes: 7 })
      await assert.rejects(store.acts.outputOf(OTHER, one.output), fails('output.missing'))
      const elsewhere = await store.acts.keepOutput({ ...text, run: (await claimed()).run })
      assert.notEqual(elsewhere.output, one.output)
    })

    test('versions come newest first, of a run or a call of it, without what was undone; and are their owner’s', async () => {
      const { store, claimed } = now()
      const { run, session } = await claimed()
      const keep = (path: string, of: string, before: string | null) =>
        store.acts.keepVersion({
          run,
          session,
          owner: LOCAL,
          call: CallId.parse(of),
          folder: '/w',
          path,
          before,
          after: hash('f'),
        })
      await keep('a', 'c1', null)
      await keep('b', 'c1', hash('b'))
      await keep('a', 'c2', hash('f'))
      const paths = async (of: string | null) =>
        (await store.acts.versionsOf(LOCAL, run, of === null ? null : CallId.parse(of))).map((v) => [v.path, v.call])
      assert.deepEqual(await paths(null), [
        ['a', 'c2'],
        ['b', 'c1'],
        ['a', 'c1'],
      ])
      assert.deepEqual(await paths('c1'), [
        ['b', 'c1'],
        ['a', 'c1'],
      ])
      assert.deepEqual(await store.acts.versionsOf(OTHER, run, null), [])
      const [newest] = await store.acts.versionsOf(LOCAL, run, null)
      await store.acts.undone([newest!.seq])
      assert.deepEqual(await paths(null), [
        ['b', 'c1'],
        ['a', 'c1'],
      ])
    })

    test('bytes are kept for as long as an output or a version is made of them, undone or not, and go with their session', async () => {
      const { store, clock, claimed } = now()
      const { run, session } = await claimed()
      const both = [hash('1'), hash('2'), hash('3')]
      await store.acts.keepOutput({ run, owner: LOCAL, hash: hash('1'), bytes: 1 })
      const version = { run, session, owner: LOCAL, call, folder: '/w', path: 'a' }
      await store.acts.keepVersion({ ...version, before: hash('2'), after: hash('3') })
      const shared = await claimed()
      await store.acts.keepOutput({ run: shared.run, owner: LOCAL, hash: hash('3'), bytes: 1 })
      await store.acts.undone((await store.acts.versionsOf(LOCAL, run, null)).map(({ seq }) => seq))
      assert.deepEqual(
        both.map((one) => store.isBlobUsed(one)),
        [true, true, true],
      )
      await store.removeSession(LOCAL, session)
      assert.deepEqual(
        both.map((one) => store.isBlobUsed(one)),
        [true, true, true],
        'it can be restored yet',
      )
      clock.set(HOUR + 1000)
      await store.purge()
      assert.deepEqual(
        both.map((one) => store.isBlobUsed(one)),
        [false, false, true],
      )
      assert.deepEqual(await store.acts.versionsOf(LOCAL, run, null), [])
    })

    test('a message that is withdrawn takes its questions and outputs along', async () => {
      const { store, claimed } = now()
      const claim = await claimed()
      const ask = askOf()
      const { output } = await store.acts.keepOutput({ run: claim.run, owner: LOCAL, hash: hash('9'), bytes: 1 })
      await store.park(claim, START, [asks(1, ask.ask)], ask)
      await store.withdraw(LOCAL, claim.session, claim.message.id)
      assert.deepEqual(await open(), [])
      assert.equal(store.isBlobUsed(hash('9')), false)
      await assert.rejects(store.acts.outputOf(LOCAL, output), fails('output.missing'))
      await assert.rejects(store.acts.answer(LOCAL, claim.run, ask.ask, yes), fails('run.missing'))
    })
  })
}
