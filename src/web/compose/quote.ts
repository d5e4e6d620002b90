import { textOf } from '../../wire/fold.ts'
import type { App } from '../live/app.ts'
import { runOf } from '../state/talk.ts'
import { say } from '../words/say.ts'

/** What is marked in one or more messages, and nothing else; null if that is nothing. */
export function markedWords(): { text: string; range: Range } | null {
  const chosen = document.getSelection()
  if (chosen === null || chosen.isCollapsed || chosen.rangeCount === 0) return null
  const inMessage = (node: Node | null) => node?.parentElement?.closest('[role=log] article') != null
  const text = chosen.toString().trim()
  if (text === '' || !(inMessage(chosen.anchorNode) || inMessage(chosen.focusNode))) return null
  return { text, range: chosen.getRangeAt(0) }
}

/** Puts words into the composer as others'. */
export function quote({ talk, aloud }: App, text: string): void {
  const lines = text.trim().split(/\r?\n/)
  talk.returned.set({ text: lines.map((line) => (line === '' ? '>' : `> ${line}`)).join('\n'), quote: true })
  aloud.set(say('Quoted. Write below it.'))
}

/** Quotes what is marked in this message, or else all that it says, as it was written. */
export function quoteMessage(app: App, article: Element): void {
  const marked = markedWords()
  if (marked !== null && article.contains(marked.range.startContainer)) return quote(app, marked.text)
  const { talk, views } = app.talk.place.get()
  const id = article.closest('[data-testid=turn]')?.querySelector<HTMLElement>('[data-turn]')?.dataset['turn']
  const turn = talk.turns.find((each) => each.id === id)
  const view = turn === undefined ? undefined : views.get(runOf(turn) ?? ('' as never))
  const answer = view === undefined ? turn?.answer?.text : textOf(view.get().draft)
  const source = article.matches('[data-testid=said]') ? turn?.text : answer
  const parts = [...article.querySelectorAll<HTMLElement>('[data-testid=text]')].map((part) => part.innerText)
  const words = source ?? parts.join('\n\n')
  if (words.trim() !== '') quote(app, words)
}
