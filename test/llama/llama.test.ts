import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { textOf } from '../../src/wire/fold.ts'
import {
  inPhase,
  LONG,
  longestSilence,
  readUntil,
  realParts,
  startLlama,
  stopWhen,
  STORY,
  withPkn,
  type Real,
} from './kit.ts'

const real = await realParts()
function needsReal(title: string, work: (parts: Real, t: TestContext) => Promise<void>): void {
  test(title, { skip: 'missing' in real ? real.missing : false }, async (t) => {
    if (!('missing' in real)) await work(real, t)
  })
}

needsReal('a real llama-server is let go of before the run says that it was stopped, in every phase', async (parts) => {
  const llama = await startLlama(parts)
  await withPkn({ LLAMA_BASE_URL: llama.url }, null, async (pkn) => {
    const reading = await stopWhen(pkn, LONG, inPhase('reading', 100), llama.working)
    assert.equal(reading.end?.reason, 'cancelled')
    assert.equal(reading.end.stopped?.upstream, 'idle')
    assert.equal(reading.working, 0, 'no slot is at work once the end was read')
    assert.ok(!reading.phases.includes('answering'), 'it was stopped before it wrote')

    const writing = await stopWhen(pkn, STORY, (draft) => textOf(draft).length > 30, llama.working)
    assert.equal(writing.end?.reason, 'cancelled')
    assert.equal(writing.end.stopped?.upstream, 'idle')
    assert.equal(writing.working, 0)
  })
})

needsReal('a long prompt is read with numbers that only grow, and no second passes without an event', async (parts) => {
  const llama = await startLlama(parts)
  await withPkn({ LLAMA_BASE_URL: llama.url }, null, async (pkn) => {
    const { draft, entries } = await readUntil(pkn, LONG, 200)
    assert.equal(draft.end?.fault?.message, undefined)
    const read = entries.flatMap(({ event }) =>
      event.type === 'phase' && event.phase === 'reading' && event.total !== undefined ? [event] : [],
    )
    assert.ok(read.length > 5, `${read.length} reports of reading`)
    assert.ok(read.every((event) => event.unit === 'tokens' && (event.done ?? 0) <= (event.total ?? 0)))
    assert.deepEqual(
      read.map((event) => event.done),
      read.map((event) => event.done).toSorted((a = 0, b = 0) => a - b),
    )
    const silence = longestSilence(entries)
    assert.ok(silence < 1500, `the longest silence had ${silence} ms`)
  })
})

needsReal('PKN killed in mid-answer goes on with it, and the model takes up its own words', async (parts) => {
  const llama = await startLlama(parts)
  await withPkn({ LLAMA_BASE_URL: llama.url }, null, async (pkn) => {
    const run = await pkn.say(STORY)
    const restarting: Promise<void>[] = []
    const stopping: Promise<unknown>[] = []
    let before = ''
    const { draft } = await pkn.read(run, (at) => {
      if (restarting.length === 0 && textOf(at).length > 60) {
        before = textOf(at)
        restarting.push(pkn.restart())
      } else if (at.resumes > 0 && stopping.length === 0 && textOf(at).length > before.length + 200)
        stopping.push(pkn.client.call('runsCancel', { params: { run }, body: {} }))
    })
    await Promise.all([...restarting, ...stopping])
    assert.equal(draft.resumes, 1)
    assert.equal(draft.steps[0]?.joints[0]?.by, 'prefill')
    assert.ok((draft.steps[0]?.joints[0]?.kept ?? 0) >= before.length)
    assert.ok(textOf(draft).startsWith(before), 'what was read before the kill stands')
    assert.ok(textOf(draft).length > before.length)
  })
})

needsReal('a llama-server that dies in mid-answer is followed by another that takes up its words', async (parts) => {
  const [first, second] = [await startLlama(parts), await startLlama(parts)]
  const endpoints = [
    { name: 'first', kind: 'llama', url: first.url },
    { name: 'second', kind: 'llama', url: second.url },
  ]
  await withPkn({ LLAMA_BASE_URL: '' }, { endpoints }, async (pkn) => {
    const run = await pkn.say(STORY)
    const killed: Promise<void>[] = []
    const stopping: Promise<unknown>[] = []
    let before = ''
    const { draft } = await pkn.read(run, (at) => {
      if (killed.length === 0 && textOf(at).length > 60) {
        before = textOf(at)
        killed.push((at.steps[0]?.endpoint === 'first' ? first : second).kill())
        // What was said before the kill may still be on its way; the story is stopped once another has gone on with it.
      } else if (
        at.steps[0]?.joints[0] !== undefined &&
        stopping.length === 0 &&
        textOf(at).length > before.length + 200
      )
        stopping.push(pkn.client.call('runsCancel', { params: { run }, body: {} }))
    })
    await Promise.all([...killed, ...stopping])
    const [joint] = draft.steps[0]?.joints ?? []
    assert.equal(joint?.by, 'prefill', `ended: ${JSON.stringify(draft.end)} after ${textOf(draft).length} characters`)
    assert.notEqual(joint.endpoint, undefined)
    assert.ok(textOf(draft).startsWith(before))
    assert.ok(textOf(draft).length > before.length)
  })
})
