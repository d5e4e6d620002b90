import { useEffect, useEffectEvent, useState, type RefObject } from 'react'
import type { AgentName } from '../../wire/id.ts'
import { useApp } from '../live/app.ts'
import { useCell } from '../live/cell.ts'
import { AgentMark } from '../view/agent-mark.tsx'
import { say } from '../words/say.ts'
import { mentionAt } from './fit.ts'
import { aboutText, agentTitle } from '../words/titles.ts'

type Props = {
  area: RefObject<HTMLTextAreaElement | null>
  text: string
  caret: number
  /** Who is to answer, and the text without the name. */
  choose: (agent: AgentName, rest: string, caret: number) => void
  close: () => void
}

/** After an @: who could answer. The focus stays in the message; arrows move, Enter or Tab takes, Esc closes. */
export function AgentList({ area, text, caret, choose, close }: Props) {
  const { agents } = useCell(useApp().machine)
  const begun = mentionAt(text, caret)?.toLowerCase() ?? ''
  const fits = agents.filter(
    ({ name, title }) => name.startsWith(begun) || agentTitle(title).toLowerCase().startsWith(begun),
  )
  const [moved, setMoved] = useState(0)
  const at = fits.length === 0 ? 0 : ((moved % fits.length) + fits.length) % fits.length
  const take = (name: AgentName) => {
    const from = caret - begun.length - 1
    choose(name, text.slice(0, from) + text.slice(caret).replace(/^ /, ''), from)
  }
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
    box.setAttribute('aria-controls', 'agents-to-name')
    box.setAttribute('aria-activedescendant', `to-name-${active}`)
    document.getElementById(`to-name-${active}`)?.scrollIntoView({ block: 'nearest' })
    return () => {
      for (const name of ['autocomplete', 'controls', 'activedescendant']) box.removeAttribute(`aria-${name}`)
    }
  }, [area, active])
  if (fits.length === 0) return null
  return (
    <ul
      id="agents-to-name"
      role="listbox"
      aria-label={say('Who answers')}
      className="arrive absolute bottom-[calc(100%+0.5rem)] left-0 z-20 max-h-[60dvh] w-80 max-w-full overflow-y-auto rounded-2xl border border-rule bg-raise p-1.5 shadow-card"
    >
      {fits.map(({ name, title, about }) => (
        <li
          key={name}
          id={`to-name-${name}`}
          role="option"
          aria-selected={name === active}
          // The message keeps the focus.
          onPointerDown={(event) => event.preventDefault()}
          onClick={() => take(name)}
          className={`flex cursor-pointer items-center gap-2.5 rounded-xl px-2.5 py-2 hover:bg-hover ${name === active ? 'bg-hover' : ''}`}
        >
          <AgentMark agent={name} />
          <span className="min-w-0 leading-snug">
            <span className="block text-[14px] font-[540]">{agentTitle(title)}</span>
            <span className="block truncate text-[13px] text-soft">{aboutText({ about })}</span>
          </span>
        </li>
      ))}
    </ul>
  )
}
