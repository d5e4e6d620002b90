import { flushSync } from 'react-dom'
import { guessHeight, spanAbout, spanAtEnd, type Piece, type Span } from '../state/reel.ts'
import type { Turn } from '../state/talk.ts'
import { anchorIn, placeIn, type Anchor } from './anchor.ts'

/** So many heights of the view are drawn above and below it. */
const OVER = 1.5
/** Earlier turns are read when what is drawn or could be begins nearer than so many heights of the view. */
const AHEAD = 12
/** Turns in which something was opened or pressed stay drawn, the last few of them. */
const TOUCHED = 12
const RESTING_MS = 150

export type Drawn = { span: Span; kept: ReadonlySet<string> }

/**
 * Draws of a long conversation what is about the view, and keeps what is read where it is. The gap above what is drawn takes in whatever a
 * turn's height turns out to be, so that the view itself is scrolled only by the reader; the gap is put right when nothing moves, or before
 * its end is reached.
 */
export class Reel {
  readonly #view: HTMLElement
  readonly #draw: (drawn: Drawn) => void
  readonly #held: () => boolean
  readonly #more: () => void
  readonly #rows = new Map<string, HTMLElement>()
  readonly #heights = new Map<string, number>()
  readonly #sizes: ResizeObserver
  readonly #stop = new AbortController()
  #turns: readonly Turn[] = []
  #places = new Map<string, number>()
  #drawn: Drawn = { span: { first: 0, last: -1 }, kept: new Set() }
  #gap: HTMLElement | null = null
  #gapHeight = 0
  #anchor: Anchor | null = null
  #touched: string[] = []
  /** What was measured, and what had been guessed of the same. */
  #sums = { measured: 0, guessed: 0 }
  #moved = -Infinity
  #wide = 0
  #frame = 0

  constructor(deps: {
    view: HTMLElement
    draw: (drawn: Drawn) => void
    /** Whether the view is held at its end. */
    held: () => boolean
    /** Reads earlier turns, if there are any and they are not being read. */
    more: () => void
  }) {
    this.#view = deps.view
    this.#draw = deps.draw
    this.#held = deps.held
    this.#more = deps.more
    this.#sizes = new ResizeObserver((entries) => this.#measured(entries))
  }

  open(): void {
    this.#sizes.observe(this.#view)
    const on = { signal: this.#stop.signal, passive: true }
    this.#view.addEventListener('scroll', () => this.#scrolled(), on)
    this.#view.addEventListener('scrollend', () => this.#rested(), on)
    for (const event of ['click', 'input']) this.#view.addEventListener(event, (e) => this.#touch(e.target), on)
    // By the time that a key has moved the focus, what is next must be there for the next key.
    this.#view.addEventListener('focusin', () => queueMicrotask(() => this.#look(true)), on)
    document.addEventListener('selectionchange', () => this.#later(), on)
  }

  close(): void {
    this.#stop.abort()
    this.#sizes.disconnect()
    cancelAnimationFrame(this.#frame)
  }

  /** The turns there are now; answers with what is to be drawn of them. */
  take(turns: readonly Turn[]): Drawn {
    if (turns === this.#turns) return this.#drawn
    const { span } = this.#drawn
    const before = this.#turns
    const atEnd = span.last >= before.length - 1
    this.#turns = turns
    this.#places = new Map(turns.map((turn, i) => [turn.id, i]))
    const first = this.#places.get(before[span.first]?.id ?? '')
    const last = this.#places.get(before[span.last]?.id ?? '')
    if (first === undefined || (last === undefined && !atEnd)) {
      const fresh = spanAtEnd(1.2 * this.#view.clientHeight, this.#height, turns.length)
      this.#drawn = { ...this.#drawn, span: fresh }
      this.#gapHeight = this.#right(this.#drawn)
    } else this.#drawn = { ...this.#drawn, span: { first, last: atEnd ? turns.length - 1 : last! } }
    return this.#drawn
  }

  row(id: string, element: HTMLElement | null): void {
    const there = this.#rows.get(id)
    if (there !== undefined && there !== element) {
      this.#sizes.unobserve(there)
      this.#rows.delete(id)
    }
    if (element === null) return
    this.#rows.set(id, element)
    this.#sizes.observe(element)
  }

  gap = (element: HTMLElement | null): void => {
    this.#gap = element
    if (element !== null) element.style.height = `${this.#gapHeight}px`
  }

  heightOf = (piece: Extract<Piece, { gap: unknown }>): number =>
    piece.gap.reduce((sum, at) => sum + this.#height(at), 0)

  /** What was to be drawn is in the document. */
  drawn(): void {
    this.#settle()
    this.#later()
  }

  /** Draws a turn and brings it to the top of the view; answers with its row, or null if it is not among those that were read. */
  show(id: string): HTMLElement | null {
    const at = this.#places.get(id) ?? this.#turns.findIndex((turn) => turn.answer?.id === id)
    const turn = this.#turns[at]
    if (turn === undefined) return null
    this.#view.dispatchEvent(new Event('letgo'))
    if (!this.#rows.has(turn.id)) {
      const drawn = { span: { first: at, last: Math.min(at + 1, this.#turns.length - 1) }, kept: this.#kept() }
      this.#anchor = null
      this.#gapHeight = this.#right(drawn)
      this.#put(drawn)
    }
    const row = this.#rows.get(turn.id)
    if (row === undefined) return null
    this.#view.scrollTop = placeIn(this.#view, row)
    this.#look(true)
    this.#remember()
    return row
  }

  #height = (at: number): number => {
    const turn = this.#turns[at]
    if (turn === undefined) return 0
    const { measured, guessed } = this.#sums
    return this.#heights.get(turn.id) ?? guessHeight(turn) * (guessed > 0 ? measured / guessed : 1)
  }
  /** What the gap above the span stands for: it begins below the turn that is kept there. */
  #right({ span, kept }: Drawn): number {
    let sum = 0
    for (let at = span.first - 1; at >= 0 && !kept.has(this.#turns[at]!.id); at--) sum += this.#height(at)
    return sum
  }

  #scrolled(): void {
    this.#moved = performance.now()
    this.#look()
    this.#remember()
    if (this.#view.scrollTop < this.#view.clientHeight) this.#even()
  }
  #rested(): void {
    this.#moved = -Infinity
    this.#even()
    this.#look()
  }
  #later(): void {
    cancelAnimationFrame(this.#frame)
    this.#frame = requestAnimationFrame(() => {
      if (performance.now() - this.#moved > RESTING_MS) this.#even()
      this.#look()
    })
  }
  #touch(target: EventTarget | null): void {
    const id = this.#idOf(target)
    if (id !== null) this.#touched = [id, ...this.#touched.filter((other) => other !== id)].slice(0, TOUCHED)
  }
  #idOf(target: EventTarget | null): string | null {
    const element = target instanceof Element ? target : target instanceof Node ? target.parentElement : null
    return element?.closest<HTMLElement>('[data-turn]')?.dataset['turn'] ?? null
  }

  /** Turns that stay, however far away: in which the focus is, or a selection, or that were touched. */
  #kept(): ReadonlySet<string> {
    const kept = new Set(this.#touched.filter((id) => this.#rows.has(id)))
    const { activeElement } = document
    const focused = this.#view.contains(activeElement) ? this.#idOf(activeElement) : null
    // With those beside it, to which the keys lead.
    const place = this.#places.get(focused ?? '')
    if (place !== undefined) for (const turn of this.#turns.slice(Math.max(0, place - 1), place + 2)) kept.add(turn.id)
    const chosen = document.getSelection()
    if (chosen === null || chosen.isCollapsed || !this.#view.contains(chosen.anchorNode)) return kept
    const ends = [chosen.anchorNode, chosen.focusNode].map((node) => this.#places.get(this.#idOf(node) ?? ''))
    const [from = 0, to = from] = ends.filter((at) => at !== undefined).toSorted((a, b) => a - b)
    for (let at = from; at <= to; at++) if (this.#rows.has(this.#turns[at]!.id)) kept.add(this.#turns[at]!.id)
    return kept
  }

  /** Draws what has come near; all that is in the view at once, the rest a turn with each frame. */
  #look(all = false): void {
    const { span } = this.#drawn
    const top = this.#rows.get(this.#turns[span.first]?.id ?? '')
    const bottom = this.#rows.get(this.#turns[span.last]?.id ?? '')
    if (top === undefined || bottom === undefined) return
    const box = this.#view.getBoundingClientRect()
    const edges = {
      top: top.getBoundingClientRect().top - box.top,
      bottom: bottom.getBoundingClientRect().bottom - box.top,
    }
    const count = this.#turns.length
    const wanted = spanAbout(span, edges, box.height, OVER * box.height, this.#height, count)
    const near = spanAbout(span, edges, box.height, 0.3 * box.height, this.#height, count)
    const blank = near.first < span.first || near.last > span.last
    const next = { ...wanted }
    if (blank && !all) {
      next.first = Math.max(wanted.first, Math.min(near.first, span.first))
      next.last = Math.min(wanted.last, Math.max(near.last, span.last))
    } else if (!all) {
      next.first = Math.max(wanted.first, span.first - 1)
      next.last = Math.min(wanted.last, next.first < span.first ? span.last : span.last + 1)
    }
    const kept = this.#kept()
    const same = (a: ReadonlySet<string>, b: ReadonlySet<string>) =>
      a.size === b.size && [...a].every((id) => b.has(id))
    if (next.first !== span.first || next.last !== span.last || !same(kept, this.#drawn.kept)) {
      const drawn = { span: next, kept }
      this.#gapHeight += this.#right(drawn) - this.#right(this.#drawn)
      this.#put(drawn)
      if (next.first !== wanted.first || next.last !== wanted.last) this.#later()
    }
    if (this.#view.scrollTop + this.#right(this.#drawn) - this.#gapHeight < AHEAD * box.height) this.#more()
  }
  #put(drawn: Drawn): void {
    this.#drawn = drawn
    flushSync(() => this.#draw(drawn))
  }

  #measured(entries: readonly ResizeObserverEntry[]): void {
    const wide = this.#view.clientWidth
    if (wide !== this.#wide) {
      this.#wide = wide
      this.#heights.clear()
      this.#sums = { measured: 0, guessed: 0 }
      for (const [id, row] of this.#rows) this.#measure(id, row.offsetHeight)
    }
    for (const { target, borderBoxSize } of entries) {
      const id = target === this.#view ? undefined : (target as HTMLElement).dataset['turn']
      if (id !== undefined && target.isConnected) this.#measure(id, borderBoxSize[0]?.blockSize ?? 0)
    }
    this.#settle()
    this.#later()
  }
  #measure(id: string, height: number): void {
    const turn = this.#turns[this.#places.get(id) ?? -1]
    if (turn === undefined) return
    const before = this.#heights.get(id)
    if (before === undefined) this.#sums.guessed += guessHeight(turn)
    this.#sums.measured += height - (before ?? 0)
    this.#heights.set(id, height)
  }

  /** Puts what is under the eye back to where it was. */
  #settle(): void {
    const { span } = this.#drawn
    // Before the first turn of all there is nothing that a gap could stand for.
    if (this.#gap !== null) this.#gap.style.height = `${Math.max(0, this.#gapHeight)}px`
    const anchor = this.#anchor
    if (anchor !== null && anchor.element.isConnected) {
      let shift = placeIn(this.#view, anchor.element) - anchor.at
      if (Math.abs(shift) > 0.01) {
        const top = this.#view.scrollTop
        if (span.first > 0) {
          const room = Math.min(Math.max(0, this.#gapHeight), shift)
          this.#setGap(Math.max(0, this.#gapHeight) - room)
          shift -= room
        }
        this.#view.scrollTop = top + shift
      }
    }
    this.#gapHeight = Math.max(0, this.#gapHeight)
    if (this.#held()) this.#view.scrollTop = this.#view.scrollHeight
    this.#remember()
  }
  /** Makes the gap as high as what it stands for, and nobody sees it. */
  #even(): void {
    // A view is scrolled by whole pixels.
    const by = Math.round(this.#right(this.#drawn) - this.#gapHeight)
    if (by === 0 || this.#drawn.span.last < 0) return
    // Near the end, the lower gap alone would already have moved the view.
    const top = this.#view.scrollTop + by
    this.#setGap(Math.max(0, this.#gapHeight + by))
    this.#view.scrollTop = top
    if (this.#held()) this.#view.scrollTop = this.#view.scrollHeight
    this.#remember()
  }
  #setGap(height: number): void {
    this.#gapHeight = height
    if (this.#gap !== null) this.#gap.style.height = `${height}px`
  }
  #remember(): void {
    const { span } = this.#drawn
    const rows: Element[] = []
    for (let at = span.first; at <= span.last; at++) {
      const row = this.#rows.get(this.#turns[at]?.id ?? '')
      if (row !== undefined) rows.push(row)
    }
    this.#anchor = anchorIn(this.#view, rows)
  }
}
