import { useCallback, useEffect, useMemo, useRef, useState, type ReactNode } from 'react'
import { useApp } from '../live/app.ts'
import { useCell } from '../live/cell.ts'
import { useFollowEnd } from '../live/follow-end.ts'
import { keyName, pressed } from '../live/key-names.ts'
import { own } from '../live/own.ts'
import { SHORTCUTS } from '../live/shortcuts.ts'
import { useReadingPlace } from '../live/use-reading-place.ts'
import { showMessage, useReel } from '../live/use-reel.ts'
import type { Turn } from '../state/talk.ts'
import { Composer } from '../compose/composer.tsx'
import { say } from '../words/say.ts'
import { Empty } from './empty.tsx'
import { FaultCard } from './fault-card.tsx'
import { GoneChat } from './gone-chat.tsx'
import { Icon } from './icons.tsx'
import { Turns } from './turns.tsx'

export function ConversationView() {
  const { visit } = useCell(useApp().talk.place)
  return <Scene key={visit} />
}

function Scene() {
  const { talk } = useApp()
  const { session, talk: said, views, reading, fault } = useCell(talk.place)
  const box = useRef<HTMLDivElement>(null)
  const [view, setView] = useState<HTMLDivElement | null>(null)
  const inBox = useCallback((element: HTMLDivElement | null) => {
    box.current = element
    setView(element)
  }, [])
  const gone = fault?.code === 'session.missing' && said.turns.length > 0
  const empty = !reading && fault === null && said.turns.length === 0
  const { pinned, pin, held } = useFollowEnd(box, !empty)
  const [seeking, setSeeking] = useState(false)
  useEffect(() => {
    if (empty) box.current?.scrollTo({ top: 0 })
    else pin()
  }, [empty, pin])
  useReadingPlace(talk, session, box)
  const more = useCallback(() => own(talk.earlier()), [talk])
  const turns = useMemo(() => (said.earlier === null ? said.turns : said.turns.slice(halfAtStart(said.turns))), [said])
  const drawing = useReel(view, turns, { held, more })
  const partly = said.earlier !== null || drawing.pieces.some((piece) => 'gap' in piece && piece.gap.length > 0)
  const finding = useFinding(partly)
  const toStart = async () => {
    const { visit } = talk.place.get()
    setSeeking(true)
    while (talk.place.get().visit === visit && talk.place.get().talk.earlier !== null) await talk.earlier()
    setSeeking(false)
    const first = talk.place.get().talk.turns[0]
    if (talk.place.get().visit === visit && first !== undefined) showMessage(first.id)
  }
  return (
    <main className="relative flex min-h-0 flex-1 flex-col flat:overflow-y-auto" aria-label={say('Conversation')}>
      <div
        ref={inBox}
        className="min-h-0 flex-1 overflow-y-auto overscroll-contain bg-page flat:min-h-36 flat:overscroll-auto [contain:strict] [overflow-anchor:none]"
        role="log"
        aria-live="off"
        aria-label={say('Messages')}
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reachable by keyboard
        tabIndex={0}
        onKeyDown={(event) => {
          if (event.target instanceof Element && event.target.matches('input, textarea, select')) return
          // With or without Ctrl: what is drawn on the way would end the browser's own way there.
          if (event.key === 'Home') own(toStart())
          else if (event.key === 'End') pin()
          else return
          event.preventDefault()
        }}
      >
        <div className="mx-auto flex min-h-full w-full max-w-[48rem] flex-col px-6 phone:px-4">
          {empty ? (
            <Empty />
          ) : (
            <div className="pt-6">
              {fault !== null && !gone && <FaultCard fault={fault} />}
              <Turns drawing={drawing} views={views} />
              {gone && session !== null && <GoneChat session={session} />}
            </div>
          )}
        </div>
      </div>
      <div className="relative mx-auto w-full max-w-[48rem] flex-none px-6 pb-[max(1rem,env(safe-area-inset-bottom))] phone:px-3 phone:pb-[max(0.6rem,env(safe-area-inset-bottom))]">
        <div
          className="pointer-events-none absolute inset-x-0 -top-8 h-8 bg-gradient-to-t from-page to-transparent"
          aria-hidden="true"
        />
        {seeking && <Bubble>{say('Reading back to the first message')}</Bubble>}
        {!seeking && finding && (
          <Bubble>
            {say('The browser finds what is drawn here; {key} finds in all of it', {
              key: keyName(SHORTCUTS.find.key),
            })}
          </Bubble>
        )}
        {!pinned && !empty && (
          <button
            type="button"
            onClick={pin}
            aria-label={say('To the end')}
            title={say('To the end')}
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

const Bubble = ({ children }: { children: ReactNode }) => (
  <p
    role="status"
    className="absolute bottom-full left-1/2 mb-2 w-max max-w-[calc(100%-7rem)] -translate-x-1/2 rounded-[1.1rem] border border-rule bg-raise px-4 py-1.5 text-center text-[13px] text-soft shadow-card"
  >
    {children}
  </p>
)

/** Whether the browser's own search was asked for a moment ago, which can't know what is not drawn. */
function useFinding(partly: boolean): boolean {
  const [finding, setFinding] = useState(false)
  useEffect(() => {
    if (!partly) return
    const onKeyDown = (event: KeyboardEvent) => {
      if (pressed(event) === 'Mod+F') setFinding(true)
    }
    document.addEventListener('keydown', onKeyDown)
    return () => document.removeEventListener('keydown', onKeyDown)
  }, [partly])
  useEffect(() => {
    if (!finding) return
    const timer = setTimeout(() => setFinding(false), 8000)
    return () => clearTimeout(timer)
  }, [finding])
  return finding && partly
}

/** An answer whose question is on the page before is not shown without it. */
const halfAtStart = (turns: readonly Turn[]): number => (turns.length > 1 && turns[0]?.text === null ? 1 : 0)
