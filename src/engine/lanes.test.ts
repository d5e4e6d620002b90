import assert from 'node:assert/strict'
import { it } from 'node:test'
import type { LlamaContextSequence, Token } from 'node-llama-cpp'
import { Lanes } from './lanes.ts'

const tokens = (text: string) => text.split('') as unknown as Token[]
const never = new AbortController().signal
const still = () => undefined
/** Sequences that hold nothing but the tokens they were left with. */
function lanes(...held: string[]) {
  const sequences = held.map((text) => ({ contextTokens: tokens(text) }) as unknown as LlamaContextSequence)
  const all = new Lanes(sequences)
  for (const lane of all.all) all.give(lane)
  return all
}

it('lends the sequence that already holds the beginning', async () => {
  const all = lanes('system: abc', 'system: xyz', '')
  assert.equal((await all.take(tokens('system: xyz and more'), still, never)).id, 1)
})

it('spares a long conversation when another sequence costs little more', async () => {
  const all = lanes('s' + 'a'.repeat(100), '')
  assert.equal((await all.take(tokens('sbcd'), still, never)).id, 1)
})

it('lets wait in order, tells each its place, and forgets who left', async () => {
  const all = lanes('')
  const first = await all.take([], still, never)
  const places: string[] = []
  const wait = (name: string, signal: AbortSignal) =>
    all.take([], (place, of) => places.push(`${name} ${place}/${of}`), signal)
  const leave = new AbortController()
  const second = wait('b', never)
  const gone = wait('c', leave.signal)
  const third = wait('d', never)
  leave.abort()
  await assert.rejects(gone)
  all.give(first)
  const lane = await second
  assert.deepEqual(places, ['b 1/1', 'b 1/2', 'c 2/2', 'b 1/3', 'c 2/3', 'd 3/3', 'b 1/2', 'd 2/2', 'd 1/1'])
  all.give(lane)
  all.give(await third)
  assert.ok(all.all.every((l) => !l.busy))
})
