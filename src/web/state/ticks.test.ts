import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { tickName, ticksFor } from './ticks.ts'

const names = (left: number, wide: number) => ticksFor(left, wide).map(tickName)

describe('the moments of an axis', () => {
  it('are round, in the unit that one would say them in', () => {
    assert.deepEqual(names(0, 450), ['0', '200 ms', '400 ms'])
    assert.deepEqual(names(0, 15_000), ['0', '5 s', '10 s', '15 s'])
    assert.deepEqual(names(0, 497_000), ['0', '3 min', '6 min'])
    assert.deepEqual(names(0, 3 * 3_600_000), ['0', '1 h', '2 h', '3 h'])
    assert.deepEqual(names(0, 100_000_000), ['0', '12 h', '1 d'])
  })
  it('are few, however long it took', () => {
    for (let wide = 1; wide < 1e12; wide *= 1.7) assert.ok(ticksFor(wide / 3, wide).length <= 4, String(wide))
  })
})
