import {
  memo,
  useEffect,
  useRef,
  useState,
  useSyncExternalStore,
  type CSSProperties,
  type KeyboardEvent,
  type RefObject,
} from 'react'
import { useCell } from '../live/cell.ts'
import { rowWords } from '../state/trace-rows.ts'
import { tickName, ticksFor } from '../state/ticks.ts'
import { arrow, type Line } from '../state/trace-tree.ts'
import { tenth, took } from '../state/wording.ts'
import { say } from '../words/say.ts'
import { Icon } from '../view/icons.tsx'
import type { Stage } from './stage.ts'
import { barClass, barStyle } from './tints.ts'
import { useHead } from './use-stage.ts'

export type Zoom = { id: string; from: number; to: number } | null
type Props = {
  stage: Stage
  selected: string | null
  select: (id: string | null) => void
  zoom: Zoom
  setZoom: (zoom: Zoom) => void
  playPause: () => void
}

/** The waterfall. A tree: arrows move and open, Enter shows what a row is about, F makes its time as wide as the panel. */
export function Tree({ stage, selected, select, zoom, setZoom, playPause }: Props) {
  const lines = useCell(stage.lines)
  const [active, setActive] = useState('run')
  const box = useRef<HTMLDivElement>(null)
  const current = lines.some(({ id }) => id === active) ? active : 'run'
  useEffect(() => {
    // The details take away from the height of the tree.
    if (selected !== null)
      box.current?.querySelector(`[data-row="${CSS.escape(selected)}"]`)?.scrollIntoView({ block: 'nearest' })
  }, [selected])
  const go = (id: string) => {
    setActive(id)
    const row = box.current?.querySelector<HTMLElement>(`[data-row="${CSS.escape(id)}"]`)
    row?.focus()
    row?.scrollIntoView({ block: 'nearest' })
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const line = lines.find(({ id }) => id === current)
    if (line === undefined) return
    if (event.key === 'Enter') {
      event.preventDefault()
      return select(selected === current ? null : current)
    }
    if (event.key === ' ') {
      event.preventDefault()
      return playPause()
    }
    if (event.key === 'f' || event.key === 'F') {
      const { row } = line
      const to = row.to ?? stage.length()
      return setZoom(zoom?.id === current || to - row.from < 1 ? null : { id: current, from: row.from, to })
    }
    const step = arrow(lines, current, event.key)
    if (step === null) return
    event.preventDefault()
    if (step.kind === 'go') go(step.id)
    else stage.toggle(line, step.kind === 'open')
  }
  const press = useRef<(line: Line, onMark: boolean) => void>(() => {})
  useEffect(() => {
    press.current = (line, onMark) => {
      setActive(line.id)
      if (onMark && line.open !== null) stage.toggle(line, !line.open)
      else select(selected === line.id ? null : line.id)
    }
  })
  return (
    <div className="relative px-3 pt-[1.375rem] pb-3">
      <Axis stage={stage} zoom={zoom} />
      <div
        ref={box}
        role="tree"
        aria-label={say('Waterfall')}
        tabIndex={-1}
        className="relative"
        onKeyDown={onKeyDown}
        data-testid="waterfall"
      >
        {lines.map((line) => (
          <Row
            key={line.id}
            line={line}
            stage={stage}
            selected={line.id === selected}
            active={line.id === current}
            press={press}
          />
        ))}
      </div>
    </div>
  )
}

function Axis({ stage, zoom }: { stage: Stage; zoom: Zoom }) {
  const shown = (): [number, number] => (zoom === null ? [0, stage.length()] : [zoom.from, zoom.to - zoom.from])
  const ticks = useSyncExternalStore(stage.onTime, () => {
    const [left, wide] = shown()
    return ticksFor(left, Math.max(1, wide)).join()
  })
  const [left, wide] = shown()
  const moment = useCell(stage.moment)
  return (
    <div className="trace-lines figures" aria-hidden="true">
      {ticks.split(',').map((at) => (
        <span
          key={at}
          className={`trace-line ${Number(at) - left > wide * 0.9 ? 'ends' : ''}`}
          style={{ '--at': at } as CSSProperties}
        >
          <span>{tickName(Number(at))}</span>
        </span>
      ))}
      {moment !== null && <span className="trace-now" style={{ '--head': moment } as CSSProperties} />}
    </div>
  )
}

type RowProps = {
  line: Line
  stage: Stage
  selected: boolean
  active: boolean
  press: RefObject<(line: Line, onMark: boolean) => void>
}

const Row = memo(function Row({ line, stage, selected, active, press }: RowProps) {
  const { row, now, level, open } = line
  const told = now ?? row
  return (
    <div
      role="treeitem"
      aria-level={level}
      aria-posinset={line.place}
      aria-setsize={line.of}
      aria-selected={selected}
      aria-expanded={open ?? undefined}
      tabIndex={active ? 0 : -1}
      data-row={line.id}
      data-kind={row.kind}
      title={row.kind === 'moment' ? row.name : row.note || undefined}
      className={`trace-row ${now === null ? 'later' : ''} ${row.kind === 'moment' ? 'moment' : ''}`}
      onClick={(event) => press.current(line, (event.target as Element).closest('[data-mark]') !== null)}
      // The tree hears the keys.
      onKeyDown={() => {}}
    >
      <span
        className="trace-name flex min-w-0 items-center gap-1.5"
        style={{ paddingLeft: `${Math.max(0, level - 2) * 0.875}rem` }}
      >
        {open !== null && level > 1 && (
          <span data-mark="" className="-m-1 flex-none p-1" aria-hidden="true">
            <Icon name="chevron" className={`size-3 text-faint transition-transform ${open ? 'rotate-90' : ''}`} />
          </span>
        )}
        <Mark line={line} />
        <span
          aria-hidden="true"
          className={`truncate ${level === 1 ? 'font-[560]' : ''} ${row.kind === 'moment' ? 'text-[12.5px] text-soft' : ''}`}
        >
          {row.name}
        </span>
      </span>
      {row.kind !== 'moment' && (
        <span className="trace-lane" aria-hidden="true">
          {now !== row && (
            <span className={`trace-ghost${row.to === null ? ' on' : ''}`} style={barStyle(row, stage.length())} />
          )}
          {now !== null && <span className={barClass(now)} style={barStyle(now, stage.head())} />}
        </span>
      )}
      <span className="trace-time figures text-right text-[12.5px] text-faint">
        {now === null ? (
          <span className="sr-only">{say('{name}, later', { name: row.name })}</span>
        ) : told.kind === 'moment' ? (
          <>
            <span aria-hidden="true">{say('at {time}', { time: took(told.from) })}</span>
            <span className="sr-only">{rowWords(told, 0)}</span>
          </>
        ) : told.to === null ? (
          <Ticking stage={stage} line={line} />
        ) : (
          <>
            <span aria-hidden="true">{took(told.to - told.from)}</span>
            <span className="sr-only">{rowWords(told, 0)}</span>
          </>
        )}
      </span>
    </div>
  )
})

/** How it stands, where that is not as it should be: never by colour alone. */
function Mark({ line: { row, now } }: { line: Line }) {
  const { state, kind } = now ?? row
  if (kind === 'stop') return <Icon name="stop" className="size-3.5 text-bad" />
  if (state === 'failed')
    return (
      <Icon
        name={kind === 'moment' ? 'warn' : 'cross'}
        className={`size-3.5 ${kind === 'moment' ? 'text-warn' : 'text-bad'}`}
      />
    )
  if (kind === 'moment') return <Icon name="joint" className="size-3.5 text-soft" />
  if (state === 'denied') return <Icon name="cross" className="size-3.5 text-bad" />
  if (state === 'stopped' && row.level > 1) return <Icon name="stop" className="size-3.5 text-faint" />
  if (state === 'discarded' || state === 'unfinished') return <Icon name="skip" className="size-3.5 text-faint" />
  if (kind === 'tool' && state === 'done') return <Icon name="check" className="size-3.5 text-good" />
  return null
}

function Ticking({ stage, line: { row, now } }: { stage: Stage; line: Line }) {
  const told = now ?? row
  const head = useHead(stage)
  const ms = Math.max(0, head - told.from)
  return (
    <>
      <span aria-hidden="true">{ms < 10_000 ? `${tenth(Math.floor(ms / 100) / 10)} s` : took(ms)}</span>
      <span className="sr-only">{rowWords(told, head)}</span>
    </>
  )
}
