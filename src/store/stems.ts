import { plain } from './words.ts'

// What a word is without its endings, in English and German at once: rough, but the same for what is asked and what is known.

const LONG = /(?:ings?|edly|sten|test|tes|ern)$/
const SHORT = /(?:ed|en|er|es|em|st|et|e|s|n|t)$/
/** So much of a word stays at least. */
const LEAST = 3
const LEAST_SINGLE = 4

/** Lower case, without accents, with ss for ß. */
export const folded = (word: string): string => plain(word.replaceAll('ß', 'ss'))

export function stemOf(word: string): string {
  let stem = folded(word)
    .replace(/(?<=.{2})ies$/, 'y')
    .replace(/(?<=.{2})ied$/, 'y')
  const long = stem.replace(LONG, '')
  if (long.length >= LEAST_SINGLE) stem = long
  for (;;) {
    const end = SHORT.exec(stem)?.[0] ?? ''
    if (end === '' || stem.length - end.length < (/^[tn]$/.test(end) ? LEAST_SINGLE : LEAST)) break
    stem = stem.slice(0, -end.length)
  }
  if (stem.length > LEAST && stem.at(-1) === stem.at(-2)) stem = stem.slice(0, -1)
  return stem
}

/** How words with this stem begin, as they are written: a word may be written with ß or ss, with ü or ue. */
export function spellings(word: string, stem: string): string[] {
  const base = word.toLowerCase().normalize('NFC')
  const ways = new Set([stem])
  const add = (other: string) => {
    if (other !== base) ways.add(folded(other).slice(0, Math.max(LEAST, stem.length)))
  }
  add(base.replaceAll('ä', 'ae').replaceAll('ö', 'oe').replaceAll('ü', 'ue'))
  add(base.replaceAll('ae', 'a').replaceAll('oe', 'o').replaceAll('ue', 'u'))
  // The index keeps ß.
  const sharp = plain(base.replaceAll('ss', 'ß'))
  if (sharp.includes('ß')) ways.add(sharp.slice(0, sharp.indexOf('ß') + 1))
  return [...ways]
}
