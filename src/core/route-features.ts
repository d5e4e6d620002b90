import { conceptNames, conceptsOf } from './route-lexicon.ts'
import type { Token } from './route-words.ts'

/** What a text is judged by: parallel arrays. Tokens `from` to `to` are what a feature was read from. */
export type Features = { hash: number[]; value: number[]; from: number[]; to: number[] }

/** How much each kind of feature weighs together, whatever the length of the text. */
export const SCALE = { words: 1, phrases: 0.7, pieces: 0.8, concepts: 1, pairs: 0.9, head: 0.8 }
type Kind = keyof typeof SCALE
const KINDS = Object.keys(SCALE) as Kind[]

const POLITE = new Set(
  'please bitte kindly can could you kannst konntest du mal puedes podrias peux pourrais tu vous pouvez svp stp favor just ok okay so hey hi hello and then now first also well pls plz'.split(
    ' ',
  ),
)

/** FNV-1a over the UTF-16 units, with a salt, so that one word counts apart as word, head or phrase. */
function hashText(text: string, salt: number): number {
  let h = 0x811c9dc5 ^ salt
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193)
  return h
}
function mix(a: number, b: number, salt: number): number {
  let h = Math.imul(a ^ salt, 0x85ebca6b) ^ Math.imul(b + 0x7f4a7c15, 0xc2b2ae35)
  h ^= h >>> 15
  h = Math.imul(h, 0x2c1b3c6d)
  return h ^ (h >>> 13)
}

export function features(tokens: readonly Token[]): Features {
  const out: Features = { hash: [], value: [], from: [], to: [] }
  const kindOf: Kind[] = []
  const add = (kind: Kind, hash: number, value: number, from: number, to = from) => {
    out.hash.push(hash)
    out.value.push(value)
    out.from.push(from)
    out.to.push(to)
    kindOf.push(kind)
  }
  const words = tokens.map((token) => hashText(token.word, 1))
  const ideas: { idea: number; at: number }[] = []
  for (const [i, token] of tokens.entries()) {
    const { word, weight } = token
    const own = words[i] ?? 0
    add('words', own, weight, i)
    const before = words[i - 1] ?? 0x5ead
    const softer = Math.min(weight, tokens[i - 1]?.weight ?? weight)
    add('phrases', mix(before, own, 2), softer, Math.max(0, i - 1), i)
    if (i > 0) add('phrases', mix(mix(words[i - 2] ?? 0x5ead, before, 2), own, 3), softer * 0.8, Math.max(0, i - 2), i)
    if (word.startsWith('#')) ideas.push({ idea: hashText(word, 4), at: i })
    else {
      pieces(word, (hash, share) => add('pieces', hash, weight * share, i))
      for (const concept of conceptsOf(word)) ideas.push({ idea: hashText(conceptNames[concept] ?? '', 5), at: i })
    }
  }
  if (tokens.length > 0) add('phrases', mix(words.at(-1) ?? 0, 0xe4d, 6), 0.7, tokens.length - 1)
  add('concepts', hashText(`length ${lengthOf(tokens.length)}`, 7), 0.5, 0, -1)

  const start = headOf(tokens)
  const head = words[start] ?? 0
  add('head', mix(head, 0, 8), 1, start)
  if (start + 1 < tokens.length) add('head', mix(head, words[start + 1] ?? 0, 9), 1, start, start + 1)
  const leading = ideas.filter(({ at }) => at === start)
  for (const { idea } of leading) add('head', mix(idea, 0, 10), 1, start)

  const met = new Set<number>()
  for (const [n, { idea, at }] of ideas.entries()) {
    const weight = tokens[at]?.weight ?? 1
    const before = ideas[n - 1]
    if (before && before.at !== at) add('pairs', mix(before.idea, idea, 11), weight * 0.7, before.at, at)
    if (met.has(idea)) continue
    met.add(idea)
    add('concepts', idea, weight, at)
    if (at <= start) continue
    add('pairs', mix(head, idea, 12), weight, start, at)
    for (const { idea: first } of leading) add('pairs', mix(first, idea, 13), weight, start, at)
  }
  scale(out, kindOf)
  return out
}

/** The word that says what is asked, after "please", "could you" and the like. */
function headOf(tokens: readonly Token[]): number {
  for (let i = 0; i < Math.min(tokens.length - 1, 6); i++) {
    const word = tokens[i]?.word ?? ''
    if (!POLITE.has(word) && word !== '#question') return i
  }
  return 0
}

function pieces(word: string, add: (hash: number, share: number) => void): void {
  const marked = `<${word}>`
  const shortest = /[^\p{Script=Latin}'’-]/u.test(word) ? 2 : 3
  for (let size = shortest; size <= 5; size++)
    for (let i = 0; i + size <= marked.length; i++) {
      let h = 0x811c9dc5 ^ 14
      for (let k = i; k < i + size; k++) h = Math.imul(h ^ marked.charCodeAt(k), 0x01000193)
      add(h, size === 5 ? 1 : 0.8)
    }
}

function lengthOf(count: number): number {
  return [2, 5, 9, 16, 30, 60].filter((most) => count > most).length
}

/** Each kind gets the same length in all texts. */
function scale(out: Features, kindOf: readonly Kind[]): void {
  const squares: Record<Kind, number> = { words: 0, phrases: 0, pieces: 0, concepts: 0, pairs: 0, head: 0 }
  for (const [i, kind] of kindOf.entries()) squares[kind] += (out.value[i] ?? 0) ** 2
  const by = { ...SCALE }
  for (const kind of KINDS) by[kind] = squares[kind] > 0 ? SCALE[kind] / Math.sqrt(squares[kind]) : 0
  for (const [i, kind] of kindOf.entries()) out.value[i] = (out.value[i] ?? 0) * by[kind]
}
