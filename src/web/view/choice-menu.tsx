import { useEffect, useRef, useState, type KeyboardEvent, type ReactNode } from 'react'
import { Icon } from './icons.tsx'

export type Choice = { value: string | null; title: string; about: string; mark: ReactNode; tone?: 'away' }
/** Choices under a heading; a heading of null stands for none. */
export type ChoiceGroup = { heading: string | null; choices: readonly Choice[] }

/** One of several. A menu of radio items: arrows move, a letter jumps, Enter chooses, Esc closes. */
export function ChoiceMenu(props: {
  name: string
  value: string | null
  groups: readonly ChoiceGroup[]
  choose: (value: string | null) => void
  /** What the button says aloud, and what it shows. */
  label: string
  className?: string
  /** The button is no wider than its sign. */
  bare?: boolean
  children: ReactNode
}) {
  const { name, value, groups, label, bare = false, children } = props
  const [open, setOpen] = useState(false)
  const root = useRef<HTMLDivElement>(null)
  const menu = useRef<HTMLDivElement>(null)
  const button = useRef<HTMLButtonElement>(null)
  useEffect(() => {
    if (!open) return
    const checked = menu.current?.querySelector<HTMLElement>('[aria-checked=true]')
    const first = checked ?? menu.current?.querySelector<HTMLElement>('[role=menuitemradio]')
    first?.focus()
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
    } else if (/^\S$/.test(event.key) && !event.ctrlKey && !event.metaKey) {
      event.preventDefault()
      const begins = (item: HTMLElement) => item.dataset['title']?.toLowerCase().startsWith(event.key.toLowerCase())
      ;[...items.slice(at + 1), ...items.slice(0, at + 1)].find(begins)?.focus()
    }
  }
  return (
    <div ref={root} className={`relative ${props.className ?? 'flex-none'}`}>
      <button
        ref={button}
        type="button"
        aria-haspopup="menu"
        aria-expanded={open}
        aria-label={label}
        title={label}
        onClick={() => setOpen(!open)}
        className={`inline-flex h-9 max-w-full items-center overflow-hidden gap-1.5 rounded-full text-[13.5px] font-[500] text-soft hover:bg-hover hover:text-ink phone:h-10 ${bare ? 'w-9 justify-center phone:w-10' : 'px-2.5'}`}
      >
        {children}
        {!bare && <Icon name="fold" className="size-3 text-faint max-[350px]:hidden" />}
      </button>
      {open && (
        <div
          ref={menu}
          role="menu"
          tabIndex={-1}
          aria-label={name}
          onKeyDown={onKeyDown}
          className="arrive absolute bottom-11 left-0 z-20 max-h-[60dvh] w-80 max-w-[calc(100vw-2rem)] overflow-y-auto rounded-2xl border border-rule bg-raise p-1.5 shadow-card phone:fixed phone:inset-x-3 phone:bottom-[4.25rem] phone:left-3 phone:w-auto"
        >
          {groups.map((group) => (
            <div key={group.heading ?? ''} role="group" aria-label={group.heading ?? undefined}>
              {group.heading !== null && (
                <p className="px-2.5 pt-2.5 pb-1 text-[12px] text-faint" aria-hidden="true">
                  {group.heading}
                </p>
              )}
              {group.choices.map((choice) => (
                <Item
                  key={choice.value ?? ''}
                  choice={choice}
                  checked={choice.value === value}
                  take={() => {
                    props.choose(choice.value)
                    close()
                  }}
                />
              ))}
            </div>
          ))}
        </div>
      )}
    </div>
  )
}

function Item({ choice, checked, take }: { choice: Choice; checked: boolean; take: () => void }) {
  const { title, about, mark, tone } = choice
  return (
    <button
      type="button"
      role="menuitemradio"
      aria-checked={checked}
      tabIndex={-1}
      data-title={title}
      onClick={take}
      className="flex w-full items-start gap-2.5 rounded-xl px-2.5 py-2 text-left hover:bg-hover focus-visible:bg-hover focus-visible:outline-none"
    >
      {mark}
      <span className="min-w-0 flex-1">
        <span className="block text-[14px] font-[540] break-words">{title}</span>
        <span className={`line-clamp-2 text-[13px] leading-snug ${tone === 'away' ? 'text-away' : 'text-soft'}`}>
          {about}
        </span>
      </span>
      {checked && <Icon name="check" className="mt-1 size-4 text-accent" />}
    </button>
  )
}
