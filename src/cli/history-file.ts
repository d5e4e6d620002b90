import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { writeWhole } from '../services/whole-file.ts'

const MOST_LINES = 500
const MOST_CHARACTERS = 4000

/** Lines that were typed, the newest first; kept in a file that only its owner reads. What can't be kept is no failure. */
export function openHistory(home: string): { lines: () => string[]; add: (line: string) => void } {
  const path = join(home, 'chat-history')
  const read = (): string[] => {
    try {
      return readFileSync(path, 'utf8')
        .split('\n')
        .filter((line) => line !== '')
    } catch {
      return []
    }
  }
  let lines = read()
  return {
    lines: () => lines,
    add: (line) => {
      if (line.trim() === '' || line.length > MOST_CHARACTERS || line === lines[0]) return
      // Another terminal may have added to it.
      lines = [line, ...read().filter((one) => one !== line)].slice(0, MOST_LINES)
      try {
        writeWhole(path, `${lines.join('\n')}\n`)
      } catch {
        // It is there until the end of this chat.
      }
    },
  }
}
