import { useEffect, useEffectEvent, useState } from 'react'
import { filesIn } from './pasted.ts'

const brings = (event: DragEvent): boolean =>
  event.dataTransfer?.types.includes('Files') === true && document.querySelector('dialog[open]') === null

/** Takes files that are dropped anywhere on the page, or pasted where nothing is written; true while some are held over it. */
export function useDrop(attach: (files: readonly File[]) => void): boolean {
  const [over, setOver] = useState(false)
  const take = useEffectEvent(attach)
  useEffect(() => {
    const stop = new AbortController()
    const on = { signal: stop.signal }
    // A picture of the page itself counts as a file too, and is here already.
    let own = false
    document.addEventListener('dragstart', () => (own = true), on)
    // Whatever happens, the browser must not leave the page for a file that was let go over it.
    const hold = (event: DragEvent) => {
      if (own || !brings(event) || event.defaultPrevented) return
      event.preventDefault()
      if (event.dataTransfer !== null) event.dataTransfer.dropEffect = 'copy'
      setOver(true)
    }
    document.addEventListener('dragenter', hold, on)
    document.addEventListener('dragover', hold, on)
    document.addEventListener('dragleave', (event) => event.relatedTarget === null && setOver(false), on)
    const end = () => {
      own = false
      setOver(false)
    }
    document.addEventListener('dragend', end, on)
    document.addEventListener(
      'paste',
      (event) => {
        const writing = event.target instanceof Element && event.target.closest('input, textarea, dialog') !== null
        const files = event.clipboardData === null || writing ? [] : filesIn(event.clipboardData)
        if (event.defaultPrevented || files.length === 0) return
        event.preventDefault()
        take(files)
      },
      on,
    )
    document.addEventListener(
      'drop',
      (event) => {
        setOver(false)
        if (own || !brings(event) || event.defaultPrevented) return
        event.preventDefault()
        const files = [...(event.dataTransfer?.files ?? [])]
        if (files.length > 0) take(files)
      },
      on,
    )
    return () => stop.abort()
  }, [])
  return over
}
