import assert from 'node:assert/strict'
import { test } from 'node:test'
import { followMany } from '../client/follow-many.ts'
import { Refusal } from '../client/refusal.ts'
import { chosen, gate, listed } from '../core/testing/rig.ts'
import { scriptedModel } from '../models/scripted.ts'
import { API } from '../wire/api.ts'
import type { Entry } from '../wire/event.ts'
import { EMPTY, foldAll, textOf } from '../wire/fold.ts'
import { newRunId, START, type Offset, type RunId } from '../wire/id.ts'
import { serve } from './testing/serve.ts'

const WORDS = ['The', ' answer', ' of', ' many', ' words']

test('two versions are read on one line while both are written, each whole, in order and once, from any place on', async (t) => {
  const slow = gate()
  const app = await serve({
    backends: listed(chosen(scriptedModel([...WORDS.slice(0, 2), slow.opened, ...WORDS.slice(2)]))),
  })
  t.after(() => app.close())
  const said = await app.ask('POST', `/v1/sessions/${app.session}/messages`, { body: { text: 'Say it' } })
  const { run } = API.messagesSubmit.reply.parse(said.json())
  const again = API.runsAgain.reply.parse((await app.ask('POST', `/v1/runs/${run.id}/again`, { body: {} })).json())
  const server = { base: `http://127.0.0.1:${app.port}`, fetch }
  const logs = new Map<RunId, Entry[]>([run.id, again.id].map((id) => [id, []]))
  const read = async (known: ReadonlyMap<RunId, Offset>, enough: () => boolean) => {
    const leave = new AbortController()
    for await (const batch of followMany(server, known, leave.signal)) {
      for (const { run, entries } of batch) logs.get(run)!.push(...entries)
      if (enough()) leave.abort()
    }
  }
  const texts = () => [...logs.values()].map((log) => textOf(foldAll(EMPTY, log)))
  await read(new Map([...logs.keys()].map((id) => [id, START])), () => texts().every((text) => text === 'The answer'))
  slow.open()
  await read(new Map([...logs].map(([id, log]) => [id, log.at(-1)!.at])), () => false)
  assert.deepEqual(texts(), [WORDS.join(''), WORDS.join('')])
  for (const log of logs.values())
    assert.deepEqual(
      log.map(({ at }) => at),
      log.map((_, i) => i + 1),
    )
  const [line] = await Array.fromAsync(
    followMany(server, new Map([...logs.keys()].map((id) => [id, START])), AbortSignal.timeout(5000)),
  )
  assert.ok(line!.length > 0, 'what has ended is read as well')
})

test('a run that is not there is refused before anything is said, and a wrong list is told', async (t) => {
  const app = await serve({ backends: listed(chosen(scriptedModel(['x']))) })
  t.after(() => app.close())
  const server = { base: `http://127.0.0.1:${app.port}`, fetch }
  const none = followMany(server, new Map([[newRunId(), START]]), AbortSignal.timeout(5000))
  await assert.rejects(none.next(), (error) => error instanceof Refusal && error.fault.code === 'run.missing')
  for (const runs of ['', 'run_x', `${newRunId()}:-1`, Array.from({ length: 9 }, () => `${newRunId()}:0`).join()])
    assert.equal((await app.ask('GET', `/v1/events?runs=${encodeURIComponent(runs)}`)).status, 400, runs)
})
