import assert from 'node:assert/strict'
import { test } from 'node:test'
import { z } from 'zod'
import type { Json } from '../wire/event.ts'
import { asJson, fit } from './fit.ts'
import { nearest } from './nearest.ts'

const schema = z.strictObject({
  path: z.string(),
  from: z.int().optional(),
  all: z.boolean().optional(),
  names: z.array(z.string()).optional(),
})

test('what a small model often gets wrong is mended and told, and means what it said', () => {
  const cases: [Json, Json][] = [
    ['{"path":"a"}', { path: 'a' }],
    ['```json\n{"path":"a",}\n```', { path: 'a' }],
    ['{"path":"a"', { path: 'a' }],
    [{ arguments: { path: 'a' } }, { path: 'a' }],
    [{ name: 'read', arguments: '{"path":"a"}' }, { path: 'a' }],
    [
      { path: 'a', from: '3' },
      { path: 'a', from: 3 },
    ],
    [
      { path: 'a', all: 'True' },
      { path: 'a', all: true },
    ],
    [{ path: 'a', from: null }, { path: 'a' }],
    [{ path: 7 }, { path: '7' }],
    [
      { path: 'a', names: 'x' },
      { path: 'a', names: ['x'] },
    ],
    [
      { path: 'a', names: '["x","y"]' },
      { path: 'a', names: ['x', 'y'] },
    ],
    [
      { path: 'a', names: ['x', 3] },
      { path: 'a', names: ['x', '3'] },
    ],
    [
      { path: 'a', mood: 'good', from: '1' },
      { path: 'a', from: 1 },
    ],
  ]
  for (const [given, wanted] of cases) {
    const fitted = fit(schema, given)
    assert.ok(fitted.ok, JSON.stringify(given))
    assert.deepEqual(fitted.input, wanted)
    assert.ok(fitted.mended.length > 0)
  }
  assert.deepEqual(fit(schema, { path: 'a' }), { ok: true, input: { path: 'a' }, mended: [] })
})

test('nothing is guessed: what says something else, or too little, is refused with where', () => {
  for (const given of [
    {},
    { path: ['a'] },
    { path: 'a', from: 'three' },
    { path: 'a', from: '1.5' },
    'read a',
    '{"path":"a',
    null,
    [],
    3,
  ]) {
    const fitted = fit(schema, given)
    assert.equal(fitted.ok, false, JSON.stringify(given))
    if (!fitted.ok) assert.match(fitted.what, /path|from|input/)
  }
})

test('an input that names what objects are made of changes nothing of it', () => {
  const given = JSON.parse('{"path":"a","__proto__":{"all":true},"constructor":1}') as Json
  const fitted = fit(schema, given)
  assert.ok(fitted.ok)
  assert.equal(fitted.input.all, undefined)
  assert.equal(({} as { all?: boolean }).all, undefined)
})

test('JSON with its end missing is closed, but not within a word', () => {
  assert.deepEqual(asJson('{"a":[1,2'), { a: [1, 2] })
  assert.equal(asJson('{"a":"rm -rf'), undefined)
  assert.equal(asJson('{"a":]'), undefined)
})

test('a wrong name is told with the nearest that there are', () => {
  const names = ['read', 'write', 'edit', 'glob', 'grep', 'shell', 'read_output']
  assert.equal(nearest('read_file', names)[0], 'read')
  assert.equal(nearest('Grep', names)[0], 'grep')
  assert.equal(nearest('shel', names)[0], 'shell')
  assert.deepEqual(nearest('zzzzzzzzzzzz', names), [])
})
