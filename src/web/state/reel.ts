import type { Turn } from './talk.ts'

/** Of a long conversation only the turns about the view are drawn: from `first` to `last`. */
export type Span = { first: number; last: number }
/** Where the first and the last of them begin and end, from the top of the view. */
export type Edges = { top: number; bottom: number }
/** How high a turn is: as it was when it was drawn, or about as high as its text makes it. */
export type HeightOf = (at: number) => number

/** Pure. The span that fills the view and `over` pixels above and below it; what is nearer than twice that and drawn already stays. */
export function spanAbout(
  now: Span,
  edges: Edges,
  view: number,
  over: number,
  heightOf: HeightOf,
  count: number,
): Span {
  let { first, last } = now
  let { top, bottom } = edges
  while (first > 0 && top > -over) top -= heightOf(--first)
  while (last < count - 1 && bottom < view + over) bottom += heightOf(++last)
  while (first < last && top + heightOf(first) < -2 * over) top += heightOf(first++)
  while (last > first && bottom - heightOf(last) > view + 2 * over) bottom -= heightOf(last--)
  return { first, last }
}

/** Pure. The newest turns, as many as fill `height`. */
export function spanAtEnd(height: number, heightOf: HeightOf, count: number): Span {
  let first = Math.max(0, count - 1)
  for (let room = height - heightOf(first); first > 0 && room > 0;) room -= heightOf(--first)
  return { first, last: count - 1 }
}

export type Piece = { turn: Turn } | { gap: readonly number[]; key: string; main: boolean }

/** Pure. What stands in the log, in order: turns that are drawn, and gaps in the place of others. Before the span there always is one. */
export function piecesOf(turns: readonly Turn[], { first, last }: Span, kept: ReadonlySet<string>): Piece[] {
  const pieces: Piece[] = []
  let gap: number[] = []
  const close = (main: boolean) => {
    if (main || gap.length > 0) pieces.push({ gap, main, key: main ? 'main' : `gap ${turns[gap[0]!]!.id}` })
    gap = []
  }
  for (const [i, turn] of turns.entries()) {
    if (i === first) close(true)
    if ((i < first || i > last) && !kept.has(turn.id)) gap.push(i)
    else {
      if (i !== first) close(false)
      pieces.push({ turn })
    }
  }
  close(false)
  return pieces
}

const guessed = new WeakMap<Turn, number>()

/** About as many pixels as a turn's text takes on a wide page. */
export function guessHeight(turn: Turn): number {
  const known = guessed.get(turn)
  if (known !== undefined) return known
  const said = Math.min(2400, turn.text?.length ?? 0)
  const guess = 150 + linesIn(turn.text?.slice(0, said) ?? '', 70) * 25 + linesIn(turn.answer?.text ?? '', 95) * 27
  guessed.set(turn, guess)
  return guess
}

function linesIn(text: string, wide: number): number {
  let lines = 0
  for (let at = 0; at < text.length;) {
    const end = text.indexOf('\n', at)
    const next = end < 0 ? text.length : end
    lines += Math.max(0.5, Math.ceil((next - at) / wide))
    at = next + 1
  }
  return lines
}
