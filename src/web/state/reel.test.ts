import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { MessageId } from '../../wire/id.ts'
import { piecesOf, spanAbout, spanAtEnd } from './reel.ts'
import type { Turn } from './talk.ts'

const turns = Array.from({ length: 100 }, (_, i): Turn => {
  const said = { text: `turn ${i}`, agent: null, model: null, created: '2026-11-23T00:00:00Z', files: [] }
  return { id: `m${i}` as MessageId, ...said, delivery: { state: 'sending' }, answer: null, runs: [], siblings: [] }
})
const even = () => 100

describe('what is drawn of a long chat', () => {
  it('is at first what fills the view at its end', () => {
    assert.deepEqual(spanAtEnd(550, even, 100), { first: 94, last: 99 })
    assert.deepEqual(spanAtEnd(550, even, 2), { first: 0, last: 1 })
    assert.deepEqual(spanAtEnd(550, even, 0), { first: 0, last: -1 })
  })

  it('reaches so far above and below the view, wherever the view has come to', () => {
    const far = spanAbout({ first: 90, last: 99 }, { top: 5000, bottom: 6000 }, 500, 200, even, 100)
    assert.ok(far.first <= 38 && far.last >= 46, JSON.stringify(far))
    assert.ok(far.last - far.first < 14, JSON.stringify(far))
  })

  it('does not change while the view moves a little to and fro', () => {
    const now = { first: 40, last: 49 }
    const after = (top: number) => spanAbout(now, { top, bottom: top + 1000 }, 500, 200, even, 100)
    assert.deepEqual([after(-200), after(-210), after(-200)], [now, now, now])
  })

  it('leaves every turn in its place: drawn, or in a gap', () => {
    const pieces = piecesOf(turns, { first: 50, last: 60 }, new Set(['m10', 'm90']))
    const order = pieces.flatMap((piece) => ('turn' in piece ? [turns.indexOf(piece.turn)] : piece.gap))
    assert.deepEqual(
      order,
      turns.map((_, i) => i),
    )
    const kinds = pieces.filter((piece) => !('turn' in piece) || !/m5\d|m60/.test(piece.turn.id))
    assert.deepEqual(
      kinds.map((piece) => ('turn' in piece ? piece.turn.id : piece.main ? 'main gap' : 'gap')),
      ['gap', 'm10', 'main gap', 'gap', 'm90', 'gap'],
    )
  })
})
