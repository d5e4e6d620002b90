import type { Message } from '../wire/message.ts'

/** More of a long message says no more of what it is about. */
const [HEAD, TAIL] = [1500, 500]
const BEFORE = 500
/** So few words seldom say what they are about, and so many with a word such as "it" may not. */
const [FEW, SOME] = [4, 14]
const POINTS =
  /(?<![\p{L}\p{N}])(?:it|its|that|this|they|them|those|these|he|she|him|her|es|das|dies\p{L}*|sie|er|ihn|ihm|ihr\p{L}*|dav[oa]n|dar[aiu]\p{L}+|daf[uü]r|dazu|damit|wieso|warum|why)(?![\p{L}\p{N}])/iu

/** What is looked up for a message: its words, with those of the one before it where it is short or points back. */
export function queryOf(text: string, said: readonly Pick<Message, 'role' | 'text'>[]): string {
  const asked = text.length <= HEAD + TAIL ? text : `${text.slice(0, HEAD)}\n${text.slice(-TAIL)}`.toWellFormed()
  const words = asked.match(/[\p{L}\p{N}]+/gu)?.length ?? 0
  if (words >= FEW && (words > SOME || !POINTS.test(asked))) return asked
  const last = said.findLast(({ role }) => role === 'user')
  return last === undefined ? asked : `${asked}\n${last.text.slice(0, BEFORE).toWellFormed()}`
}
