import assert from 'node:assert/strict'
import { test } from 'node:test'
import { queryOf } from './recall-query.ts'

const said = [
  { role: 'user', text: 'How do we deploy the billing service?' },
  { role: 'assistant', text: 'With make release.' },
] as const

test('a question that says what it is about is looked up by its own words', () => {
  const text = 'Which port does the invoice printer listen on?'
  assert.equal(queryOf(text, said), text)
})

test('one that is short or points back is looked up together with the one before it', () => {
  for (const text of ['and then?', 'How long does it usually take?', 'Wie lange dauert das bei uns?', 'Warum?'])
    assert.equal(queryOf(text, said), `${text}\nHow do we deploy the billing service?`, text)
  assert.equal(queryOf('and then?', []), 'and then?')
})

test('a very long message is looked up by its beginning and its end', () => {
  const query = queryOf(`begin ${'x '.repeat(50_000)}end of it`, said)
  assert.ok(query.length < 3000 && query.startsWith('begin') && query.includes('end of it'))
})
