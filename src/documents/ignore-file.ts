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
    for (const { pattern, back, foldersOnly } of rules)
      if ((isFolder || !foldersOnly) && pattern.test(path)) ignored = !back
    return ignored
  }
}

function ruleOf(line: string): { pattern: RegExp; back: boolean; foldersOnly: boolean } | null {
  const back = line.startsWith('!')
  let glob = back ? line.slice(1) : line.replace(/^\\(?=[!#])/, '')
  const foldersOnly = glob.endsWith('/')
  if (foldersOnly) glob = glob.slice(0, -1)
  // A slash that is not the last ties the rule to the folder of the file.
  const anchored = glob.includes('/')
  glob = glob.replace(/^\//, '')
  let source = ''
  for (let i = 0; i < glob.length; i++) {
    const sign = glob[i]!
    if (glob.startsWith('**/', i)) {
      source += '(?:[^/]+/)*'
      i += 2
    } else if (glob.startsWith('**', i)) {
      source += '.*'
      i += 1
    } else if (sign === '*') source += '[^/]*'
    else if (sign === '?') source += '[^/]'
    else if (sign === '[' && glob.indexOf(']', i + 2) > 0) {
      const end = glob.indexOf(']', i + 2)
      source += `[${glob
        .slice(i + 1, end)
        .replace(/^!/, '^')
        .replaceAll(/[\\[]/g, '\\$&')}]`
      i = end
    } else if (sign === '\\' && i + 1 < glob.length) source += glob[++i]!.replace(/[^\w]/, '\\$&')
    else source += sign.replace(/[.+^${}()|[\]\\/]/, '\\$&')
  }
  try {
    return { pattern: new RegExp(`^${anchored ? '' : '(?:.*/)?'}${source}$`), back, foldersOnly }
  } catch {
    return null
  }
}
