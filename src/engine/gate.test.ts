import assert from 'node:assert/strict'
import { it } from 'node:test'
import { Gate } from './gate.ts'

it('is closed while anybody works alone, and open again when the last has ended', async () => {
  const gate = new Gate()
  const order: string[] = []
  const [one, two] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const first = gate.alone(() => one.promise)
  const second = gate.alone(() => two.promise)
  const passed = gate.pass().then(() => order.push('passed'))
  one.resolve()
  await first
  order.push('first ended')
  two.resolve()
  await second
  await passed
  assert.deepEqual(order, ['first ended', 'passed'])
})

it('opens also when the work fails', async () => {
  const gate = new Gate()
  await assert.rejects(gate.alone(() => Promise.reject(new Error('no'))))
  await gate.pass()
})

it('lets those that write set off together, once all of them are back', async () => {
  const gate = new Gate()
  const order: string[] = []
  const back: (() => void)[] = []
  const step = (name: string) =>
    gate.together(() => {
      order.push(name)
      return new Promise<void>((resolve) => back.push(resolve))
    })
  const [one, two] = [step('one'), step('two')]
  await new Promise(setImmediate)
  back[0]!()
  await one
  const again = step('one again')
  await new Promise(setImmediate)
  assert.deepEqual(order, ['one', 'two'])
  back[1]!()
  await two
  const after = step('two again')
  await new Promise(setImmediate)
  assert.deepEqual(order, ['one', 'two', 'one again', 'two again'])
  for (const resolve of back) resolve()
  await Promise.all([again, after])
})
