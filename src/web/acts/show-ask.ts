import type { AskId } from '../../wire/id.ts'

/** How long a chat may take until its card is there. */
const MOST_MS = 10_000

/** Brings the card of a question on the screen, as soon as its chat draws it. */
export function showAsk(ask: AskId): void {
  const find = () => document.querySelector<HTMLElement>(`[role=log] [data-ask="${CSS.escape(ask)}"]`)
  const show = (card: HTMLElement) => {
    card.closest('[role=log]')?.dispatchEvent(new Event('letgo'))
    card.scrollIntoView({ block: 'center' })
    card.focus({ preventScroll: true })
  }
  const there = find()
  if (there !== null) return show(there)
  const watch = new MutationObserver(() => {
    const card = find()
    if (card === null) return
    end()
    requestAnimationFrame(() => show(card))
  })
  const timer = setTimeout(() => watch.disconnect(), MOST_MS)
  const end = () => {
    clearTimeout(timer)
    watch.disconnect()
  }
  watch.observe(document.body, { childList: true, subtree: true })
}
