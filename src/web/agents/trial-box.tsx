import { useEffect, useId, useRef } from 'react'
import { useApp } from '../live/app.ts'
import { useCell } from '../live/cell.ts'
import { own } from '../live/own.ts'
import { faultText } from '../words/titles.ts'
import { say } from '../words/say.ts'
import { onAgents } from './agent-calls.ts'
import { TrialResult } from './trial-result.tsx'
import { trial, tryText } from './trial-store.ts'

/** Who would answer a message, and why, while it is being typed; nothing is asked of a model. */
export function TrialBox({ about, examples }: { about: string; examples: readonly string[] }) {
  const app = useApp()
  const { text, decision, fault } = useCell(trial)
  const id = useId()
  const area = useRef<HTMLTextAreaElement>(null)
  // Other agents may answer otherwise.
  useEffect(() => {
    const again = () => own(tryText(app, trial.get().text))
    again()
    return onAgents(app, again)
  }, [app])
  return (
    <section
      aria-label={say('Who would answer?')}
      data-testid="trial"
      className="rounded-2xl border border-line bg-raise px-5 py-4 phone:px-4"
    >
      <label htmlFor={id} className="text-[15px] font-[560]">
        {say('Who would answer?')}
      </label>
      <p id={`${id}about`} className="mt-0.5 text-[13.5px] text-soft">
        {about}
      </p>
      <textarea
        ref={area}
        id={id}
        rows={2}
        value={text}
        onChange={(event) => own(tryText(app, event.target.value))}
        placeholder={say('Type a message')}
        aria-describedby={`${id}about`}
        className="mt-3 block max-h-60 min-h-16 w-full resize-y rounded-xl border border-rule bg-page px-3.5 py-2.5 text-[15px] leading-normal text-ink placeholder:text-faint"
      />
      {text.trim() === '' ? (
        <ul className="mt-3 flex flex-wrap gap-2" aria-label={say('Examples')}>
          {examples.map((example) => (
            <li key={example} className="max-w-full">
              <button
                type="button"
                className="min-h-8 max-w-full truncate rounded-full border border-line px-3 text-[13px] text-soft transition-colors hover:bg-hover hover:text-ink phone:min-h-10"
                onClick={() => {
                  own(tryText(app, example))
                  area.current?.focus()
                }}
              >
                {example}
              </button>
            </li>
          ))}
        </ul>
      ) : (
        <>
          {decision !== null && <TrialResult decision={decision} text={text} />}
          {fault !== null && (
            <p role="alert" className="mt-3 text-[13.5px] text-bad">
              {faultText(fault)}
            </p>
          )}
        </>
      )}
    </section>
  )
}
