import { useCallback, useEffect, useRef, useState, type KeyboardEvent, type ReactNode, type RefObject } from 'react'
import { useApp, type Panels } from '../live/app.ts'
import { leaveMoment } from '../live/address.ts'
import { useCell, type Cell } from '../live/cell.ts'
import type { RunView } from '../state/run-view.ts'
import { say } from '../words/say.ts'
import { FaultCard } from '../view/fault-card.tsx'
import { Icon } from '../view/icons.tsx'
import { Detail } from './detail.tsx'
import { PlayerBar } from './player-bar.tsx'
import { Share } from './share.tsx'
import type { Stage } from './stage.ts'
import { StoryView } from './story-view.tsx'
import './trace.css'
import { Tree, type Zoom } from './tree.tsx'
import { useStage, useTraced } from './use-stage.ts'

/** How an answer came about: a waterfall and a story of its run, live, afterwards, and played again. */
export function TracePanel() {
  const { panels, moment, talk } = useApp()
  const shown = useCell(panels)
  const view = useTraced()
  const close = () => {
    moment.set(null)
    leaveMoment(talk.place.get().session)
    panels.set({ ...panels.get(), trace: false })
  }
  return (
    <aside
      aria-label={say('Trace')}
      className="trace flex h-full w-[27rem] flex-col border-l border-line bg-page min-[1600px]:w-[34rem] phone:w-[100vw] phone:border-0"
    >
      <div className="flex h-14 flex-none items-center gap-2 pr-3 pl-5">
        <h2 className="text-[14.5px] font-[560]">{say('Trace')}</h2>
        <Looks look={shown.look} choose={(look) => panels.set({ ...panels.get(), look })} />
        <button
          type="button"
          className="tap ml-auto"
          aria-label={say('Close the trace')}
          title={say('Close (Ctrl .)')}
          onClick={close}
        >
          <Icon name="close" />
        </button>
      </div>
      {view === null ? (
        <p className="px-5 text-[14px] text-soft">{say('Ask something, and see here where the time goes.')}</p>
      ) : (
        <Missing view={view}>
          <Run key={view.get().run} view={view} look={shown.look} />
        </Missing>
      )}
    </aside>
  )
}

export function Looks({ look, choose }: { look: Panels['look']; choose: (look: Panels['look']) => void }) {
  return (
    <div role="group" aria-label={say('Shown as')} className="ml-2 flex rounded-lg bg-sunk p-0.5">
      {(['waterfall', 'story'] as const).map((each) => (
        <button
          key={each}
          type="button"
          aria-pressed={look === each}
          onClick={() => choose(each)}
          className={`min-h-7 rounded-md px-2.5 text-[13px] phone:min-h-10 ${look === each ? 'bg-raise font-[540] text-ink shadow-card' : 'text-soft hover:text-ink'}`}
        >
          {each === 'story' ? say('Story') : say('Waterfall')}
        </button>
      ))}
    </div>
  )
}

/** A link may lead to a run that was removed, or that is somebody else's: the server says the same of both. */
function Missing({ view, children }: { view: Cell<RunView>; children: ReactNode }) {
  const { missing } = useCell(view)
  if (missing === null) return children
  return (
    <div className="px-4" data-testid="run-missing">
      <FaultCard fault={missing} />
    </div>
  )
}

type Seen = {
  view: Cell<RunView>
  look: Panels['look']
  /** Plays from the beginning as soon as it is seen. */
  plays?: boolean
  /** The server has it, so that it can be linked and saved. */
  kept?: boolean
}

export function Run({ view, look, plays = false, kept = true }: Seen) {
  const { stage, player, run } = useStage(view)
  useEffect(() => {
    if (plays) player.play()
  }, [plays, player])
  const lines = useCell(stage.lines)
  const [selected, select] = useState<string | null>(null)
  const [zoom, setZoom] = useState<Zoom>(null)
  const box = useRef<HTMLDivElement>(null)
  useScale(box, stage, zoom)
  const line = lines.find(({ id }) => id === selected)
  const playPause = () => (player.playing.get() ? player.pause() : player.play())
  const back = useCallback(() => {
    select(null)
    box.current?.querySelector<HTMLElement>('[role=treeitem][tabindex="0"]')?.focus()
  }, [])
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Escape' || selected === null) return
    event.preventDefault()
    event.stopPropagation()
    back()
  }
  return (
    <div ref={box} className="flex min-h-0 flex-1 flex-col" onKeyDown={onKeyDown}>
      <PlayerBar stage={stage} player={player} />
      <div className="min-h-0 flex-1 overflow-y-auto border-t border-line pt-1">
        {look === 'story' ? (
          <StoryView stage={stage} />
        ) : (
          <Tree stage={stage} selected={selected} select={select} zoom={zoom} setZoom={setZoom} playPause={playPause} />
        )}
      </div>
      {look === 'waterfall' && line !== undefined && <Detail line={line} stage={stage} player={player} close={back} />}
      {kept && <Share stage={stage} run={run} />}
    </div>
  )
}

/** The scale of the bars, as figures that CSS reckons with: time goes on without anything being drawn again. */
function useScale(box: RefObject<HTMLDivElement | null>, stage: Stage, zoom: Zoom): void {
  useEffect(() => {
    const set = () => {
      const style = box.current?.style
      const length = Math.max(1, stage.length())
      style?.setProperty('--length', String(length))
      style?.setProperty('--left', String(zoom?.from ?? 0))
      style?.setProperty('--wide', String(zoom === null ? length : zoom.to - zoom.from))
      // What moves gets its figure itself: one on the panel would have the style of everything in it reckoned again, with each frame.
      const head = String(stage.head())
      for (const bar of box.current?.querySelectorAll<HTMLElement>('.trace-bar.on') ?? [])
        bar.style.setProperty('--to', head)
      for (const bar of box.current?.querySelectorAll<HTMLElement>('.trace-ghost.on') ?? [])
        bar.style.setProperty('--to', String(length))
      for (const each of box.current?.querySelectorAll<HTMLElement>('.played') ?? [])
        each.style.setProperty('--head', head)
    }
    set()
    return stage.onTime(set)
  }, [box, stage, zoom])
}
