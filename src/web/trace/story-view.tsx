import { memo, useEffect, useRef, type RefObject } from 'react'
import type { RunId } from '../../wire/id.ts'
import { useCell } from '../live/cell.ts'
import { sentenceOf } from '../state/row-story.ts'
import { statsOf } from '../state/stats.ts'
import { traceRows, type TraceRow } from '../state/trace-rows.ts'
import type { Happening } from '../state/story.ts'
import { Icon } from '../view/icons.tsx'
import { Body, matterOf, sameMatter, type Matter } from './body.tsx'
import { moment } from './player-bar.tsx'
import type { Stage } from './stage.ts'
import { tintOf } from './tints.ts'

/** The run as one would tell it: what was decided, tried, thought, done and said, in the order in which it happened. */
export function StoryView({ stage }: { stage: Stage }) {
  const scene = useCell(stage.shown)
  const { trace, story, draft } = scene
  const { run } = stage.view.get()
  const rows = traceRows(trace, story.happenings, { plain: true }).flatMap((row) => {
    const text = sentenceOf(row, trace)
    return text === null ? [] : [{ row, text, told: row.kind === 'moment' ? story.happenings[row.of] : undefined }]
  })
  const last = useRef<HTMLLIElement>(null)
  const live = trace.end === null
  useEffect(() => {
    if (live && rows.length > 0) last.current?.scrollIntoView({ block: 'nearest' })
  }, [live, rows.length])
  return (
    <div className="px-4 pt-1 pb-5">
      <ol data-testid="story">
        {rows.map(({ row, text, told }, i) => (
          <Item
            key={row.id}
            row={row}
            text={text}
            told={told}
            matter={matterOf(row, trace)}
            run={run}
            last={i === rows.length - 1 ? last : null}
          />
        ))}
      </ol>
      {draft.end !== null && (
        <dl className="mt-3 border-t border-line pt-3 text-[13px]">
          {statsOf(draft).map(({ name, value }) => (
            <div key={name + value} className="flex justify-between gap-6 py-0.5">
              <dt className="flex-none text-faint">{name}</dt>
              <dd className="figures min-w-0 text-right break-words text-soft">{value}</dd>
            </div>
          ))}
        </dl>
      )}
    </div>
  )
}

type ItemProps = {
  row: TraceRow
  text: string
  told: Happening | undefined
  matter: Matter
  run: RunId
  last: RefObject<HTMLLIElement | null> | null
}

/** Drawn again only when something of it has changed: of a story that is being written, its last item. */
const Item = memo(
  function Item({ row, text, told, matter, run, last }: ItemProps) {
    return (
      <li ref={last} className="grid grid-cols-[3.25rem_0.75rem_minmax(0,1fr)] gap-x-2.5">
        <span className="figures pt-1.5 text-right text-[12px] text-faint">{moment(row.from)}</span>
        <Dot row={row} />
        <div className="min-w-0 pt-1 pb-2">
          <p className={`text-[13.5px] leading-relaxed break-words ${toneOf(row, told)}`}>
            <Sign row={row} told={told} />
            {text}
          </p>
          <Body row={row} matter={matter} run={run} brief />
        </div>
      </li>
    )
  },
  (a, b) =>
    a.text === b.text &&
    a.row.to === b.row.to &&
    a.row.state === b.row.state &&
    a.run === b.run &&
    a.last === b.last &&
    sameMatter(a.matter, b.matter),
)

/** The line of time, with a dot where something begins. */
function Dot({ row }: { row: TraceRow }) {
  return (
    <span aria-hidden="true" className="relative">
      <span className="absolute inset-y-0 left-1/2 w-px -translate-x-1/2 bg-line" />
      <span
        className={`bar absolute top-[0.8rem] left-1/2 -translate-x-1/2 -translate-y-1/2 ${row.kind === 'moment' ? 'size-2' : 'size-2.5'} rounded-full border-2 border-page ${row.to === null ? 'breathe' : ''}`}
        style={{ background: tintOf(row) }}
      />
    </span>
  )
}

function Sign({ row, told }: { row: TraceRow; told: Happening | undefined }) {
  if (told?.tone === 'away') return <Icon name="away" className="mr-1 inline size-4 align-[-3px]" />
  if (told?.tone === 'joint') return <Icon name="joint" className="mr-1 inline size-3.5 align-[-2px]" />
  if (told?.tone === 'found') return <Icon name="memory" className="mr-1 inline size-3.5 align-[-2px]" />
  if (told?.tone === 'odd') return <Icon name="warn" className="mr-1 inline size-3.5 align-[-2px]" />
  if (row.state === 'failed' || row.state === 'denied')
    return <Icon name="cross" className="mr-1 inline size-3.5 align-[-2px]" />
  return null
}

function toneOf({ kind, state }: TraceRow, told: Happening | undefined): string {
  if (told !== undefined)
    return { plain: 'text-ink', odd: 'text-warn', joint: 'text-soft', away: 'text-away', found: 'text-soft' }[told.tone]
  if (state === 'failed' || state === 'denied') return 'text-bad'
  return kind === 'tool' || kind === 'thinking' || kind === 'answering' ? 'text-ink' : 'text-soft'
}
