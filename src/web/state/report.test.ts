import assert from 'node:assert/strict'
import { it } from 'node:test'
import type { Entry } from '../../wire/event.ts'
import { fault } from '../../wire/fault.ts'
import type { CallId, Offset, RunId } from '../../wire/id.ts'
import { reportOf } from './report.ts'

const entries = Array.from({ length: 30 }, (_, i): Entry => ({
  at: (i + 1) as Offset,
  t: i,
  event:
    i === 28
      ? { type: 'tool.call', call: 'call_1' as CallId, tool: 'read_file', input: { path: '/home/me/secret.txt' } }
      : { type: 'text.delta', text: `secret ${i}` },
}))
const given = {
  fault: fault('engine.error', { endpoint: 'engine', what: 'secret prompt was refused' }),
  run: 'run_00000000000000000000' as RunId,
  entries,
  versions: { server: '0.1.0', browser: 'Chromium' },
  at: '2026-11-23T00:00:00.000Z',
}

it('tells versions, run and the last twenty events, and no word that was said', () => {
  const report = reportOf({ ...given, words: false })
  assert.doesNotMatch(report, /secret/)
  assert.match(report, /PKN 0\.1\.0[^]*Fault: engine\.error[^]*Run: run_0+[^]*The last 20 of 30 events/)
  assert.equal(report.split('\n').filter((line) => line.startsWith('{"at"')).length, 20)
  assert.match(report, /"tool":"read_file","input":"\(\d+ characters\)"/)
})

it('holds the words where its user wants them in it', () => {
  assert.match(reportOf({ ...given, words: true }), /secret prompt was refused[^]*secret 29/)
})
