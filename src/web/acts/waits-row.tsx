import './acts.css'
import { useApp } from '../live/app.ts'
import { useCell } from '../live/cell.ts'
import { say, sayCount } from '../words/say.ts'

/** In the sidebar, while something waits for a person. */
export function WaitsRow({ shut }: { shut: () => void }) {
  const { asks, desk } = useApp()
  const n = useCell(asks.open).length
  if (n === 0) return null
  return (
    <button
      type="button"
      aria-haspopup="dialog"
      data-testid="waits"
      className="act-waits"
      onClick={() => {
        desk.set({ open: 'asks' })
        shut()
      }}
    >
      <span className="act-dot" aria-hidden="true" />
      <span>{say('Waits for you')}</span>
      <span className="figures act-count" aria-label={sayCount(n, '1 question', '{n} questions')}>
        {n}
      </span>
    </button>
  )
}
