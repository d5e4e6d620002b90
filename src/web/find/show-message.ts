import type { MessageId } from '../../wire/id.ts'
import { showMessage as draw } from '../live/use-reel.ts'
import { placesOf, wordsOf } from './fold-text.ts'
import './found.css'

/** How long the words stay marked, and the message where it was brought. */
const MARKED_MS = 4000

/**
 * Scrolls a message to a third of the height, gives it the focus and marks what was found in it. It stays there while what is above it still
 * grows, until the reader moves.
 */
export async function showMessage(
  turn: MessageId,
  answer: boolean,
  question: string,
  signal: AbortSignal,
): Promise<void> {
  const log = document.querySelector<HTMLElement>('[role=log]')
  if (log === null) return
  const find = () => {
    const named = log.querySelector(`[data-turn="${CSS.escape(turn)}"]`)
    const box = named?.closest('[data-testid=turn]') ?? named
    return box?.querySelector<HTMLElement>(answer ? '[data-testid=answer]' : '[data-testid=said]') ?? null
  }
  log.dispatchEvent(new Event('letgo'))
  // Far from the view it is not in the document until it is asked for.
  const ask = () => {
    const there = find()
    if (there === null) draw(turn)
    return there ?? find()
  }
  const message = await drawn(log, ask, signal)
  const stop = new AbortController()
  const end = AbortSignal.any([signal, stop.signal])
  message.focus({ preventScroll: true })
  const mark = () => markWords(message, question)
  const place = () => {
    const now = find()
    if (now === null) return
    const first = mark() ?? now
    message.classList.toggle('found', first === now)
    const { top } = first.getBoundingClientRect()
    const box = log.getBoundingClientRect()
    log.scrollTop += top - box.top - box.height / 3
  }
  place()
  const grown = new ResizeObserver(place)
  for (const each of [log, log.firstElementChild, message]) if (each !== null) grown.observe(each)
  const moved = () => grown.disconnect()
  for (const event of ['wheel', 'touchstart', 'pointerdown', 'keydown'])
    document.addEventListener(event, moved, { signal: end, passive: true })
  const timer = setTimeout(() => stop.abort(), MARKED_MS)
  end.addEventListener('abort', () => {
    clearTimeout(timer)
    grown.disconnect()
    message.classList.remove('found')
    CSS.highlights?.delete('found')
  })
}

/** The message, once it is drawn. */
function drawn(log: HTMLElement, find: () => HTMLElement | null, signal: AbortSignal): Promise<HTMLElement> {
  return new Promise((resolve, reject) => {
    const look = () => {
      const message = find()
      if (message === null) return
      changes.disconnect()
      resolve(message)
    }
    const changes = new MutationObserver(look)
    changes.observe(log, { childList: true, subtree: true })
    signal.addEventListener('abort', () => {
      changes.disconnect()
      reject(signal.reason as Error)
    })
    look()
  })
}

/** Marks the words where they stand, and answers with the first; where the browser can't, the background of the message tells. */
function markWords(message: HTMLElement, question: string): Range | null {
  if (!('highlights' in CSS)) return null
  const words = wordsOf(question)
  const ranges: Range[] = []
  const walk = document.createTreeWalker(message, NodeFilter.SHOW_TEXT)
  for (
    let node = walk.nextNode() as Text | null;
    node !== null && words.length > 0;
    node = walk.nextNode() as Text | null
  ) {
    if (node.parentElement?.closest('button, [aria-hidden=true], .sr-only') != null) continue
    for (const { from, to } of placesOf(node.data, words)) {
      const range = document.createRange()
      range.setStart(node, from)
      range.setEnd(node, to)
      ranges.push(range)
    }
  }
  CSS.highlights.set('found', new Highlight(...ranges))
  return ranges[0] ?? null
}
