import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { KeysUnreadable, openKeys } from './keys.ts'

const KEY = 'sk-canary-8a7f'

function home(): string {
  const folder = mkdtempSync(join(tmpdir(), 'pkn-keys-'))
  after(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

test('a key that was set is there for the next who asks, and gone once it was removed', () => {
  const folder = home()
  const keys = openKeys(folder)
  assert.equal(keys.get('anthropic'), null)
  keys.set('anthropic', KEY)
  keys.set('groq', 'other')
  assert.equal(openKeys(folder).get('anthropic'), KEY)
  assert.deepEqual(keys.names(), ['anthropic', 'groq'])
  assert.equal(keys.remove('anthropic'), true)
  assert.equal(keys.remove('anthropic'), false)
  assert.equal(openKeys(folder).get('anthropic'), null)
  assert.equal(keys.get('groq'), 'other')
})

test('no file holds a key as it is, and only their owner may read them', () => {
  const folder = home()
  openKeys(folder).set('anthropic', KEY)
  for (const name of readdirSync(folder)) {
    const path = join(folder, name)
    assert.doesNotMatch(readFileSync(path, 'latin1'), /canary/, name)
    assert.equal(statSync(path).mode & 0o077, 0, name)
  }
})

test('a key that was sealed with another secret, changed, or moved to another name is refused and not guessed', () => {
  const folder = home()
  const keys = openKeys(folder)
  keys.set('anthropic', KEY)
  const path = join(folder, 'keys.json')
  const kept = readFileSync(path, 'utf8')
  writeFileSync(path, kept.replace('"anthropic"', '"openai"'))
  assert.throws(() => keys.get('openai'), KeysUnreadable)
  writeFileSync(path, kept)
  assert.equal(keys.get('anthropic'), KEY)
  writeFileSync(join(folder, 'keys.secret'), Buffer.alloc(32, 7).toString('base64'))
  assert.throws(() => keys.get('anthropic'), KeysUnreadable)
  writeFileSync(path, '{"anthropic":')
  assert.throws(() => keys.names(), KeysUnreadable)
})
