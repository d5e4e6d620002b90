import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, test } from 'node:test'
import type { LogLine } from '../core/ports.ts'
import { handClock } from '../core/testing/hand-clock.ts'
import type { Speed } from '../wire/model.ts'
import { openSpeedsFile } from './speeds-file.ts'

const SPEED: Speed = { read: 500, write: 20, loadMs: null, answer: 100, answers: 3 }
let home: string
let path: string
let lines: LogLine[]
let clock: ReturnType<typeof handClock>
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'pkn-speeds-'))
  path = join(home, 'cache', 'speeds.json')
  lines = []
  clock = handClock()
})
afterEach(() => rmSync(home, { recursive: true }))
const open = () => openSpeedsFile({ path, clock, say: (line) => lines.push(line) })

test('what was kept is known after the next start, in a file that only its owner reads', async () => {
  const first = await open()
  assert.deepEqual(first.known, {})
  first.keep(() => ({ 'a m': SPEED }))
  await first.close()
  assert.equal(statSync(path).mode & 0o777, 0o600)
  assert.deepEqual(readdirSync(join(home, 'cache')), ['speeds.json'])
  assert.deepEqual((await open()).known, { 'a m': SPEED })
  assert.deepEqual(lines, [])
})

test('what was kept by an older version is known, and the last answers with what is kept now', async () => {
  mkdirSync(join(home, 'cache'))
  writeFileSync(path, JSON.stringify({ 'a m': SPEED }))
  const first = await open()
  assert.deepEqual(first.known, { 'a m': SPEED })
  const kept = { ...SPEED, paces: [{ read: null, write: 4 }] }
  first.keep(() => ({ 'a m': kept }))
  await first.close()
  assert.deepEqual((await open()).known, { 'a m': kept })
})

test('many changes are one write, of what is true when it is written', async () => {
  const file = await open()
  let asked = 0
  let answers = 0
  for (let i = 0; i < 100; i++) {
    answers = i
    file.keep(() => {
      asked++
      return { 'a m': { ...SPEED, answers } }
    })
  }
  assert.equal(clock.pending, 1)
  answers = 1000
  clock.move(10_000)
  await file.close()
  assert.equal(asked, 1)
  assert.equal(JSON.parse(readFileSync(path, 'utf8'))['a m'].answers, 1000)
  assert.equal(clock.pending, 0)
})

test('a file that is damaged is begun anew, with a warning', async () => {
  mkdirSync(join(home, 'cache'))
  for (const text of [
    '{"a m": {"read"',
    '[]',
    '{"a m": {"read": "fast"}}',
    JSON.stringify({ 'a m': { ...SPEED, write: -1 } }),
  ]) {
    lines = []
    writeFileSync(path, text)
    const file = await open()
    assert.deepEqual(file.known, {}, text)
    assert.deepEqual([lines.length, lines[0]?.level], [1, 'warn'], text)
    file.keep(() => ({ 'a m': SPEED }))
    await file.close()
    assert.deepEqual((await open()).known, { 'a m': SPEED })
  }
})

test('a folder that cannot be written to costs one warning, and no answer', async () => {
  writeFileSync(join(home, 'cache'), 'in the way')
  const file = await open()
  lines = []
  for (let i = 0; i < 3; i++) {
    file.keep(() => ({ 'a m': SPEED }))
    await file.close()
  }
  assert.deepEqual(
    lines.map((l) => l.level),
    ['warn'],
  )
})
