import { useEffect, useRef, type KeyboardEvent } from 'react'
import { useApp } from '../live/app.ts'
import { useCell } from '../live/cell.ts'
import { own } from '../live/own.ts'
import type { Tray } from '../live/tray.ts'
import type { Item } from '../state/brought.ts'
import { bytes } from '../state/wording.ts'
import { say, sayCount } from '../words/say.ts'
import { Chip } from './chip.tsx'
import { FilesNote } from './files-note.tsx'

/** What is attached, above what is written. Arrows go from one to the next, Delete removes, Enter tries again what failed. */
export function TrayView(props: {
  tray: Tray
  items: readonly Item[]
  /** Puts pasted text into the message. */
  putIn: (text: string) => void
  /** The focus goes back to the message. */
  back: () => void
}) {
  const { tray, items, putIn, back } = props
  const { keeper } = useApp()
  const note = useCell(tray.note)
  const list = useRef<HTMLUListElement>(null)
  const before = useRef(items.length)
  useEffect(() => {
    // What was added last is what one wants to see.
    if (items.length > before.current) list.current?.scrollTo({ left: list.current.scrollWidth })
    before.current = items.length
  }, [items.length])
  const remove = (item: Item) => {
    const at = items.indexOf(item)
    tray.remove(item.key)
    own(keeper().then((it) => it.remove(tray, item)))
    const chips = [...(list.current?.querySelectorAll('li') ?? [])]
    const next = chips[at + 1] ?? chips[at - 1]
    const button = next?.querySelector<HTMLElement>('[data-remove]')
    if (button == null) back()
    else button.focus()
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const chips = [...(list.current?.querySelectorAll('li') ?? [])]
    const at = chips.findIndex((chip) => chip.contains(document.activeElement))
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key]
    const item = items[at]
    if (by !== undefined) {
      event.preventDefault()
      chips[at + by]?.querySelector<HTMLElement>('[data-remove]')?.focus()
    } else if ((event.key === 'Delete' || event.key === 'Backspace') && item !== undefined) {
      event.preventDefault()
      remove(item)
    }
  }
  const total = items.reduce((sum, item) => sum + item.bytes, 0)
  return (
    <div className="border-b border-line px-3 pt-3 pb-2.5" data-testid="tray">
      <ul
        ref={list}
        aria-label={say('Attached')}
        onKeyDown={onKeyDown}
        className="-m-1 flex max-h-44 flex-wrap gap-2 overflow-y-auto p-1 phone:flex-nowrap phone:overflow-x-auto"
      >
        {items.map((item) => (
          <Chip
            key={item.key}
            item={item}
            remove={() => remove(item)}
            again={() => own(keeper().then((it) => it.again(tray, item)))}
            putIn={() =>
              own(
                keeper().then(async (it) => {
                  const text = await it.text(item)
                  it.remove(tray, item)
                  putIn(text)
                }),
              )
            }
          />
        ))}
      </ul>
      {items.length > 1 && (
        <p className="figures mt-1.5 px-1 text-[12px] text-faint">
          {sayCount(items.length, '{n} file, {size}', '{n} files, {size}', { size: bytes(total) })}
        </p>
      )}
      {note !== '' && <p className="mt-1.5 px-1 text-[13px] text-soft">{note}</p>}
      {items.map(
        (item) =>
          item.why !== undefined && (
            <p key={item.key} role="alert" className="mt-1.5 px-1 text-[13px] break-words text-bad">
              {item.why}
            </p>
          ),
      )}
      <FilesNote items={items} drop={(which) => which.forEach(remove)} />
    </div>
  )
}
