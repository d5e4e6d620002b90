import assert from 'node:assert/strict'
import { afterEach, test } from 'node:test'
import { say, sayCount, speak } from './say.ts'

afterEach(() => speak('en', {}))

test('English is what stands there, with its values; a value that looks like a name is not filled in again', () => {
  assert.equal(say('Loading {model}', { model: 'a{b}' }), 'Loading a{b}')
  assert.equal(say('{a}{b}', { a: '{b}', b: 'x' }), '{b}x')
  assert.equal(sayCount(1, '1 chat', '{n} chats'), '1 chat')
  assert.equal(sayCount(0, '1 chat', '{n} chats'), '0 chats')
})

test('another language is taken from its catalogue, by its own plural forms; what it lacks is said in English', () => {
  speak('pl', {
    Stop: 'Zatrzymaj',
    '{n} chats': { one: '{n} czat', few: '{n} czaty', many: '{n} czatów', other: '{n} czatu' },
  })
  assert.equal(say('Stop'), 'Zatrzymaj')
  assert.equal(say('Send'), 'Send')
  assert.deepEqual(
    [1, 3, 5].map((n) => sayCount(n, '1 chat', '{n} chats')),
    ['1 czat', '3 czaty', '5 czatów'],
  )
})
