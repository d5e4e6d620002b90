import { useApp } from '../live/app.ts'
import { useCell } from '../live/cell.ts'
import { modelLine } from '../state/model-line.ts'
import { heldWords } from '../state/pull-words.ts'
import type { Turn } from '../state/talk.ts'
import { say } from '../words/say.ts'
import { PullProgress } from './pull-row.tsx'
import { useShelf } from './use-shelf.ts'

/** Below a message that waits for the model that is on its way: when it runs, how far that is, and how not to wait. */
export function Held({ turn }: { turn: Turn }) {
  const { talk, hold, machine } = useApp()
  const { pulls } = useShelf()
  const practice = modelLine(useCell(machine)).state === 'practice'
  const pull = pulls.find(({ state }) => state !== 'done')
  return (
    <div className="rounded-2xl border border-line bg-raise px-5 py-4 phone:px-4" data-testid="held">
      <p className="figures text-[14.5px] font-[540]">{heldWords(pull ?? null)}</p>
      <p className="mt-0.5 text-[13px] text-soft">
        {say('Your message is kept in this browser and sent from here; the download goes on without the page.')}
      </p>
      {pull !== undefined && (
        <div className="mt-3">
          <PullProgress pull={pull} />
        </div>
      )}
      <div className="mt-3 flex flex-wrap gap-2">
        {practice && (
          <button type="button" className="button" onClick={() => hold.sendNow(turn.id)}>
            {say('Ask the practice model now')}
          </button>
        )}
        <button type="button" className="button" data-withdraw onClick={() => talk.withdraw(turn)}>
          {say('Take it back')}
        </button>
      </div>
    </div>
  )
}
