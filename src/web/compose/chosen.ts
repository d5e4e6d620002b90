import { useEffect, useState } from 'react'
import { useApp } from '../live/app.ts'
import { own } from '../live/own.ts'

const MESSAGE = '[role=log] article'

/** Whether words of the conversation were ever marked: what quotes them is loaded then. Q quotes the message that has the focus. */
export function useChosen(): boolean {
  const app = useApp()
  const [ever, setEver] = useState(false)
  useEffect(() => {
    const stop = new AbortController()
    const on = { signal: stop.signal }
    const look = () => {
      const chosen = document.getSelection()
      if (chosen?.isCollapsed === false && chosen.anchorNode?.parentElement?.closest(MESSAGE) != null) setEver(true)
    }
    const press = (event: KeyboardEvent) => {
      const { key, target, ctrlKey, metaKey, altKey, defaultPrevented } = event
      if (key.toLowerCase() !== 'q' || ctrlKey || metaKey || altKey || defaultPrevented) return
      if (!(target instanceof Element) || !target.matches(MESSAGE)) return
      event.preventDefault()
      own(import('./quote.ts').then(({ quoteMessage }) => quoteMessage(app, target)))
    }
    document.addEventListener('selectionchange', look, on)
    document.addEventListener('keydown', press, on)
    return () => stop.abort()
  }, [app])
  return ever
}
