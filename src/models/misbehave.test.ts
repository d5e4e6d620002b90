import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Model } from '../core/ports.ts'
import { type Misbehaving, nowhere, startMisbehaving } from './misbehave.ts'
import { HALF_TEXT, HELLO_TEXT, PLAYS } from './misbehaviours.ts'
import { ollamaModel } from './ollama.ts'
import { openaiModel } from './openai.ts'
import { callsOf, collect, outcome, textOf, thoughtOf, turnFor } from './test-kit.ts'

type Expected = { ends: string; text?: string; thought?: string; calls?: readonly unknown[]; fault?: RegExp }
const half = (ends: string): Expected => ({ ends, text: HALF_TEXT })
const whole: Expected = { ends: 'stop', text: HELLO_TEXT }

/** What each name must come to, in every dialect or in the one that is named. Those that fall silent end by being aborted. */
const EXPECTED: { readonly [name: string]: Expected | { openai: Expected; ollama: Expected } } = {
  hello: whole,
  'burst:3000': { ends: 'stop', text: Array.from({ length: 3000 }, (_, i) => ` w${i}`).join('') },
  'slow:1:5': { ends: 'stop', text: ' w0 w1 w2 w3 w4' },
  thinking: { ...whole, thought: 'Let me see' },
  'think-tags': { ...whole, thought: 'Let me see' },
  'tool-fragments': { ends: 'tools', calls: [{ zone: 'UTC' }, { zone: 'CET' }] },
  'tool-twice': { ends: 'tools', calls: [{ zone: 'UTC' }, { zone: 'CET' }] },
  'tool-broken': { ends: 'tools', calls: [null] },
  reset: { ends: 'engine.unreachable' },
  'status-500': { ends: 'engine.error', fault: /the weights have melted/ },
  'status-404': { ends: 'model.missing', fault: /status-404/ },
  unheard_of: { ends: 'model.missing', fault: /unheard_of/ },
  'status-401': { ends: 'engine.refused', fault: /401/ },
  'status-429': { ends: 'engine.busy' },
  'status-503': { ends: 'engine.busy' },
  'status-endless': { ends: 'engine.error', fault: /500/ },
  redirect: { ends: 'engine.error', fault: /redirect/ },
  'context-full': { ends: 'context.full', fault: /9,000 of 4,096/ },
  'cut-mid': half('engine.cut'),
  'dies-mid': half('engine.cut'),
  'waits-for-others': whole,
  'echoes-key': { ends: 'engine.error', fault: /undefined/ },
  'cut-clean': half('engine.cut'),
  'done-only': half('engine.cut'),
  'error-mid': { ...half('engine.error'), fault: /the runner has stopped/ },
  'error-bare': { ...half('engine.error'), fault: /the runner has stopped/ },
  garbage: { ends: 'engine.garbled' },
  'garbage-http': { ends: 'engine.garbled', fault: /not HTTP/ },
  html: { ends: 'engine.garbled', fault: /html/ },
  'bad-utf8': { ends: 'stop', text: 'Hel\uFFFD(\uFFFDlo' },
  'split-char': { ends: 'stop', text: 'Grüße 🦙!' },
  'line-5mb': { ends: 'stop', text: 'x'.repeat(5_000_000) },
  'line-20mb': { ends: 'engine.garbled', fault: /16777216 characters/ },
  'no-blank-end': whole,
  'no-done': whole,
  linger: whole,
  'bad-usage': whole,
  trickle: { ends: 'stop', text: 'Hello' },
  whole,
}
/** In the middle of these, only the reader's own decision ends the wait. */
const SILENT = ['headers-never', 'silent-start', 'silent-mid', 'status-endless', 'reads-long']

const dialects = {
  openai: (url: string): Model => openaiModel({ name: 'srv', url, kind: 'openai' }),
  llama: (url: string): Model => openaiModel({ name: 'srv', url, kind: 'llama' }),
  ollama: (url: string): Model => ollamaModel({ name: 'srv', url: url.replace('/v1', '') }),
}

let server: Misbehaving
before(async () => {
  server = await startMisbehaving()
})
after(() => server.close())

describe('a server that misbehaves', { concurrency: true }, () => {
  for (const [dialect, open] of Object.entries(dialects)) {
    describe(dialect, { concurrency: 8 }, () => {
      for (const [name, either] of Object.entries(EXPECTED))
        test(`"${name}" comes to its own end, and what was written is kept`, async () => {
          const expected = 'ends' in either ? either : dialect === 'ollama' ? either.ollama : either.openai
          const events = await collect(open(server.url), turnFor(name))
          const last = events.at(-1)
          assert.equal(outcome(events), expected.ends, JSON.stringify(last))
          assert.ok(textOf(events) === (expected.text ?? ''), `text is ${textOf(events).slice(0, 200)}`)
          assert.equal(thoughtOf(events), expected.thought ?? '')
          assert.deepEqual(
            callsOf(events).map(({ input }) => input),
            expected.calls ?? [],
          )
          assert.equal(new Set(callsOf(events).map(({ id }) => id)).size, callsOf(events).length)
          if (expected.fault) assert.match(last?.type === 'model.fail' ? last.fault.message : '', expected.fault)
          const ends = events.filter(({ type }) => type === 'model.end' || type === 'model.fail')
          assert.equal(ends.length, 1, 'exactly one end')
          for (const event of events)
            if (event.type === 'usage') assert.ok(event.input >= 0 && event.output >= 0 && event.cached >= 0)
          for (const { model, closed } of server.requests) if (model === name) await closed
        })

      for (const name of [...SILENT, 'slow:5:100000', 'burst:100000000', 'trickle', 'line-20mb'])
        test(`"${name}" ends quietly and closes its connection when it is aborted`, async () => {
          const stop = new AbortController()
          const own = await startMisbehaving()
          try {
            const turn = turnFor(name)
            const events = collect(open(own.url), turn, {
              signal: stop.signal,
              each: ({ type }) => {
                if (type === 'text.delta') stop.abort()
              },
            })
            while (own.requests.length === 0) await new Promise((resolve) => setImmediate(resolve))
            if (
              name === 'headers-never' ||
              name === 'silent-start' ||
              name === 'reads-long' ||
              name === 'status-endless'
            )
              stop.abort()
            if (name === 'line-20mb' || name === 'trickle') stop.abort()
            const said = await events
            assert.equal(outcome(said), 'quiet')
            await own.requests[0]!.closed
            assert.equal(own.open, 0)
          } finally {
            await own.close()
          }
        })

      test('a server that is not there is told as such, with its address', async () => {
        const url = await nowhere()
        const events = await collect(open(url), turnFor('hello'))
        assert.equal(outcome(events), 'engine.unreachable')
        const last = events.at(-1)
        assert.ok(last?.type === 'model.fail' && last.fault.message.includes(new URL(url).host))
      })

      test('a name that does not resolve is told as such', async () => {
        const events = await collect(open('http://no-such-host.invalid/v1'), turnFor('hello'))
        assert.equal(outcome(events), 'engine.unreachable')
      })

      test('a stream that is aborted before it begins asks nobody', async () => {
        const own = await startMisbehaving()
        assert.deepEqual(await collect(open(own.url), turnFor('hello'), { signal: AbortSignal.abort() }), [])
        assert.equal(own.requests.length, 0)
        await own.close()
      })

      test('a reader that leaves in mid-answer closes the connection', async () => {
        const own = await startMisbehaving()
        for await (const batch of open(own.url).stream(turnFor('slow:5:100000'), new AbortController().signal))
          if (batch.some(({ type }) => type === 'text.delta')) break
        await own.requests[0]!.closed
        assert.equal(own.open, 0)
        await own.close()
      })
    })
  }
})

test('every behaviour that the server has is expected to come to something', () => {
  const named = new Set(
    [...Object.keys(EXPECTED), ...SILENT, 'loading', 'router-loads'].map((name) => name.split(':')[0]),
  )
  assert.deepEqual(
    Object.keys(PLAYS).filter((name) => !named.has(name)),
    [],
  )
})

test('a server that loads its model is waited for, and each wait is told', async () => {
  const events = await collect(dialects.llama(server.url), turnFor('loading:2'))
  assert.equal(textOf(events), HELLO_TEXT)
  const phases = events.flatMap((event) => (event.type === 'phase' ? [event.phase] : []))
  assert.deepEqual(phases, ['starting', 'reading', 'loading', 'loading', 'reading'])
})

test('waiting for a server that loads for ever ends with the abort', async () => {
  const stop = new AbortController()
  const events = await collect(dialects.llama(server.url), turnFor('loading:999999'), {
    signal: stop.signal,
    each: (event) => {
      if (event.type === 'phase' && event.phase === 'loading') stop.abort()
    },
  })
  assert.equal(outcome(events), 'quiet')
})

test('while Ollama keeps silent, its memory tells loading from reading', async () => {
  const stop = new AbortController()
  const phases: string[] = []
  await collect(dialects.ollama(server.url), turnFor('headers-never'), {
    signal: stop.signal,
    each: (event) => {
      if (event.type === 'phase') phases.push(event.phase)
      if (phases.includes('reading')) stop.abort()
    },
  })
  assert.deepEqual(phases, ['starting', 'loading', 'reading'])
})

test('what Ollama took to load is told if it was seen to load, and not of a model that was there', async () => {
  const own = await startMisbehaving()
  own.others = 4
  try {
    const model = dialects.ollama(own.url)
    const loads = await collect(model, turnFor('waits-for-others'), {
      each: (event) => {
        if (event.type === 'phase' && event.phase === 'loading') own.others = 0
      },
    })
    const there = await collect(model, turnFor('waits-for-others'))
    const told = [loads, there].map((events) => events.find((event) => event.type === 'usage')?.loadMs)
    assert.deepEqual(told, [5, undefined])
  } finally {
    await own.close()
  }
})
