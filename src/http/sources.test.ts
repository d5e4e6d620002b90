import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { chosen, listed } from '../core/testing/rig.ts'
import { openKit } from '../documents/testing/kit.ts'
import { scriptedModel } from '../models/scripted.ts'
import type { Source } from '../wire/mind.ts'
import { serve } from './testing/serve.ts'

test('a folder is added, found, read and removed over HTTP, and what cannot be is refused with the reason', async () => {
  const kit = await openKit()
  const app = await serve({
    backends: listed(chosen(scriptedModel(() => ['hi']))),
    documents: kit.documents,
  })
  try {
    await kit.write('pump.md', '# Pump\n\nThe impeller is changed each spring.')
    const added = await app.ask('POST', '/v1/sources', { body: { path: kit.root } })
    assert.equal(added.status, 202, added.text)
    const { id } = added.json() as Source
    const list = async () => (await app.ask('GET', '/v1/sources')).json()['sources'] as Source[]
    while ((await list())[0]?.state !== 'ready') await pause(20)
    const found = await app.ask('GET', '/v1/documents/search?q=when+is+the+impeller+changed')
    const [passage] = found.json()['passages'] as Record<string, unknown>[]
    assert.deepEqual(passage, {
      source: id,
      path: 'pump.md',
      from: 1,
      to: 3,
      text: '# Pump\n\nThe impeller is changed each spring.',
      by: ['words'],
    })
    const read = await app.ask('GET', `/v1/sources/${id}/text?path=pump.md&from=3`)
    assert.deepEqual(read.json(), { text: 'The impeller is changed each spring.', from: 3, lines: 1, total: 3 })
    assert.equal((await app.ask('POST', `/v1/sources/${id}/index`, { body: {} })).status, 202)
    for (const [path, code] of [
      [join(kit.root, 'none'), 'source.refused'],
      ['relative', 'source.refused'],
      [kit.home, 'source.refused'],
      [`${kit.root}\0`, 'source.refused'],
    ] as const)
      assert.equal((await app.ask('POST', '/v1/sources', { body: { path } })).json()['code'], code, path)
    assert.equal((await app.ask('DELETE', `/v1/sources/${id}`)).status, 204)
    assert.equal((await app.ask('GET', `/v1/sources/${id}/text?path=pump.md`)).json()['code'], 'source.missing')
    assert.deepEqual(await list(), [])
  } finally {
    await app.close()
    await kit.close()
  }
})
