import assert from 'node:assert/strict'
import { it } from 'node:test'
import { newAskId } from '../../wire/id.ts'
import { ASK_DRAFTS } from '../live/asks.ts'
import { storageInMemory } from '../live/storage.ts'
import { askDraftsOf, MOST_CHARS, MOST_DRAFTS } from './ask-drafts.ts'

let time = 0
const now = () => ++time

it('keeps what was typed into the card of a question over a reload, until the question has ended', () => {
  const storage = storageInMemory()
  const [a, b] = [newAskId(), newAskId()]
  const first = askDraftsOf(storage, now)
  first.write(a, { steps: [{ key: 0, text: 'Sow' }] })
  first.write(a, { mode: 'deny' })
  first.write(a, { reason: 'too lo' })
  first.write(b, { words: 'blue' })
  const again = askDraftsOf(storage, now)
  assert.deepEqual(again.all.get().get(a)?.draft, {
    steps: [{ key: 0, text: 'Sow' }],
    mode: 'deny',
    reason: 'too lo',
  })
  again.open([b], now())
  assert.deepEqual([...askDraftsOf(storage, now).all.get().keys()], [b])
  again.open([], now())
  assert.equal(storage.getItem(ASK_DRAFTS), null)
})

it('does not forget what was typed after the list of what is open was asked for', () => {
  const drafts = askDraftsOf(storageInMemory(), now)
  const asked = now()
  const ask = newAskId()
  drafts.write(ask, { words: 'It came in between' })
  drafts.open([], asked)
  assert.equal(drafts.all.get().has(ask), true)
})

it('keeps a bounded number and length, the newest first, and is not hurt by what else stands there', () => {
  const storage = storageInMemory()
  const drafts = askDraftsOf(storage, now)
  const asks = Array.from({ length: MOST_DRAFTS + 5 }, () => newAskId())
  for (const ask of asks) drafts.write(ask, { reason: 'no' })
  assert.deepEqual([...askDraftsOf(storage, now).all.get().keys()], asks.toReversed().slice(0, MOST_DRAFTS))
  const large = newAskId()
  drafts.write(large, { change: 'x'.repeat(MOST_CHARS) })
  assert.ok((storage.getItem(ASK_DRAFTS) ?? '').length <= MOST_CHARS)
  assert.equal(drafts.all.get().get(large)?.draft.change?.length, MOST_CHARS)
  for (const other of ['{', '{}', 'null', '[1, null, {"ask":"x"}]']) {
    storage.setItem(ASK_DRAFTS, other)
    assert.equal(askDraftsOf(storage, now).all.get().size, 0)
  }
})
