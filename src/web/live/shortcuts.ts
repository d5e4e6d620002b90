import { useEffect } from 'react'
import { goTo, goToModels } from './address.ts'
import type { App } from './app.ts'
import { focusMessage } from '../view/message-keys.ts'
import { liveIn } from './live-run.ts'

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))

/** The keys that work everywhere. Single letters only where nothing is being typed. */
export function useShortcuts({ panels, talk, view, toChat }: App): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.isComposing) return
      const command = event.ctrlKey || event.metaKey
      if (event.key === 'Escape') {
        if (panels.get().keys || document.querySelector('dialog[open]') !== null) return
        if (view.get() === 'models') {
          if (!isTyping(event.target)) toChat()
          return
        }
        const live = liveIn(talk.place.get())
        if (live !== null) talk.stop(live.run)
        else talk.stopUnsent()
      } else if (command && event.shiftKey && event.key.toLowerCase() === 'o') {
        event.preventDefault()
        goTo(null)
      } else if (event.altKey && !command && (event.key === 'ArrowUp' || event.key === 'ArrowDown')) {
        event.preventDefault()
        focusMessage(event.key === 'ArrowUp' ? -1 : 1)
      } else if (command && event.key === ',') {
        event.preventDefault()
        if (view.get() === 'models') toChat()
        else goToModels()
      } else if (command && event.key === '.') {
        event.preventDefault()
        panels.set({ ...panels.get(), trace: !panels.get().trace, traced: null })
      } else if (!command && !isTyping(event.target) && event.key === '/') {
        event.preventDefault()
        toChat()
        document.querySelector('textarea')?.focus()
      } else if (!command && !isTyping(event.target) && event.key === 'End') {
        const log = document.querySelector('[role=log]')
        log?.scrollTo({ top: log.scrollHeight })
      } else if (!command && !isTyping(event.target) && event.key === '?') {
        event.preventDefault()
        panels.set({ ...panels.get(), keys: true })
      }
    }
    document.addEventListener('keydown', onKeyDown)
    return () => document.removeEventListener('keydown', onKeyDown)
  }, [panels, talk, view, toChat])
}
