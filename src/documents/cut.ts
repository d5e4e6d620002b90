import { structureOf, type Structure } from './structure.ts'

/** Lines `from` to `to` of a page, the first being 1, and where they lie in its UTF-8. */
export type Piece = { from: number; to: number; at: number; bytes: number; text: string; trail: string }

/** In characters; a token has about four. */
const ENOUGH = 600
const MOST = 1200
/** A section that is shorter is kept with what follows. */
const SHORT = 200
const OVERLAP = 160

/**
 * A page in passages of 200 to 300 tokens, cut where the text itself is: before headings, between paragraphs, before functions. Where a cut falls
 * within a section, the last lines before it are told in both. `text` has lines that end in \n alone.
 */
export function cut(text: string, path: string): Piece[] {
  const lines = text.split('\n')
  const structure = structureOf(lines, path)
  const places = placesOf(lines)
  const pieces: Piece[] = []
  let begin = 0
  while (begin < lines.length) {
    if (isBlank(lines[begin]!)) {
      begin++
      continue
    }
    const trail = structure.trailAt(begin)
    if (lines[begin]!.length > MOST) {
      pieces.push(...cutLine(lines[begin]!, begin, places[begin]!, trail))
      begin++
      continue
    }
    const end = endOf(lines, structure, begin)
    let last = end
    while (last > begin + 1 && isBlank(lines[last - 1]!)) last--
    const told = lines.slice(begin, last).join('\n')
    pieces.push({ from: begin + 1, to: last, at: places[begin]!, bytes: Buffer.byteLength(told), text: told, trail })
    begin = structure.isHeading(end) || structure.isPart(end) ? end : backFrom(lines, end, begin)
  }
  return pieces
}

function endOf(lines: readonly string[], structure: Structure, begin: number): number {
  let size = 0
  let best = -1
  for (let i = begin; i < lines.length; i++) {
    const line = lines[i]!
    if (i > begin) {
      if (structure.isHeading(i) && size >= SHORT) return i
      if (line.length > MOST) return i
      if (size >= ENOUGH && (isBlank(lines[i - 1]!) || structure.isPart(i))) best = i
      if (size + line.length > MOST) return best > begin ? best : i
    }
    size += line.length + 1
  }
  return lines.length
}

/** Where the next passage begins, so that a little of this one is told again. */
function backFrom(lines: readonly string[], end: number, begin: number): number {
  let from = end
  let size = 0
  while (from - 1 > begin && from > end - 3 && !isBlank(lines[from - 1]!)) {
    size += lines[from - 1]!.length
    if (size > OVERLAP) break
    from--
  }
  return end >= lines.length ? end : from
}

function cutLine(line: string, index: number, place: number, trail: string): Piece[] {
  const pieces: Piece[] = []
  let at = place
  for (let from = 0; from < line.length;) {
    const most = line.slice(from, from + MOST)
    const end = from + MOST >= line.length ? most.length : wordsEnd(most)
    const text = most.slice(0, end)
    const bytes = Buffer.byteLength(text)
    if (!isBlank(text)) pieces.push({ from: index + 1, to: index + 1, at, bytes, text, trail })
    at += bytes
    from += end
  }
  return pieces
}

/** After the last sentence, or else the last word, of the second half; never within a character of two units. */
function wordsEnd(text: string): number {
  const half = text.length / 2
  for (const mark of ['. ', ' ']) {
    const at = text.lastIndexOf(mark)
    if (at > half) return at + mark.length
  }
  return /[\ud800-\udbff]$/.test(text) ? text.length - 1 : text.length
}

function placesOf(lines: readonly string[]): number[] {
  const places: number[] = []
  let at = 0
  for (const line of lines) {
    places.push(at)
    at += Buffer.byteLength(line) + 1
  }
  return places
}

const isBlank = (line: string): boolean => line.trim() === ''
