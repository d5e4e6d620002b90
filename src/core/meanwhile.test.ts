import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { EventOf } from '../wire/event.ts'
import { meanwhile } from './meanwhile.ts'
import { handClock } from './testing/hand-clock.ts'
import { gate } from './testing/rig.ts'

test('work that takes its time is told of before a second has passed, in its own last words, and never after it', async () => {
  const clock = handClock()
  const told: EventOf<'phase'>[] = []
  const { opened, open } = gate()
  let report: (phase: EventOf<'phase'>) => void = () => {}
  const work = meanwhile(
    async (given) => {
      report = given
      await opened
      return 'done'
    },
    (phase) => void told.push(phase),
    clock,
  )
  clock.move(899)
  assert.equal(told.length, 0)
  clock.move(1)
  report({ type: 'phase', phase: 'loading', done: 1, total: 2 })
  clock.move(1800)
  open()
  assert.equal(await work, 'done')
  clock.move(10_000)
  assert.deepEqual(
    told.map(({ phase, done, estimated }) => [phase, done, estimated]),
    [
      ['starting', undefined, true],
      ['loading', 1, undefined],
      ['loading', 1, true],
      ['loading', 1, true],
    ],
  )
})
