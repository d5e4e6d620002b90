import { memo, useState } from 'react'
import { useRow, type Drawing } from '../live/use-reel.ts'
import type { Reel } from '../live/reel.ts'
import type { Place } from '../live/conversation.ts'
import type { Cell } from '../live/cell.ts'
import type { RunView } from '../state/run-view.ts'
import { runOf, type Turn } from '../state/talk.ts'
import { Guard } from './guard.tsx'
import { TurnView } from './turn.tsx'
import { say } from '../words/say.ts'

/** The turns that are drawn, and gaps as high as the others. */
export function Turns({ drawing: { pieces, reel }, views }: { drawing: Drawing; views: Place['views'] }) {
  if (reel === null) return null
  return pieces.map((piece) => {
    if ('turn' in piece) {
      const run = runOf(piece.turn)
      const view = run === null ? undefined : views.get(run)
      return <Row key={piece.turn.id} reel={reel} turn={piece.turn} view={view} />
    }
    if (piece.main) return <div key={piece.key} ref={reel.gap} aria-hidden="true" />
    return <div key={piece.key} style={{ height: reel.heightOf(piece) }} aria-hidden="true" />
  })
}

type RowProps = { reel: Reel; turn: Turn; view: Cell<RunView> | undefined }
const Row = memo(function Row({ reel, turn, view }: RowProps) {
  const ref = useRow(reel, turn.id)
  // Only what is being said arrives; what comes back into view was there all the time.
  const [old] = useState(turn.delivery.state === 'kept')
  return (
    <div ref={ref} data-turn={turn.id} className={`flow-root pb-10 ${old ? '[&_.arrive]:animate-none' : ''}`}>
      <Guard instead={<Undrawn turn={turn} />}>
        <TurnView turn={turn} view={view} />
      </Guard>
    </div>
  )
})

const Undrawn = ({ turn }: { turn: Turn }) => (
  <div className="space-y-3">
    <p className="text-bad">{say('This part of the conversation could not be drawn. Its text:')}</p>
    <pre className="font-sans whitespace-pre-wrap">{[turn.text, turn.answer?.text].join('\n\n')}</pre>
  </div>
)
