import { fitted, widthOf } from './width.ts'

/** As much of a stream as is written to. */
export type Sink = { write: (text: string) => unknown; isTTY?: boolean; columns?: number }

export type Screen = {
  /** What was said, exactly; a piece at a time. `styled` is the same with colours. */
  write: (text: string, styled?: string) => void
  /** A line of its own, beside what was said. */
  note: (line: string) => void
  /** The one line that is rewritten, below everything; null takes it away. Nothing where no line can be rewritten. */
  status: (text: string | null) => void
  /** Whether the last line of what was said is open. */
  open: () => boolean
  columns: () => number
}

export const isDumb = (env: NodeJS.ProcessEnv = process.env): boolean => env['TERM'] === 'dumb'

/**
 * `words` takes what was said, `notes` everything about it. Where both are terminals they are taken for the same one: the status line stands
 * below the words, and is gone before more of them come.
 */
export function screenOn({ words, notes, rewrites }: { words: Sink; notes: Sink; rewrites: boolean }): Screen {
  const same = words.isTTY === true && notes.isTTY === true
  const columns = () => (notes.isTTY ? notes.columns : words.columns) || 80
  let at = 0
  let shown: string | null = null
  let below = false
  const clear = () => {
    if (shown === null) return
    notes.write(below ? `\r\u001B[K\u001B[A\u001B[${(at % columns()) + 1}G` : '\r\u001B[K')
    shown = null
    below = false
  }
  return {
    write: (text, styled = text) => {
      if (text === '') return
      if (same) clear()
      words.write(styled)
      at = columnAfter(at, text)
    },
    note: (line) => {
      clear()
      if (same && at > 0) {
        notes.write('\n')
        at = 0
      }
      notes.write(`${line}\n`)
    },
    status: (text) => {
      if (!rewrites) return
      if (text === null) return clear()
      const line = fitted(text, columns() - 1)
      if (line === shown) return
      // Where a line is exactly full, the terminal itself does not know yet where the next character stands.
      if (same && at > 0 && at % columns() === 0) return clear()
      if (shown === null && same && at > 0) {
        notes.write('\n')
        below = true
      }
      notes.write(`\r\u001B[K${line}`)
      shown = line
    },
    open: () => at > 0,
    columns,
  }
}

function columnAfter(before: number, text: string): number {
  const end = text.lastIndexOf('\n')
  let at = end === -1 ? before : 0
  for (const part of text.slice(end + 1).split(/(\t)/))
    at = part === '\t' ? (Math.floor(at / 8) + 1) * 8 : at + widthOf(part)
  return at
}
