import { useState } from 'react'
import { goToComparison } from '../live/address.ts'
import { useApp } from '../live/app.ts'
import { useCell } from '../live/cell.ts'
import { runOf, type Turn } from '../state/talk.ts'
import { say } from '../words/say.ts'
import { BranchHere } from './branch-here.tsx'
import { AskOtherLater } from './later.tsx'
import { FaultCard } from './fault-card.tsx'
import { Icon } from './icons.tsx'
import { Versions } from './versions.tsx'

/** Its versions, another one by the same agent or by one that is chosen, and the rest of one that was cut short. */
export function AnswerActions({ turn, cut }: { turn: Turn; cut: boolean }) {
  const { talk, desk } = useApp()
  const { session } = useCell(talk.place)
  const [choosing, setChoosing] = useState(false)
  const run = runOf(turn)
  if (run === null) return null
  return (
    <>
      <Versions
        of="answer"
        all={turn.runs}
        now={run}
        turnTo={talk.turnTo}
        {...(session === null ? {} : { compare: () => goToComparison(session, run) })}
      />
      {cut && (
        <button type="button" className="quiet" onClick={() => talk.another(turn, { continue: true })}>
          <Icon name="play" className="size-[15px]" />
          {say('Continue')}
        </button>
      )}
      <button
        type="button"
        className="quiet"
        data-key="r"
        title={say('Regenerate (R)')}
        onClick={() => talk.another(turn, {})}
      >
        <Icon name="again" className="size-[15px]" />
        {say('Regenerate')}
      </button>
      <button type="button" className="quiet" aria-haspopup="dialog" onClick={() => setChoosing(true)}>
        <Icon name="split" className="size-[15px]" />
        {say('Ask another')}
      </button>
      {session !== null && (
        <button
          type="button"
          className="quiet"
          aria-haspopup="dialog"
          title={say('Have it answered by others as well, side by side')}
          onClick={() => desk.set({ open: 'compare', answered: { session, run, versions: turn.runs } })}
        >
          <Icon name="columns" className="size-[15px]" />
          {say('Compare…')}
        </button>
      )}
      <BranchHere run={run} />
      {choosing && <AskOtherLater ask={(whom) => talk.another(turn, whom)} close={() => setChoosing(false)} />}
      {turn.refused !== undefined && (
        <div className="w-full py-2 pl-2">
          <FaultCard fault={turn.refused} />
        </div>
      )}
    </>
  )
}
