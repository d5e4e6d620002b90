import type { Token } from './route-words.ts'
import { fold } from './route-words.ts'

const set = (words: string) => new Set(fold(words).split(' '))
const OPENERS = set(
  'and but or also now then again why so und aber oder auch nochmal jetzt warum wieso also y pero o tambien ahora ademas por et mais ou aussi maintenant pourquoi encore alors e ma anche ora perche mas en maar nu ok okay ja yes no nein oui si non what how sure really more less shorter longer continue go weiter mehr kurzer langer mas plus moins',
)
const POINTING = set(
  'it that this these those them they one ones same other others another else both instead there above previous last first second third es das dies diese diesen dieser dasselbe das gleiche andere anderen eso esto estos esa ese lo mismo otra otro cela ca ceci meme autre le la les those too either shorter longer simpler better again answer step part example examples weiter continue detail details sources quellen fuentes',
)

/**
 * How much a message leans on the one before: 0 for one that stands for itself, about 4 for "and in Python?". `known` is the share of its
 * words that say something by themselves.
 */
export function leaning(words: readonly Token[], known: number): number {
  const plain = words.filter(({ word }) => !word.startsWith('#'))
  if (plain.length === 0) return 2
  const brief = plain.length <= 3 ? 1 : plain.length <= 6 ? 0.7 : plain.length <= 10 ? 0.35 : 0
  const opens = OPENERS.has(plain[0]!.word) ? 1 : 0
  const points = plain.some(({ word }) => POINTING.has(word)) ? 1 : 0
  return 0.3 + brief * (1 + 1.6 * opens + 1.2 * points) + 0.5 * (1 - known)
}
