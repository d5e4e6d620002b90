import assert from 'node:assert/strict'
import { test } from 'node:test'
import { systemClock } from '../clock.ts'
import { pageText } from './page-text.ts'

const { signal } = new AbortController()

test('a page that takes too long, or breaks its reader, is told, and ends nothing else', async () => {
  const impatient = { ...systemClock, after: (_: number, call: () => void) => systemClock.after(0, call) }
  const wanted = { html: '<p>x</p>', base: 'https://a.example/' }
  assert.deepEqual(await pageText(wanted, { clock: impatient, signal }), {
    ok: false,
    why: 'The page took too long to be read.',
  })
  // What no page is breaks the thread.
  const broken = await pageText({ ...wanted, html: undefined as unknown as string }, { clock: systemClock, signal })
  assert.deepEqual(broken, { ok: false, why: 'The page is such that it could not be read.' })
  const stopped = await pageText(wanted, { clock: systemClock, signal: AbortSignal.abort() })
  assert.deepEqual(stopped, { ok: false, why: 'It was stopped.' })
  assert.deepEqual(await pageText(wanted, { clock: systemClock, signal }), {
    ok: true,
    title: '',
    text: 'x',
    links: [],
  })
})
