import { useId, type ReactNode } from 'react'
import type { Cell } from '../live/cell.ts'
import { useCell } from '../live/cell.ts'

export type Option<T extends string> = { value: T; name: string; mark?: ReactNode; lang?: string }

/** One of a few, all of them in sight: radio buttons, told apart by more than colour. */
export function ChoiceRow<T extends string>(props: {
  title: string
  about?: string
  chosen: Cell<T>
  options: readonly Option<T>[]
}) {
  const { title, about, chosen, options } = props
  const now = useCell(chosen)
  const id = useId()
  return (
    <fieldset
      aria-describedby={about === undefined ? undefined : `${id}about`}
      className="flex flex-wrap items-start gap-x-8 gap-y-3 border-line px-5 py-4 not-first:border-t phone:px-4"
    >
      <legend className="sr-only">{title}</legend>
      <div className="min-w-0 flex-1 basis-52">
        <p className="text-[14.5px] font-[540]" aria-hidden="true">
          {title}
        </p>
        {about !== undefined && (
          <p id={`${id}about`} className="mt-0.5 text-[13.5px] text-soft">
            {about}
          </p>
        )}
      </div>
      <div className="flex max-w-full flex-wrap gap-1.5 phone:w-full">
        {options.map(({ value, name, mark, lang }) => (
          <label
            key={value}
            className="relative inline-flex min-h-9 cursor-pointer items-center gap-2 rounded-lg border border-line px-3 text-[13.5px] text-soft transition-colors hover:bg-hover has-checked:border-accent has-checked:bg-accent-wash has-checked:font-[540] has-checked:text-ink has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-accent phone:min-h-10"
          >
            <input
              type="radio"
              name={id}
              value={value}
              checked={now === value}
              onChange={() => chosen.set(value)}
              className="dot-radio"
            />
            {mark}
            <span lang={lang}>{name}</span>
          </label>
        ))}
      </div>
    </fieldset>
  )
}
