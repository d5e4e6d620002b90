import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { systemClock } from '../src/clock.ts'
import { agentNamed, openRig, type Rig } from '../src/core/testing/rig.ts'
import type { Backends } from '../src/core/ports.ts'
import { openBackends } from '../src/models/backends.ts'
import { startMisbehaving, type Misbehaving } from '../src/models/misbehave.ts'
import { HALF_TEXT, HELLO_TEXT } from '../src/models/misbehaviours.ts'
import type { FaultCode } from '../src/wire/fault.ts'
import { textOf } from '../src/wire/fold.ts'

/** What each misbehaviour ends in, and what of the answer is kept. Deadlines are short for those that wait for them; see LIMITS. */
const CASES: [string, { fault?: FaultCode; text: string }][] = [
  ['hello', { text: HELLO_TEXT }],
  ['status-500', { fault: 'engine.error', text: '' }],
  ['status-404', { fault: 'model.missing', text: '' }],
  ['status-401', { fault: 'engine.refused', text: '' }],
  ['status-429', { fault: 'engine.busy', text: '' }],
  ['context-full', { fault: 'context.full', text: '' }],
  ['headers-never', { fault: 'watch.silent', text: '' }],
  ['silent-start', { fault: 'watch.silent', text: '' }],
  ['silent-mid', { fault: 'watch.stalled', text: HALF_TEXT }],
  ['cut-mid', { fault: 'engine.cut', text: HALF_TEXT }],
  ['cut-clean', { fault: 'engine.cut', text: HALF_TEXT }],
  ['error-mid', { fault: 'engine.error', text: HALF_TEXT }],
  ['garbage', { fault: 'engine.garbled', text: '' }],
  ['html', { fault: 'engine.garbled', text: '' }],
  ['bad-utf8', { text: 'Hel\ufffd(\ufffdlo' }],
  ['split-char', { text: 'Grüße 🦙!' }],
  ['line-5mb', { text: 'x'.repeat(5_000_000) }],
  ['line-20mb', { fault: 'engine.garbled', text: '' }],
  ['loading:2', { text: HELLO_TEXT }],
]
const LIMITS = { connectMs: 2000, firstMs: 1200, betweenMs: 500 }
/** Of those that are to end otherwise, also on a machine that is at work elsewhere for a while. */
const LONG = { connectMs: 60_000, firstMs: 60_000, betweenMs: 60_000 }

for (const kind of ['openai', 'ollama'] as const) {
  let server: Misbehaving
  let backends: Backends
  let rigs: { hurried: Rig; patient: Rig }
  before(async () => {
    server = await startMisbehaving({ models: ['hello', ...CASES.map(([name]) => name)] })
    const url = kind === 'ollama' ? server.url.replace(/\/v1$/, '') : server.url
    backends = openBackends({
      endpoints: { configured: [{ name: 'bad', kind, url }], usual: [] },
      engine: null,
      clock: systemClock,
      say: () => {},
    })
    const agents = CASES.map(([name]) => agentNamed(name.replace(':', '-'), { models: [name] }))
    rigs = {
      hurried: await openRig({ backends, agents, limits: LIMITS }),
      patient: await openRig({ backends, agents, limits: LONG }),
    }
  })
  after(async () => {
    await rigs.hurried.close()
    await rigs.patient.close()
    await backends.close()
    await server.close()
  })

  for (const [name, expected] of CASES) {
    if (kind === 'ollama' && (name.startsWith('loading') || name === 'context-full')) continue // llama.cpp's own ways
    test(`${kind}: ${name} ends in ${expected.fault ?? 'an answer'}, keeps what was written, and the session goes on`, async () => {
      const rig = rigs[expected.fault?.startsWith('watch.') ? 'hurried' : 'patient']
      const session = (await rig.store.createSession(rig.owner, null)).id
      const agent = name.replace(':', '-')
      const draft = await rig.draft(await rig.say('go', { session, agent }))
      assert.equal(draft.end?.fault?.code, expected.fault, draft.end?.fault?.message)
      assert.equal(draft.end?.reason, expected.fault ? 'failed' : 'done')
      assert.equal(textOf(draft), expected.text)
      const { rows } = await rig.store.messages(rig.owner, session, { limit: 5 })
      assert.equal(rows.at(-1)?.text, expected.text)
      const next = await rig.draft(await rig.say('and?', { session, agent: 'hello' }))
      assert.equal(textOf(next), HELLO_TEXT)
      assert.equal(server.open, 0, 'a connection is still open')
    })
  }
}

test('an endpoint that is gone ends the run with a fault that says where it was looked for', async () => {
  const server = await startMisbehaving({ models: ['hello'] })
  const backends = openBackends({
    endpoints: { configured: [{ name: 'gone', kind: 'openai', url: server.url }], usual: [] },
    engine: null,
    clock: systemClock,
    say: () => {},
  })
  const rig = await openRig({ backends, limits: LONG })
  assert.equal(textOf(await rig.draft(await rig.say('hi'))), HELLO_TEXT)
  await server.close()
  const draft = await rig.draft(await rig.say('hi again'))
  assert.equal(draft.end?.fault?.code, 'engine.unreachable')
  const later = await rig.draft(await rig.say('still?'))
  assert.ok(later.end?.fault && ['model.none', 'engine.unreachable'].includes(later.end.fault.code))
  await rig.close()
  await backends.close()
})
