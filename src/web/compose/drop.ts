import { useEffect, useEffectEvent, useState } from 'react'

const brings = (event: DragEvent): boolean =>
  event.dataTransfer?.types.includes('Files') === true && document.querySelector('dialog[open]') === null

/** Takes files that are dropped anywhere on the page; true while some are held over it. */
export function useDrop(attach: (files: readonly File[]) => void): boolean {
  const [over, setOver] = useState(false)
  const take = useEffectEvent(attach)
  useEffect(() => {
    const stop = new AbortController()
    const on = { signal: stop.signal }
    // Whatever happens, the browser must not leave the page for a file that was let go over it.
    const hold = (event: DragEvent) => {
      if (!brings(event) || event.defaultPrevented) return
      event.preventDefault()
      if (event.dataTransfer !== null) event.dataTransfer.dropEffect = 'copy'
      setOver(true)
    }
    document.addEventListener('dragenter', hold, on)
    document.addEventListener('dragover', hold, on)
    document.addEventListener('dragleave', (event) => event.relatedTarget === null && setOver(false), on)
    document.addEventListener('dragend', () => setOver(false), on)
    document.addEventListener(
      'drop',
      (event) => {
        setOver(false)
        if (!brings(event) || event.defaultPrevented) return
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
