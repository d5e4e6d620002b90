import { createInterface } from 'node:readline/promises'

export const say = (line: string): void => console.log(line)

const paint = (code: number) => (text: string) =>
  process.stdout.isTTY && !process.env['NO_COLOR'] && process.env['TERM'] !== 'dumb'
    ? `\u001B[${code}m${text}\u001B[0m`
    : text
export const green = paint(32)
export const red = paint(31)
export const yellow = paint(33)
export const cyan = paint(36)
export const grey = paint(90)
export const bold = paint(1)

/** What a program may read: one document, on standard output, and nothing else there. */
export const sayJson = (value: unknown): void => say(JSON.stringify(value, null, 2))

export type Line = {
  /** Shows how far something has come, in place of what it showed before; where lines can't be rewritten, at most one a second. */
  show: (text: string) => void
  /** Leaves the terminal as if it had never been there. */
  clear: () => void
}

export function progressLine(): Line {
  const { stdout } = process
  let shown = false
  let last = -Infinity
  return {
    show: (text) => {
      if (stdout.isTTY) {
        stdout.write(`\r\u001B[K${text.slice(0, (stdout.columns || 80) - 1)}`)
        shown = true
      } else if (performance.now() - last >= 990) {
        last = performance.now()
        say(text)
      }
    },
    clear: () => {
      if (shown) stdout.write('\r\u001B[K')
      shown = false
    },
  }
}

/** Whether the person at the terminal agrees; without a terminal nobody does. */
export async function agreed(question: string): Promise<boolean> {
  if (!process.stdin.isTTY || !process.stdout.isTTY) return false
  const lines = createInterface({ input: process.stdin, output: process.stdout })
  try {
    return /^y(es)?$/i.test((await lines.question(`${question} [y/N] `)).trim())
  } finally {
    lines.close()
  }
}

/** Columns that stand below one another; the last one may be as long as it likes. */
export function table(rows: readonly (readonly string[])[], indent = ''): string[] {
  const wide = (rows[0] ?? []).map((_, i) => Math.max(...rows.map((row) => bare(row[i] ?? '').length)))
  return rows.map((row) =>
    `${indent}${row.map((cell, i) => cell + ' '.repeat((wide[i] ?? 0) - bare(cell).length)).join('  ')}`.trimEnd(),
  )
}

// oxlint-disable-next-line no-control-regex -- colours begin with it
const bare = (text: string) => text.replaceAll(/\u001B\[\d+m/g, '')
