import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bareTexts, compare, gather, languages, readCatalogue } from '../../../scripts/words.ts'

const WRITE = 'node scripts/words.ts writes it anew'
const { catalogue, wrong } = gather()
const told = (places: readonly { file: string; line: number; text: string }[]): string[] =>
  places.map(({ file, line, text }) => `${file}:${line} ${text}`)

test('every text of the page is said where the language is known, by its very words', () => {
  assert.deepEqual(told(wrong), [])
})

test('the English catalogue is that of the sources, no more and no less', () => {
  assert.deepEqual(compare(catalogue, readCatalogue('en')), [], WRITE)
  assert.deepEqual(readCatalogue('en'), catalogue, WRITE)
})

test('every other language says all of it, nothing else, and fills in the same', () => {
  assert.ok(languages().includes('de'))
  for (const language of languages()) assert.deepEqual(compare(catalogue, readCatalogue(language)), [], language)
})

test('each form of a text that goes by a number is there in every language', () => {
  for (const language of ['en', ...languages()]) {
    const { pluralCategories } = new Intl.PluralRules(language).resolvedOptions()
    for (const [name, text] of Object.entries(readCatalogue(language)))
      if (typeof text === 'object') assert.deepEqual(Object.keys(text).sort(), [...pluralCategories].sort(), name)
  }
})

test('no component has a text of its own that is said in English to everybody', () => {
  assert.deepEqual(told(bareTexts()), [])
})

test('what is missing, not used or filled in otherwise is found', () => {
  const english = { a: 'one {x}', b: { one: '1', other: '{n}' }, 'fault/c': '{what} and {why}' }
  assert.deepEqual(compare(english, { a: 'eins {y}', d: 'vier', 'fault/c': '{what}' }), [
    'missing: b',
    'not used: d',
    'other places: a',
  ])
})
