import { useApp } from '../live/app.ts'
import { useCell } from '../live/cell.ts'
import { useNow } from '../live/clock.ts'
import { elapsed } from '../state/wording.ts'
import { Icon } from './icons.tsx'

export function ServerStrip() {
  const { reach } = useApp()
  const server = useCell(reach.server)
  const renewed = useCell(reach.renewed)
  // The first tries take less than a blink; a strip that flashes would only alarm.
  if (server.state === 'lost' && server.attempt > 1) return <Lost again={server.again} tryNow={reach.tryNow} />
  return renewed ? <Renewed /> : null
}

function Renewed() {
  return (
    <div
      role="status"
      className="flex min-h-11 flex-none items-center gap-2.5 bg-accent-wash px-5 text-[13.5px] text-ink"
    >
      <span>PKN was updated on this machine.</span>
      <button type="button" className="quiet border border-rule text-ink" onClick={() => location.reload()}>
        Load the new page
      </button>
    </div>
  )
}

function Lost({ again, tryNow }: { again: number | null; tryNow: () => void }) {
  const now = useNow()
  const rest = again === null ? null : again - now
  return (
    <div
      role="alert"
      data-testid="offline"
      className="flex min-h-11 flex-none items-center gap-2.5 bg-warn-wash px-5 text-[13.5px] text-ink"
    >
      <Icon name="offline" className="size-[17px] text-warn" />
      <span className="figures">
        The server does not answer. <Next rest={rest} />
      </span>
      <button type="button" className="quiet ml-1 border border-rule text-ink" onClick={tryNow}>
        Try now
      </button>
    </div>
  )
}

const Next = ({ rest }: { rest: number | null }) => (
  <span className="text-soft" aria-hidden="true">
    {rest === null || rest <= 0 ? 'Trying now…' : `Trying again in ${elapsed(rest + 999)}.`}
  </span>
)
