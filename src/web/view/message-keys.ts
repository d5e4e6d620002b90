import type { KeyboardEvent } from 'react'

/** The keys that do something on a message that has the focus. What handles them and what lists them both read this table. */
export const MESSAGE_KEYS = ['c', 'e', 'r', 'b', 't', 'arrowleft', 'arrowright'] as const
export type MessageKey = (typeof MESSAGE_KEYS)[number]

/**
 * A message can have the focus; then single keys press its buttons: those that name one in `data-key`. What the message itself has not, is
 * looked for in the question and the answer that belong together.
 */
export const messageKeys = {
  tabIndex: 0,
  onKeyDown: (event: KeyboardEvent<HTMLElement>): void => {
    const { target, currentTarget, ctrlKey, metaKey, altKey } = event
    if (target !== currentTarget || ctrlKey || metaKey || altKey) return
    const key = MESSAGE_KEYS.find((each) => each === event.key.toLowerCase())
    if (key === undefined) return
    const within = (box: Element | null) => [...(box?.querySelectorAll<HTMLElement>(`[data-key=${key}]`) ?? [])]
    const own = within(currentTarget)
    const buttons = own.length > 0 ? own : within(currentTarget.closest('[data-testid=turn]'))
    const [first] = buttons
    if (first === undefined && key !== 'b') return
    event.preventDefault()
    // Behind the newest answer one goes on in the composer.
    if (first === undefined) return composer()?.focus()
    // Several thoughts are opened, or closed, together.
    const open = first.ariaExpanded
    for (const button of open === null ? [first] : buttons) if (button.ariaExpanded === open) button.click()
  },
}

/** Where the next message is written. */
export const composer = () => document.querySelector<HTMLElement>('main > :not([role=log]) textarea')

/** The focus goes to the message before or after the one that has it; from elsewhere to the newest. */
export function focusMessage(by: 1 | -1): void {
  const all = [...document.querySelectorAll<HTMLElement>('[role=log] article')]
  const at = all.findIndex((each) => each.contains(document.activeElement))
  const next = at < 0 ? all.at(-1) : all[at + by]
  next?.focus()
}
