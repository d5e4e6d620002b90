import { memo } from 'react'
import { useApp } from '../live/app.ts'
import type { Cell } from '../live/cell.ts'
import { isLive, type RunView } from '../state/run-view.ts'
import { runOf, type Turn } from '../state/talk.ts'
import { Answer } from './answer.tsx'
import { FaultCard } from './fault-card.tsx'
import { PastAnswer } from './past-answer.tsx'
import { TimedStatus } from './status-line.tsx'

export const TurnView = memo(function TurnView({ turn, view }: { turn: Turn; view: Cell<RunView> | undefined }) {
  const { talk } = useApp()
  const { delivery, text } = turn
  const again = () => {
    if (text !== null) talk.say(text, turn.agent)
  }
  return (
    <div className="space-y-5" data-testid="turn">
      {text !== null && <UserMessage text={text} />}
      {delivery.state === 'sending' && <TimedStatus text="Sending to your machine" since={turn.created} tone="work" />}
      {delivery.state === 'waiting' && (
        <TimedStatus text="Kept here, and sent as soon as the server is back" since={turn.created} tone="lost" />
      )}
      {delivery.state === 'refused' && (
        <FaultCard fault={delivery.fault} again={() => talk.again(turn)} drop={() => talk.drop(turn)} />
      )}
      {view !== undefined ? (
        <Answer
          view={view}
          again={again}
          askInstead={(agent) => {
            const run = runOf(turn)
            if (run !== null && isLive(view.get())) talk.stop(run)
            if (text !== null) talk.say(text.replace(/^@\w+\s+/, ''), agent)
          }}
        />
      ) : turn.answer !== null ? (
        <PastAnswer message={turn.answer} again={again} reveal={() => talk.reveal(turn)} />
      ) : (
        delivery.state === 'kept' && (
          <TimedStatus text="Waiting for the answer above" since={turn.created} tone="wait" />
        )
      )}
    </div>
  )
})

function UserMessage({ text }: { text: string }) {
  return (
    <article aria-label="You said" data-testid="said" className="arrive flex justify-end">
      <p className="max-w-[85%] rounded-[20px] rounded-br-md bg-bubble px-4 py-2.5 leading-[1.55] [overflow-wrap:anywhere] whitespace-pre-wrap">
        {text}
      </p>
    </article>
  )
}
