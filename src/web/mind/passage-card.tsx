import { useEffect, useRef } from 'react'
import { useApp } from '../live/app.ts'
import { passageName } from '../state/passage-name.ts'
import type { Numbered } from '../view/cited.tsx'
import { Icon } from '../view/icons.tsx'
import { say } from '../words/say.ts'
import { PassageText } from './passage-text.tsx'

const WIDE = 416

/** What a citation leads to, beside it. Esc and a click elsewhere close it, and the focus goes back. */
export function PassageCard({ passage, by, close }: { passage: Numbered; by: HTMLElement; close: () => void }) {
  const { desk } = useApp()
  const box = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const card = box.current
    if (card === null) return
    const put = () => {
      const at = by.getBoundingClientRect()
      const { width, height } = card.getBoundingClientRect()
      card.style.left = `${Math.max(8, Math.min(at.left - 24, innerWidth - width - 8))}px`
      const below = at.bottom + 8
      card.style.top = `${below + height > innerHeight - 8 ? Math.max(8, at.top - height - 8) : below}px`
    }
    card.showPopover()
    put()
    card.querySelector('button')?.focus()
    // It grows when its words come.
    const sizes = new ResizeObserver(put)
    sizes.observe(card)
    return () => sizes.disconnect()
  }, [by])
  const leave = () => {
    close()
    by.focus()
  }
  return (
    <div
      ref={box}
      popover="auto"
      role="dialog"
      aria-label={say('Source {n}: {name}', { n: String(passage.n), name: passageName(passage) })}
      data-testid="passage-card"
      onToggle={(event) => {
        if (event.newState === 'closed') leave()
      }}
      style={{ width: `min(${WIDE / 16}rem, 100vw - 1rem)` }}
      className="fixed inset-auto m-0 rounded-2xl border border-rule bg-raise p-4 text-ink shadow-card"
    >
      <p className="flex items-start gap-2 text-[13.5px] font-[560]">
        <Icon name="page" className="mt-0.5 size-4 text-accent" />
        <span className="min-w-0 break-words">{passageName(passage)}</span>
      </p>
      <PassageText passage={passage} className="mt-2.5 max-h-[40dvh]" />
      <div className="mt-3 flex items-center gap-2">
        <button
          type="button"
          className="button"
          onClick={() => {
            leave()
            desk.set({ open: 'document', passage })
          }}
        >
          {say('Show the lines around it')}
        </button>
        <button type="button" className="quiet ml-auto min-h-8" onClick={leave}>
          {say('Close')}
        </button>
      </div>
    </div>
  )
}
