import type { Token } from 'marked'
import { linksIn } from './links-in.ts'
import { feed, finish, NO_BLOCKS } from './blocks.ts'
import { newLexer, type Has } from './grammar.ts'
import { hardPart, MOST } from './hard.ts'

/** The numbers that a text cites, in order, each once: as it is drawn, so that code, links and what is too long to format cite nothing. */
export function citedIn(text: string, has?: Has): number[] {
  if (!/\[\d/.test(text)) return []
  const raws = finish(feed(NO_BLOCKS, text)).map(({ raw }) => raw)
  const links = linksIn(raws, has)
  const found = new Set<number>()
  for (const raw of raws) {
    if (!/\[\d/.test(raw) || raw.length > MOST || hardPart(raw) !== null) continue
    const lexer = newLexer(has)
    if (links !== null) Object.assign(lexer.tokens.links, links)
    walk(lexer.lex(raw), found)
  }
  return [...found]
}

/** Whatever holds other pieces of text: rows and cells of a table, items of a list. */
function walk(node: unknown, found: Set<number>): void {
  if (Array.isArray(node)) for (const each of node as unknown[]) walk(each, found)
  else if (typeof node === 'object' && node !== null) {
    const token = node as Token & { numbers?: readonly number[] }
    if (token.type === 'cite') for (const n of token.numbers ?? []) found.add(n)
    else for (const each of Object.values(node)) if (typeof each === 'object') walk(each, found)
  }
}
