import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as moment } from 'node:timers/promises'
import type { Client } from '../../src/client/client.ts'
import type { Entry } from '../../src/wire/event.ts'
import { numbers } from '../../src/core/testing/numbers.ts'
import { EMPTY, foldAll, textOf } from '../../src/wire/fold.ts'
import { newMessageId, type MessageId, type RunId, type SessionId } from '../../src/wire/id.ts'
import { readAll, say, wholeLog, withServer, words } from './kit.ts'

/** `npm run chaos` kills a hundred times; the seed is printed, and PKN_CHAOS_SEED plays it again. */
const rounds = Number(process.env['PKN_CHAOS_ROUNDS'] ?? 5)
const seed = Number(process.env['PKN_CHAOS_SEED'] ?? Date.now() % 1_000_000)

/** With an even seed the model takes its words up, with an odd one it is shown them and says them again. */
const TEXT = words(80)

type Said = { session: SessionId; id: MessageId; run: RunId; read: Promise<Entry[]> }

test(
  `${rounds} times kill -9 at any moment (seed ${seed}): every accepted message has one run with one end, every reader has exactly its log, and each answer is the whole text, no word of it twice or lost`,
  { timeout: 120_000 + rounds * 4000 },
  async () => {
    await withServer({ text: TEXT, ms: 3, prefill: seed % 2 === 0 }, async ({ client, restart }) => {
      const random = numbers(seed)
      const sessions = await Promise.all(
        [1, 2, 3].map(async () => (await client.call('sessionsCreate', { body: {} })).id),
      )
      const all: Said[] = []
      const over = new AbortController()
      let up = Promise.withResolvers<void>()

      /** Says one thing after the other; what got no answer is said again under the same id, as the page does. */
      const talk = async (session: SessionId) => {
        for (let n = 0; !over.signal.aborted; n++) {
          const id = newMessageId()
          const run = await insist(client, session, `question ${n}`, id, () => up.promise)
          const read = readAll(client, run)
          all.push({ session, id, run, read })
          await read
        }
      }
      const talking = Promise.all(sessions.map(talk))
      for (let round = 0; round < rounds; round++) {
        await moment(20 + random() * 500) // no event tells of a random moment
        await restart()
        up.resolve()
        up = Promise.withResolvers()
      }
      over.abort()
      await talking

      for (const { run, read } of all) {
        const entries = await read
        assert.deepEqual(entries, await wholeLog(client, run))
        assert.deepEqual(
          entries.map((e) => e.at),
          entries.map((_, i) => i + 1),
        )
        assert.deepEqual(
          entries.filter((e) => e.event.type === 'run.end').map((e) => e.at),
          [entries.length],
        )
        const draft = foldAll(EMPTY, entries)
        assert.ok(['done', 'interrupted'].includes(draft.end?.reason ?? ''))
        // A run that was killed four times is given up with what it had said.
        const expected = draft.end?.reason === 'done' ? TEXT : TEXT.slice(0, textOf(draft).length)
        assert.equal(textOf(draft), expected)
        const told = entries.flatMap(({ event }) => (event.type === 'text.delta' ? [event.text] : []))
        assert.equal(told.join(''), expected)
      }
      for (const session of sessions) {
        const said = all.filter((s) => s.session === session)
        const { messages } = await client.call('messagesList', { params: { session }, query: { limit: 200 } })
        const recent = said.slice(-Math.floor(messages.length / 2))
        assert.deepEqual(
          messages.filter((m) => m.role === 'user').map((m) => m.id),
          recent.map((s) => s.id),
        )
        for (const { run, read } of recent) {
          const answers = messages.filter((m) => m.role === 'assistant' && m.run === run)
          assert.deepEqual(
            answers.map((m) => m.text),
            [textOf(foldAll(EMPTY, await read))],
          )
        }
        assert.equal((await client.call('sessionsRead', { params: { session } })).active, null)
      }
    })
  },
)

async function insist(
  client: Client,
  session: SessionId,
  text: string,
  id: MessageId,
  up: () => Promise<void>,
): Promise<RunId> {
  for (;;) {
    const next = up()
    try {
      return await say(client, session, text, id)
    } catch (cause) {
      if (!(cause instanceof Error) || cause.name !== 'Unreachable') throw cause
      // It may be up again by now, or be killed once more: whichever comes first is asked.
      await Promise.race([next, moment(50)])
    }
  }
}
