import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { LOCAL, newRunId } from '../wire/id.ts'
import { fails, OTHER, type Now } from './kit.contract.ts'

export function treePromises(now: Now): void {
  describe('the tree of messages', () => {
    test('a message follows the tip, and the path to it is what is read', async () => {
      const { store, begin, talk, texts } = now()
      const session = await begin()
      assert.equal((await store.session(LOCAL, session)).tip, null)
      const a = await talk(session, 'a')
      const b = await talk(session, 'b')
      assert.equal((await store.session(LOCAL, session)).tip, b.run.id)
      assert.deepEqual(await texts(session), ['a', 'a!', 'b', 'b!'])
      const { rows } = await store.messages(LOCAL, session, { limit: 9 })
      assert.deepEqual(
        rows.map((m) => m.after),
        [null, null, a.run.id, null],
      )
      assert.deepEqual(rows[1], { ...rows[1]!, runs: [], siblings: [], run: a.run.id })
      assert.deepEqual([rows[2]?.runs, rows[2]?.siblings, rows[2]?.run], [[b.run.id], [b.message.id], b.run.id])
    })

    test('an edit is a sibling: each branch is read alone, up to where they part', async () => {
      const { store, begin, talk, texts } = now()
      const session = await begin()
      const a = await talk(session, 'a')
      const b = await talk(session, 'b')
      await talk(session, 'c')
      const edited = await talk(session, 'B', a.run.id)
      const d = await talk(session, 'd')
      assert.deepEqual(await texts(session), ['a', 'a!', 'B', 'B!', 'd', 'd!'])
      assert.deepEqual(await texts(session, { run: b.run.id }), ['a', 'a!', 'b', 'b!'])
      assert.equal(d.message.after, edited.run.id)
      const both = [b.message.id, edited.message.id]
      assert.deepEqual(edited.message.siblings, both)
      const { rows } = await store.messages(LOCAL, session, { limit: 2, run: b.run.id })
      assert.deepEqual(rows[0]?.siblings, both)
      await store.changeSession(LOCAL, session, { tip: b.message.id })
      assert.deepEqual(await texts(session), ['a', 'a!', 'b', 'b!', 'c', 'c!'])
      await assert.rejects(store.changeSession(LOCAL, await begin(), { tip: b.message.id }), fails('run.missing'))
      const fresh = await talk(session, 'A', null)
      assert.deepEqual(await texts(session), ['A', 'A!'])
      assert.deepEqual(fresh.message.siblings, [a.message.id, fresh.message.id])
    })

    test('the path is paged from its end, wherever a page is cut', async () => {
      const { store, begin, talk, texts } = now()
      const session = await begin()
      const a = await talk(session, 'a')
      await talk(session, 'b')
      await talk(session, 'other', a.run.id)
      for (const text of ['c', 'd']) await talk(session, text)
      const whole = await texts(session)
      assert.deepEqual(whole, ['a', 'a!', 'other', 'other!', 'c', 'c!', 'd', 'd!'])
      for (let limit = 1; limit <= whole.length; limit++) {
        const read: string[] = []
        let before: string | undefined
        do {
          const page = await store.messages(LOCAL, session, { limit, before })
          read.unshift(...page.rows.map((m) => m.text))
          before = page.next ?? undefined
        } while (before !== undefined)
        assert.deepEqual(read, whole, `by ${limit}`)
      }
      const another = await begin()
      const { next } = await store.messages(LOCAL, session, { limit: 1 })
      await assert.rejects(
        store.messages(LOCAL, another, { limit: 1, before: next! }),
        fails('request.invalid'),
        'a cursor of another session',
      )
    })

    test('a run that is unknown, or of another session or owner, can be neither followed nor read to nor shown', async () => {
      const { store, begin, message, talk } = now()
      const [session, other] = [await begin(), await begin()]
      const { run } = await talk(other, 'elsewhere')
      const theirs = (await store.createSession(OTHER, null)).id
      const gone = fails('run.missing')
      for (const [owner, into, after] of [
        [LOCAL, session, run.id],
        [LOCAL, session, newRunId()],
        [OTHER, theirs, run.id],
      ] as const) {
        await assert.rejects(store.submit(owner, message(into, 'x', { after })), gone)
        await assert.rejects(store.messages(owner, into, { limit: 1, run: after }), gone)
        await assert.rejects(store.changeSession(owner, into, { title: 'x', tip: after }), gone)
      }
      assert.deepEqual((await store.messages(LOCAL, session, { limit: 1 })).rows, [])
      assert.equal((await store.session(LOCAL, session)).title, '')
    })

    test('the same message again is the same also where the tip has moved on, but not after another run', async () => {
      const { store, begin, message, talk, answered } = now()
      const session = await begin()
      const a = await talk(session, 'a')
      const once = message(session, 'b')
      const first = await store.submit(LOCAL, once)
      await answered(first.run.id, 'b!')
      await talk(session, 'c')
      const tip = (await store.session(LOCAL, session)).tip
      assert.equal((await store.submit(LOCAL, once)).run.id, first.run.id)
      assert.equal((await store.submit(LOCAL, { ...once, after: a.run.id })).run.id, first.run.id)
      await assert.rejects(store.submit(LOCAL, { ...once, after: first.run.id }), fails('message.conflict'))
      await assert.rejects(store.submit(LOCAL, { ...once, after: null }), fails('message.conflict'))
      assert.equal((await store.session(LOCAL, session)).tip, tip)
    })

    test('to show a run is to show the newest one below it', async () => {
      const { store, begin, talk, texts } = now()
      const session = await begin()
      const a = await talk(session, 'a')
      const b = await talk(session, 'b')
      const c = await talk(session, 'c')
      const edited = await talk(session, 'B', a.run.id)
      const older = await talk(session, 'C', b.run.id)
      const show = async (run: typeof a) => (await store.changeSession(LOCAL, session, { tip: run.run.id })).tip
      assert.equal(await show(edited), edited.run.id)
      assert.equal(await show(b), older.run.id)
      assert.equal(await show(c), c.run.id)
      assert.deepEqual(await texts(session), ['a', 'a!', 'b', 'b!', 'c', 'c!'])
      assert.equal(await show(a), older.run.id)
      assert.deepEqual(await texts(session), ['a', 'a!', 'b', 'b!', 'C', 'C!'])
    })
  })
}
