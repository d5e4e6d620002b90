import assert from 'node:assert/strict'
import { afterEach, test } from 'node:test'
import { wrong, WRONGS } from '../../wire/wrong.ts'
import { fault } from '../../wire/fault.ts'
import { readCatalogue } from '../../../scripts/words.ts'
import { say, sayCount, sayWrong, speak } from './say.ts'
import { faultText } from './titles.ts'

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

test('what the server says is wrong with a field is said in the language of the page, whatever is filled in; all else as it came', () => {
  assert.equal(sayWrong('must not be empty'), 'must not be empty')
  speak('de', readCatalogue('de'))
  for (const text of WRONGS) {
    const values = Object.fromEntries([...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => [name!, 'a (b) {c}; d.']))
    const german = sayWrong(wrong(text, values))
    assert.notEqual(german, wrong(text, values), text)
    for (const value of Object.values(values)) assert.ok(german.includes(value), german)
  }
  assert.equal(sayWrong('has 2500 entries; 2000 are the most'), 'hat 2.500 Einträge; höchstens 2.000 sind möglich')
  assert.equal(sayWrong('Something else.'), 'Something else.')
  const what = 'title: has 70 characters; 60 are the most; about: must not be empty'
  const german = 'title: hat 70 Zeichen; höchstens 60 sind möglich; about: darf nicht leer sein'
  assert.equal(faultText(fault('request.invalid', { what })), `Die Anfrage ist ungültig: ${german}`)
  assert.match(
    faultText(fault('project.folder', { folder: '/x', why: wrong('it is no folder.') })),
    /es ist kein Ordner/,
  )
})
