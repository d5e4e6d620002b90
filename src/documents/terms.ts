import { IDLE_WORDS } from './idle-words.ts'

const WORD = /[\p{L}\p{N}\p{M}]+/gu
/** Scripts that are written without spaces: two signs that stand side by side take the place of a word. */
const DENSE = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/u
const LONGEST = 64

/**
 * The words of a text as they are searched for: without accents, in small letters, without the commonest endings of English, and
 * the words within a name of a program (`retryDelay`) beside the name. The same for what is indexed and for what is asked.
 */
export function termsOf(text: string): string[] {
  const terms: string[] = []
  for (const [found] of text.matchAll(WORD)) {
    const word = found.normalize('NFD').replaceAll(/\p{M}/gu, '')
    if (DENSE.test(word)) {
      terms.push(...pairs(word))
      continue
    }
    const parts = word.split(/(?<=[\p{Ll}\p{N}])(?=\p{Lu})|(?<=\p{Lu})(?=\p{Lu}\p{Ll})/u)
    terms.push(stem(word.toLowerCase().slice(0, LONGEST)))
    if (parts.length > 1) for (const part of parts) if (part.length > 2) terms.push(stem(part.toLowerCase()))
  }
  return terms
}

/** What a question looks for: each term once, without words that stand in every question. Empty if it has no others. */
export function termsAsked(question: string): string[] {
  const told = question.slice(0, 8000).replaceAll(WORD, (word) => (IDLE_WORDS.has(word.toLowerCase()) ? ' ' : word))
  return [...new Set(termsOf(told))].filter((term) => term.length > 1)
}

function pairs(word: string): string[] {
  const signs = Array.from(word.toLowerCase())
  return signs.length < 2 ? signs : signs.slice(1).map((sign, i) => `${signs[i]}${sign}`)
}

/** Plurals as in Harman, "How effective is suffixing?" (1991), then -ing and -ed; what is short stays as it is. */
function stem(word: string): string {
  if (word.length < 4 || !/^[a-z]+$/.test(word)) return word
  let stemmed = word
  if (/[^ae]ies$/.test(stemmed)) stemmed = `${stemmed.slice(0, -3)}y`
  else if (/[^us]s$/.test(stemmed)) stemmed = stemmed.slice(0, -1)
  const bare = /^(.*[aeiouy].*?)(?:ing|ed)$/.exec(stemmed)?.[1]
  if (bare !== undefined && bare.length >= 3) stemmed = bare.replace(/([bdfgmnprt])\1$/, '$1')
  return stemmed.length > 3 ? stemmed.replace(/e$/, '') : stemmed
}
