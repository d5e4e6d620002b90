import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { textOf } from '../../src/wire/fold.ts'
import { freePort } from '../process.ts'
import {
  inPhase,
  LONG,
  longestSilence,
  readUntil,
  realParts,
  slotsAtWork,
  stopWhen,
  STORY,
  withPkn,
  type Pkn,
} from './kit.ts'

const real = await realParts()
/** PKN with nothing but its own engine, and a real model in it. */
function withEngine(
  title: string,
  work: (pkn: Pkn, working: () => Promise<number>, t: TestContext) => Promise<void>,
): void {
  test(title, { skip: 'missing' in real ? real.missing : false }, async (t) => {
    if ('missing' in real) return
    const port = await freePort()
    const env = {
      PKN_ENGINE: '',
      PKN_ENGINE_PORT: `${port}`,
      PKN_ENGINE_THREADS: '1',
      PKN_MODEL: real.model,
      LLAMA_BASE_URL: '',
    }
    await withPkn(env, null, (pkn) => work(pkn, () => slotsAtWork(`http://127.0.0.1:${port}`), t))
  })
}

withEngine(
  'the own engine is let go of before the run says that it was stopped, in every phase',
  async (pkn, working) => {
    const starting = await stopWhen(
      pkn,
      STORY,
      (draft) => draft.phase !== null,
      async () => 0,
    )
    assert.equal(starting.end?.reason, 'cancelled')
    assert.ok(!starting.phases.includes('answering'))

    const reading = await stopWhen(pkn, LONG, inPhase('reading', 60), working)
    assert.equal(reading.end?.reason, 'cancelled')
    assert.equal(reading.end.stopped?.upstream, 'idle')
    assert.equal(reading.working, 0)
    assert.ok(!reading.phases.includes('answering'), 'it was stopped before it wrote')

    const writing = await stopWhen(pkn, STORY, (draft) => textOf(draft).length > 30, working)
    assert.equal(writing.end?.reason, 'cancelled')
    assert.equal(writing.end.stopped?.upstream, 'idle')
    assert.equal(writing.working, 0)
  },
)

withEngine('from a cold start to the words no second passes without an event', async (pkn) => {
  const { draft, entries } = await readUntil(pkn, LONG, 200)
  assert.equal(draft.end?.fault?.message, undefined)
  const phases = new Set(draft.phases.map(({ phase }) => phase))
  for (const phase of ['starting', 'reading', 'answering'] as const) assert.ok(phases.has(phase), phase)
  const silence = longestSilence(entries)
  assert.ok(silence < 1500, `the longest silence had ${silence} ms`)
})

withEngine('an engine that is killed in mid-answer is started again and takes up its own words', async (pkn) => {
  const run = await pkn.say(STORY)
  let before = ''
  const stopping: Promise<unknown>[] = []
  const { draft } = await pkn.read(run, (at) => {
    if (before === '' && textOf(at).length > 60) {
      before = textOf(at)
      const pid = /Engine started: .*?pid (\d+)/.exec(pkn.log())?.[1]
      process.kill(Number(pid), 'SIGKILL')
    } else if (before !== '' && stopping.length === 0 && textOf(at).length > before.length + 200)
      stopping.push(pkn.client.call('runsCancel', { params: { run }, body: {} }))
  })
  await Promise.all(stopping)
  assert.equal(draft.steps[0]?.joints[0]?.by, 'prefill')
  assert.ok(textOf(draft).startsWith(before), 'what was read before the crash stands')
  assert.ok(textOf(draft).length > before.length)
})
