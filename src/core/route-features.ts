import { conceptNames, conceptsOf } from './route-lexicon.ts'
import type { Token } from './route-words.ts'

/** What a text is judged by: parallel arrays. Tokens `from` to `to` are what a feature was read from. */
export type Features = { hash: number[]; value: number[]; from: number[]; to: number[] }

/** How much each kind of feature weighs together, whatever the length of the text. */
export const SCALE = { words: 1, phrases: 0.6, pieces: 1, concepts: 1.3, pairs: 0.9, head: 0.9 }
const KINDS = ['words', 'phrases', 'pieces', 'concepts', 'pairs', 'head'] as const
type Kind = (typeof KINDS)[number]

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

/** What is to be had from a word alone. */
type Known = { hash: number; pieces: readonly number[]; shares: readonly number[]; ideas: readonly number[] }
export type Read = (tokens: readonly Token[]) => Features

/** Reads features, and remembers what it found out of the words it met first, since words come again and again. */
export function makeReader(most = 20_000): Read {
  const met = new Map<string, Known>()
  return (tokens) =>
    features(tokens, (word) => {
      let known = met.get(word)
      if (known === undefined) {
        known = study(word)
        if (met.size < most) met.set(word, known)
      }
      return known
    })
}

function study(word: string): Known {
  const hash = hashText(word, 1)
  if (word.startsWith('#')) return { hash, pieces: [], shares: [], ideas: [hashText(word, 4)] }
  const ideas = conceptsOf(word).map((concept) => hashText(conceptNames[concept] ?? '', 5))
  return { hash, ...pieces(word), ideas }
}

function features(tokens: readonly Token[], know: (word: string) => Known): Features {
  const out: Features = { hash: [], value: [], from: [], to: [] }
  const kindOf: Kind[] = []
  const add = (kind: Kind, hash: number, value: number, from: number, to = from) => {
    out.hash.push(hash)
    out.value.push(value)
    out.from.push(from)
    out.to.push(to)
    kindOf.push(kind)
  }
  const all = tokens.map(({ word }) => know(word))
  const words = all.map(({ hash }) => hash)
  const ideas: { idea: number; at: number }[] = []
  for (let i = 0; i < tokens.length; i++) {
    const { weight } = tokens[i]!
    const { hash: own, pieces, shares, ideas: meant } = all[i]!
    add('words', own, weight, i)
    const before = words[i - 1] ?? 0x5ead
    const softer = Math.min(weight, tokens[i - 1]?.weight ?? weight)
    add('phrases', mix(before, own, 2), softer, Math.max(0, i - 1), i)
    if (i > 0) add('phrases', mix(mix(words[i - 2] ?? 0x5ead, before, 2), own, 3), softer * 0.8, Math.max(0, i - 2), i)
    for (let n = 0; n < pieces.length; n++) add('pieces', pieces[n]!, weight * shares[n]!, i)
    for (const idea of meant) ideas.push({ idea, at: i })
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

function pieces(word: string): { pieces: number[]; shares: number[] } {
  const found: number[] = []
  const shares: number[] = []
  const marked = `<${word}>`
  const shortest = /[^\p{Script=Latin}'’-]/u.test(word) ? 2 : 3
  for (let size = shortest; size <= 5; size++)
    for (let i = 0; i + size <= marked.length; i++) {
      let h = 0x811c9dc5 ^ 14
      for (let k = i; k < i + size; k++) h = Math.imul(h ^ marked.charCodeAt(k), 0x01000193)
      found.push(h)
      shares.push(size === 5 ? 1 : 0.8)
    }
  return { pieces: found, shares }
}

function lengthOf(count: number): number {
  return [2, 5, 9, 16, 30, 60].filter((most) => count > most).length
}

/** Each kind gets the same length in all texts. */
function scale({ value }: Features, kindOf: readonly Kind[]): void {
  for (const kind of KINDS) {
    let square = 0
    for (let i = 0; i < value.length; i++) if (kindOf[i] === kind) square += value[i]! * value[i]!
    const by = square > 0 ? SCALE[kind] / Math.sqrt(square) : 0
    for (let i = 0; i < value.length; i++) if (kindOf[i] === kind) value[i] = value[i]! * by
  }
}
