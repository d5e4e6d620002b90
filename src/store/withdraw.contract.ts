import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { LogConflict } from '../core/ports.ts'
import type { Entry } from '../wire/event.ts'
import { LOCAL, newMemoryId, newMessageId, newSessionId, newSourceId, offset, START, type RunId } from '../wire/id.ts'
import { endAt, fails, HandClock, OTHER, said, say, type Now } from './kit.contract.ts'

const anew = { continues: false, key: null }
const waits = (at: number): Entry => ({ at: offset(at), t: at, event: { type: 'phase', phase: 'queued' } })
const asks = (at: number): Entry => ({
  at: offset(at),
  t: at,
  event: { type: 'step.start', step: 1, model: 'tiny', endpoint: 'here' },
})

export function withdrawPromises(now: Now): void {
  describe('a message that is withdrawn', () => {
    test('is gone with its runs and logs as if it had never been said, whether it waited or was claimed', async () => {
      const { store, begin, ask, talk, take, texts } = now()
      const session = await begin()
      const first = await talk(session, 'first')
      const before = await store.session(LOCAL, session)
      for (const claimed of [false, true]) {
        const { message, run } = await ask(session, 'a slip of the tongue')
        const second = await store.again(LOCAL, run.id, anew)
        const claim = claimed ? await take() : null
        if (claim) await store.append(claim, START, [waits(1)])
        await store.withdraw(LOCAL, session, message.id)
        for (const id of [run.id, second.id]) {
          await assert.rejects(store.run(LOCAL, id), fails('run.missing'))
          await assert.rejects(store.page(id, START, 1), fails('run.missing'))
        }
        assert.equal(claim?.stop.aborted ?? true, true)
        if (claim) {
          await assert.rejects(store.append(claim, offset(1), [waits(2)]), LogConflict)
          await assert.rejects(store.settle(claim, offset(1), [endAt(2)], said('x')), LogConflict)
        }
        assert.deepEqual(await texts(session), ['first', 'first!'])
        assert.deepEqual(await store.counts(), { active: 0, queued: 0 })
        assert.deepEqual((await store.search(LOCAL, { q: 'tongue', limit: 5 })).rows, [])
        const { updated: _, ...rest } = await store.session(LOCAL, session)
        assert.deepEqual({ ...rest, updated: before.updated }, before)
        await assert.rejects(store.withdraw(LOCAL, session, message.id), fails('message.missing'))
        const again = await store.submit(LOCAL, now().message(session, 'said', { id: message.id }))
        assert.equal(again.message.after, first.run.id)
        await store.withdraw(LOCAL, session, message.id)
      }
    })

    test('stays if anything was asked of a model, for this version of its answer or another', async () => {
      const { store, begin, ask, take } = now()
      const session = await begin()
      const { message, run } = await ask(session)
      const claim = await take()
      await store.append(claim, START, [waits(1), asks(2)])
      const refused = () => assert.rejects(store.withdraw(LOCAL, session, message.id), fails('message.begun'))
      await refused()
      await store.again(LOCAL, run.id, anew)
      await refused()
      await store.settle(claim, offset(2), [say(3, 'x'), endAt(4)], said('x'))
      await refused()
      assert.equal(claim.stop.aborted, false)
      const other = await begin()
      const waiting = await ask(other, 'two')
      assert.equal((await store.run(LOCAL, waiting.run.id)).state, 'queued')
      const [one] = [await take(), await take()].filter((c) => c.run === waiting.run.id)
      // What a message says is not what a log says.
      await store.append(one!, START, [say(1, '"type":"step.start"')])
      await store.withdraw(LOCAL, other, waiting.message.id)
    })

    test('what was said after it follows what it followed; not if that has been taken up', async () => {
      const { store, begin, ask, talk, take, texts } = now()
      const session = await begin()
      const first = await talk(session, 'first')
      const second = await ask(session, 'second')
      const third = await ask(session, 'third')
      await store.withdraw(LOCAL, session, second.message.id)
      assert.equal((await store.session(LOCAL, session)).tip, third.run.id)
      assert.deepEqual(await texts(session), ['first', 'first!', 'third'])
      const claim = await take()
      assert.deepEqual([claim.run, claim.message.after], [third.run.id, first.run.id])
      const fourth = await ask(session, 'fourth')
      // It ends before anything was asked, and what follows it is taken up.
      await store.settle(claim, START, [endAt(1, 'failed')], said('', 'failed'))
      const next = await take()
      assert.equal(next.run, fourth.run.id)
      await assert.rejects(store.withdraw(LOCAL, session, third.message.id), fails('message.begun'))
      await store.settle(next, START, [endAt(1, 'cancelled')], said('', 'cancelled'))
      await store.withdraw(LOCAL, session, third.message.id)
      assert.deepEqual(await texts(session), ['first', 'first!', 'fourth', ''])
    })

    test('the path that is shown is the one before it was said', async () => {
      const { store, begin, talk, message } = now()
      const session = await begin()
      const tip = async () => (await store.session(LOCAL, session)).tip
      const a = await talk(session, 'a')
      const b = await talk(session, 'b')
      const edited = await store.submit(LOCAL, message(session, 'B', { after: a.run.id }))
      assert.equal(await tip(), edited.run.id)
      await store.withdraw(LOCAL, session, edited.message.id)
      assert.equal(await tip(), b.run.id)
      const anew = await store.submit(LOCAL, message(session, 'A', { after: null }))
      await store.withdraw(LOCAL, session, anew.message.id)
      assert.equal(await tip(), b.run.id)
      const aside = await store.submit(LOCAL, message(session, 'c', { after: b.run.id }))
      await store.changeSession(LOCAL, session, { tip: a.run.id })
      assert.equal(await tip(), aside.run.id)
    })

    test('takes along the title that was made of it, and not one that was given', async () => {
      const { store, begin, ask, message } = now()
      const title = async (id = session) => (await store.session(LOCAL, id)).title
      const session = await begin()
      const secret = await ask(session, 'a secret')
      const next = await ask(session, 'a question')
      assert.equal(await title(), 'a secret')
      await store.withdraw(LOCAL, session, secret.message.id)
      assert.equal(await title(), 'a question')
      await store.withdraw(LOCAL, session, next.message.id)
      assert.deepEqual([await title(), (await store.session(LOCAL, session)).tip], ['', null])
      await ask(session, 'another')
      assert.equal(await title(), 'another')
      const named = (await store.createSession(LOCAL, 'a name')).id
      const only = await store.submit(LOCAL, message(named, 'a name'))
      await store.withdraw(LOCAL, named, only.message.id)
      assert.equal(await title(named), 'a name')
    })

    test('leaves what it brought for a day, also what had been brought long before', async () => {
      const { store, begin, message, clock } = now()
      const file = await store.addAttachment(LOCAL, { name: 'a', type: 'text/plain', bytes: 1, hash: 'cd'.repeat(32) })
      const session = await begin()
      const brings = message(session, 'look', { attachments: [file.id] })
      await store.submit(LOCAL, brings)
      clock.set(3 * 86_400_000)
      await store.withdraw(LOCAL, session, brings.id)
      assert.equal(await store.sweepAttachments(clock.wall() - 86_400_000), 0)
      assert.equal(store.isBlobUsed('cd'.repeat(32)), true)
      const { message: again } = await store.submit(LOCAL, message(session, 'look!', { attachments: [file.id] }))
      assert.deepEqual(again.attachments, [file])
      await store.withdraw(LOCAL, session, again.id)
      clock.set(86_400_001)
      assert.equal(await store.sweepAttachments(clock.wall() - 86_400_000), 1)
    })

    test('is told to the feed, lets in what waited for it, and ends as cancelled to those who read it, here and elsewhere', async () => {
      const { store, clock, world, begin, ask, all, claimed, claimsOf, isSettled, passing } = now()
      const other = new HandClock(clock.wall())
      const peer = await world.another(other)
      const claim = await claimed()
      await store.append(claim, START, [waits(1)])
      const second = await ask(claim.session, 'next')
      const next = claimsOf().next()
      const here = all(claim.run)
      const behind = all(claim.run, offset(1))
      const there = all(claim.run, START, peer)
      assert.equal(await isSettled(Promise.race([next, here, there])), false)
      const feed = store.feed(LOCAL, null, now().ends.signal)[Symbol.asyncIterator]()
      await feed.next()
      const told = feed.next()
      await store.withdraw(LOCAL, claim.session, claim.message.id)
      const end = { at: offset(2), t: 1, event: { type: 'run.end', reason: 'cancelled' } } as const
      assert.deepEqual(await passing(clock, here), [waits(1), end])
      assert.deepEqual(await passing(clock, behind), [{ ...end, t: 0 }])
      assert.deepEqual(await passing(other, there), [waits(1), end])
      assert.equal((await passing(clock, next)).value.run, second.run.id)
      assert.deepEqual((await passing(clock, told)).value.news[0], { session: claim.session })
      await begin()
    })

    test('is decided in one transaction with the step that begins: it is withdrawn or answered, and never both', async () => {
      const { store, begin, ask, take } = now()
      for (let i = 0; i < 10; i++) {
        const session = await begin()
        const { message, run } = await ask(session)
        const claim = await take()
        const step = () => store.append(claim, START, [asks(1)]).then(() => 'begun', String)
        const withdrawal = () => store.withdraw(LOCAL, session, message.id).then(() => 'gone', String)
        const [a, b] = await Promise.all(i % 2 === 0 ? [step(), withdrawal()] : [withdrawal(), step()])
        assert.equal([a, b].filter((end) => end === 'begun' || end === 'gone').length, 1, `${a}, ${b}`)
        const there = await store.run(LOCAL, run.id).then(
          () => true,
          () => false,
        )
        assert.equal(there, [a, b].includes('begun'))
      }
    })

    test("of another owner, another session, or that is an answer's, is as missing", async () => {
      const { store, begin, ask, talk } = now()
      const session = await begin()
      await talk(session, 'a')
      const answer = (await store.messages(LOCAL, session, { limit: 9 })).rows.at(-1)!
      const { message } = await ask(session, 'b')
      await assert.rejects(store.withdraw(OTHER, session, message.id), fails('session.missing'))
      await assert.rejects(store.withdraw(LOCAL, newSessionId(), message.id), fails('session.missing'))
      const missing = fails('message.missing')
      await assert.rejects(store.withdraw(LOCAL, await begin(), message.id), missing)
      await assert.rejects(store.withdraw(LOCAL, session, answer.id), missing)
      await assert.rejects(store.withdraw(LOCAL, session, newMessageId()), missing)
      const theirs = (await store.createSession(OTHER, null)).id
      await assert.rejects(store.withdraw(OTHER, theirs, message.id), missing)
      await store.removeSession(LOCAL, session)
      await assert.rejects(store.withdraw(LOCAL, session, message.id), fails('session.missing'))
    })
  })

  describe('what is kept of an answer and of a wish', () => {
    test('how its last step ended and where its words went', async () => {
      const { store, begin, ask, take } = now()
      const session = await begin()
      const { message } = await ask(session)
      assert.deepEqual([message.finish, message.remote], [null, null])
      const claim = await take()
      await store.settle(claim, START, [endAt(1)], { ...said('x'), finish: 'length', remote: 'api.example.com' })
      const { rows } = await store.messages(LOCAL, session, { limit: 2 })
      assert.deepEqual(
        rows.map(({ finish, remote }) => [finish, remote]),
        [
          [null, null],
          ['length', 'api.example.com'],
        ],
      )
      const [turn] = (await store.archive(LOCAL, session)).archive.turns
      assert.deepEqual([turn?.answers[0]?.finish, turn?.answers[0]?.remote], ['length', 'api.example.com'])
    })

    test('what it was told beside the chat and which tools it called, in short; what is older than this tells nothing of it', async () => {
      const { store, begin, ask, take } = now()
      const session = await begin()
      await ask(session)
      const place = { n: 1, source: newSourceId(), path: 'notes.md', from: 3, to: 9 }
      const recalled = { memories: [newMemoryId()], passages: [place] }
      const did = [{ tool: 'read', calls: 3, failed: 1 }]
      await store.settle(await take(), START, [endAt(1)], { ...said('x'), recalled, did })
      await ask(session)
      await store.settle(await take(), START, [endAt(1)], said('y'))
      const { rows } = await store.messages(LOCAL, session, { limit: 4 })
      assert.deepEqual(
        rows.map((row) => [row.recalled, row.did]),
        [
          [null, null],
          [recalled, did],
          [null, null],
          [null, null],
        ],
      )
      const { turns } = (await store.archive(LOCAL, session)).archive
      const [answer] = turns[0]!.answers
      assert.deepEqual([answer?.recalled, answer?.did], [recalled, did])
    })

    test('a temperature, which another version keeps unless it is asked for otherwise', async () => {
      const { store, begin, message, take } = now()
      const once = message(await begin(), 'x', { temperature: 0.7 })
      const { run } = await store.submit(LOCAL, once)
      assert.equal((await store.submit(LOCAL, once)).run.id, run.id)
      await assert.rejects(store.submit(LOCAL, { ...once, temperature: 0 }), fails('message.conflict'))
      const key = 'key-temp'
      const again = async (temperature?: number | null, id: RunId = run.id) =>
        store.again(LOCAL, id, { ...anew, temperature })
      await store.again(LOCAL, run.id, { ...anew, key, temperature: 1 })
      await assert.rejects(store.again(LOCAL, run.id, { ...anew, key, temperature: 2 }), fails('key.conflict'))
      await again()
      await again(0)
      await again(null)
      const asked = []
      for (let i = 0; i < 5; i++) asked.push((await take()).wish.temperature)
      assert.deepEqual(asked, [0.7, 1, 0.7, 0, null])
    })
  })

  describe('folders', () => {
    test('are told by name with the sessions in them that are open, and only to their owner', async () => {
      const { store } = now()
      const put = async (folder: string | null, archived = false, owner = LOCAL) => {
        const { id } = await store.createSession(owner, null)
        await store.changeSession(owner, id, { folder, archived })
        return id
      }
      await put('work')
      const gone = await put('Ärger')
      await put('Zebra')
      await put('work')
      await put(null)
      await put('old', true)
      await put('work', true)
      await put('theirs', false, OTHER)
      const folders = async () => (await store.folders(LOCAL)).map(({ name, sessions }) => `${name} ${sessions}`)
      assert.deepEqual(await folders(), ['Ärger 1', 'work 2', 'Zebra 1'])
      await store.removeSession(LOCAL, gone)
      assert.deepEqual(await folders(), ['work 2', 'Zebra 1'])
      await store.restoreSession(LOCAL, gone)
      assert.deepEqual(await folders(), ['Ärger 1', 'work 2', 'Zebra 1'])
      assert.deepEqual(await store.folders(OTHER), [{ name: 'theirs', sessions: 1 }])
    })

    test('get another name with all that is in them at once, and only for their owner', async () => {
      const { store } = now()
      const put = async (folder: string, archived = false, owner = LOCAL) => {
        const { id } = await store.createSession(owner, null)
        await store.changeSession(owner, id, { folder, archived })
        return id
      }
      const all = [await put('Tree'), await put('Tree', true), await put('Tree')]
      const theirs = await put('Tree', false, OTHER)
      const other = await put('Wood')
      const [, , gone] = all
      await store.removeSession(LOCAL, gone!)
      assert.equal(await store.renameFolder(LOCAL, 'Tree', 'Wood'), 2)
      assert.deepEqual(await store.folders(LOCAL), [{ name: 'Wood', sessions: 2 }])
      // What was removed comes back to where the others are.
      await store.restoreSession(LOCAL, gone!)
      const folders = async () =>
        Promise.all([...all, other].map(async (id) => (await store.session(LOCAL, id)).folder))
      assert.deepEqual(await folders(), ['Wood', 'Wood', 'Wood', 'Wood'])
      assert.equal((await store.session(OTHER, theirs)).folder, 'Tree')
      assert.equal(await store.renameFolder(LOCAL, 'Wood', null), 4)
      assert.deepEqual(await folders(), [null, null, null, null])
      assert.equal(await store.renameFolder(LOCAL, 'Wood', 'Tree'), 0)
    })
  })
}
