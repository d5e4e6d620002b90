import { useId, useState, type ReactNode } from 'react'
import { Icon } from './icons.tsx'
import type { MessageKey } from './message-keys.ts'

/** One quiet line that opens. What a person opened or closed stays so, whatever `openNow` becomes. */
export function Disclosure(props: {
  head: ReactNode
  side?: ReactNode
  openNow?: boolean
  testId?: string
  /** The key that opens and closes it while its message has the focus. */
  onKey?: MessageKey
  children: ReactNode
}) {
  const [chosen, choose] = useState<boolean | null>(null)
  const open = chosen ?? props.openNow ?? false
  const id = useId()
  return (
    <div data-testid={props.testId}>
      <button
        type="button"
        aria-expanded={open}
        data-key={props.onKey}
        aria-controls={id}
        onClick={() => choose(!open)}
        className="group -mx-2 flex min-h-8 w-[calc(100%+1rem)] items-center gap-2 rounded-lg px-2 py-1 text-left text-[14px] text-soft transition-colors hover:bg-hover phone:min-h-10"
      >
        {props.head}
        <Icon name="chevron" className={`size-3.5 text-faint transition-transform ${open ? 'rotate-90' : ''}`} />
        <span className="figures ml-auto flex-none text-[13px] text-faint">{props.side}</span>
      </button>
      <div id={id} hidden={!open}>
        {open && props.children}
      </div>
    </div>
  )
}
