import { useEffect, useMemo, useRef, useState } from 'react'
import type { Entry } from '../../wire/event.ts'
import type { RunId } from '../../wire/id.ts'
import { AppContext, useApp, type App, type Panels } from '../live/app.ts'
import { cell, useCell, type Cell } from '../live/cell.ts'
import { Reel } from '../state/replay.ts'
import { beginView, type RunView } from '../state/run-view.ts'
import { Looks, Run } from '../trace/panel.tsx'
import { Answer } from '../view/answer.tsx'
import { say } from '../words/say.ts'
import { ViewHead } from '../view/view-head.tsx'
import './demo.css'

type Recording = { question: string; run: RunId; entries: Entry[] }

/** A recorded answer with the trace of its run, played as it was: what PKN shows, seen without any model. */
export function DemoView() {
  const app = useApp()
  const [recording, setRecording] = useState<Recording | null | 'missing'>(null)
  const title = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    title.current?.focus()
    import('./recording.json').then(
      (file) => setRecording(file.default as unknown as Recording), // written by the server of this very version
      () => setRecording('missing'),
    )
  }, [])
  return (
    <main className="min-h-0 flex-1 overflow-y-auto" aria-label={say('A recorded answer')} data-testid="demo">
      <div className="mx-auto w-full max-w-[52rem] demo-page px-6 pt-4 pb-16 phone:px-4">
        <ViewHead title={say('A recorded answer')} at={title} toChat={app.toChat} />
        <p className="mt-1.5 text-[15px] text-soft">
          {say(
            'No model is asked here. The words were written for this demonstration; the choice of the agent, every event and its time are as PKN recorded them. Pause, go back, or play it faster.',
          )}
        </p>
        {recording === null && (
          <p className="mt-9 text-[15px] text-soft" aria-busy="true">
            {say('Loading the recording…')}
          </p>
        )}
        {recording === 'missing' && (
          <p className="mt-9 text-[15px] text-bad">{say('The recording could not be loaded.')}</p>
        )}
        {recording !== null && recording !== 'missing' && <Played recording={recording} />}
      </div>
    </main>
  )
}

function Played({ recording: { question, run, entries } }: { recording: Recording }) {
  const app = useApp()
  const { whole, shown, here } = useMemo(() => onStage(run, entries, app), [run, entries, app])
  const { look } = useCell(here.panels)
  useEffect(() => shown.follow(), [shown])
  return (
    <AppContext value={here}>
      <div className="demo">
        <div className="min-w-0 space-y-5">
          <p className="demo-said bg-bubble">{question}</p>
          <Answer place="demo" view={shown.view} askInstead={() => {}} again={() => {}} actions={() => null} />
        </div>
        <section
          aria-label={say('Trace')}
          className="trace flex flex-col overflow-hidden rounded-2xl border border-line pt-2"
        >
          <div className="flex items-center px-3 pb-2">
            <Looks look={look} choose={(next) => here.panels.set({ ...here.panels.get(), look: next })} />
          </div>
          <Run view={whole} look={look} plays kept={false} />
        </section>
      </div>
    </AppContext>
  )
}

/** The recording as a run that has ended, and as it was at the moment that is looked at. The panels of the page stay out of it. */
function onStage(run: RunId, entries: Entry[], app: App) {
  const reel = new Reel(entries)
  const end: RunView = { ...beginView(run, 0), ...reel.scene(entries.length), log: entries }
  const whole: Cell<RunView> = cell(end)
  const view: Cell<RunView> = cell(end)
  const moment = cell(app.moment.get())
  const here: App = {
    ...app,
    moment,
    panels: cell<Panels>({ ...app.panels.get(), look: 'waterfall' }),
    readLog: () => whole,
  }
  const tell = () => {
    const at = moment.get()?.at
    // What counts the seconds counts from here.
    view.set(at === undefined ? end : { ...end, ...reel.sceneBy(at), began: Date.now() - at })
  }
  const follow = () => moment.on(tell)
  return { whole, shown: { view, follow }, here }
}
