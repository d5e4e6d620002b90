import { Transform } from 'node:stream'
import type { ReadStream } from 'node:tty'
import { clean } from './clean.ts'

export const PASTES_ON = '\u001B[?2004h'
export const PASTES_OFF = '\u001B[?2004l'
const BEGIN = '\u001B[200~'
const END = '\u001B[201~'
const MOST = 1_000_000

export type Keys = Transform & {
  setRawMode: (raw: boolean) => void
  /** A line with what was pasted in the place of its marks. */ whole: (line: string) => string
}

/**
 * What is typed, as it is. What is pasted within a terminal's brackets can't press a key: one line comes as words, several come as one mark that
 * stands for them.
 */
export function keysOf(stdin: ReadStream): Keys {
  const pasted: string[] = []
  let pasting: string | null = null
  let half = ''
  const insert = (text: string): string => {
    const words = clean(text.replaceAll(/\r\n?/g, '\n'))
    if (!words.trimEnd().includes('\n')) return words.replaceAll(/\s/g, ' ')
    pasted.push(words)
    return `[pasted ${pasted.length}: ${words.trimEnd().split('\n').length} lines] `
  }
  const keys = new Transform({
    decodeStrings: false,
    encoding: 'utf8',
    transform: (chunk: string, _, done) => {
      let text = half + chunk
      half = ''
      let typed = ''
      for (;;) {
        const mark = pasting === null ? BEGIN : END
        const at = text.indexOf(mark)
        if (at === -1) break
        if (pasting === null) {
          typed += text.slice(0, at)
          pasting = ''
        } else {
          typed += insert(pasting + text.slice(0, at))
          pasting = null
        }
        text = text.slice(at + mark.length)
      }
      // A mark may come in two pieces; a lone ESC is a key.
      const mark = pasting === null ? BEGIN : END
      for (let n = mark.length - 1; n >= 2 && half === ''; n -= 1)
        if (text.endsWith(mark.slice(0, n))) half = text.slice(-n)
      if (half !== '') text = text.slice(0, -half.length)
      if (pasting === null) typed += text
      else pasting = (pasting + text).slice(0, MOST)
      done(null, typed === '' ? undefined : typed)
    },
  }) as Keys
  keys.setRawMode = (raw) => void stdin.setRawMode(raw)
  keys.whole = (line) =>
    line.replaceAll(/\[pasted (\d+): \d+ lines\] ?/g, (mark, nth: string) => pasted[Number(nth) - 1] ?? mark)
  stdin.setEncoding('utf8')
  stdin.pipe(keys)
  return keys
}
