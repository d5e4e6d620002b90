import { useEffect, useEffectEvent, useState, type ReactNode, type RefObject } from 'react'

export type Named = { name: string; mark?: ReactNode; title: string; about: string }

/** What fits a name that is begun in the message. The focus stays there; arrows move, Enter or Tab takes, Esc closes. */
export function NameList(props: {
  area: RefObject<HTMLTextAreaElement | null>
  label: string
  /** Of the list and, with a name behind it, of each line. */
  id: string
  fits: readonly Named[]
  take: (name: string) => void
  close: () => void
}) {
  const { area, label, id, fits, take, close } = props
  const [moved, setMoved] = useState(0)
  const at = fits.length === 0 ? 0 : ((moved % fits.length) + fits.length) % fits.length
  const onKey = useEffectEvent((event: KeyboardEvent) => {
    if (event.isComposing || fits.length === 0) return
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (by !== undefined) setMoved(at + by)
    else if ((event.key === 'Enter' && !event.shiftKey) || event.key === 'Tab') take(fits[at]!.name)
    else if (event.key === 'Escape') close()
    else return
    event.preventDefault()
    event.stopPropagation()
  })
  useEffect(() => {
    const box = area.current
    if (box === null) return
    const stop = new AbortController()
    box.addEventListener('keydown', (event) => onKey(event), { signal: stop.signal })
    box.addEventListener('blur', close, { signal: stop.signal })
    return () => stop.abort()
  }, [area, close])
  const active = fits[at]?.name
  useEffect(() => {
    const box = area.current
    if (box === null || active === undefined) return
    box.setAttribute('aria-autocomplete', 'list')
    box.setAttribute('aria-controls', id)
    box.setAttribute('aria-activedescendant', `${id}-${active}`)
    document.getElementById(`${id}-${active}`)?.scrollIntoView({ block: 'nearest' })
    return () => {
      for (const name of ['autocomplete', 'controls', 'activedescendant']) box.removeAttribute(`aria-${name}`)
    }
  }, [area, id, active])
  if (fits.length === 0) return null
  return (
    <ul
      id={id}
      role="listbox"
      aria-label={label}
      className="arrive absolute bottom-[calc(100%+0.5rem)] left-0 z-20 max-h-[60dvh] w-80 max-w-full overflow-y-auto rounded-2xl border border-rule bg-raise p-1.5 shadow-card"
    >
      {fits.map(({ name, mark, title, about }) => (
        <li
          key={name}
          id={`${id}-${name}`}
          role="option"
          aria-selected={name === active}
          // The message keeps the focus.
          onPointerDown={(event) => event.preventDefault()}
          onClick={() => take(name)}
          className={`flex cursor-pointer items-center gap-2.5 rounded-xl px-2.5 py-2 hover:bg-hover ${name === active ? 'bg-hover' : ''}`}
        >
          {mark}
          <span className="min-w-0 leading-snug">
            <span className="block text-[14px] font-[540] break-words">{title}</span>
            <span className="block truncate text-[13px] text-soft">{about}</span>
          </span>
        </li>
      ))}
    </ul>
  )
}
