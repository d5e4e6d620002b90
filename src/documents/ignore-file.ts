import { fits, type Token } from '../path-pattern.ts'

/** Whether a .gitignore leaves something out, by its path relative to where that file stands. */
export type Ignored = (path: string, isFolder: boolean) => boolean

const MOST_RULES = 1000

/** What git reads in such a file, but for the rarest: `!`, `/` at either end, `*`, `?`, `**` and `[abc]`. The last rule that fits decides. */
export function ignoredBy(text: string): Ignored {
  const rules = text
    .split(/\r?\n/)
    .map((line) => line.replace(/(?<!\\)\s+$/, ''))
    .filter((line) => line !== '' && !line.startsWith('#') && line.length < 300)
    .slice(0, MOST_RULES)
    .flatMap((line) => ruleOf(line) ?? [])
  return (path, isFolder) => {
    let ignored = false
    for (const { fits, back, foldersOnly } of rules) if ((isFolder || !foldersOnly) && fits(path)) ignored = !back
    return ignored
  }
}

type Rule = { fits: (path: string) => boolean; back: boolean; foldersOnly: boolean }

function ruleOf(line: string): Rule | null {
  const back = line.startsWith('!')
  let glob = back ? line.slice(1) : line.replace(/^\\(?=[!#])/, '')
  const foldersOnly = glob.endsWith('/')
  if (foldersOnly) glob = glob.slice(0, -1)
  // A slash that is not the last ties the rule to the folder of the file.
  const anchored = glob.includes('/')
  glob = glob.replace(/^\//, '')
  const tokens: Token[] = anchored ? [] : [{ takes: 'folders' }]
  try {
    for (let i = 0; i < glob.length; i++) {
      const sign = glob[i]!
      if (glob.startsWith('**/', i)) {
        tokens.push({ takes: 'folders' })
        i += 2
      } else if (glob.startsWith('**', i)) {
        tokens.push({ takes: 'all' })
        i += 1
      } else if (sign === '*') tokens.push({ takes: 'name' })
      else if (sign === '?') tokens.push({ takes: 'one', is: /^[^/]$/ })
      else if (sign === '[' && glob.indexOf(']', i + 2) > 0) {
        const end = glob.indexOf(']', i + 2)
        const among = glob.slice(i + 1, end).replace(/^!/, '^').replaceAll(/[\\[]/g, '\\$&') // prettier-ignore
        tokens.push({ takes: 'one', is: new RegExp(`^[${among}]$`) })
        i = end
      } else tokens.push(literal(sign === '\\' && i + 1 < glob.length ? glob[++i]! : sign))
    }
  } catch {
    return null
  }
  return { fits: matcher(tokens), back, foldersOnly }
}

const literal = (sign: string): Token => ({ takes: 'one', is: new RegExp(`^${RegExp.escape(sign)}$`) })

const SOURCE = { name: '[^/]*', all: '.*', folders: '(?:.*/)?' } as const
/** A pattern with more than this that takes whatever there is could be tried in so many ways that it never ends. */
const FEW = 2

function matcher(tokens: readonly Token[]): (path: string) => boolean {
  if (tokens.filter(({ takes }) => takes !== 'one').length > FEW) return (path) => fits(tokens, path.split(''))
  const source = tokens.map((token) => (token.takes === 'one' ? token.is.source.slice(1, -1) : SOURCE[token.takes]))
  const pattern = new RegExp(`^${source.join('')}$`, 's')
  return (path) => pattern.test(path)
}
