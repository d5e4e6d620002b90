import { useSyncExternalStore, type ReactNode } from 'react'
import type { RunId } from '../../wire/id.ts'
import { useCell, type Cell } from '../live/cell.ts'
import { useNow } from '../live/clock.ts'
import { isLive, type RunView } from '../state/run-view.ts'
import { count, elapsed, tenth, took } from '../state/wording.ts'
import { say } from '../words/say.ts'
import type { Comparison } from './comparison.ts'
import { best, figuresOf, type Figures } from './figures.ts'

/** The figures of an answer, which stand in the same places in each column; what is best of those that have ended is marked. */
export function FiguresOf({
  view,
  others,
  comparison,
}: {
  view: Cell<RunView>
  others: readonly RunId[]
  comparison: Comparison
}) {
  const now = useCell(view)
  const live = isLive(now)
  const { ms, firstMs, words, tokens, rate } = figuresOf(now.draft)
  const bests = useBests(others, comparison)
  const unknown = '–'
  return (
    <dl className="grid grid-cols-3 gap-x-3 gap-y-1.5">
      <Figure name={say('Time')} best={!live && ms === bests.ms} tag={say('quickest')}>
        {live ? <Running view={view} /> : took(ms)}
      </Figure>
      <Figure name={say('First word')} best={firstMs !== null && firstMs === bests.firstMs} tag={say('quickest')}>
        {firstMs === null ? unknown : took(firstMs)}
      </Figure>
      <Figure name={say('Speed')} best={rate !== null && rate === bests.rate} tag={say('quickest')}>
        {rate === null ? unknown : say('{rate} tokens/s', { rate: tenth(rate) })}
      </Figure>
      <Figure name={say('Words')}>{count(words)}</Figure>
      <Figure name={say('Tokens')}>{tokens === null ? unknown : count(tokens)}</Figure>
    </dl>
  )
}

function Running({ view }: { view: Cell<RunView> }) {
  return elapsed(useNow() - useCell(view).began)
}

function Figure(props: { name: string; best?: boolean; tag?: string; children: ReactNode }) {
  return (
    <div className="min-w-0">
      <dt className="truncate text-[11.5px] leading-tight text-faint">{props.name}</dt>
      <dd
        className={`figures truncate text-[13.5px] leading-snug ${props.best === true ? 'font-[560] text-good' : 'text-ink'}`}
      >
        {props.children}
        {props.best === true && <span className="sr-only"> ({props.tag})</span>}
      </dd>
    </div>
  )
}

type Bests = Record<'ms' | 'firstMs' | 'rate', number | null>

/** What is best among those that came to their end by themselves. */
function useBests(runs: readonly RunId[], comparison: Comparison): Bests {
  const watch = (call: () => void) => {
    const offs = runs.map((run) => comparison.viewOf(run).on(call))
    return () => {
      for (const off of offs) off()
    }
  }
  const read = () => JSON.stringify(bestsOf(runs.map((run) => comparison.viewOf(run).get())))
  return JSON.parse(useSyncExternalStore(watch, read)) as Bests
}

function bestsOf(views: readonly RunView[]): Bests {
  const ended: Figures[] = views
    .filter(({ draft }) => draft.end?.reason === 'done')
    .map(({ draft }) => figuresOf(draft))
  return {
    ms: best(
      ended.map(({ ms }) => ms),
      'least',
    ),
    firstMs: best(
      ended.map(({ firstMs }) => firstMs),
      'least',
    ),
    rate: best(
      ended.map(({ rate }) => rate),
      'most',
    ),
  }
}
