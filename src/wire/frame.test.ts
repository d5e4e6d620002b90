import assert from 'node:assert/strict'
import { test } from 'node:test'
import { encodeFrame, frameReader, FrameTooLong, PING, type Frame } from './frame.ts'

const STREAM = `${encodeFrame({ id: '1', data: '{"a":1}' })}${PING}${encodeFrame({ event: 'chunk', data: '{"content":"é\u2028 😀"}' })}data: one\r\ndata: two\r\n\r\ndata:tight\n\nevent: lonely\n\n`
const FRAMES: Frame[] = [
  { id: '1', data: '{"a":1}' },
  { event: 'chunk', data: '{"content":"é\u2028 😀"}' },
  { data: 'one\ntwo' },
  { data: 'tight' },
]

test('a stream cut anywhere gives the same frames', () => {
  for (let cut = 0; cut <= STREAM.length; cut++) {
    const read = frameReader()
    assert.deepEqual([...read(STREAM.slice(0, cut)), ...read(STREAM.slice(cut))], FRAMES, `cut at ${cut}`)
  }
})

test('a stream that comes character by character gives the same frames, and its pings are told', () => {
  const pings: string[] = []
  const read = frameReader({ onComment: (text) => pings.push(text) })
  assert.deepEqual(
    STREAM.split('').flatMap((c) => read(c)),
    FRAMES,
  )
  assert.deepEqual(pings, ['ping'])
})

test('a frame without its blank line is not given', () => {
  assert.deepEqual(frameReader()('data: half\n'), [])
})

test('a line or a frame past the limit is refused, not buffered for ever', () => {
  const read = frameReader({ limit: 100 })
  assert.throws(() => {
    for (let i = 0; i < 20; i++) read('data: xxxxx')
  }, FrameTooLong)
  const frames = frameReader({ limit: 100 })
  assert.throws(() => {
    for (let i = 0; i < 20; i++) frames('data: 0123456789\n')
  }, FrameTooLong)
})

test('a large text without carriage returns costs linear time', () => {
  const piece = (n: number) => 'data: {"x":1}\n\n'.repeat(n)
  const time = (n: number) => {
    const text = piece(n)
    const from = performance.now()
    assert.equal(frameReader()(text).length, n)
    return performance.now() - from
  }
  time(20_000)
  // The least of many short goes: one of them is not interrupted, however many share the processor.
  let [small, large] = [Infinity, Infinity]
  for (let i = 0; i < 20; i++) {
    small = Math.min(small, time(2000))
    large = Math.min(large, time(16_000))
  }
  assert.ok(large / small < 40, `8 times the text took ${(large / small).toFixed(1)} times as long`)
})
