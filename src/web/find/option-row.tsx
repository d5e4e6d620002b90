import { memo } from 'react'
import { capsOf } from '../live/key-names.ts'
import type { Option, Place } from './options.tsx'

/** One line of the palette. The pointer makes it the active one when it moves, not when the list moves under it. */
export const OptionRow = memo(function OptionRow(props: {
  option: Option
  id: string
  active: boolean
  point: (id: string) => void
  take: (option: Option) => void
}) {
  const { option, id, active, point, take } = props
  const { title, places, mark, about, side, key } = option
  return (
    <div
      id={id}
      role="option"
      aria-selected={active}
      tabIndex={-1}
      // The field keeps the focus, and hears the keys.
      onMouseDown={(event) => event.preventDefault()}
      onKeyDown={() => {}}
      onPointerMove={() => point(option.id)}
      onClick={() => take(option)}
      className={`flex cursor-pointer scroll-my-2 items-center gap-2.5 rounded-xl px-2.5 py-1.5 phone:min-h-12 ${active ? 'bg-accent-wash' : ''}`}
    >
      {mark}
      <span className="min-w-0 flex-1">
        <span className="line-clamp-2 text-[14px] leading-snug [overflow-wrap:anywhere]">
          <Marked text={title} places={places} />
        </span>
        {about !== undefined && about !== '' && <span className="block truncate text-[12.5px] text-soft">{about}</span>}
      </span>
      {side !== undefined && <span className="figures flex-none text-[12.5px] text-soft">{side}</span>}
      {key !== undefined && (
        <span className="flex flex-none gap-1 phone:hidden" aria-hidden="true">
          {capsOf(key).map((cap) => (
            <kbd key={cap} className="key">
              {cap}
            </kbd>
          ))}
        </span>
      )}
    </div>
  )
})

function Marked({ text, places }: { text: string; places: readonly Place[] }) {
  const ends = [0, ...places.map(({ to }) => to)]
  return (
    <>
      {places.map(({ from, to }, i) => (
        <span key={from}>
          {text.slice(ends[i], from)}
          <mark>{text.slice(from, to)}</mark>
        </span>
      ))}
      {text.slice(ends.at(-1))}
    </>
  )
}
