import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { placesOf, wordsOf } from './fold-text.ts'
import { matchText } from './match.ts'

const score = (text: string, typed: string) => matchText(text, typed)?.score ?? null
const marked = (text: string, typed: string) =>
  matchText(text, typed)?.places.map(({ from, to }) => text.slice(from, to))

describe('what is typed, and a text', () => {
  test('a text that begins with it is before one with a word that does, and that before one that holds it', () => {
    const scores = ['Garden plan', 'My garden', 'Kindergarden', 'Go and read the news'].map((text) =>
      score(text, 'gard'),
    )
    assert.deepEqual(scores, [4, 3, 2, null])
  })

  test('all words must be there, in any order', () => {
    assert.equal(score('Plan my garden', 'garden plan'), 3)
    assert.equal(score('Plan my garden', 'garden pond'), null)
  })

  test('initials and a letter left out are found, letters strewn about are not', () => {
    assert.equal(score('New chat', 'nc'), 1)
    assert.equal(score('Plan my garden', 'gardn'), 1)
    assert.equal(score('Something else altogether', 'mgr'), null)
  })

  test('capitals and accents make no difference, and what is marked is as it is written', () => {
    assert.deepEqual(marked('Über Gärten', 'uber gart'), ['Über', 'Gärt'])
    assert.deepEqual(marked('New chat', 'nc'), ['N', 'c'])
  })

  test('signs that mean something to a pattern are only signs', () => {
    assert.equal(score('What is (a+b)* ?', '(a+b)*'), 3)
    assert.equal(score('nothing', '.*'), null)
  })

  test('nothing typed fits everything', () => assert.equal(score('anything', '  '), 0))
})

describe('the words of a question, in a message', () => {
  test('they stand where a word begins with one of them', () => {
    const text = 'Gardening: the Gärtner gardens, begarden'
    const places = placesOf(text, wordsOf('GARDEN gart'))
    assert.deepEqual(
      places.map(({ from, to }) => text.slice(from, to)),
      ['Gardening', 'Gärtner', 'gardens'],
    )
  })
})
