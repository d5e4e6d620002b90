import { useId, type ReactNode } from 'react'

export type FieldName = 'name' | 'title' | 'about' | 'instructions' | 'examples' | 'models' | 'tools' | 'mayDelegateTo'

const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`

/** A field with its name above it, and below it what it is for or what is wrong with it. */
export function Field(props: {
  field: FieldName
  label: string
  hint?: ReactNode
  wrong: string | undefined
  side?: string | undefined
  children: (given: {
    id: string
    'data-field': FieldName
    'aria-invalid': boolean
    'aria-describedby': string
    className: string
  }) => ReactNode
}) {
  const { field, label, hint, wrong, side, children } = props
  const id = useId()
  return (
    <div>
      <div className="mb-1.5 flex items-baseline gap-3">
        <label htmlFor={id} className="flex-1 text-[14.5px] font-[560]">
          {label}
        </label>
        {side !== undefined && <span className="figures text-[12.5px] text-faint">{side}</span>}
      </div>
      {children({
        id,
        'data-field': field,
        'aria-invalid': wrong !== undefined,
        'aria-describedby': `${id}hint`,
        className: `block w-full rounded-xl border bg-raise px-3.5 py-2.5 text-[15px] leading-normal text-ink placeholder:text-faint ${wrong === undefined ? 'border-rule' : 'border-bad'}`,
      })}
      <p id={`${id}hint`} className="mt-1.5 text-[13px]">
        {wrong !== undefined && (
          <span className="block text-bad" data-testid={`wrong-${field}`}>
            {sentence(wrong)}
          </span>
        )}
        {hint !== undefined && <span className="text-faint">{hint}</span>}
      </p>
    </div>
  )
}
