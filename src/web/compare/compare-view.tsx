import './compare.css'
import { useEffect, useRef, useState, useSyncExternalStore, type RefObject } from 'react'
import type { RunId, SessionId } from '../../wire/id.ts'
import type { Message } from '../../wire/message.ts'
import { addressNow } from '../live/address.ts'
import { useApp } from '../live/app.ts'
import { useCell } from '../live/cell.ts'
import { FaultCard } from '../view/fault-card.tsx'
import { say, sayCount } from '../words/say.ts'
import { Column } from './column.tsx'
import { firstShown, MOST_SHOWN, openComparison, type Comparison } from './comparison.ts'
import { TopRow } from './top-row.tsx'
import { useScrollTogether } from './scroll-together.ts'
import { agentTitle } from '../words/titles.ts'

/** Versions of the answer to one message, side by side; which message, the address says. */
export function CompareView() {
  const hash = useSyncExternalStore(watchAddress, () => location.hash)
  const address = addressNow()
  if (address.view !== 'compare') return <main className="flex-1" />
  return <Scene key={hash} session={address.session} run={address.run} />
}

function watchAddress(call: () => void): () => void {
  addEventListener('hashchange', call)
  addEventListener('popstate', call)
  return () => {
    removeEventListener('hashchange', call)
    removeEventListener('popstate', call)
  }
}

function Scene({ session, run }: { session: SessionId; run: RunId }) {
  const app = useApp()
  const [comparison] = useState(() => openComparison(app, session, run))
  const { question, runs, fault } = useCell(comparison.state)
  const known = useCell(app.sessions.state).sessions.find(({ id }) => id === session)
  const [chosen, choose] = useState<ReadonlySet<RunId> | null>(null)
  const [together, setTogether] = useState(false)
  const shown = chosen === null ? firstShown(runs, run) : runs.filter((each) => chosen.has(each))
  useEffect(() => comparison.close, [comparison])
  const names = shown.join()
  useEffect(() => comparison.follow(names === '' ? [] : (names.split(',') as RunId[])), [comparison, names])
  const row = useRef<HTMLDivElement>(null)
  useScrollTogether(row, together)
  const keep = (kept: RunId) => {
    for (const other of runs) if (other !== kept) comparison.stop(other)
    app.talk.turnTo(kept)
    app.toChat()
  }
  const toggle = (one: RunId) => {
    const next = shown.includes(one) ? shown.filter((each) => each !== one) : [...shown, one].slice(-MOST_SHOWN)
    if (next.length > 0) choose(new Set(next))
  }
  return (
    <main className="flex min-h-0 flex-1 flex-col" aria-label={say('Comparison')} data-testid="comparison">
      <TopRow
        back={app.toChat}
        together={together}
        setTogether={setTogether}
        runs={runs}
        shown={shown}
        toggle={toggle}
        add={
          question === null ? null : () => app.desk.set({ open: 'compare', answered: { session, run, versions: runs } })
        }
      />
      {question !== null && <Question message={question} />}
      {fault !== null && (
        <div className="mx-auto w-full max-w-[48rem] p-6">
          <FaultCard fault={fault} />
        </div>
      )}
      <Tabs row={row} runs={runs} shown={shown} comparison={comparison} />
      <div ref={row} className="compare-row">
        {shown.map((each) => (
          <Column
            key={each}
            view={comparison.viewOf(each)}
            version={runs.indexOf(each) + 1}
            others={shown}
            comparison={comparison}
            shownInChat={known?.tip === each}
            follow={known !== undefined && known.active !== null}
            keep={() => keep(each)}
          />
        ))}
      </div>
    </main>
  )
}

/** What was asked: two lines of it, and the rest on request. */
function Question({ message }: { message: Message }) {
  const [whole, setWhole] = useState(false)
  const long = message.text.length > 160 || message.text.split('\n').length > 2
  return (
    <div className="flex-none px-4 pb-3">
      <p
        className={`text-[15px] leading-relaxed break-words whitespace-pre-wrap ${whole ? 'max-h-[30dvh] overflow-y-auto' : 'line-clamp-2'}`}
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reachable by keyboard
        tabIndex={whole ? 0 : undefined}
        data-testid="compared-question"
      >
        {message.text}
      </p>
      <div className="flex items-center gap-2 text-[13px] text-faint">
        {message.attachments.length > 0 && (
          <span>{sayCount(message.attachments.length, 'With 1 file', 'With {n} files')}</span>
        )}
        {long && (
          <button type="button" className="quiet -ml-2" aria-expanded={whole} onClick={() => setWhole(!whole)}>
            {whole ? say('Less') : say('The whole message')}
          </button>
        )}
      </div>
    </div>
  )
}

/** On a phone one version is shown at a time: these lead to each. */
function Tabs(props: {
  row: RefObject<HTMLDivElement | null>
  runs: readonly RunId[]
  shown: readonly RunId[]
  comparison: Comparison
}) {
  const { row, runs, shown } = props
  const [at, setAt] = useState(0)
  useEffect(() => {
    const box = row.current
    if (box === null) return
    const look = () => setAt(Math.round(box.scrollLeft / Math.max(1, box.clientWidth)))
    box.addEventListener('scroll', look, { passive: true })
    return () => box.removeEventListener('scroll', look)
  }, [row])
  if (shown.length < 2) return null
  return (
    <nav aria-label={say('Versions')} className="hidden flex-none gap-1 px-3 pb-2 phone:flex">
      {shown.map((run, i) => (
        <button
          key={run}
          type="button"
          aria-current={i === at ? 'true' : undefined}
          onClick={() => row.current?.scrollTo({ left: i * row.current.clientWidth, behavior: 'smooth' })}
          className={`min-h-10 min-w-0 flex-1 truncate rounded-lg px-2 text-[13.5px] ${i === at ? 'bg-hover font-[560] text-ink' : 'text-soft'}`}
        >
          <TabName comparison={props.comparison} run={run} version={runs.indexOf(run) + 1} />
        </button>
      ))}
    </nav>
  )
}

function TabName({ comparison, run, version }: { comparison: Comparison; run: RunId; version: number }) {
  const { draft } = useCell(comparison.viewOf(run))
  return draft.route === null ? say('Version {n}', { n: version }) : `${version} · ${agentTitle(draft.route.title)}`
}
