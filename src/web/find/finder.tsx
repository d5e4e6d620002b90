import { useEffect, useId, useMemo, useRef, useState, type KeyboardEvent } from 'react'
import { isPhone, useApp } from '../live/app.ts'
import { useCell } from '../live/cell.ts'
import { own } from '../live/own.ts'
import { FaultCard } from '../view/fault-card.tsx'
import { Icon } from '../view/icons.tsx'
import { say, sayCount } from '../words/say.ts'
import { hitOptions } from './hit-options.tsx'
import { choseLately, latelyChosen } from './lately.ts'
import { OptionRow } from './option-row.tsx'
import { optionsFor, type Group, type Option } from './options.tsx'
import { MOST_HITS, searchIn } from './search.ts'
import { useSlow } from './use-slow.ts'

type Props = {
  only: 'all' | 'chats'
  text: string
  write: (text: string) => void
  close: () => void
  chosen: (option: Option) => void
}

/** A field, and below it what fits: what is at hand at once, what the server finds as soon as it comes. */
export function Finder({ only, text, write, close, chosen }: Props) {
  const app = useApp()
  const { panels, client, reach } = app
  const id = useId()
  const list = useRef<HTMLDivElement>(null)
  const [late] = useState(() => latelyChosen(localStorage))
  const { search, leave } = useMemo(() => {
    const leave = new AbortController()
    return { search: searchIn({ client, reach, own, signal: leave.signal }), leave }
  }, [client, reach])
  useEffect(() => () => leave.abort(), [leave])
  const question = only === 'all' && text.startsWith('>') ? '' : text
  useEffect(() => search.ask(question), [search, question])
  const found = useCell(search.found)
  const away = useCell(reach.server).state === 'lost'
  const slow = useSlow(found.asking)
  // What the lines are made of may change while they are looked at.
  useCell(app.sessions.state)
  useCell(app.machine)
  useCell(app.projects.state)

  const near = optionsFor(app, text, only, late)
  const hits = hitOptions(found.hits, found.question, new Set(near.flatMap(({ options }) => options.map((o) => o.id))))
  const groups: Group[] =
    question.trim() === '' || hits.length === 0 ? near : [...near, { heading: say('In your chats'), options: hits }]
  const options = groups.flatMap((group) => group.options)
  const [pointed, point] = useState<string | null>(null)
  const active = options.find((option) => option.id === pointed) ?? options[0]
  const at = active === undefined ? -1 : options.indexOf(active)
  useEffect(() => {
    const box = list.current
    if (at === 0) box?.scrollTo({ top: 0 })
    else box?.querySelector('[aria-selected=true]')?.scrollIntoView({ block: 'nearest' })
  }, [at])
  const end = useEnd(list, search.more, found.hits.length)

  const take = (option: Option) => {
    choseLately(localStorage, option)
    chosen(option)
    close()
    if (isPhone()) panels.set({ ...panels.get(), chats: false })
    option.act()
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing || event.altKey) return
    const firsts = groups.map((group) => options.indexOf(group.options[0]!))
    const to = {
      ArrowDown: at + 1,
      ArrowUp: at - 1,
      PageDown: firsts.find((first) => first > at) ?? options.length - 1,
      PageUp: firsts.findLast((first) => first < at) ?? 0,
    }[event.key]
    if (event.key === 'Enter') {
      event.preventDefault()
      if (active !== undefined) take(active)
    } else if (to !== undefined) {
      event.preventDefault()
      point(options.at(to % Math.max(1, options.length))?.id ?? null)
    }
  }
  const nothing = options.length === 0 && text.trim() !== '' && !found.asking && found.fault === null
  const name = only === 'all' ? say('Search') : say('Search your chats')
  return (
    <div className="flex h-full flex-col">
      <div className="flex h-14 flex-none items-center gap-3 border-b border-line pr-2.5 pl-5 phone:h-16 phone:pl-4">
        <Icon name="researcher" className="size-[19px] text-faint" />
        <input
          role="combobox"
          aria-label={name}
          aria-expanded={options.length > 0}
          aria-controls={`${id}list`}
          aria-autocomplete="list"
          aria-activedescendant={active === undefined ? undefined : `${id}${active.id}`}
          autoComplete="off"
          spellCheck={false}
          enterKeyHint="go"
          maxLength={300}
          placeholder={only === 'all' ? say('Search chats, or > for commands') : say('Search your chats')}
          value={text}
          onChange={(event) => {
            write(event.target.value)
            point(null)
          }}
          onKeyDown={onKeyDown}
          className="min-w-0 flex-1 bg-transparent text-[16px] text-ink outline-none placeholder:text-faint"
        />
        <span className="text-[13px] text-soft" aria-hidden="true">
          {slow && (away ? say('The server is away') : say('Searching…'))}
        </span>
        <button type="button" className="tap" aria-label={say('Close')} title={say('Close (Esc)')} onClick={close}>
          <Icon name="close" />
        </button>
      </div>
      {nothing && (
        <div className="px-6 py-12 text-center text-[14px]">
          <p className="font-[540] [overflow-wrap:anywhere]">
            {say('Nothing found for “{words}”', { words: text.trim() })}
          </p>
          <p className="mt-1 text-soft">
            {say('A word is found by its beginning, in titles and in all that was said.')}
          </p>
        </div>
      )}
      {found.fault !== null && (
        <div className="p-4">
          <FaultCard fault={found.fault} />
        </div>
      )}
      <div
        ref={list}
        id={`${id}list`}
        role="listbox"
        aria-label={say('Results')}
        aria-busy={found.asking}
        hidden={options.length === 0}
        className="min-h-0 flex-1 overflow-y-auto overscroll-contain px-2.5 pt-1 pb-2.5"
      >
        {groups.map(({ heading, options }, i) => (
          <div key={heading} role="group" aria-labelledby={`${id}group${i}`}>
            <div
              id={`${id}group${i}`}
              role="presentation"
              className="px-2.5 pt-3 pb-1 text-[12px] font-[540] text-faint"
            >
              {heading}
            </div>
            {options.map((option) => (
              <OptionRow
                key={option.id}
                option={option}
                id={`${id}${option.id}`}
                active={option === active}
                point={point}
                take={take}
              />
            ))}
          </div>
        ))}
        <div ref={end} role="presentation" className="h-px" />
        {found.hits.length >= MOST_HITS && (
          <div role="presentation" className="p-3 text-center text-[13px] text-soft">
            {say('There is more. Another word makes it fewer.')}
          </div>
        )}
      </div>
      <p role="status" className="sr-only">
        {slow
          ? say('Searching…')
          : nothing
            ? say('Nothing found')
            : text.trim() === '' || found.asking
              ? ''
              : sayCount(options.length, '1 result', '{n} results')}
      </p>
      <div
        className="mt-auto flex h-9 flex-none items-center gap-4 border-t border-line px-5 text-[12.5px] text-soft phone:hidden"
        aria-hidden="true"
      >
        <Hint keys="↑ ↓">{say('choose')}</Hint>
        <Hint keys="Enter">{say('open')}</Hint>
        {only === 'all' && <Hint keys=">">{say('commands only')}</Hint>}
        <Hint keys="Esc">{say('close')}</Hint>
      </div>
    </div>
  )
}

const Hint = ({ keys, children }: { keys: string; children: string }) => (
  <span className="flex items-center gap-1.5">
    <kbd className="key">{keys}</kbd>
    {children}
  </span>
)

/** Calls when the end of the list comes near the view; again if it still is after the list has grown. */
function useEnd(list: React.RefObject<HTMLElement | null>, more: () => void, length: number) {
  const end = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (end.current === null || length === 0) return
    // Its last line may stand at the very edge, with the end a fraction of a pixel below.
    const near = { root: list.current, rootMargin: '120px' }
    // A busy browser tells at once that it was far and that it is near.
    const seen = new IntersectionObserver((told) => told.some(({ isIntersecting }) => isIntersecting) && more(), near)
    seen.observe(end.current)
    return () => seen.disconnect()
  }, [list, more, length])
  return end
}
