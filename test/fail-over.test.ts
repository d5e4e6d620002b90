import assert from 'node:assert/strict'
import { test } from 'node:test'
import { systemClock } from '../src/clock.ts'
import { openRig } from '../src/core/testing/rig.ts'
import { openBackends } from '../src/models/backends.ts'
import { textOf } from '../src/wire/fold.ts'
import { startTelling, type TellingServer } from './telling-server.ts'

const TEXT = Array.from({ length: 60 }, (_, i) => `Sentence ${i} says what the one before it left out. `).join('')

/** An answer of the true backends over these servers, the first of which is preferred. */
async function answerOf(...servers: TellingServer[]) {
  const backends = openBackends({
    endpoints: {
      configured: servers.map(({ url }, i) => ({ name: 'abc'[i]!, kind: 'llama' as const, url })),
      usual: [],
    },
    engine: null,
    clock: systemClock,
    say: () => {},
  })
  const rig = await openRig({ backends })
  const run = await rig.say('go')
  const draft = await rig.draft(run)
  const { rows } = await rig.store.messages(rig.owner, rig.session, { limit: 1 })
  await rig.close()
  await backends.close()
  for (const server of servers) assert.equal(server.open, 0, 'a connection is still open')
  for (const server of servers) await server.close()
  assert.equal(rows[0]?.text, textOf(draft))
  assert.equal(draft.end?.reason, 'done', draft.end?.fault?.message)
  return draft
}

for (const prefill of [true, false])
  test(`two local servers, the first of which is cut in mid-answer: the second one goes on ${prefill ? 'from its words' : 'though it says them all again'}, and the text has no seam`, async () => {
    const bad = await startTelling(TEXT, { cutAfter: 1337 })
    const good = await startTelling(TEXT, { prefill })
    const draft = await answerOf(bad, good)
    assert.equal(textOf(draft), TEXT)
    assert.deepEqual(good.asked, [prefill ? 'prefill' : 'shown'])
    const [joint] = draft.steps[0]!.joints
    assert.deepEqual([joint?.endpoint, joint?.by], ['b', prefill ? 'prefill' : 'shown'])
    assert.ok(joint !== undefined && joint.kept > 1000)
  })

test('two local servers that both cut every connection after a while bring an answer to its end between them', async () => {
  const servers = [await startTelling(TEXT, { cutAfter: 999 }), await startTelling(TEXT, { cutAfter: 700 })]
  const draft = await answerOf(...servers)
  assert.equal(textOf(draft), TEXT)
  assert.ok(draft.steps[0]!.joints.length >= 2)
})

test('a server that comes back after it died in mid-answer goes on with it', async () => {
  const only = await startTelling(TEXT, { cutAfter: 1500 })
  assert.equal(textOf(await answerOf(only)), TEXT)
})
