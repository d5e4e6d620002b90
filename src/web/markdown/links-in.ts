import type { Links } from 'marked'
import { newLexer, type Has } from './grammar.ts'
import { hardPart } from './hard.ts'

/** The reference definitions in these texts, or null if there are none. */
export function linksIn(raws: readonly string[], has?: Has): Links | null {
  const with_ = raws.filter((raw) => /^ {0,3}\[[^\]\n]+\]:/m.test(raw))
  if (with_.length === 0) return null
  const lexer = newLexer(has)
  lexer.blockTokens(with_.filter((raw) => hardPart(raw) === null).join('\n\n'), [])
  const { links } = lexer.tokens
  return Object.keys(links).length === 0 ? null : links
}
