import { useCell, type Cell } from '../live/cell.ts'
import { useNow } from '../live/clock.ts'
import type { RunView } from '../state/run-view.ts'
import { statusText, type Status as StatusWords } from '../state/status-text.ts'
import { elapsed } from '../state/wording.ts'

/** The true thing that changes every second while an answer is made. */
export function StatusLine({ view }: { view: Cell<RunView> }) {
  return <Status {...statusText(useCell(view), useNow())} />
}

const DOTS = {
  work: 'breathe bg-accent',
  wait: 'breathe bg-faint',
  ask: 'bg-warn',
  lost: 'breathe bg-warn',
} as const

export function TimedStatus({ text, since, tone }: { text: string; since: string; tone: keyof typeof DOTS }) {
  return <Status text={`${text} · ${elapsed(useNow() - Date.parse(since))}`} share={null} tone={tone} />
}

function Status({ text, share, tone, guessed = false }: StatusWords) {
  return (
    <div className="figures flex min-h-7 items-center gap-3 text-[14px] text-soft" data-testid="status">
      <span className={`size-2 flex-none rounded-full ${DOTS[tone]}`} />
      {share !== null && (
        <span className="bar h-1 w-28 flex-none overflow-hidden rounded-full bg-line phone:w-16" aria-hidden="true">
          <span
            className={`block h-full rounded-full bg-accent transition-[width] ${guessed ? 'guessed' : ''}`}
            style={{ width: `${share * 100}%` }}
          />
        </span>
      )}
      <span>{text}</span>
    </div>
  )
}
