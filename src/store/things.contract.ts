import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { SessionArchive } from '../wire/archive.ts'
import { newMessageId, newRunId, newSessionId, LOCAL, START, type AgentName, type RunId } from '../wire/id.ts'
import { AttachmentId } from '../wire/attachment.ts'
import { endAt, fails, OTHER, said, say, type Now } from './kit.contract.ts'

const at = '2026-05-01T00:00:00.000Z'
const shown = (parts: readonly { text: string; hit: boolean }[]) =>
  parts.map(({ text, hit }) => (hit ? `[${text}]` : text)).join('')

export function thingPromises(now: Now): void {
  describe('search', () => {
    const find = async (q: string, more: { limit?: number; before?: string } = {}, owner = LOCAL) => {
      const { rows, next } = await now().store.search(owner, { q, limit: 20, ...more })
      return { texts: rows.map(({ parts }) => shown(parts)), rows, next }
    }

    test('finds the beginnings of words, whatever their case and accents, in questions and answers', async () => {
      const { store, begin, ask, take } = now()
      const session = await begin()
      await ask(session, 'Ein Café in Zürich')
      const claim = await take()
      await store.settle(claim, START, [endAt(1)], said('There are cafés near ÜETLIBERG'))
      for (const q of ['cafe', 'CAFÉ', 'zur', 'café zürich'])
        assert.ok((await find(q)).texts.includes('Ein [Café] in Zürich') || q.includes('z'), q)
      const { rows } = await find('uetli')
      assert.deepEqual(
        rows.map(({ role, run, parts }) => [role, run, shown(parts)]),
        [['assistant', claim.run, 'There are cafés near [ÜETLIBERG]']],
      )
      assert.deepEqual((await find('cafe nowhere')).rows, [])
      assert.deepEqual((await find('afé')).rows, [])
    })

    test('a question has no syntax', async () => {
      const { begin, ask } = now()
      const session = await begin()
      await ask(session, 'to be OR not to be near "Denmark" text:x')
      for (const q of [
        '"Denmark',
        "Denmark'",
        'be OR',
        'NOT near',
        'text:x',
        'be*',
        '(be',
        'be AND',
        '-be',
        'be^2',
        '{text}:be',
        'NEAR(be not)',
      ])
        assert.doesNotMatch(
          JSON.stringify(await find(q).catch((cause: unknown) => `failed ${String(cause)}`)),
          /failed/,
          q,
        )
      assert.equal((await find('"Denmark')).rows.filter(({ message }) => message !== null).length, 1)
      for (const q of ['', '   ', '***', '"', "';--", '\0'])
        assert.deepEqual((await find(q)).rows, [], JSON.stringify(q))
    })

    test('titles come first, then the best message, then the newest among equals', async () => {
      const { store, begin, ask } = now()
      const named = (await store.createSession(LOCAL, 'All about bread')).id
      const session = await begin()
      await ask(session, 'first line')
      const filler = 'and some other words '.repeat(20)
      await ask(session, `bread ${filler}`)
      await ask(session, 'bread, bread and bread')
      await ask(session, `bread ${filler}`)
      const { rows } = await find('bread')
      assert.deepEqual(
        rows.map(({ session, message }) => (message === null ? session : null)),
        [named, null, null, null],
      )
      assert.match(shown(rows[1]!.parts), /\[bread\], \[bread\]/)
      const [, , newer, older] = rows
      const messages = (await store.messages(LOCAL, session, { limit: 10 })).rows.map(({ id }) => id)
      assert.ok(messages.indexOf(newer!.message!) > messages.indexOf(older!.message!))
    })

    test('pages go on where they ended, over titles and messages', async () => {
      const { store, begin, ask } = now()
      for (let i = 0; i < 3; i++) await store.createSession(LOCAL, `apple ${i}`)
      const session = await begin()
      await ask(session, 'nothing')
      for (let i = 0; i < 4; i++) await ask(session, `an apple ${i}`)
      const all: string[] = []
      let before: string | undefined
      do {
        const page = await find('apple', { limit: 2, ...(before === undefined ? {} : { before }) })
        all.push(...page.texts)
        before = page.next ?? undefined
      } while (before !== undefined)
      assert.equal(all.length, 7)
      assert.equal(new Set(all).size, 7)
      await assert.rejects(find('apple', { before: 'x' }), fails('request.invalid'))
    })

    test("shows nothing of another's, of what was removed or of a title that was changed", async () => {
      const { store, begin, ask } = now()
      const session = await begin()
      await ask(session, 'secret recipe')
      assert.deepEqual((await find('secret', {}, OTHER)).rows, [])
      await store.changeSession(LOCAL, session, { title: 'Soup' })
      assert.equal((await find('secret')).rows.length, 1)
      assert.equal((await find('soup')).rows.length, 1)
      await store.removeSession(LOCAL, session)
      assert.deepEqual((await find('secret')).rows, [])
      assert.deepEqual((await find('soup')).rows, [])
      await store.restoreSession(LOCAL, session)
      assert.equal((await find('secret')).rows.length, 1)
    })
  })

  describe('archives', () => {
    const archive = (agent: AgentName | null = null): SessionArchive => {
      const [one, two, three] = [newRunId(), newRunId(), newRunId()]
      const answer = (id: RunId, text: string) => ({
        id,
        created: at,
        answered: at,
        text,
        agent,
        model: 'm',
        reason: 'done',
        fault: null,
        finish: 'length',
        remote: 'api.example.com',
        wish: {
          agent,
          backend: 'local',
          model: null,
          priority: 'interactive',
          temperature: 0.5,
          plan: 'always',
          format: null,
        },
        entries: [say(1, text), endAt(2)],
      })
      return SessionArchive.parse({
        pkn: 'session',
        version: 1,
        session: {
          title: 'Old times',
          named: true,
          created: at,
          updated: at,
          tip: two,
          pinned: true,
          folder: 'work',
          archived: false,
        },
        turns: [
          { id: 'msg_00000001', after: null, text: 'Q1', created: at, answers: [answer(one, 'A1'), answer(two, 'A2')] },
          { id: 'msg_00000002', after: one, text: 'Q2', created: at, answers: [answer(three, 'A3')] },
        ],
      })
    }

    test('a session is imported whole, with its logs, and exported as it was', async () => {
      const { store, all } = now()
      const id = newSessionId()
      const given = archive()
      const session = await store.importSession(LOCAL, id, given, new Map())
      assert.deepEqual(
        [session.title, session.pinned, session.folder, session.active],
        ['Old times', true, 'work', null],
      )
      const path = (await store.messages(LOCAL, id, { limit: 10 })).rows
      assert.deepEqual(
        path.map(({ text }) => text),
        ['Q1', 'A2'],
      )
      const run = given.turns[0]!.answers[1]!.id
      assert.deepEqual(await all(run), given.turns[0]!.answers[1]!.entries)
      assert.equal((await store.run(LOCAL, run)).state, 'ended')
      const { archive: again } = await store.archive(LOCAL, id)
      const bare = {
        ...given,
        turns: given.turns.map((t) => ({ ...t, answers: t.answers.map(({ entries: _entries, ...a }) => a) })),
      }
      assert.deepEqual(again, bare)
      assert.equal((await store.search(LOCAL, { q: 'A3', limit: 5 })).rows.length, 1)
      assert.deepEqual(await store.counts(), { active: 0, queued: 0 })
      await assert.rejects(store.archive(OTHER, id), fails('session.missing'))
    })

    test('one that cannot be written whole is not written at all', async () => {
      const { store } = now()
      await store.importSession(LOCAL, newSessionId(), archive(), new Map())
      const id = newSessionId()
      // The ids of its messages are taken.
      await assert.rejects(store.importSession(LOCAL, id, archive(), new Map()))
      await assert.rejects(store.session(LOCAL, id), fails('session.missing'))
    })

    const long = (length: number): SessionArchive => {
      const whole = archive()
      const [answer] = whole.turns[0]!.answers
      const runs = Array.from({ length }, newRunId)
      const turns = runs.map((id, i) => ({
        ...whole.turns[0]!,
        id: newMessageId(),
        after: runs[i - 1] ?? null,
        text: `question ${i}`,
        answers: [{ ...answer!, id }],
      }))
      return { ...whole, session: { ...whole.session, tip: runs.at(-1)! }, turns }
    }

    test('a long one is seen by nobody before it is whole, and others have their turn while it is written', async () => {
      const { store, texts, ends } = now()
      const id = newSessionId()
      const feed = store.feed(LOCAL, null, ends.signal)[Symbol.asyncIterator]()
      await feed.next()
      const importing = store.importSession(LOCAL, id, long(1000), new Map())
      const isThere = () =>
        store.session(LOCAL, id).then(
          () => true,
          () => false,
        )
      let turns = 0
      for (; !(await isThere()); turns++) {
        const { rows } = await store.search(LOCAL, { q: 'question', limit: 5 })
        if (rows.length > 0) assert.equal(await isThere(), true)
        await store.createSession(OTHER, null)
      }
      assert.ok(turns >= 3, `others had ${turns} turns`)
      assert.equal((await importing).id, id)
      assert.deepEqual((await texts(id)).slice(-2), ['question 999', 'A1'])
      assert.deepEqual((await feed.next()).value.news, [{ session: id }])
    })

    test('what was written of one that could not be written whole is never seen, and deleted with what was removed', async () => {
      const { store, clock } = now()
      const kept = long(10)
      await store.importSession(LOCAL, newSessionId(), kept, new Map())
      const broken = long(1000)
      broken.turns[900]!.id = kept.turns[3]!.id
      const id = newSessionId()
      await assert.rejects(store.importSession(LOCAL, id, broken, new Map()))
      await assert.rejects(store.session(LOCAL, id), fails('session.missing'))
      const first = broken.turns[0]!.answers[0]!.id
      await assert.rejects(store.run(LOCAL, first), fails('run.missing'))
      assert.equal((await store.page(first, START, 9)).length, 2)
      clock.set(3_700_000)
      await store.purge()
      await assert.rejects(store.page(first, START, 9), fails('run.missing'))
    })

    test('it goes on from there', async () => {
      const { store, message, take } = now()
      const id = newSessionId()
      const given = archive()
      await store.importSession(LOCAL, id, given, new Map())
      const { run } = await store.submit(LOCAL, message(id, 'and now?'))
      assert.equal((await take()).run, run.id)
      const { rows } = await store.messages(LOCAL, id, { limit: 10 })
      assert.deepEqual(
        rows.map(({ text }) => text),
        ['Q1', 'A2', 'and now?'],
      )
    })
  })

  describe('attachments', () => {
    const file = { name: 'a.txt', type: 'text/plain' as const, bytes: 5, hash: 'ab'.repeat(32) }

    test('a message brings what its owner has stored, and nothing else', async () => {
      const { store, begin, message, take } = now()
      const [mine, second] = [await store.addAttachment(LOCAL, file), await store.addAttachment(LOCAL, file)]
      const theirs = await store.addAttachment(OTHER, file)
      const none = AttachmentId.parse(`att_${'0'.repeat(26)}`)
      const session = await begin()
      for (const attachments of [[none], [theirs.id], [mine.id, none]])
        await assert.rejects(store.submit(LOCAL, message(session, 'x', { attachments })), fails('attachment.missing'))
      assert.deepEqual((await store.messages(LOCAL, session, { limit: 5 })).rows, [])
      const brings = message(session, 'look', { attachments: [second.id, mine.id] })
      const { message: stored } = await store.submit(LOCAL, brings)
      const { hash: _hash, ...listed } = file
      assert.deepEqual(stored.attachments, [
        { ...listed, id: second.id },
        { ...listed, id: mine.id },
      ])
      assert.deepEqual((await take()).message.attachments, stored.attachments)
      assert.deepEqual((await store.submit(LOCAL, brings)).message, stored)
      await assert.rejects(store.submit(LOCAL, { ...brings, attachments: [mine.id] }), fails('message.conflict'))
      await assert.rejects(store.attachment(LOCAL, theirs.id), fails('attachment.missing'))
      assert.equal((await store.attachment(LOCAL, mine.id)).hash, file.hash)
    })

    test('what no message brings is swept once it is old; what one brings goes with its session', async () => {
      const { store, begin, message, clock } = now()
      const [kept, unused] = [await store.addAttachment(LOCAL, file), await store.addAttachment(LOCAL, file)]
      const session = await begin()
      await store.submit(LOCAL, message(session, 'look', { attachments: [kept.id] }))
      assert.equal(await store.sweepAttachments(clock.wall() - 1000), 0)
      clock.set(86_400_000)
      assert.equal(await store.sweepAttachments(clock.wall() - 1000), 1)
      await assert.rejects(store.attachment(LOCAL, unused.id), fails('attachment.missing'))
      assert.equal(store.isBlobUsed(file.hash), true)
      await store.removeSession(LOCAL, session)
      clock.set(2 * 3_600_000)
      await store.purge()
      assert.equal(store.isBlobUsed(file.hash), false)
    })
  })
}
