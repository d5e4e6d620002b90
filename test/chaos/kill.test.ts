import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Entry } from '../../src/wire/event.ts'
import { EMPTY, foldAll, textOf } from '../../src/wire/fold.ts'
import { newMessageId, START, type RunId } from '../../src/wire/id.ts'
import { heldAfter, readAll, say, wholeLog, withServer, words } from './kit.ts'

/** All words that a reader was ever told: none may come twice. */
const textIn = (entries: readonly Entry[]) =>
  entries.reduce((text, { event }) => (event.type === 'text.delta' ? text + event.text : text), '')

for (const prefill of [true, false])
  test(`kill -9 in mid-answer, ${prefill ? 'whose words the model takes up' : 'which the model says again'}: readers that come back end with exactly the log, each word once, and the session goes on`, async () => {
    await withServer(
      { text: words(200), prefill, holdAt: heldAfter(words(200), 'w50') },
      async ({ client, session, upstream, restart, log }) => {
        const run = await say(client, session, 'go')
        const half = Promise.withResolvers<void>()
        const readers = Array.from({ length: 5 }, () =>
          readAll(client, run, (draft) => textOf(draft).includes('w50') && half.resolve()),
        )
        await half.promise
        await restart()
        const all = await Promise.all(readers)
        const truth = await wholeLog(client, run)
        for (const entries of all) assert.deepEqual(entries, truth)
        const draft = foldAll(EMPTY, truth)
        assert.equal(textOf(draft), words(200))
        assert.equal(textIn(truth), words(200))
        assert.equal(draft.end?.reason, 'done')
        assert.equal(draft.resumes, 1)
        assert.deepEqual(upstream.asked, ['anew', prefill ? 'prefill' : 'shown'])
        const { messages } = await client.call('messagesList', { params: { session }, query: {} })
        assert.deepEqual(
          messages.map((m) => [m.role, m.text]),
          [
            ['user', 'go'],
            ['assistant', words(200)],
          ],
        )
        const next = foldAll(EMPTY, await readAll(client, await say(client, session, 'and on?')))
        assert.equal(next.end?.reason, 'done')
        assert.match(log(), /Run claimed, begun before/)
      },
    )
  })

test('killed again and again, a run is taken up three times and then given up, visibly, with all of its words', async () => {
  await withServer({ text: words(400), holdAt: (_, from) => from + 40 }, async ({ client, session, restart }) => {
    const run = await say(client, session, 'go')
    const reached = Array.from({ length: 4 }, () => Promise.withResolvers<void>())
    const reader = readAll(client, run, (draft) => {
      // Each time in new words.
      const more = textOf(draft).length - (draft.steps[0]?.joints.at(-1)?.kept ?? 0)
      if (draft.steps[0]?.joints.length === draft.resumes && more > 20) reached[draft.resumes]?.resolve()
    })
    for (const { promise } of reached) {
      await promise
      await restart()
    }
    const entries = await reader
    const draft = foldAll(EMPTY, entries)
    assert.equal(draft.end?.reason, 'interrupted')
    assert.equal(draft.end?.fault?.code, 'run.interrupted')
    assert.equal(textOf(draft), words(400).slice(0, textOf(draft).length))
    assert.equal(textIn(entries), textOf(draft))
    assert.ok(textOf(draft).length > 80)
  })
})

test('a message that was accepted right before kill -9 is answered, and posting it again starts nothing', async () => {
  await withServer({ text: 'Hello' }, async ({ client, session, restart }) => {
    const runs: RunId[] = []
    for (let i = 0; i < 5; i++) {
      const id = newMessageId()
      const run = await say(client, session, `question ${i}`, id)
      // One that is killed four times at its work is given up; on a slow machine the first might be, being never done in time.
      if (i >= 3) await readAll(client, runs[i - 3]!)
      await restart()
      assert.equal(await say(client, session, `question ${i}`, id), run)
      runs.push(run)
    }
    for (const run of runs) assert.equal(foldAll(EMPTY, await readAll(client, run)).end?.reason, 'done')
    const { messages } = await client.call('messagesList', { params: { session }, query: {} })
    assert.equal(messages.length, 10)
  })
})

test('what a reader has seen is in the log after kill -9', async () => {
  await withServer(
    { text: words(400), ms: 1, holdAt: heldAfter(words(400), 'w390') },
    async ({ client, session, restart }) => {
      const run = await say(client, session, 'go')
      const stop = new AbortController()
      const seen: Entry[] = []
      const dead = Promise.withResolvers<void>()
      const read = async () => {
        for await (const batch of client.follow(run, START, stop.signal)) {
          seen.push(...batch)
          if (textIn(seen).includes('w150')) dead.resolve()
        }
      }
      const reading = read()
      await dead.promise
      await restart()
      stop.abort()
      await reading
      assert.deepEqual((await wholeLog(client, run)).slice(0, seen.length), seen)
    },
  )
})

test('a server that is asked to stop gives its runs back and ends at once; the next start goes on', async () => {
  await withServer(
    { text: words(200), holdAt: heldAfter(words(200), 'w50') },
    async ({ client, session, restart, log }) => {
      const run = await say(client, session, 'go')
      const half = Promise.withResolvers<void>()
      const reader = readAll(client, run, (draft) => textOf(draft).includes('w50') && half.resolve())
      await half.promise
      await restart('SIGTERM')
      assert.equal(textOf(foldAll(EMPTY, await reader)), words(200))
      assert.match(log(), /DivineNode stopped/)
    },
  )
})
