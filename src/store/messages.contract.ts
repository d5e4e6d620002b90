import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { Fault } from '../wire/fault.ts'
import { AgentName, LOCAL, MessageId, START } from '../wire/id.ts'
import { endAt, said, fails, OTHER, type Now } from './kit.contract.ts'

export function messagePromises(now: Now): void {
  describe('messages', () => {
    test('the same message again gives the same run, also all at once and after its end', async () => {
      const { store, begin, message, take } = now()
      const session = await begin()
      const wish = {
        agent: AgentName.parse('coder'),
        backend: 'cloud',
        model: 'm',
        priority: 'background',
        temperature: 0.7,
        plan: 'complex',
        format: { name: 'pick', schema: { type: 'object', properties: { choice: { type: 'string' } } } },
      } as const
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
      const { store, begin, message, take } = now()
      const { run } = await store.submit(LOCAL, { ...message(await begin(), 'Plan my garden'), session: null })
      const session = await store.session(LOCAL, run.session)
      assert.equal(session.title, 'Plan my garden')
      assert.equal(session.active, run.id)
      assert.equal((await take()).session, run.session)
    })

    test('the same id with another body is a conflict', async () => {
      const { store, begin, message } = now()
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
      const { store, begin, message } = now()
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
      const { store, message, claimed } = now()
      const claim = await claimed()
      await store.settle(claim, START, [endAt(1)], said('hello'))
      const answer = (await store.messages(LOCAL, claim.session, { limit: 1 })).rows[0]!
      const copy = message(claim.session, 'hello', { id: MessageId.parse(answer.id) })
      await assert.rejects(store.submit(LOCAL, copy), fails('message.conflict'))
    })

    test('the page before a cursor stays the same while messages are added', async () => {
      const { store, begin, ask } = now()
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
}
