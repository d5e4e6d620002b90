import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { type Claim } from '../core/ports.ts'
import { fault } from '../wire/fault.ts'
import { AgentName, LOCAL, offset, START } from '../wire/id.ts'
import { endAt, said, say, fails, OTHER, type Now } from './kit.contract.ts'

const anew = { continues: false, key: null }

export function versionPromises(now: Now): void {
  describe('versions of an answer', () => {
    test('another version answers the same message, and is the tip; the first stays where it was', async () => {
      const { store, begin, talk, answered, texts } = now()
      const session = await begin()
      const a = await talk(session, 'a')
      await talk(session, 'b')
      const second = await store.again(LOCAL, a.run.id, anew)
      assert.deepEqual([second.message, second.session], [a.message.id, session])
      assert.equal((await store.session(LOCAL, session)).tip, second.id)
      assert.deepEqual(await texts(session), ['a'])
      await answered(second.id, 'other')
      await talk(session, 'c')
      assert.deepEqual(await texts(session), ['a', 'other', 'c', 'c!'])
      const { rows } = await store.messages(LOCAL, session, { limit: 9, run: a.run.id })
      assert.deepEqual(
        rows.map((m) => [m.text, m.run]),
        [
          ['a', a.run.id],
          ['a!', a.run.id],
        ],
      )
      assert.deepEqual(rows[0]?.runs, [a.run.id, second.id])
    })

    test('it is asked as the first was, but for what is asked now; null is no wish', async () => {
      const { store, begin, message, take } = now()
      const wish = {
        agent: AgentName.parse('coder'),
        backend: 'cloud',
        model: 'm',
        priority: 'background',
        temperature: 0.7,
        plan: 'complex',
        format: { name: 'pick', schema: { type: 'object', properties: { choice: { type: 'string' } } } },
      } as const
      const { run } = await store.submit(LOCAL, message(await begin(), 'a', wish))
      await store.again(LOCAL, run.id, anew)
      await store.again(LOCAL, run.id, { ...anew, agent: null, model: null, backend: 'local', plan: 'never' })
      assert.deepEqual((await take()).wish, wish)
      assert.deepEqual((await take()).wish, wish)
      const third = await take()
      assert.deepEqual(third.wish, {
        agent: null,
        backend: 'local',
        model: null,
        priority: 'background',
        temperature: 0.7,
        plan: 'never',
        format: wish.format,
      })
      assert.equal(third.continues, null)
      assert.deepEqual([third.message.id, third.message.run], [run.message, third.run])
    })

    test('versions run side by side; what follows, and what was asked before, is waited for', async () => {
      const { store, begin, ask, claimsOf, isSettled } = now()
      const session = await begin()
      const first = await ask(session, '1')
      const second = await ask(session, '2')
      const claims = claimsOf()
      const a: Claim = (await claims.next()).value
      const again = await store.again(LOCAL, first.run.id, anew)
      const later = await store.again(LOCAL, second.run.id, anew)
      const next = claims.next()
      assert.equal(await isSettled(next), false, 'the second message, and what was asked after it, wait')
      await store.settle(a, START, [endAt(1)], said('1'))
      const b: Claim = (await next).value
      assert.equal(b.run, second.run.id)
      const rest = claims.next()
      assert.equal(await isSettled(rest), false, 'a version of the first message waits for the second')
      await store.settle(b, START, [endAt(1)], said('2'))
      assert.equal((await rest).value.run, again.id)
      const other = await begin()
      const one = await ask(other, 'x')
      const two = await store.again(LOCAL, one.run.id, anew)
      const both = [(await claims.next()).value.run, (await claims.next()).value.run]
      assert.deepEqual(both, [one.run.id, two.id])
      assert.equal((await store.run(LOCAL, later.id)).state, 'queued')
    })

    test('the same key with the same body gives the same run, with another one it is a conflict', async () => {
      const { store, begin, talk } = now()
      const session = await begin()
      const a = await talk(session, 'a')
      const b = await talk(session, 'b')
      const keyed = { continues: false, key: 'key-0001' }
      const runs = await Promise.all(Array.from({ length: 20 }, () => store.again(LOCAL, a.run.id, keyed)))
      assert.equal(new Set(runs.map((run) => run.id)).size, 1)
      assert.deepEqual(await store.counts(), { active: 0, queued: 1 })
      const conflict = fails('key.conflict')
      await assert.rejects(store.again(LOCAL, b.run.id, keyed), conflict)
      await assert.rejects(store.again(LOCAL, a.run.id, { ...keyed, continues: true }), conflict)
      await assert.rejects(store.again(LOCAL, a.run.id, { ...keyed, model: 'another' }), conflict)
      await assert.rejects(store.again(OTHER, a.run.id, keyed), fails('run.missing'))
      const theirs = await store.createSession(OTHER, null)
      const said = await store.submit(OTHER, now().message(theirs.id))
      await store.again(OTHER, said.run.id, keyed)
      assert.equal((await store.messages(LOCAL, session, { limit: 9, run: a.run.id })).rows[0]?.runs.length, 2)
    })

    test('an answer can be continued once it has ended with a word, whatever its end', async () => {
      const { store, begin, message, take } = now()
      const goOn = { continues: true, key: null }
      for (const reason of ['done', 'cancelled', 'failed', 'interrupted'] as const) {
        const { run } = await store.submit(LOCAL, message(await begin(), 'a'))
        await assert.rejects(store.again(LOCAL, run.id, goOn), fails('run.open'))
        const claim = await take()
        await assert.rejects(store.again(LOCAL, run.id, goOn), fails('run.open'))
        await store.append(claim, START, [say(1, 'half')])
        await store.settle(claim, offset(1), [endAt(2, reason)], said('half', reason))
        const next = await store.again(LOCAL, run.id, goOn)
        const continued = await take()
        assert.deepEqual([continued.run, continued.continues], [next.id, run.id])
        await assert.rejects(store.again(LOCAL, next.id, goOn), fails('run.open'))
        await store.settle(continued, START, [endAt(1)], said(' \n'))
        await assert.rejects(store.again(LOCAL, next.id, goOn), fails('run.empty'))
      }
    })

    test('a message that is only kept is ended before its turn comes, and is answered by another version', async () => {
      const { store, begin, ask, message, take, claimsOf } = now()
      const session = await begin()
      const first = await ask(session, 'a')
      const running = await take()
      const only = await store.submit(LOCAL, { ...message(session, 'b', { after: null }), answer: false })
      assert.deepEqual([only.run.state, only.message.siblings.length], ['queued', 2])
      assert.equal((await store.session(LOCAL, session)).tip, only.run.id)
      const claim: Claim = (await claimsOf().next()).value
      assert.deepEqual([claim.run, claim.stop.aborted, claim.stop.reason], [only.run.id, true, 'cancelled'])
      await store.settle(claim, START, [endAt(1, 'cancelled')], said('', 'cancelled'))
      assert.equal((await store.run(LOCAL, first.run.id)).state, 'running')
      await store.settle(running, START, [endAt(1)], said('a!'))
      const again = await store.again(LOCAL, only.run.id, anew)
      const next = await take()
      assert.deepEqual([next.run, next.message.text, next.stop.aborted], [again.id, 'b', false])
    })

    test('an answer without a word is gone on with where its plan was not approved, and nowhere else', async () => {
      const { store, begin, message, take } = now()
      for (const [code, more] of [
        ['plan.refused', { times: 3 }],
        ['plan.late', {}],
        ['steps.many', { steps: 9 }],
      ] as const) {
        const { run } = await store.submit(LOCAL, message(await begin(), 'a', { plan: 'always' }))
        const told = { ...said('', 'failed'), fault: fault(code, more) }
        await store.settle(await take(), START, [endAt(1, 'failed')], told)
        const again = store.again(LOCAL, run.id, { continues: true, key: null })
        if (code === 'steps.many') await assert.rejects(again, fails('run.empty'))
        else {
          const { id } = await again
          const claim = await take()
          assert.deepEqual([claim.run, claim.continues], [id, run.id])
          await store.settle(claim, START, [endAt(1)], said('done'))
        }
      }
    })
  })
}
