import { useApp } from '../live/app.ts'
import { useCell } from '../live/cell.ts'
import { modelLine } from '../state/model-line.ts'

const DOT = { looking: 'bg-rule', none: 'bg-bad', practice: 'bg-warn', ready: 'bg-good', asleep: 'bg-rule' } as const

/** What will answer. */
export function ModelBadge() {
  const { state, name, where } = modelLine(useCell(useApp().machine))
  if (state === 'looking') return null
  const text = name ?? 'No model found'
  return (
    <span
      className="flex min-w-0 items-center gap-2 px-1.5 text-[13px] text-faint"
      title={name === null ? text : `${name}, ${where}`}
    >
      <span className={`size-1.5 flex-none rounded-full ${DOT[state]}`} />
      <span className="min-w-0 truncate">{text}</span>
    </span>
  )
}
