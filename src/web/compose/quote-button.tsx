import { useEffect, useRef, useState } from 'react'
import { useApp } from '../live/app.ts'
import { Icon } from '../view/icons.tsx'
import { say } from '../words/say.ts'
import { markedWords, quote } from './quote.ts'

const GAP = 8
/** Handles and the system's own menu stand at the marked words of a touched screen. */
const TOUCHED_GAP = 34

/** Beside words that are marked in the conversation, and never over them. */
export function QuoteButton() {
  const app = useApp()
  const box = useRef<HTMLDivElement>(null)
  const [text, setText] = useState<string | null>(null)
  useEffect(() => {
    const stop = new AbortController()
    const on = { signal: stop.signal, passive: true }
    let held = false
    const look = () => {
      const marked = held ? null : markedWords()
      setText(marked?.text ?? null)
      const button = box.current
      if (button === null) return
      if (marked === null) return button.hidePopover()
      button.showPopover()
      place(button, marked.range)
    }
    // While the pointer draws the mark, nothing may get in its way.
    const hold = (event: PointerEvent) => {
      if (box.current?.contains(event.target as Node) === true) return
      held = event.pointerType === 'mouse'
      if (held) look()
    }
    const letGo = () => {
      held = false
      requestAnimationFrame(look)
    }
    look()
    document.addEventListener('selectionchange', look, on)
    document.addEventListener('pointerdown', hold, on)
    document.addEventListener('pointerup', letGo, on)
    document.addEventListener('pointercancel', letGo, on)
    document.addEventListener('scroll', look, { ...on, capture: true })
    window.addEventListener('resize', look, on)
    return () => stop.abort()
  }, [])
  return (
    <div
      ref={box}
      popover="manual"
      role="group"
      aria-label={say('Marked words')}
      className="fixed inset-auto m-0 rounded-full border border-rule bg-raise p-0 text-ink shadow-card"
    >
      <button
        type="button"
        title={say('Quote (Q)')}
        // The mark stays as it is.
        onPointerDown={(event) => event.preventDefault()}
        onClick={() => {
          if (text === null) return
          document.getSelection()?.removeAllRanges()
          quote(app, text)
        }}
        className="inline-flex min-h-9 items-center gap-1.5 rounded-full pr-4 pl-3 text-[13.5px] font-[540] hover:bg-hover phone:min-h-11"
      >
        <Icon name="quote" className="size-4 text-accent" />
        {say('Quote')}
      </button>
    </div>
  )
}

/** Below the end of the mark, else above its beginning, else over the bar at the top: where there is room that is not marked. */
function place(button: HTMLElement, range: Range): void {
  const rects = [...range.getClientRects()].filter(({ width, height }) => width > 0 && height > 0)
  const [first, last] = [rects[0], rects.at(-1)]
  const view = document.querySelector('[role=log]')?.getBoundingClientRect()
  if (first === undefined || last === undefined || view === undefined) return
  const { width, height } = button.getBoundingClientRect()
  const gap = matchMedia('(pointer: coarse)').matches ? TOUCHED_GAP : GAP
  const below = last.bottom + gap
  const above = first.top - height - gap
  const fits = (top: number) => top >= view.top + 4 && top + height <= view.bottom - 4
  const top = fits(below) ? below : fits(above) ? above : Math.max(4, view.top - height - 4)
  const middle = fits(above) && !fits(below) ? first.left : last.right
  button.style.top = `${Math.round(top)}px`
  button.style.left = `${Math.round(Math.min(Math.max(8, middle - width / 2), innerWidth - width - 8))}px`
}
