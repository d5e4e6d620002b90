import assert from 'node:assert/strict'
import { afterEach, test } from 'node:test'
import { systemClock as clock } from '../clock.ts'
import type { Wanted } from '../core/ports.ts'
import { openBackends } from './backends.ts'
import { closeAll, closers, llamaReplies, serve } from './testing/backends-kit.ts'
import type { CloudSpec } from './cloud.ts'
import { stayIn } from './house.ts'
import type { Seat } from './rank.ts'
import { newSeat, type WatchedSeat } from './seat.ts'
import { parseWish } from './wish.ts'

afterEach(closeAll)
const never = new AbortController().signal

/** A provider at a local address, so that a test can see what reaches it. */
async function withCloud(key: string | null, house: readonly string[] = ['small']) {
  const provider = await serve({})
  const server = await serve(llamaReplies(...house))
  const spec: CloudSpec = { provider: 'anthropic', models: ['claude-x', 'small'], url: provider.url, key: () => key }
  const backends = openBackends({
    endpoints: { configured: [{ name: 'house', kind: 'llama', url: `${server.url}/v1` }], usual: [] },
    cloud: [spec],
    engine: null,
    clock,
    say: () => {},
  })
  closers.push(() => backends.close())
  const choose = (wanted: Partial<Wanted>) =>
    backends.choose({ models: [], backend: 'local', failed: new Set(), load: () => 0, ...wanted }, () => {}, never)
  return { backends, choose, provider, server }
}

test('a provider of the cloud is asked only for what names it, or for the cloud; nothing reaches it before', async () => {
  const { backends, choose, provider } = await withCloud('sk-1')
  const plain = await choose({})
  assert.equal(plain.ok && plain.chosen[0].endpoint, 'house')
  const same = await choose({ models: ['small'] })
  assert.equal(same.ok && same.chosen[0].endpoint, 'house', 'a name that the house has too stays in the house')
  const named = await choose({ models: ['anthropic/claude-x'] })
  assert.equal(named.ok && named.chosen[0].endpoint, 'anthropic')
  assert.equal(named.ok && named.chosen[0].remote, new URL(provider.url).host)
  const cloud = await choose({ backend: 'cloud' })
  assert.equal(cloud.ok && cloud.chosen[0].name, 'claude-x')
  assert.deepEqual(provider.asked, [], 'not even to look how it is')
  const shown = backends.list().find(({ name }) => name === 'anthropic')
  assert.deepEqual([shown?.state, shown?.local, shown?.kind], ['idle', false, 'cloud'])
})

test('a key counts from the next choice on, and one that was taken away sends nothing any more', async () => {
  const provider = await serve({})
  let key: string | null = null
  const spec: CloudSpec = { provider: 'groq', models: ['m'], url: provider.url, key: () => key }
  const backends = openBackends({
    endpoints: { configured: [], usual: [] },
    cloud: [spec],
    engine: null,
    clock,
    say: () => {},
  })
  closers.push(() => backends.close())
  const wanted = { models: ['groq/m'], backend: 'cloud', failed: new Set<string>(), load: () => 0 } as const
  const may: boolean[] = []
  for (key of [null, 'gsk-1', null]) may.push((await backends.choose(wanted, () => {}, never)).ok)
  assert.deepEqual(may, [false, true, false])
})

test('what can do more than the house is not looked for in the cloud', async () => {
  const { choose } = await withCloud('sk-1')
  const able = await choose({ models: ['vision'] })
  assert.equal(able.ok && able.chosen[0].endpoint, 'house')
})

test('a provider without a key is passed over, and why is said', async () => {
  const { choose } = await withCloud(null)
  const named = await choose({ models: ['anthropic/claude-x'] })
  assert.equal(named.ok && named.chosen[0].endpoint, 'house')
  assert.match(
    named.skipped.map(({ endpoint, why }) => `${endpoint}: ${why}`).join(),
    /anthropic: .*no key.*pkn config key/,
  )
  const cloud = await choose({ backend: 'cloud' })
  assert.ok(!cloud.ok, 'a wish for the cloud is not answered by the house')
  assert.deepEqual([cloud.fault.code, cloud.fault.retry], ['cloud.keyless', false])
  assert.match(cloud.fault.fix, /pkn config key anthropic/)
})

test('with nothing else there, a model of a provider without a key is refused for its key', async () => {
  const { choose, server } = await withCloud(null)
  await server.close()
  const name = 'anthropic/claude-x'
  const named = await choose({ models: [name], named: name, failed: new Set(['house']) })
  assert.equal(!named.ok && named.fault.code, 'cloud.keyless')
  const plain = await choose({ failed: new Set(['house']) })
  assert.equal(!plain.ok && plain.fault.code, 'model.none')
})

test('when the house fails, its words do not go to the cloud', async () => {
  const { choose, server } = await withCloud('sk-1')
  await server.close()
  const left = await choose({ failed: new Set(['house']) })
  assert.ok(!left.ok || left.chosen[0].endpoint === 'house')
})

test('a name that a model of the house has as it stands does not lead out of it, though it begins like a provider', async () => {
  const { choose, server } = await withCloud('sk-1', ['anthropic/small'])
  const named = await choose({ models: ['anthropic/small'] })
  assert.equal(named.ok && named.chosen[0].endpoint, 'house')
  await server.close()
  const left = await choose({ models: ['anthropic/small'], failed: new Set(['house']) })
  assert.ok(!left.ok || left.chosen[0].endpoint === 'house')
})

test('a bare name leads to a gateway out of the house only once it is known that the house has no such model', () => {
  const seat = (name: string, over: Partial<WatchedSeat['info']>, known: string[]): Seat => {
    const spec = { name, kind: 'openai', url: `https://${name}.example/v1`, models: known } as const
    const { info, known: models } = newSeat(spec, 'configured', clock)
    return { origin: 'configured', info: { ...info, ...over }, known: models, trouble: null }
  }
  const gateway = seat('gateway', { state: 'up' }, ['small'])
  const leaves = (house: Seat, wish: string) =>
    !stayIn([house, gateway], 'local')(gateway, gateway.known[0]!, parseWish(wish))
  const unseen = seat('house', { local: true, state: 'down' }, [])
  assert.deepEqual([leaves(unseen, 'small'), leaves(unseen, 'gateway/small')], [false, true])
  assert.equal(leaves(seat('house', { local: true, state: 'down' }, ['other']), 'small'), true)
  assert.equal(leaves(seat('house', { local: true, state: 'down' }, ['small']), 'small'), false)
})
