import { conceptNames, conceptsOf } from './route-lexicon.ts'
import type { Token } from './route-words.ts'

/** What a text is judged by: parallel arrays. Tokens `from` to `to` are what a feature was read from. */
export type Features = { hash: Int32Array; value: Float32Array; from: Int16Array; to: Int16Array }
/** The longest text that is looked at has fewer. */
const MOST = 16_384

/** The kinds of features, and how much each weighs together, whatever the length of the text. */
const SCALE = [1, 0.6, 1, 1.3, 0.9, 0.9] as const
const WORDS = 0
const PHRASES = 1
const PIECES = 2
const CONCEPTS = 3
const PAIRS = 4
const HEAD = 5
type Kind = 0 | 1 | 2 | 3 | 4 | 5

type Scratch = Features & { kind: Uint8Array }
const makeScratch = (): Scratch => ({
  hash: new Int32Array(MOST),
  value: new Float32Array(MOST),
  from: new Int16Array(MOST),
  to: new Int16Array(MOST),
  kind: new Uint8Array(MOST),
})

const NUMBER =
  /^(?:#number|#formula|two|three|four|five|six|seven|eight|nine|ten|half|twice|third|zwei|drei|vier|funf|sechs|sieben|acht|neun|zehn|halb|doppelt|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|mitad|doble|deux|trois|quatre|cinq|sept|huit|neuf|dix|moitie|double)$/
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
  const scratch = makeScratch()
  return (tokens) =>
    features(tokens, scratch, (word) => {
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
  const own = conceptsOf(word)
  // "Python-Klasse" and "REST-API" mean what their parts mean.
  const concepts = own.length === 0 && word.includes('-') ? word.split('-').flatMap(conceptsOf) : own
  const ideas = concepts.map((concept) => hashText(conceptNames[concept] ?? '', 5))
  return { hash, ...pieces(word), ideas }
}

function features(tokens: readonly Token[], scratch: Scratch, know: (word: string) => Known): Features {
  let count = 0
  const add = (kind: Kind, hash: number, value: number, from: number, to = from) => {
    if (count === MOST) return
    scratch.hash[count] = hash
    scratch.value[count] = value
    scratch.from[count] = from
    scratch.to[count] = to
    scratch.kind[count++] = kind
  }
  const all = tokens.map(({ word }) => know(word))
  const words = all.map(({ hash }) => hash)
  const ideas: { idea: number; at: number }[] = []
  for (let i = 0; i < tokens.length; i++) {
    const { weight } = tokens[i]!
    const { hash: own, pieces, shares, ideas: meant } = all[i]!
    add(WORDS, own, weight, i)
    const before = words[i - 1] ?? 0x5ead
    const softer = Math.min(weight, tokens[i - 1]?.weight ?? weight)
    add(PHRASES, mix(before, own, 2), softer, Math.max(0, i - 1), i)
    if (i > 0) add(PHRASES, mix(mix(words[i - 2] ?? 0x5ead, before, 2), own, 3), softer * 0.8, Math.max(0, i - 2), i)
    for (let n = 0; n < pieces.length; n++) add(PIECES, pieces[n]!, weight * shares[n]!, i)
    for (const idea of meant) ideas.push({ idea, at: i })
  }
  if (tokens.length > 0) add(PHRASES, mix(words.at(-1) ?? 0, 0xe4d, 6), 0.7, tokens.length - 1)
  add(CONCEPTS, hashText(`length ${lengthOf(tokens.length)}`, 7), 0.5, 0, -1)
  const asks = tokens.some(({ word }) => word === '#question')
  const numbers = Math.min(4, tokens.filter(({ word, weight }) => weight > 0.5 && NUMBER.test(word)).length)
  add(CONCEPTS, hashText(`numbers ${numbers} ${asks}`, 7), 1, 0, -1)

  const start = headOf(tokens)
  const head = words[start] ?? 0
  add(HEAD, mix(head, 0, 8), 1, start)
  if (start + 1 < tokens.length) add(HEAD, mix(head, words[start + 1] ?? 0, 9), 1, start, start + 1)
  const leading = ideas.filter(({ at }) => at === start)
  for (const { idea } of leading) add(HEAD, mix(idea, 0, 10), 1, start)

  const met = new Set<number>()
  for (const [n, { idea, at }] of ideas.entries()) {
    const weight = tokens[at]?.weight ?? 1
    const before = ideas[n - 1]
    if (before && before.at !== at) add(PAIRS, mix(before.idea, idea, 11), weight * 0.7, before.at, at)
    if (met.has(idea)) continue
    met.add(idea)
    add(CONCEPTS, idea, weight, at)
    if (at <= start) continue
    add(PAIRS, mix(head, idea, 12), weight, start, at)
    for (const { idea: first } of leading) add(PAIRS, mix(first, idea, 13), weight, start, at)
  }
  scale(scratch, count)
  return {
    hash: scratch.hash.slice(0, count),
    value: scratch.value.slice(0, count),
    from: scratch.from.slice(0, count),
    to: scratch.to.slice(0, count),
  }
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
  for (let size = shortest; size <= 5; size += 2)
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
function scale({ value, kind }: Scratch, count: number): void {
  const by = new Float64Array(SCALE.length)
  for (let i = 0; i < count; i++) by[kind[i]!] = by[kind[i]!]! + value[i]! * value[i]!
  for (const [k, share] of SCALE.entries()) by[k] = by[k]! > 0 ? share / Math.sqrt(by[k]!) : 0
  for (let i = 0; i < count; i++) value[i] = value[i]! * by[kind[i]!]!
}
