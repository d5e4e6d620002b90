import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fileName, kindOf } from './file-kind.ts'

test('a file is what its bytes say', () => {
  const of = (text: string) => kindOf(Buffer.from(text, 'latin1'))
  assert.equal(of('\x89PNG\r\n\x1a\n....'), 'image/png')
  assert.equal(of('\xff\xd8\xff\xe0'), 'image/jpeg')
  assert.equal(of('GIF89a'), 'image/gif')
  assert.equal(of('RIFF\x01\x02\x03\x04WEBPVP8 '), 'image/webp')
  assert.equal(of('RIFF\x01\x02\x03\x04WAVE'), 'text/plain')
  assert.equal(of('<svg onload="x"/>'), 'text/plain')
  assert.equal(of('caf\xe9'), null)
  assert.equal(of('a\0b'), null)
  assert.equal(of('MZ\x90\0'), null)
  assert.equal(of(''), null)
  assert.equal(kindOf(Buffer.from('für 😀')), 'text/plain')
})

test('a name is no path and turns nothing', () => {
  for (const [given, name] of [
    ['../../etc/passwd', 'passwd'],
    ['C:\\Windows\\a.txt', 'a.txt'],
    ['..', 'file'],
    ['', 'file'],
    ['a\r\nset-cookie: x.txt', 'a set-cookie: x.txt'],
    ['\u202egnp.exe', 'gnp.exe'],
    ['x'.repeat(500), 'x'.repeat(200)],
  ] as const)
    assert.equal(fileName(given), name)
})
