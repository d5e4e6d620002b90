import { memo } from 'react'
import { useApp } from '../live/app.ts'
import type { Cell } from '../live/cell.ts'
import type { RunView } from '../state/run-view.ts'
import type { Turn } from '../state/talk.ts'
import { AnswerActions } from './answer-actions.tsx'
import { Answer } from './answer.tsx'
import { FaultCard } from './fault-card.tsx'
import { HeldLater } from './later.tsx'
import { PastAnswer } from './past-answer.tsx'
import { TimedStatus } from './status-line.tsx'
import { UserMessage } from './user-message.tsx'
import { say } from '../words/say.ts'

export const TurnView = memo(function TurnView({ turn, view }: { turn: Turn; view: Cell<RunView> | undefined }) {
  const { talk } = useApp()
  const { delivery, text } = turn
  const queued = delivery.state === 'kept' && view === undefined && turn.answer === null
  const place = `answer ${turn.after === undefined ? turn.id : turn.after}`
  const again = () => talk.another(turn, {})
  const actions = (cut: boolean) => <AnswerActions turn={turn} cut={cut} />
  return (
    <div className="space-y-5" data-testid="turn">
      {text !== null && <UserMessage turn={turn} text={text} queued={queued} />}
      {delivery.state === 'sending' && (
        <TimedStatus text={say('Sending to your machine')} since={turn.created} tone="work" />
      )}
      {delivery.state === 'waiting' && (
        <TimedStatus text={say('Kept here, and sent as soon as the server is back')} since={turn.created} tone="lost" />
      )}
      {delivery.state === 'held' && <HeldLater turn={turn} />}
      {delivery.state === 'refused' && (
        <FaultCard fault={delivery.fault} again={() => talk.again(turn)} drop={() => talk.drop(turn)} />
      )}
      {view !== undefined ? (
        <Answer
          key={view.get().run}
          place={place}
          view={view}
          again={again}
          askInstead={(agent) => talk.another(turn, { agent, instead: true })}
          actions={actions}
        />
      ) : turn.answer !== null ? (
        <PastAnswer
          place={place}
          message={turn.answer}
          again={again}
          reveal={() => talk.reveal(turn)}
          actions={actions}
        />
      ) : null}
    </div>
  )
})
