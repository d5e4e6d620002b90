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

export const isMention = ({ value, selectionStart }: HTMLTextAreaElement): boolean =>
  mentionAt(value, selectionStart) !== null
