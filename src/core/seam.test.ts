import assert from 'node:assert/strict'
import { test } from 'node:test'
import { seam } from './seam.ts'
import { numbers } from './testing/numbers.ts'

/** What stands, with a continuation that comes in pieces of that size. */
function joinedBy(stands: string, continuation: string, size = 1): string {
  const { take, end } = seam(stands)
  let text = stands
  for (let at = 0; at < continuation.length; at += size) text += take(continuation.slice(at, at + size))
  return text + end()
}

const TABLE: [why: string, stands: string, continuation: string, whole: string][] = [
  ['the rest of a word', 'The quick bro', 'wn fox', 'The quick brown fox'],
  ['the whole word', 'The quick brow', 'brown fox', 'The quick brown fox'],
  ['the whole word, of which little stands', 'The quick bro', 'brown fox', 'The quick brown fox'],
  ['the whole word, which was whole', 'The quick brown', 'brown fox', 'The quick brown fox'],
  ['a space and the next word', 'The quick brown', ' fox', 'The quick brown fox'],
  ['the last words', 'The quick bro', 'quick brown fox', 'The quick brown fox'],
  ['the last sentence', 'It rains. So we st', 'So we stay home.', 'It rains. So we stay home.'],
  ['the last sentence, after a space', 'It rains. So we st', ' So we stay home.', 'It rains. So we stay home.'],
  ['everything', 'It rains. So we st', 'It rains. So we stay home.', 'It rains. So we stay home.'],
  ['everything, after empty lines', 'It rains. So we', '\n\nIt rains. So we stay.', 'It rains. So we stay.'],
  ['everything, of which there is little', 'He', 'Hello', 'Hello'],
  ['everything, and nothing more', 'It rains. So we stay.', 'It rains. So we stay.', 'It rains. So we stay.'],
  ['nothing', 'It rains.', '', 'It rains.'],
  ['the last line', 'a\n- Apples and pe', '- Apples and pears', 'a\n- Apples and pears'],
  ['the mark of a line', 'a:\n- ', '- Apples', 'a:\n- Apples'],
  ['the mark of a line and the word', 'a:\n- App', '- Apples', 'a:\n- Apples'],
  ['the number of a line', 'a:\n2. ', '2. Pears', 'a:\n2. Pears'],
  ['the next line', 'Red:\n- Apples', '\n- Apples, red', 'Red:\n- Apples\n- Apples, red'],
  ['words without spaces', '敏捷的棕色狐狸跳', '棕色狐狸跳过了懒狗', '敏捷的棕色狐狸跳过了懒狗'],

  ['a word that ends alike', 'the ban', 'ana split', 'the banana split'],
  ['a word of the same letters', 'a cat', 'tle', 'a cattle'],
  ['one letter that is all there is', 'T', 'The quick', 'The quick'],
  ['one letter', 'vitamins a, b', 'but', 'vitamins a, bbut'],
  ['one letter, after a space', 'Plan A', ' A better one', 'Plan A A better one'],
  ['a short word before a longer one', 'I saw the', ' theatre', 'I saw the theatre'],
  ['a longer word without its space', 'I saw the', 'theatre', 'I saw the theatre'],
  ['a short word twice', 'I know that', ' that is so', 'I know that that is so'],
  ['a word that is meant to come twice', 'It is very ', 'very good', 'It is very very good'],
  ['a refrain of two words', 'again and again', ' and again', 'again and again and again'],
  ['a city', 'New York', ', New York', 'New York, New York'],
  ['digits', 'It costs 1', '100 euros', 'It costs 1100 euros'],
  ['more digits', 'It costs 100', '1000', 'It costs 1001000'],
  ['brackets', '  }\n', '  }\n}', '  }\n  }\n}'],
  ['a closing bracket', 'a(b(c)', ')', 'a(b(c))'],
  ['an empty line', 'one\n', '\ntwo', 'one\n\ntwo'],

  ['the next sentence, without its space', 'It rains.', 'So we stay.', 'It rains. So we stay.'],
  ['the next word after a comma', 'Red,', 'green', 'Red, green'],
  ['a number', 'about 3.', '14', 'about 3.14'],
  ['a space where there is one', 'The quick ', ' brown', 'The quick brown'],
  ['a name in code', 'use `a.', 'b` now', 'use `a.b` now'],

  ['a fence again', 'x:\n```js\nlet a =', '```js\n 1\n```', 'x:\n```js\nlet a = 1\n```'],
  ['a fence again and the line', 'x:\n```js\n  let a', '```js\n  let a = 1', 'x:\n```js\n  let a = 1'],
  [
    'a fence again and the block',
    '```js\nlet a = 1\nlet b',
    '```js\nlet a = 1\nlet b = 2',
    '```js\nlet a = 1\nlet b = 2',
  ],
  ['the indentation again', '```py\ndef f():\n    ', '    return 1', '```py\ndef f():\n    return 1'],
  ['the indentation', '```py\ndef f():\n', '    return 1', '```py\ndef f():\n    return 1'],
  ['the end of a block', '```js\nlet a\n', '```\nDone', '```js\nlet a\n```\nDone'],
  ['the end of a block, without its line', '```js\nlet a', '```\nDone', '```js\nlet a\n```\nDone'],
  ['a block', 'Like this:', '```js\nlet a', 'Like this:\n```js\nlet a'],
  ['a call in code', '```js\nSystem.', 'Out()', '```js\nSystem.Out()'],
  ['a list in code', '```js\nf(a,', 'b)', '```js\nf(a,b)'],
]

for (const [why, stands, continuation, whole] of TABLE)
  test(`a continuation that begins with ${why} is joined without a seam: ${JSON.stringify(whole)}`, () => {
    for (const size of [1, 2, 3, 1000]) assert.equal(joinedBy(stands, continuation, size), whole, `pieces of ${size}`)
  })

/** Words of many letters, so that two that are alike are meant to be; sentences, paragraphs, lists and code made of them. */
function randomText(random: () => number): string {
  const among = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!
  const some = (n: number, of: () => string, between: string) =>
    Array.from({ length: 1 + Math.floor(random() * n) }, of).join(between)
  const word = () =>
    some(3, () => among('bcdfghklmnprstvwz'.split('')) + among(['a', 'e', 'i', 'o', 'u', 'ei', 'ar']), '')
  const capital = (text: string) => text[0]!.toUpperCase() + text.slice(1)
  const sentence = () => `${capital(some(9, word, among([' ', ' ', ' ', ', '])))}${among(['.', '!', '?'])}`
  const paragraph = () => some(4, sentence, ' ')
  const list = () => some(4, () => `- ${sentence()}`, '\n')
  const code = () => `\`\`\`js\n${some(4, () => `  const ${word()} = ${word()}(${word()})`, '\n')}\n\`\`\``
  return some(5, () => among([paragraph, paragraph, list, code])(), '\n\n')
}

/** The ways in which a model goes on that was shown `stands` of `whole`. */
const MANNERS: { [name: string]: (stands: string, rest: string) => string } = {
  exactly: (_, rest) => rest,
  'with everything': (stands, rest) => stands + rest,
  'with everything, after an empty line': (stands, rest) => `\n\n${stands}${rest}`,
  'with the last sentence': (stands, rest) => twoWords(stands, stands.slice(sentenceStart(stands))) + rest,
  'with the last line': (stands, rest) => twoWords(stands, stands.slice(stands.lastIndexOf('\n') + 1)) + rest,
  'with the last words': (stands, rest) =>
    (/\p{L}+\P{L}+\p{L}+\P{L}+\p{L}+\P{L}+\p{L}*$/u.exec(stands)?.[0] ?? stands) + rest,
  'with the word that was cut': (stands, rest) =>
    /^\p{L}/u.test(rest) ? (/\p{L}{4,}$/u.exec(stands)?.[0] ?? '') + rest : rest,
}
/** A single word that is whole may be meant to come twice. */
const twoWords = (stands: string, again: string) => (/\p{L}\P{L}+\p{L}/u.test(again) ? again : stands)
const sentenceStart = (text: string) => {
  const last = [...text.matchAll(/[.!?]\s+|\n/g)].at(-1)
  return last === undefined ? 0 : last.index + last[0].length
}

test('however a model goes on, wherever it was cut and however its words arrive, the text is the one that was meant', () => {
  const manners = Object.keys(MANNERS)
  for (let seed = 1; seed <= 4000; seed++) {
    const random = numbers(seed)
    const whole = randomText(random)
    let cut = Math.floor(random() * whole.length)
    // What stands has a word, or the beginning of one.
    while (cut < whole.length && !/\p{L}{2}/u.test(whole.slice(0, cut).replace(/```js/g, ''))) cut++
    // Half an indentation, said once more, can't be told from its other half; it is one token to a model.
    while (/(?:^|\n) +$/.test(whole.slice(0, cut)) && whole[cut] === ' ') cut++
    const [stands, rest] = [whole.slice(0, cut), whole.slice(cut)]
    const manner = manners[Math.floor(random() * manners.length)]!
    const continuation = MANNERS[manner]!(stands, rest)
    const size = 1 + Math.floor(random() * 12)
    assert.equal(
      joinedBy(stands, continuation, size),
      whole,
      `seed ${seed}, ${manner}, ${JSON.stringify(stands.slice(-60))} | ${JSON.stringify(continuation.slice(0, 60))}`,
    )
  }
})

test('words are held back only while they could be a repeat, and never more of them than what stands', () => {
  for (let seed = 1; seed <= 500; seed++) {
    const random = numbers(seed)
    const stands = randomText(random)
    const other = random() < 0.5 ? stands + randomText(random) : randomText(random)
    const { take } = seam(stands)
    let passed = 0
    for (let at = 0; at < other.length; at++) {
      passed += take(other[at]!).length
      const same = at + 1 <= stands.length && stands.includes(other.slice(0, at + 1).trim())
      if (!same && at > 64 && at > stands.length) assert.ok(passed > 0, `seed ${seed}: held at ${at}`)
    }
  }
  const { take } = seam('The quick brown fox')
  assert.equal(take('jumps'), 'jumps')
  assert.equal(take(' and The quick brown fox'), ' and The quick brown fox')
})

test('a continuation that breaks off within a repeat adds nothing by itself: what it held back is its owner’s to drop', () => {
  const { take } = seam('The quick brown fox')
  assert.equal(take('The quick'), '')
})
