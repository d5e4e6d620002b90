import { useEffect, useRef, useState, type KeyboardEvent } from 'react'
import type { AgentName } from '../../wire/id.ts'
import { useApp } from '../live/app.ts'
import { useCell } from '../live/cell.ts'
import { AgentMark } from './agent-mark.tsx'
import { Icon } from './icons.tsx'

type Choice = { name: AgentName | null; title: string; about: string }
const AUTO: Choice = { name: null, title: 'Auto', about: 'PKN chooses who answers, and says why.' }

/** Auto, or one agent. A menu of radio items: arrows move, Enter chooses, Esc closes. */
export function AgentPicker({ agent, choose }: { agent: AgentName | null; choose: (agent: AgentName | null) => void }) {
  const { agents } = useCell(useApp().machine)
  const [open, setOpen] = useState(false)
  const root = useRef<HTMLDivElement>(null)
  const menu = useRef<HTMLDivElement>(null)
  const button = useRef<HTMLButtonElement>(null)
  const choices: Choice[] = [AUTO, ...agents]
  const chosen = choices.find((choice) => choice.name === agent) ?? AUTO
  useEffect(() => {
    if (!open) return
    menu.current?.querySelector<HTMLElement>('[aria-checked=true]')?.focus()
    const stop = new AbortController()
    const outside = (event: Event) => {
      if (!root.current?.contains(event.target as Node)) setOpen(false)
    }
    document.addEventListener('pointerdown', outside, { signal: stop.signal })
    return () => stop.abort()
  }, [open])
  const close = () => {
    setOpen(false)
    button.current?.focus()
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const items = [...(menu.current?.querySelectorAll<HTMLElement>('[role=menuitemradio]') ?? [])]
    const at = items.indexOf(document.activeElement as HTMLElement)
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 }[event.key]
    if (event.key === 'Escape' || event.key === 'Tab') {
      event.preventDefault()
      event.stopPropagation()
      close()
    } else if (to !== undefined) {
      event.preventDefault()
      items.at(to % items.length)?.focus()
    }
  }
  return (
    <div ref={root} className="relative flex-none">
      <button
        ref={button}
        type="button"
        aria-haspopup="menu"
        aria-expanded={open}
        aria-label={`Who answers: ${chosen.title}`}
        onClick={() => setOpen(!open)}
        className="inline-flex h-9 items-center gap-1.5 rounded-full px-2.5 text-[13.5px] font-[500] text-soft hover:bg-hover hover:text-ink phone:h-10"
      >
        {agent === null ? <Icon name="split" className="size-[17px]" /> : <AgentMark agent={agent} small />}
        {chosen.title}
        <Icon name="fold" className="size-3 text-faint" />
      </button>
      {open && (
        <div
          ref={menu}
          role="menu"
          tabIndex={-1}
          aria-label="Who answers"
          onKeyDown={onKeyDown}
          className="arrive absolute bottom-11 left-0 z-20 max-h-[60dvh] w-80 max-w-[calc(100vw-2rem)] overflow-y-auto rounded-2xl border border-rule bg-raise p-1.5 shadow-card"
        >
          {choices.map((choice) => (
            <button
              key={choice.name ?? 'auto'}
              type="button"
              role="menuitemradio"
              aria-checked={choice.name === agent}
              tabIndex={-1}
              onClick={() => {
                choose(choice.name)
                close()
              }}
              className="flex w-full items-start gap-3 rounded-xl px-2.5 py-2 text-left hover:bg-hover focus-visible:bg-hover"
            >
              {choice.name === null ? (
                <span className="inline-flex size-7 flex-none items-center justify-center rounded-lg bg-accent-wash text-accent">
                  <Icon name="split" className="size-[17px]" />
                </span>
              ) : (
                <AgentMark agent={choice.name} />
              )}
              <span className="min-w-0 flex-1">
                <span className="block text-[14px] font-[540]">{choice.title}</span>
                <span className="line-clamp-2 text-[13px] leading-snug text-soft">{choice.about}</span>
              </span>
              {choice.name === agent && <Icon name="check" className="mt-1 size-4 text-accent" />}
            </button>
          ))}
        </div>
      )}
    </div>
  )
}
