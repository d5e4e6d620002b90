import { useEffect, useRef } from 'react'
import { modelOf, textOf } from '../../wire/fold.ts'
import type { RunId } from '../../wire/id.ts'
import { useApp } from '../live/app.ts'
import { useCell, usePick, type Cell } from '../live/cell.ts'
import { useFollowEnd } from '../live/follow-end.ts'
import { isLive, type RunView } from '../state/run-view.ts'
import { AgentMark } from '../view/agent-mark.tsx'
import { AnswerBody, HowItEnded } from '../view/answer.tsx'
import { CopyButton } from '../view/copy-button.tsx'
import { Guard } from '../view/guard.tsx'
import { Icon } from '../view/icons.tsx'
import { StatusLine } from '../view/status-line.tsx'
import { say, sayCount } from '../words/say.ts'
import type { Comparison } from './comparison.ts'
import { figuresOf } from './figures.ts'
import { FiguresOf } from './figures-of.tsx'
import { agentTitle } from '../words/titles.ts'

/** One version: who says it, its words as they come, where it is, and its figures. */
export function Column(props: {
  view: Cell<RunView>
  version: number
  /** All that are shown, this one among them: what its figures are compared with. */
  others: readonly RunId[]
  comparison: Comparison
  shownInChat: boolean
  /** Whether anything is still being written here; what is read later is read from its beginning. */
  follow: boolean
  keep: () => void
}) {
  const { view, version, others, comparison, shownInChat, follow, keep } = props
  const { aloud, panels } = useApp()
  const { run } = view.get()
  const live = usePick(view, isLive)
  const route = usePick(view, (v) => v.draft.route)
  const model = usePick(view, (v) => modelOf(v.draft) ?? v.draft.phase?.model ?? '')
  const stopping = usePick(view, (v) => v.stopping)
  const box = useRef<HTMLDivElement>(null)
  useFollowEnd(box, live && follow)
  const name = route === null ? say('Version {n}', { n: version }) : agentTitle(route.title)
  const was = useRef(live)
  useEffect(() => {
    if (was.current && !live) {
      const { words } = figuresOf(view.get().draft)
      aloud.set(sayCount(words, '{name} has answered, 1 word', '{name} has answered, {n} words', { name }))
    }
    was.current = live
  }, [live, name, view, aloud])
  return (
    <article
      aria-label={say('Version {n}: {name}', { n: version, name })}
      aria-busy={live}
      data-testid="compared"
      className="compare-column"
    >
      <header className="flex min-h-14 flex-none items-center gap-2.5 px-4 py-2">
        <AgentMark agent={route?.agent ?? 'general'} />
        <div className="min-w-0 flex-1">
          <h2 className="truncate text-[14.5px] leading-tight font-[560]">{name}</h2>
          <p className="truncate text-[12.5px] leading-tight text-faint" title={model}>
            {model === '' ? say('Choosing') : model}
          </p>
        </div>
        <span className="figures flex-none text-[12.5px] text-faint">
          {shownInChat ? say('{n} · in the chat', { n: version }) : version}
        </span>
      </header>
      <div
        ref={box}
        data-column
        role="region"
        aria-label={say('Words of version {n}', { n: version })}
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reachable by keyboard
        tabIndex={0}
        className="compare-words"
      >
        <div className="min-w-0 space-y-3">
          <Guard instead={<Undrawn view={view} />}>
            <AnswerBody view={view} />
          </Guard>
          {!live && <HowItEnded view={view} again={() => comparison.again(run)} />}
        </div>
      </div>
      <footer className="compare-foot">
        <FiguresOf view={view} others={others} comparison={comparison} />
        <div className="mt-2 flex min-h-10 items-center gap-1.5">
          {live ? (
            <>
              <div className="min-w-0 flex-1 overflow-hidden">
                <StatusLine view={view} />
              </div>
              <button
                type="button"
                className="button flex-none"
                disabled={stopping}
                aria-label={say('Stop version {n}', { n: version })}
                onClick={() => comparison.stop(run)}
              >
                <Icon name="stop" className="size-4" />
                {stopping ? say('Stopping…') : say('Stop')}
              </button>
            </>
          ) : (
            <>
              <button
                type="button"
                className="button"
                title={say('The chat goes on from this answer; the others are kept as versions of it')}
                onClick={keep}
              >
                <Icon name="check" className="size-4 text-accent" />
                {say('Keep this one')}
              </button>
              <span className="flex-1" />
              <Words view={view} />
              <button
                type="button"
                className="tap"
                aria-label={say('How version {n} came about', { n: version })}
                title={say('How it came about')}
                onClick={() => panels.set({ ...panels.get(), trace: true, traced: run, look: 'story' })}
              >
                <Icon name="pulse" />
              </button>
            </>
          )}
        </div>
      </footer>
    </article>
  )
}

function Words({ view }: { view: Cell<RunView> }) {
  const text = textOf(useCell(view).draft)
  return text === '' ? null : <CopyButton text={text} label={say('Copy answer')} />
}

const Undrawn = ({ view }: { view: Cell<RunView> }) => (
  <pre className="font-sans whitespace-pre-wrap">{textOf(view.get().draft)}</pre>
)
