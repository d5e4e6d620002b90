import { fits, type Token } from '../path-pattern.ts'
import { PathRefused } from './confined.ts'

/** Whether a whole path, relative and with `/`, fits. */
export type Glob = (path: string) => boolean

const MOST_CHARS = 500
/** Into so many patterns without braces one with braces may be told apart. */
const MOST_WAYS = 64

/**
 * A pattern as of a shell, over whole paths: `*` and `?` within a name, `**` over folders, `{a,b}`, `[abc]`. However it is written, looking
 * takes no longer than the length of the path times that of the pattern: a regular expression of many stars could take for ever.
 */
export function globOf(pattern: string): Glob {
  if (pattern.length > MOST_CHARS) throw new PathRefused('That pattern is too long.')
  const ways = withoutBraces(pattern).map(tokensOf)
  return (path) => ways.some((tokens) => fits(tokens, path))
}

/** `a{b,c}` is `ab` and `ac`. */
function withoutBraces(pattern: string): string[] {
  const done: string[] = []
  const todo = [pattern]
  for (let way = todo.pop(); way !== undefined; way = todo.pop()) {
    const braces = firstBraces(way)
    if (braces === null) done.push(way)
    else {
      const { from, to, parts } = braces
      for (const part of parts.toReversed()) todo.push(way.slice(0, from) + part + way.slice(to))
    }
    if (done.length + todo.length > MOST_WAYS) throw new PathRefused('There are too many braces in that pattern.')
  }
  return done
}

function firstBraces(pattern: string): { from: number; to: number; parts: string[] } | null {
  const from = pattern.indexOf('{')
  if (from === -1) return null
  const parts: string[] = []
  let [depth, begin] = [0, from + 1]
  for (let i = from; i < pattern.length; i++) {
    const sign = pattern[i]
    if (sign === '{') depth++
    else if (sign === '}') depth--
    if ((sign === ',' && depth === 1) || depth === 0) {
      parts.push(pattern.slice(begin, i))
      begin = i + 1
    }
    if (depth === 0) return { from, to: i + 1, parts }
  }
  throw new PathRefused('A { in that pattern is not closed.')
}

function tokensOf(pattern: string): Token[] {
  const tokens: Token[] = []
  for (let i = 0; i < pattern.length; i++) {
    const sign = String.fromCodePoint(pattern.codePointAt(i)!)
    const end = sign === '[' ? pattern.indexOf(']', i + 2) : -1
    if (pattern.startsWith('**/', i)) {
      tokens.push({ takes: 'folders' })
      i += 2
    } else if (pattern.startsWith('**', i)) {
      tokens.push({ takes: 'all' })
      i += 1
    } else if (sign === '*') tokens.push({ takes: 'name' })
    else if (sign === '?') tokens.push({ takes: 'one', is: /^[^/]$/u })
    else if (end !== -1) {
      tokens.push({ takes: 'one', is: amongOf(pattern.slice(i + 1, end)) })
      i = end
    } else {
      tokens.push({ takes: 'one', is: new RegExp(`^${RegExp.escape(sign)}$`, 'u') })
      i += sign.length - 1
    }
  }
  return tokens
}

function amongOf(signs: string): RegExp {
  try {
    return new RegExp(`^(?!/)[${signs.replaceAll(/[\\[]/g, '\\$&').replace(/^!/, '^')}]$`, 'u')
  } catch {
    throw new PathRefused('That is no pattern that can be read.')
  }
}
