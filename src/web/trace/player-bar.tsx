import { memo } from 'react'
import { useCell } from '../live/cell.ts'
import { isLive } from '../state/run-view.ts'
import { statusText } from '../state/status-text.ts'
import type { TraceRow } from '../state/trace-rows.ts'
import { tenth, took } from '../state/wording.ts'
import { say } from '../words/say.ts'
import { Icon } from '../view/icons.tsx'
import type { Player } from './player.ts'
import { SPEEDS } from './player.ts'
import type { Stage } from './stage.ts'
import { barClass, barStyle } from './tints.ts'
import { useHead, useLength } from './use-stage.ts'

/** 12.4 s: as exact as a moment that is linked. */
export const moment = (ms: number): string =>
  ms < 60_000 ? `${tenth(ms / 1000)} s` : `${Math.floor(ms / 60_000)}:${tenth((ms % 60_000) / 1000).padStart(4, '0')}`

/** Plays the run again: the track shows what its time went into, the line under it what the page said at that moment. */
export function PlayerBar({ stage, player }: { stage: Stage; player: Player }) {
  const playing = useCell(player.playing)
  const speed = useCell(player.speed)
  const following = useCell(stage.moment) === null
  const live = isLive(useCell(stage.view))
  const next = SPEEDS[(SPEEDS.indexOf(speed as 1) + 1) % SPEEDS.length] ?? 1
  return (
    <div className="flex-none px-4 pb-3 phone:px-3" role="group" aria-label={say('Replay')}>
      <div className="flex items-center gap-1.5">
        <button
          type="button"
          className="tap"
          aria-label={playing ? say('Pause') : say('Play')}
          title={playing ? say('Pause (Space)') : say('Play the run (Space)')}
          onClick={playing ? player.pause : player.play}
        >
          <Icon name={playing ? 'pause' : 'play'} />
        </button>
        <Track stage={stage} player={player} />
        <button
          type="button"
          className="tap figures text-[13px] font-[540]"
          aria-label={say('Speed: {speed} times', { speed })}
          title={say('Speed')}
          onClick={() => player.speed.set(next)}
        >
          {speed}×
        </button>
      </div>
      <div className="flex min-h-7 items-center gap-3 pl-1 text-[13px]">
        <Clock stage={stage} />
        <Doing stage={stage} />
        {!following && (
          <button
            type="button"
            className="quiet ml-auto flex-none border border-line"
            onClick={() => {
              player.rest()
              player.seek(null)
              player.settle()
            }}
          >
            {live ? say('Live') : say('To the end')}
          </button>
        )}
      </div>
    </div>
  )
}

/** What a key on the track moves by, in milliseconds; ten times that with Shift. */
const KEYS: Partial<Record<string, number>> = {
  ArrowLeft: -100,
  ArrowDown: -100,
  ArrowRight: 100,
  ArrowUp: 100,
  PageDown: -5000,
  PageUp: 5000,
  Home: -1e9,
  End: 1e9,
}

function Track({ stage, player }: { stage: Stage; player: Player }) {
  const head = useHead(stage)
  const length = Math.max(1, useLength(stage))
  return (
    <div className="trace-track min-w-0 flex-1">
      <Strip stage={stage} />
      <input
        type="range"
        min={0}
        max={length}
        step={1}
        value={Math.min(head, length)}
        aria-label={say('Moment')}
        aria-valuetext={say('{done} of {total}', { done: moment(head), total: moment(length) })}
        onChange={(event) => {
          player.rest()
          const to = Number(event.target.value)
          player.seek(to >= length - 50 ? null : to)
        }}
        onKeyDown={(event) => {
          const by = KEYS[event.key]
          if (by === undefined) return
          event.preventDefault()
          player.rest()
          const to = head + by * (event.shiftKey ? 10 : 1)
          player.seek(to >= length ? null : to)
        }}
        onPointerUp={player.settle}
        onKeyUp={player.settle}
      />
    </div>
  )
}

function Strip({ stage }: { stage: Stage }) {
  const lines = useCell(stage.lines)
  const spans = lines.flatMap(({ row }) => (row.level === 2 && row.kind !== 'moment' ? [row] : []))
  return <Bars rows={spans} stage={stage} />
}

/** The rows are the same as long as nothing of them changes, whatever moment is looked at. */
const Bars = memo(
  function Bars({ rows, stage }: { rows: readonly TraceRow[]; stage: Stage }) {
    return (
      <div className="strip" aria-hidden="true">
        {rows.map((row) => (
          <span
            key={row.id}
            className={`trace-ghost${row.to === null ? ' on' : ''}`}
            style={barStyle(row, stage.length())}
          />
        ))}
        <div className="played">
          {rows.map((row) => (
            <span key={row.id} className={barClass(row)} style={barStyle(row, stage.head())} />
          ))}
        </div>
      </div>
    )
  },
  (a, b) => a.stage === b.stage && a.rows.length === b.rows.length && a.rows.every((row, i) => row === b.rows[i]),
)

function Clock({ stage }: { stage: Stage }) {
  const head = useHead(stage)
  const length = useLength(stage)
  const following = useCell(stage.moment) === null
  return (
    <span className="figures flex-none" data-testid="moment">
      <strong className="font-[560]">{moment(head)}</strong>
      {!following && <span className="text-faint"> {say('of {total}', { total: moment(length) })}</span>}
    </span>
  )
}

/** What was going on at that moment. */
function Doing({ stage }: { stage: Stage }) {
  const head = useHead(stage)
  const view = useCell(stage.view)
  const { draft, story, pace } = useCell(stage.shown)
  const then = { ...view, draft, story, pace, began: 0, stopping: draft.end === null && view.stopping }
  const text = draft.end === null ? statusText(then, head).text : ENDED[draft.end.reason](draft.end.stopped?.ms ?? null)
  return (
    <span className="min-w-0 truncate text-soft" data-testid="doing">
      {text}
    </span>
  )
}

const ENDED = {
  done: () => say('Done'),
  cancelled: (ms: number | null) =>
    ms === null ? say('Stopped by you') : say('Stopped by you; the stop took {time}', { time: took(ms) }),
  failed: () => say('It failed'),
  interrupted: () => say('The server stopped during it'),
} as const
