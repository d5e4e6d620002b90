import { say } from '../words/say.ts'

/**
 * What of an answer can be read aloud beyond `from`: whole sentences and paragraphs, without their marks. `to` is how far that goes. Code
 * is told to be there, and waited for until it is whole.
 */
export function newSentences(text: string, from: number, whole: boolean): { words: string; to: number } {
  const to = whole ? text.length : lastEnd(text, from)
  return { words: to <= from ? '' : spokenText(text.slice(from, to)), to: Math.max(from, to) }
}

const FENCE = /^ {0,3}(?:```|~~~)/gm
const END = /[.!?…]["'”’)\]*_]*\s+|\n\s*\n/g

function lastEnd(text: string, from: number): number {
  const fences = [...text.matchAll(FENCE)]
  const open = fences.length % 2 === 1 ? fences.at(-1)!.index : text.length
  const ends = [...text.slice(from, Math.max(from, open)).matchAll(END)]
  const last = ends.at(-1)
  return last === undefined ? from : from + last.index + last[0].length
}

export const spokenText = (markdown: string): string =>
  markdown
    .replaceAll(/^ {0,3}(```|~~~)[^\n]*\n[^]*?(?:^ {0,3}\1[^\n]*$|$(?![^]))/gm, () => say('A block of code.'))
    .replaceAll(/!?\[([^\]]*)\]\([^)\s]*\)/g, '$1')
    .replaceAll(/^\s{0,3}(?:#{1,6}|[-*+>])\s+/gm, '')
    .replaceAll(/^\s*\|?[\s:|-]+\|\s*$/gm, '')
    .replaceAll(/\*\*|__|`/g, '')
    .replaceAll(/(?<![\p{L}\d*])([*_])(?=\S)([^*_\n]+?)\1(?![\p{L}\d*])/gu, '$2')
    .replaceAll('|', ' ')
    .replaceAll(/\s+/g, ' ')
    .trim()
