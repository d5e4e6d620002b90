import { useId, useState } from 'react'
import type { Entry } from '../../wire/event.ts'
import type { FaultData } from '../../wire/fault.ts'
import type { RunId } from '../../wire/id.ts'
import { useApp, type App } from '../live/app.ts'
import { isLive } from '../state/run-view.ts'
import { reportOf } from '../state/report.ts'
import { say } from '../words/say.ts'
import { Icon } from './icons.tsx'

/** What a fault is exactly, and a report of it to be passed on: nothing that was said stands in it unless that is wanted. */
export function FaultReport({ fault, run }: { fault: FaultData; run: RunId | null }) {
  const app = useApp()
  const [words, setWords] = useState(false)
  const [state, setState] = useState<'' | 'busy' | 'copied' | 'refused'>('')
  const id = useId()
  const copy = async () => {
    setState('busy')
    const entries = run === null ? [] : await logOf(run, app)
    const versions = { server: app.reach.version.get(), browser: navigator.userAgent }
    const report = reportOf({ fault, run, entries, versions, at: new Date().toISOString(), words })
    await navigator.clipboard.writeText(report).then(
      () => setState('copied'),
      () => setState('refused'),
    )
  }
  return (
    <details className="mt-2 text-[13px] text-soft">
      <summary className="quiet -ml-2">
        <Icon name="chevron" className="size-3.5" />
        {say('Details')}
      </summary>
      <pre className="mt-1 font-mono text-[12px] leading-relaxed [overflow-wrap:anywhere] whitespace-pre-wrap">
        {fault.code}
        {run !== null && `\nrun: ${run}`}
        {Object.entries(fault.details ?? {}).map(([name, value]) => `\n${name}: ${String(value)}`)}
      </pre>
      <div className="mt-2.5 flex flex-wrap items-center gap-x-4 gap-y-2">
        <button
          type="button"
          className="button"
          disabled={state === 'busy'}
          onClick={() => {
            copy().catch(() => setState('refused'))
          }}
        >
          <Icon name={state === 'copied' ? 'check' : 'copy'} className="size-4" />
          {TEXT[state]()}
        </button>
        <label htmlFor={id} className="flex min-h-8 items-center gap-2 phone:min-h-10">
          <input
            id={id}
            type="checkbox"
            className="size-4 accent-accent"
            checked={words}
            onChange={(event) => {
              setWords(event.target.checked)
              setState('')
            }}
          />
          {say('with the words of the chat')}
        </label>
      </div>
    </details>
  )
}

const TEXT = {
  '': () => say('Copy report'),
  busy: () => say('Reading the log…'),
  copied: () => say('Copied'),
  refused: () => say('The browser did not allow copying'),
} as const

/** The log of a run that has ended, from the page if it has it. */
async function logOf(run: RunId, { talk, readLog }: App): Promise<readonly Entry[]> {
  const there = talk.place.get().views.get(run)
  if (there !== undefined) return there.get().log
  const leave = new AbortController()
  const view = readLog(run, leave.signal)
  const { promise, resolve } = Promise.withResolvers<void>()
  const off = view.on(() => {
    if (!isLive(view.get())) resolve()
  })
  await promise
  off()
  return view.get().log
}
