import { estimateTokens } from './estimate.ts'

/** A piece of a passage that is shorter than this, in tokens, says nothing. */
const LEAST = 40
const CUT = '  (cut here)'
/** Words are compared by so many letters: enough to tell them apart, and not by their endings. */
const LETTERS = 4
const SHORT = 3

/**
 * So many lines of a passage as there is room for, those in which most of the words stand that were asked; its first line, which names it, and
 * where it is cut. Null where that is too little to say anything.
 */
export function pieceOf(text: string, room: number, asked: string): string | null {
  const [name = '', ...lines] = text.split('\n')
  const free = room - estimateTokens(name) - 2 * estimateTokens(CUT) - 3
  if (free < LEAST) return null
  const words = wordsOf(asked.slice(0, 4000))
  const costs = lines.map((line) => estimateTokens(line) + 1)
  const windows = lines.flatMap((_, from) => {
    const seen = new Set<string>()
    let [to, used] = [from, 0]
    for (; to < lines.length && used + costs[to]! <= free; to++) {
      used += costs[to]!
      for (const word of wordsOf(lines[to]!)) if (words.has(word)) seen.add(word)
    }
    return to === from ? [] : [{ from, to, hits: seen.size }]
  })
  const best = middle(windows)
  // Not even one line fits, such as of a text without any ends of lines.
  if (best === null) return [name, within(lines[0] ?? '', free), CUT].join('\n')
  return [
    name,
    ...(best.from > 0 ? [CUT] : []),
    ...lines.slice(best.from, best.to),
    ...(best.to < lines.length ? [CUT] : []),
  ].join('\n')
}

/** The first of those with most hits, with about as much before what is hit as after it; the beginning where nothing is. */
function middle<W extends { hits: number }>(windows: readonly W[]): W | null {
  const most = Math.max(0, ...windows.map(({ hits }) => hits))
  const first = windows.findIndex(({ hits }) => hits === most)
  if (most === 0 || first === -1) return windows[0] ?? null
  const after = windows.findIndex(({ hits }, i) => i > first && hits < most)
  return windows[Math.floor((first + (after === -1 ? windows.length : after) - 1) / 2)] ?? null
}

const wordsOf = (text: string): Set<string> =>
  new Set(
    (text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []).flatMap((word) =>
      word.length > SHORT ? [word.slice(0, LETTERS)] : [],
    ),
  )

/** The beginning of a line, to the end of a word. */
function within(line: string, tokens: number): string {
  const head = line.slice(0, Math.floor(((line.length * tokens) / estimateTokens(line)) * 0.95))
  return head.slice(0, head.lastIndexOf(' ') > 0 ? head.lastIndexOf(' ') : undefined)
}
