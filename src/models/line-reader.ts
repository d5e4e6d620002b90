import { FrameTooLong } from '../wire/frame.ts'

/** Takes text in any pieces and gives the complete lines that are not empty; null is the end, which completes the last one. */
export function lineReader(limit: number): (text: string | null) => string[] {
  let rest: string[] = []
  let length = 0
  return (text) => {
    const pieces = text === null ? ['', ''] : text.split('\n')
    const lines: string[] = []
    for (const [i, piece] of pieces.entries()) {
      if (i > 0) {
        const line = rest.join('').trim()
        if (line !== '') lines.push(line)
        rest = []
        length = 0
      }
      if (piece !== '') rest.push(piece)
      length += piece.length
      if (length > limit) throw new FrameTooLong(`a line of more than ${limit} characters`)
    }
    return lines
  }
}
