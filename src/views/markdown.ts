// What others wrote, inside a Markdown document of ours: it can say anything, and change nothing around it.

/** On one line, as plain words: no markup, no line break, nothing that turns the reading direction. */
export function plainLine(text: string): string {
  return oneLine(text).replaceAll(/[\\`*_[\]<>#|~&]/g, '\\$&')
}

/** A block of code whose fence is longer than any inside. */
export function fenced(text: string, language = ''): string {
  const runs = text.match(/`{3,}/g) ?? []
  const fence = '`'.repeat(runs.reduce((most, run) => Math.max(most, run.length), 2) + 1)
  return `${fence}${language}\n${text.replace(/\n$/, '')}\n${fence}`
}

/** A code span on one line. */
export function inlineCode(text: string): string {
  const line = oneLine(text)
  const runs = line.match(/`+/g) ?? []
  const ticks = '`'.repeat(runs.reduce((most, run) => Math.max(most, run.length), 0) + 1)
  const pad = line === '' || line.startsWith('`') || line.endsWith('`') ? ' ' : ''
  return `${ticks}${pad}${line}${pad}${ticks}`
}

export const quoted = (text: string): string =>
  contained(text)
    .split('\n')
    .map((line) => (line === '' ? '>' : `> ${line}`))
    .join('\n')

/** Markdown as it was written, but that a fence left open is closed, and that HTML is shown instead of meant. */
export function contained(markdown: string): string {
  let fence: { mark: string; length: number } | null = null
  const lines = markdown.split(/\r\n?|\n/).map((line) => {
    const [, ticks = '', rest = ''] = /^ {0,3}(`{3,}|~{3,})(.*)$/.exec(line) ?? []
    if (fence !== null) {
      const closes = ticks !== '' && ticks.startsWith(fence.mark) && ticks.length >= fence.length && rest.trim() === ''
      if (closes) fence = null
      return line
    }
    if (ticks !== '' && !(ticks.startsWith('`') && rest.includes('`'))) {
      fence = { mark: ticks.charAt(0), length: ticks.length }
      return line
    }
    return withoutHtml(line)
  })
  const open = fence as { mark: string; length: number } | null // set in the callback, which the compiler can't see
  return open === null ? lines.join('\n') : [...lines, open.mark.repeat(open.length)].join('\n')
}

/** Code spans and addresses stay as they are. */
function withoutHtml(line: string): string {
  if (!line.includes('<')) return line
  return line.replaceAll(
    /(?<!`)(`+)(?!`).*?(?<!`)\1(?!`)|<(?:https?:\/\/|mailto:)[^\s<>]*>|<(?=[a-z/!?])/gi,
    (match) => (match === '<' ? '\\<' : match),
  )
}

const oneLine = (text: string): string =>
  text
    .replaceAll(/[\s\p{Cc}\u200b\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]+/gu, ' ')
    .trim()
    .slice(0, 300)
