import { useApp } from '../live/app.ts'
import { useCell } from '../live/cell.ts'
import { liveIn } from '../live/live-run.ts'
import { queuedOf, type Turn } from '../state/talk.ts'
import { Icon } from '../view/icons.tsx'
import { say } from '../words/say.ts'

/** Below a message that waits for the answers above it: its place, and what can be done about it. */
export function Queued({ turn }: { turn: Turn }) {
  const { talk } = useApp()
  const place = useCell(talk.place)
  const queue = queuedOf(place.talk, place.views)
  const at = queue.findIndex(({ id }) => id === turn.id)
  const live = liveIn(place)
  return (
    <div className="mt-1 flex flex-wrap items-center justify-end gap-x-1 text-[13px] text-faint" data-testid="queued">
      <span className="figures mr-1">
        {at <= 0 ? say('Next') : say('Next, {n} of {all}', { n: at + 1, all: queue.length })}
      </span>
      {at === 0 && live !== null && (
        <button
          type="button"
          className="quiet"
          title={say('Stop the answer above, and ask this now')}
          onClick={() => talk.stop(live.run)}
        >
          <Icon name="up" className="size-[15px]" />
          {say('Ask now')}
        </button>
      )}
      <button
        type="button"
        className="quiet"
        data-withdraw
        title={say('Back into the composer')}
        onClick={() => talk.withdraw(turn)}
      >
        <Icon name="back" className="size-[15px]" />
        {say('Withdraw')}
      </button>
    </div>
  )
}
