import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { EMPTY, foldAll, textOf } from '../../src/wire/fold.ts'
import { citedOf, placeOf } from '../../src/wire/sources.ts'
import { heldAfter, readAll, say, wholeLog, withServer, words } from './kit.ts'

test('kill -9 in mid-answer: it goes on from what it was told before, which is looked up once, and its sources stand', async (t) => {
  const text = `The gate is opened by the marmalade key [1].${words(150)}`
  await withServer(
    { text, prefill: false, holdAt: heldAfter(text, 'w50') },
    async ({ client, session, upstream, restart }) => {
      const folder = mkdtempSync(join(tmpdir(), 'pkn-notes-'))
      t.after(() => rmSync(folder, { recursive: true }))
      const lines = Array.from({ length: 30 }, (_, i) => `Line ${i + 1} speaks of gardens.`)
      lines[9] = 'The gate is opened by a marmalade key.'
      writeFileSync(join(folder, 'garden.md'), lines.join('\n'))
      await client.call('memoriesAdd', { body: { text: 'The gate is painted green.', project: null, always: false } })
      await client.call('sourcesAdd', { body: { path: folder, project: null } })
      for (let ready = false; !ready; await wait(20)) {
        const { sources } = await client.call('sourcesList', { query: { project: 'all' } })
        ready = sources.every(({ state }) => state === 'ready')
      }
      const run = await say(client, session, 'Which key opens the gate?')
      const half = Promise.withResolvers<void>()
      const reader = readAll(client, run, (draft) => textOf(draft).includes('w50') && half.resolve())
      await half.promise
      await client.call('memoriesAdd', { body: { text: 'The gate has no key.', project: null, always: false } })
      await restart()
      await reader
      const draft = foldAll(EMPTY, await wholeLog(client, run))
      assert.equal(textOf(draft), text)
      assert.deepEqual([draft.resumes, draft.recalls.length], [1, 1])
      assert.deepEqual(
        draft.recalls[0]!.memories.map((memory) => memory.text),
        ['The gate is painted green.'],
      )
      const [cited] = citedOf(textOf(draft), draft.recalls)
      assert.match(placeOf(cited!), /^garden\.md:\d+-\d+$/)
      assert.match(cited!.text, /marmalade key/)
      const questions = upstream.prompts.map(
        (said) => said.findLast(({ role, content }) => role === 'user' && content?.includes('Which key'))?.content,
      )
      assert.equal(questions.length, 2)
      for (const question of questions) {
        assert.match(question ?? '', /^\[material /)
        assert.match(question ?? '', /- The gate is painted green\.\n/)
        assert.match(question ?? '', /^\[1\] garden\.md:/m)
        assert.doesNotMatch(question ?? '', /has no key/)
      }
      const { memories } = await client.call('memoriesList', { query: { limit: 50 } })
      assert.deepEqual(
        memories.map(({ used }) => used),
        [0, 1],
      )
    },
  )
})
