import { graphemes, isWide, widthOf } from './width.ts'

export type Style = { bold: (text: string) => string; code: (text: string) => string; words: (text: string) => string }
export type Piece = { text: string; styled: string }
export type Prose = {
  push: (text: string) => Piece
  /** What is held back, and everything begun is over. */ end: () => Piece
}

const FENCE = /^(?:`{3,}|~{3,})/
const LIST = /^(?:[-*+]|\d{1,9}[.)])$/
const LONGEST = 200

/**
 * Lays words out as they come: lines end between words, lists and quotes keep their indent, code and tables stay as they are. Markdown is only
 * coloured: every character of it is there. A word is held until it is whole.
 */
export function prose(columns: () => number, style: Style): Prose {
  let [out, styled] = ['', '']
  let word = ''
  let spaces = 0
  let at = 0
  let indent = 0
  let fence: string | null = null
  // The fence that the line began within.
  let within: string | null = null
  let line = ''
  let kind: 'start' | 'words' | 'heading' | 'raw' = 'start'
  let [bold, code] = [false, false]

  const put = (text: string, painted = text) => {
    out += text
    styled += painted
    at += widthOf(text)
  }
  const newLine = () => {
    out += '\n'
    styled += '\n'
    at = 0
  }
  const inline = (text: string): string => {
    if (kind === 'heading') return style.bold(text)
    return text
      .split(/(\*\*|`+)/)
      .map((part) => {
        if (part === '') return ''
        if (part.startsWith('`')) {
          code = !code
          return style.code(part)
        }
        if (code) return style.code(part)
        if (part === '**') {
          bold = !bold
          return style.bold(part)
        }
        return bold ? style.bold(part) : style.words(part)
      })
      .join('')
  }
  /** The first word of a line says what line it is. */
  const begin = () => {
    indent = Math.min(spaces, 12)
    kind = 'words'
    if (FENCE.test(word)) {
      fence = FENCE.exec(word)?.[0] ?? null
      kind = 'raw'
    } else if (word.startsWith('|')) kind = 'raw'
    else if (/^#{1,6}$/.test(word)) kind = 'heading'
    else if (LIST.test(word) || word === '>') indent += widthOf(word) + 1
  }
  const flush = () => {
    if (word === '') return
    if (kind === 'start') begin()
    const most = Math.max(8, columns() - 1)
    const wide = widthOf(word)
    const room = most - at - spaces
    if (kind === 'raw' || wide <= room) put(' '.repeat(spaces) + word, ' '.repeat(spaces) + painted(word))
    else {
      const deep = Math.min(indent, Math.floor(most / 2))
      if (at > deep) {
        newLine()
        put(' '.repeat(deep))
      }
      if (wide <= most - at) put(word, painted(word))
      else
        for (const sign of graphemes(word)) {
          if (at + widthOf(sign) > most) {
            newLine()
            put(' '.repeat(deep))
          }
          put(sign, painted(sign))
        }
    }
    word = ''
    spaces = 0
  }
  const painted = (text: string): string => (kind === 'raw' ? style.code(text) : inline(text))
  const lineEnd = () => {
    flush()
    // A fence closes what a fence has opened; what is between them is code, whatever it looks like.
    if (within !== null && line.trim() === within) fence = null
    within = fence
    line = ''
    newLine()
    spaces = 0
    kind = fence === null ? 'start' : 'raw'
    bold = false
    code = false
  }
  const take = (char: string) => {
    if (char === '\n') return lineEnd()
    if (line.length < LONGEST) line += char
    if (char === ' ' || char === '\t') {
      flush()
      spaces += char === ' ' ? 1 : 8 - ((at + spaces) % 8)
      return
    }
    // Scripts without spaces end a line between any two signs.
    const joins = /[\u200D\p{Regional_Indicator}]$/u.test(word) || /\p{Emoji_Modifier}/u.test(char)
    if (word !== '' && isWide(char) && !joins) flush()
    word += char
    if (word.length >= LONGEST) flush()
  }
  const given = (): Piece => {
    const piece = { text: out, styled }
    out = ''
    styled = ''
    return piece
  }
  return {
    push: (text) => {
      for (const char of text) take(char)
      return given()
    },
    end: () => {
      flush()
      fence = null
      within = null
      kind = 'start'
      line = ''
      spaces = 0
      bold = false
      code = false
      return given()
    },
  }
}
