import type { Draft } from '../../wire/fold.ts'
import { useApp } from '../live/app.ts'
import { useCell, type Cell } from '../live/cell.ts'
import { useNow } from '../live/clock.ts'
import { newestIn } from '../live/live-run.ts'
import { isLive, type RunView } from '../state/run-view.ts'
import { statsOf } from '../state/stats.ts'
import type { Story } from '../state/story.ts'
import { traceRows, type TraceRow } from '../state/trace-rows.ts'
import { took } from '../state/wording.ts'
import { Icon } from './icons.tsx'

/** Where the time of a run went. */
export function TracePanel() {
  const { panels, talk } = useApp()
  const shown = useCell(panels)
  const place = useCell(talk.place)
  const traced = shown.traced === null ? undefined : place.views.get(shown.traced)
  const view = traced ?? newestIn(place)?.view
  return (
    <aside
      aria-label="Trace"
      className="flex h-full w-[23rem] flex-col border-l border-line bg-page phone:w-[100vw] phone:border-0"
    >
      <div className="flex h-14 flex-none items-center pr-3 pl-5">
        <h2 className="text-[14.5px] font-[560]">Trace</h2>
        <button
          type="button"
          className="tap ml-auto"
          aria-label="Close the trace"
          title="Close"
          onClick={() => panels.set({ ...shown, trace: false })}
        >
          <Icon name="close" />
        </button>
      </div>
      {view === undefined ? (
        <p className="px-5 text-[14px] text-soft">Ask something, and see here where the time goes.</p>
      ) : (
        <Waterfall view={view} />
      )}
    </aside>
  )
}

function Waterfall({ view }: { view: Cell<RunView> }) {
  const run = useCell(view)
  const now = useNow()
  const end = isLive(run) ? Math.max(run.draft.t, now - run.began) : run.draft.t
  const rows = traceRows(run.draft)
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reachable by keyboard
    <div className="min-h-0 flex-1 overflow-y-auto px-5 pb-6" tabIndex={0} role="region" aria-label="Steps of the run">
      <ul className="figures">
        {rows.map((row) => (
          <Row key={row.id} row={row} end={Math.max(1, end)} />
        ))}
      </ul>
      <HowItCameAbout story={run.story} />
      {run.draft.end !== null && <Figures draft={run.draft} />}
      <p className="mt-4 font-mono text-[11.5px] break-all text-faint">{run.run}</p>
    </div>
  )
}

const COLOUR_OF = { plain: 'text-soft', odd: 'text-warn', joint: 'text-soft', away: 'text-away' } as const

/** What was chosen, passed over, tried and gone on with, in the order in which it happened. */
function HowItCameAbout({ story }: { story: Story }) {
  if (story.happenings.length === 0) return null
  return (
    <section aria-label="How it came about" className="mt-5 border-t border-line pt-4">
      <h3 className="mb-2 text-[13px] font-[560]">How it came about</h3>
      <ol className="figures space-y-2 text-[13px]" data-testid="story">
        {story.happenings.map(({ t, tone, text }, i) => (
          // oxlint-disable-next-line react/no-array-index-key -- what happened is only ever added to
          <li key={i} className="grid grid-cols-[3.5rem_1fr] gap-x-3">
            <span className="text-right text-faint">{took(t)}</span>
            <span className={`min-w-0 break-words ${COLOUR_OF[tone]}`}>
              {tone === 'away' && <Icon name="away" className="mr-1 inline size-4 align-[-3px]" />}
              {tone === 'joint' && <Icon name="joint" className="mr-1 inline size-3.5 align-[-2px]" />}
              {tone === 'odd' && <Icon name="warn" className="mr-1 inline size-3.5 align-[-2px]" />}
              {text}
            </span>
          </li>
        ))}
      </ol>
    </section>
  )
}

function Figures({ draft }: { draft: Draft }) {
  const endpoint = draft.steps.at(-1)?.endpoint
  const stats = endpoint === undefined ? statsOf(draft) : [...statsOf(draft), { name: 'Endpoint', value: endpoint }]
  return (
    <dl className="mt-5 border-t border-line pt-4 text-[13px]">
      {stats.map(({ name, value }) => (
        <div key={name} className="flex justify-between gap-6 py-1">
          <dt className="flex-none text-faint">{name}</dt>
          <dd className="min-w-0 text-right break-words text-soft">{value}</dd>
        </div>
      ))}
    </dl>
  )
}

const COLOURS: Partial<Record<TraceRow['kind'], string>> = {
  run: 'var(--rule)',
  route: 'var(--who-consultant)',
  queued: 'var(--faint)',
  starting: 'var(--warn)',
  loading: 'var(--warn)',
  reading: 'var(--who-researcher)',
  thinking: 'var(--who-reasoner)',
  answering: 'var(--accent)',
  tool: 'var(--good)',
}

function Row({ row, end }: { row: TraceRow; end: number }) {
  const to = row.to ?? end
  const left = (row.from / end) * 100
  const width = Math.max(0.8, ((to - row.from) / end) * 100)
  return (
    <li className="grid grid-cols-[8.5rem_1fr_4rem] items-center gap-3 py-1.5 text-[13px]">
      <span
        className={`truncate ${row.level === 1 ? 'font-[540]' : row.level === 2 ? 'pl-2.5 text-soft' : 'pl-5 text-soft'}`}
        title={row.note ?? undefined}
      >
        {row.name}
      </span>
      <span className="relative h-2 rounded-full bg-sunk" aria-hidden="true">
        <span
          className={`bar absolute inset-y-0 rounded-full ${row.to === null && row.level > 1 ? 'breathe' : ''}`}
          style={{
            left: `${Math.min(99.2, left)}%`,
            width: `${Math.min(100 - Math.min(99.2, left), width)}%`,
            background: row.failed ? 'var(--bad)' : (COLOURS[row.kind] ?? 'var(--soft)'),
          }}
        />
      </span>
      <span className="text-right text-faint">
        {took(to - row.from)}
        {row.failed && <span className="sr-only"> failed</span>}
      </span>
    </li>
  )
}
