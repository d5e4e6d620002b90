import { Lexer, Marked, type Token, type TokenizerAndRendererExtension, type Tokens } from 'marked'
import { safeLink } from './links.ts'

export type MathToken = { type: 'math' | 'mathBlock'; raw: string; tex: string; display: boolean }
export type NoteToken = { type: 'note'; raw: string; name: string; tokens: Tokens.Generic[] }
export type NoteRefToken = { type: 'noteRef'; raw: string; name: string }
/** Numbers in square brackets, which may be those of passages that the answer rests on. */
export type CiteToken = { type: 'cite'; raw: string; numbers: readonly number[] }
/** A line that gives the number of a passage another address. */
export type CiteDefToken = { type: 'citeDef'; raw: string; tokens: Token[] }
/** What is added to GitHub's Markdown: maths, footnotes and citations. */
export type Added = MathToken | NoteToken | NoteRefToken | CiteToken | CiteDefToken

// No blank line within: a formula that was never closed ends where its paragraph does.
const BLOCK = [
  /^ {0,3}\$\$((?:(?!\$\$|\n[ \t]*\n)[^])+)\$\$[ \t]*(?:\n|$)/,
  /^ {0,3}\\\[((?:(?!\\\]|\n[ \t]*\n)[^])+)\\\][ \t]*(?:\n|$)/,
]
const OPENS = /^(?:[ \t]*\n)* {0,3}(?:\$\$|\\\[)/
const INLINE: readonly [RegExp, display: boolean][] = [
  [/^\$\$((?:(?!\$\$|\n[ \t]*\n)[^]){1,4000})\$\$/, true],
  [/^\\\[((?:(?!\\\]|\n[ \t]*\n)[^]){1,4000})\\\]/, true],
  [/^\\\(((?:(?!\\\)|\n[ \t]*\n)[^]){1,4000})\\\)/, false],
  // As in Pandoc: no space inside the dollars, and no letter or digit after them, so that $5 and $10 stay money.
  [/^\$((?![\s$])(?:\\[^\n]|(?!\n[ \t]*\n)[^\\$`]){1,2000})\$(?![\w$])/, false],
]
/** "$5 or 10$" is two prices; "$5 x$" and "$2 \cdot 3$" are not. */
const MONEY = /^\d[\d.,]*(?:\s+[A-Za-z]{2}|\s*(?:-|–|to|and|or)\s*$)/

const mathBlock: TokenizerAndRendererExtension = {
  name: 'mathBlock',
  level: 'block',
  start: (text) => startOf(text, /\n {0,3}(?:\$\$|\\\[)/),
  tokenizer(text) {
    for (const rule of BLOCK) {
      const [raw, tex] = rule.exec(text) ?? []
      if (raw !== undefined && tex?.trim()) return { type: 'mathBlock', raw, tex: tex.trim(), display: true }
    }
    return undefined
  },
}

const math: TokenizerAndRendererExtension = {
  name: 'math',
  level: 'inline',
  start: (text) => startOf(text, /\$|\\[([]/, 0),
  tokenizer(text) {
    for (const [rule, display] of INLINE) {
      const [raw, tex] = rule.exec(text) ?? []
      if (raw === undefined || !tex?.trim()) continue
      if (rule === INLINE[3]![0] && (/\s$/.test(tex) || MONEY.test(tex))) return undefined
      return { type: 'math', raw, tex: tex.trim(), display }
    }
    return undefined
  },
}

const NOTE =
  /^ {0,3}\[\^([^\]\s]{1,60})\]:[ \t]*([^\n]*(?:\n(?!\s*\[\^[^\]\s]{1,60}\]:)(?:(?: {2,}|\t)[^\n]+|(?=\n(?: {2,}|\t)\S)))*)(?:\n|$)/
const note: TokenizerAndRendererExtension = {
  name: 'note',
  level: 'block',
  start: (text) => startOf(text, /\n {0,3}\[\^/),
  tokenizer(text) {
    const [raw, name, body] = NOTE.exec(text) ?? []
    if (raw === undefined || name === undefined) return undefined
    const tokens = this.lexer.blockTokens((body ?? '').replaceAll(/\n(?: {2,4}|\t)/g, '\n'), [])
    return { type: 'note', raw, name, tokens }
  },
}

const noteRef: TokenizerAndRendererExtension = {
  name: 'noteRef',
  level: 'inline',
  start: (text) => startOf(text, /\[\^/, 0),
  tokenizer(text) {
    const [raw, name] = /^\[\^([^\]\s]{1,60})\](?!\()/.exec(text) ?? []
    return raw === undefined ? undefined : { type: 'noteRef', raw, name }
  },
}

const cite: TokenizerAndRendererExtension = {
  name: 'cite',
  level: 'inline',
  start: (text) => startOf(text, /\[\d/, 0),
  tokenizer(text) {
    const [raw, list] = /^\[(\d{1,3}(?:[ \t]?[,;][ \t]?\d{1,3}){0,9})\](?!\()/.exec(text) ?? []
    if (raw === undefined || list === undefined || this.lexer.state.inLink) return undefined
    // A link by reference is one, also where its reference is a number. What leads nowhere is a list of sources: [1]: notes.md
    const [, next = list] = /^\[([^\]]{1,100})\]/.exec(text.slice(raw.length)) ?? []
    const { links } = this.lexer.tokens
    const isLink = (name: string) => safeLink(links[name.toLowerCase()]?.href ?? '') !== null
    if (isLink(list) || isLink(next)) return undefined
    return { type: 'cite', raw, numbers: list.split(/[,;]/).map(Number) }
  },
}

/** An address that a model gives to the number of a passage: the number stays the passage's, and the address is a text that is seen. */
const citeDef: TokenizerAndRendererExtension = {
  name: 'citeDef',
  level: 'block',
  tokenizer(text) {
    const [raw, n, href = ''] = /^ {0,3}\[(\d{1,3})\]:[ \t]*\n?[ \t]*<?([^\s<>]+)[^\n]*(?:\n|$)/.exec(text) ?? []
    if (raw === undefined || passages.get(this.lexer)?.(Number(n)) !== true) return undefined
    // What leads nowhere is a list of files, and stands below the answer already.
    if (safeLink(href) === null) return undefined
    return { type: 'citeDef', raw, tokens: this.lexer.inline(raw.trim(), []) }
  },
}

const { defaults } = new Marked({ extensions: [mathBlock, math, note, noteRef, cite, citeDef] })

/** Whether a passage has that number. */
export type Has = (n: number) => boolean
const passages = new WeakMap<object, Has>()

/** Where the answer was given passages (`has`), their numbers are no links of its own. */
export function newLexer(has?: Has): Lexer {
  const lexer = new Lexer(defaults)
  if (has !== undefined) passages.set(lexer, has)
  return lexer
}

/** Whether a formula begins here whose end may still come: what looks like a list in it is none. */
export function openMaths(text: string): boolean {
  const opening = OPENS.exec(text)?.[0]
  if (opening === undefined) return false
  const rest = text.slice(opening.length)
  return !rest.includes(opening.endsWith('$$') ? '$$' : '\\]') && !/\n[ \t]*\n/.test(rest)
}

function startOf(text: string, what: RegExp, offset = 1): number | undefined {
  const at = text.search(what)
  return at === -1 ? undefined : at + offset
}
