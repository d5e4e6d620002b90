import type { KeyboardEvent } from 'react'

/** A message can have the focus; then single keys press its buttons: those that name one in `data-key`. */
export const messageKeys = {
  tabIndex: 0,
  onKeyDown: (event: KeyboardEvent<HTMLElement>): void => {
    const { target, currentTarget, key, ctrlKey, metaKey, altKey } = event
    if (target !== currentTarget || ctrlKey || metaKey || altKey) return
    const named = [...currentTarget.querySelectorAll<HTMLElement>('[data-key]')]
    const button = named.find((each) => each.dataset['key'] === key.toLowerCase())
    if (button === undefined) return
    event.preventDefault()
    button.click()
  },
}

/** The focus goes to the message before or after the one that has it; from elsewhere to the newest. */
export function focusMessage(by: 1 | -1): void {
  const all = [...document.querySelectorAll<HTMLElement>('[role=log] article')]
  const at = all.findIndex((each) => each.contains(document.activeElement))
  const next = at < 0 ? all.at(-1) : all[at + by]
  next?.focus()
}
