import assert from 'node:assert/strict'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import type { Client } from '../../src/client/client.ts'
import type { Entry } from '../../src/wire/event.ts'
import { EMPTY, foldAll, textOf } from '../../src/wire/fold.ts'
import type { RunId, SessionId } from '../../src/wire/id.ts'
import { heldAfter, readAll, say, wholeLog, withServer, words } from './kit.ts'

/** An answer that was stopped after some words. */
async function stopped(client: Client, session: SessionId): Promise<{ run: RunId; text: string }> {
  const run = await say(client, session, 'go')
  const some = Promise.withResolvers<void>()
  const reading = readAll(client, run, (draft) => textOf(draft).includes('w30') && some.resolve())
  await some.promise
  await client.call('runsCancel', { params: { run }, body: {} })
  const text = textOf(foldAll(EMPTY, await reading))
  assert.ok(text.length > 0 && text.length < words(200).length)
  return { run, text }
}

const goOn = async (client: Client, run: RunId) =>
  (await client.call('runsAgain', { params: { run }, body: { continue: true } })).id

/** Words that were said in this run itself. */
const ownWords = (entries: readonly Entry[]) =>
  entries.reduce((text, { event }) => (event.type === 'text.delta' ? text + event.text : text), '')

for (const prefill of [true, false])
  test(`kill -9, twice, while an answer is gone on with ${prefill ? 'whose words the model takes up' : 'which the model says again'}: no word twice, none lost`, async () => {
    await withServer(
      { text: words(200), prefill, holdAt: heldAfter(words(200), 'w40', 'w80', 'w130') },
      async ({ client, session, restart }) => {
        const first = await stopped(client, session)
        const run = await goOn(client, first.run)
        const [once, twice] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
        const readers = Array.from({ length: 3 }, () =>
          readAll(client, run, (draft) => {
            if (textOf(draft).includes('w80')) once.resolve()
            if (textOf(draft).includes('w130') && draft.resumes === 1) twice.resolve()
          }),
        )
        await once.promise
        await restart()
        await twice.promise
        await restart()
        const truth = await Promise.all(readers)
        const log = await wholeLog(client, run)
        for (const entries of truth) assert.deepEqual(entries, log)
        const draft = foldAll(EMPTY, log)
        assert.equal(textOf(draft), words(200))
        assert.equal(first.text + ownWords(log), words(200))
        assert.deepEqual([draft.end?.reason, draft.resumes], ['done', 2])
        assert.deepEqual(draft.continues?.run, first.run)
        const { messages } = await client.call('messagesList', { params: { session }, query: {} })
        assert.deepEqual(
          messages.map((m) => [m.role, m.text]),
          [
            ['user', 'go'],
            ['assistant', words(200)],
          ],
        )
        const before = await client.call('messagesList', { params: { session }, query: { run: first.run } })
        assert.equal(before.messages.at(-1)?.text, first.text)
      },
    )
  })

test('kill -9 as soon as an answer is to be gone on with: it never stands without the words that it begins with', async () => {
  await withServer(
    { text: words(200), ms: 1, holdAt: heldAfter(words(200), 'w40') },
    async ({ client, session, restart, home }) => {
      const first = await stopped(client, session)
      for (let i = 0; i < 4; i++) {
        const run = await goOn(client, first.run)
        await restart()
        const log = await readAll(client, run)
        assert.equal(textOf(foldAll(EMPTY, log)), words(200))
        assert.deepEqual(
          log.slice(0, 2).map(({ event }) => event.type),
          ['run.start', 'run.continue'],
        )
        const db = new DatabaseSync(join(home, 'pkn.db'), { readOnly: true })
        const chunk = db.prepare('SELECT entries FROM chunks WHERE run = ? AND first = 1').get(run)
        db.close()
        assert.match(String(chunk?.['entries']), /"run\.start".*"run\.continue"/)
      }
    },
  )
})
