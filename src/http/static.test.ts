import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { brotliDecompressSync } from 'node:zlib'
import { test } from 'node:test'
import { readAssets } from './static.ts'

test('what was there is served, what came later is not, and a large file is read when it is asked for', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'pkn-assets-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  mkdirSync(join(folder, 'frames'))
  writeFileSync(join(folder, 'index.html'), 'the page')
  writeFileSync(join(folder, 'frames/diagram.html'), `<script>draw()</script>${' '.repeat(600 * 1024)}`)
  const assets = await readAssets(folder)
  writeFileSync(join(folder, 'index.html'), 'another page')
  writeFileSync(join(folder, 'later.html'), 'later')
  assert.deepEqual([...assets.keys()].toSorted(), ['/', '/frames/diagram.html', '/index.html', '/pkn.html'])
  assert.equal(String((await assets.get('/')!()).plain), 'the page')
  const large = await assets.get('/frames/diagram.html')!()
  assert.match(large.policy, /sandbox allow-scripts/)
  assert.match(large.policy, /'sha256-/)
  assert.equal(await assets.get('/frames/diagram.html')!(), large, 'it is read once')
  const packed = await large.packed()
  assert.equal(brotliDecompressSync(packed!.br).length, large.plain.length)
})
