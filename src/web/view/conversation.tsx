import { useEffect, useLayoutEffect, useRef } from 'react'
import { useApp } from '../live/app.ts'
import { useCell } from '../live/cell.ts'
import { useFollowEnd } from '../live/follow-end.ts'
import { runOf, type Turn } from '../state/talk.ts'
import { Composer } from '../compose/composer.tsx'
import { Empty } from './empty.tsx'
import { FaultCard } from './fault-card.tsx'
import { Guard } from './guard.tsx'
import { Icon } from './icons.tsx'
import { TurnView } from './turn.tsx'

export function ConversationView() {
  const { visit } = useCell(useApp().talk.place)
  return <Scene key={visit} />
}

function Scene() {
  const { talk } = useApp()
  const { session, talk: said, views, reading, fault } = useCell(talk.place)
  const box = useRef<HTMLDivElement>(null)
  const empty = !reading && fault === null && said.turns.length === 0
  const { pinned, pin } = useFollowEnd(box, !empty)
  useEffect(() => {
    if (empty) box.current?.scrollTo({ top: 0 })
    else pin()
  }, [empty, pin])
  // What was read stays where it is when older messages come in above it.
  const below = useRef<number | null>(null)
  const first = said.turns[0]?.id
  useLayoutEffect(() => {
    const view = box.current
    if (view === null || below.current === null || first === undefined) return
    view.scrollTop = view.scrollHeight - below.current
    below.current = null
  }, [first])
  const earlier = () => {
    const view = box.current
    if (view !== null) below.current = view.scrollHeight - view.scrollTop
    talk.earlier()
  }
  return (
    <main className="relative flex min-h-0 flex-1 flex-col" aria-label="Conversation">
      <div
        ref={box}
        className="min-h-0 flex-1 overflow-y-auto overscroll-contain bg-page [contain:strict] [overflow-anchor:none]"
        role="log"
        aria-live="off"
        aria-label="Messages"
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reachable by keyboard
        tabIndex={0}
      >
        <div className="mx-auto flex min-h-full w-full max-w-[48rem] flex-col px-6 phone:px-4">
          {empty ? (
            <Empty />
          ) : (
            <div className="space-y-10 pt-6 pb-10">
              {said.earlier !== null && (
                <div className="flex justify-center">
                  <button type="button" className="quiet border border-line" onClick={earlier}>
                    <Icon name="up" className="size-4" />
                    Earlier messages
                  </button>
                </div>
              )}
              {fault !== null && <FaultCard fault={fault} />}
              {said.turns.map((turn) => {
                const run = runOf(turn)
                return (
                  <Guard key={turn.id} instead={<Undrawn turn={turn} />}>
                    <TurnView turn={turn} view={run === null ? undefined : views.get(run)} />
                  </Guard>
                )
              })}
            </div>
          )}
        </div>
      </div>
      <div className="relative mx-auto w-full max-w-[48rem] flex-none px-6 pb-[max(1rem,env(safe-area-inset-bottom))] phone:px-3 phone:pb-[max(0.6rem,env(safe-area-inset-bottom))]">
        <div
          className="pointer-events-none absolute inset-x-0 -top-8 h-8 bg-gradient-to-t from-page to-transparent"
          aria-hidden="true"
        />
        {!pinned && !empty && (
          <button
            type="button"
            onClick={pin}
            aria-label="To the end"
            title="To the end"
            className="arrive absolute -top-12 right-6 flex size-9 items-center justify-center rounded-full border border-rule bg-raise text-soft shadow-card hover:text-ink"
          >
            <Icon name="down" />
          </button>
        )}
        <Composer session={session} onSaid={pin} />
      </div>
    </main>
  )
}

const Undrawn = ({ turn }: { turn: Turn }) => (
  <div className="space-y-3">
    <p className="text-bad">This part of the conversation could not be drawn. Its text:</p>
    <pre className="font-sans whitespace-pre-wrap">{[turn.text, turn.answer?.text].join('\n\n')}</pre>
  </div>
)
