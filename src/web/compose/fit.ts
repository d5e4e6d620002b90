const BY_ITSELF = CSS.supports('field-sizing', 'content')

/** The box is as high as what is written in it. */
export function fit(box: HTMLTextAreaElement | null, text: string): void {
  if (box === null || BY_ITSELF) return
  box.style.height = 'auto'
  if (text !== '') box.style.height = `${box.scrollHeight}px`
}

/** The name that is begun before the caret, after an @ that begins a word; null if there is none. */
export const mentionAt = (text: string, caret: number): string | null =>
  /(?:^|\s)@([\w-]*)$/.exec(text.slice(0, caret))?.[1] ?? null

/** The same after a / that begins a word; a path goes on with another one, and is none. */
export const snippetAt = (text: string, caret: number): string | null =>
  /(?:^|\s)\/([\p{L}\p{N}_-]{0,40})$/u.exec(text.slice(0, caret))?.[1] ?? null

/** What kind of name is begun where one types. */
export function begunIn({ value, selectionStart }: HTMLTextAreaElement): 'agent' | 'snippet' | null {
  if (mentionAt(value, selectionStart) !== null) return 'agent'
  return snippetAt(value, selectionStart) === null ? null : 'snippet'
}
