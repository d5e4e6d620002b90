import { memo, useState } from 'react'
import { useApp } from '../live/app.ts'
import type { Cell } from '../live/cell.ts'
import { isLive, type RunView } from '../state/run-view.ts'
import { runOf, type Turn } from '../state/talk.ts'
import { count } from '../state/wording.ts'
import { Answer } from './answer.tsx'
import { FaultCard } from './fault-card.tsx'
import { PastAnswer } from './past-answer.tsx'
import { TimedStatus } from './status-line.tsx'

export const TurnView = memo(function TurnView({ turn, view }: { turn: Turn; view: Cell<RunView> | undefined }) {
  const { talk } = useApp()
  const { delivery, text } = turn
  const again = () => {
    if (text !== null) talk.say(text, { agent: turn.agent, model: turn.model })
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
            if (text !== null) talk.say(text.replace(/^@\w+\s+/, ''), { agent, model: turn.model })
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

/** A pasted file should not bury the conversation. */
const SHOWN = 2000

function UserMessage({ text }: { text: string }) {
  const [whole, setWhole] = useState(false)
  const long = text.length > SHOWN * 1.2
  return (
    <article aria-label="You said" data-testid="said" className="arrive flex justify-end">
      <div className="max-w-[85%] rounded-[20px] rounded-br-md bg-bubble px-4 py-2.5 leading-[1.55] [overflow-wrap:anywhere] whitespace-pre-wrap">
        {long && !whole ? `${text.slice(0, SHOWN)}…` : text}
        {long && (
          <button type="button" className="quiet -mx-2 mt-1 block" onClick={() => setWhole(!whole)}>
            {whole ? 'Show less' : `Show all ${count(text.length)} characters`}
          </button>
        )}
      </div>
    </article>
  )
}
