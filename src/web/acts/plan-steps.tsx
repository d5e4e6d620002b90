import { useEffect, useId, useRef, useState, type KeyboardEvent } from 'react'
import type { Answer } from '../../wire/tool.ts'
import { Icon, type IconName } from '../view/icons.tsx'
import { say } from '../words/say.ts'
import type { AskDraft, PlanStep } from './ask-drafts.ts'
import { Denial } from './ask-ways.tsx'

const MOST = 20
const LONGEST = 500

/** A plan, to be changed, approved or refused. Enter begins another step, Alt with an arrow moves one. */
export function PlanSteps(props: {
  steps: readonly string[]
  give: (said: Answer) => void
  draft: AskDraft
  write: (change: AskDraft) => void
}) {
  const { steps: shown, give, draft, write } = props
  const steps: readonly PlanStep[] = draft.steps ?? shown.map((text, key) => ({ key, text }))
  const setSteps = (next: readonly PlanStep[]) => write({ steps: next })
  const [told, setTold] = useState('')
  /** The step that gets the focus once it is drawn. */
  const wanted = useRef<number | null>(null)
  const list = useRef<HTMLOListElement>(null)
  const id = useId()
  useEffect(() => {
    if (wanted.current === null) return
    list.current?.querySelector<HTMLElement>(`[data-step="${wanted.current}"]`)?.focus()
    wanted.current = null
  })
  const add = (at: number) => {
    if (steps.length >= MOST) return setTold(say('A plan has {n} steps at most.', { n: MOST }))
    const key = Math.max(shown.length, ...steps.map((step) => step.key + 1))
    wanted.current = key
    setSteps(steps.toSpliced(at, 0, { key, text: '' }))
  }
  const remove = (at: number) => {
    wanted.current = (steps[at - 1] ?? steps[at + 1])?.key ?? null
    setSteps(steps.toSpliced(at, 1))
    setTold(say('Step {n} is removed.', { n: at + 1 }))
  }
  const move = (at: number, to: number) => {
    const step = steps[at]
    if (step === undefined || to < 0 || to >= steps.length) return
    wanted.current = step.key
    setSteps(steps.toSpliced(at, 1).toSpliced(to, 0, step))
    setTold(say('It is step {n} of {of} now.', { n: to + 1, of: steps.length }))
  }
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>, at: number) => {
    if (event.nativeEvent.isComposing) return
    const { key, altKey, ctrlKey, metaKey } = event
    if (key === 'Enter' && !ctrlKey && !metaKey) add(at + 1)
    else if (key === 'Backspace' && steps[at]?.text === '' && steps.length > 1) remove(at)
    else if (altKey && key === 'ArrowUp') move(at, at - 1)
    else if (altKey && key === 'ArrowDown') move(at, at + 1)
    else return
    event.preventDefault()
  }
  const kept = steps.map(({ text }) => text.trim()).filter((text) => text !== '')
  if (draft.mode === 'deny')
    return (
      <Denial
        give={give}
        draft={draft}
        write={write}
        label={say('What is wrong with it? The agent is told, and may plan anew; it may stay empty.')}
        verb={say('Refuse')}
        back={() => write({ mode: 'ways' })}
      />
    )
  return (
    <form
      className="act-form"
      onSubmit={(event) => {
        event.preventDefault()
        const same = kept.length === shown.length && kept.every((text, i) => text === shown[i])
        if (kept.length > 0) give({ allow: true, scope: 'once', ...(same ? {} : { input: { steps: kept } }) })
        else add(0)
      }}
      onKeyDown={(event) => {
        if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return
        event.preventDefault()
        event.currentTarget.requestSubmit()
      }}
    >
      <p id={id} className="act-why">
        {say('Change the steps as you like. Enter begins another one, Alt and an arrow move one.')}
      </p>
      <ol ref={list} className="act-steps" aria-label={say('The plan')} data-testid="plan">
        {steps.map(({ key, text }, at) => (
          <li key={key}>
            <span className="act-nth" aria-hidden="true">
              {at + 1}
            </span>
            <input
              data-step={key}
              className="act-field"
              aria-label={say('Step {n}', { n: at + 1 })}
              aria-describedby={id}
              aria-keyshortcuts="Alt+ArrowUp Alt+ArrowDown"
              value={text}
              maxLength={LONGEST}
              autoComplete="off"
              dir="auto"
              onChange={(event) => setSteps(steps.with(at, { key, text: event.target.value }))}
              onKeyDown={(event) => onKeyDown(event, at)}
            />
            <Act icon="up" name={say('Move step {n} up', { n: at + 1 })} off={at === 0} act={() => move(at, at - 1)} />
            <Act
              icon="down"
              name={say('Move step {n} down', { n: at + 1 })}
              off={at === steps.length - 1}
              act={() => move(at, at + 1)}
            />
            <Act
              icon="bin"
              name={say('Remove step {n}', { n: at + 1 })}
              off={steps.length === 1}
              act={() => remove(at)}
            />
          </li>
        ))}
      </ol>
      <p role="status" className="sr-only">
        {told}
      </p>
      <button type="button" className="quiet act-add" disabled={steps.length >= MOST} onClick={() => add(steps.length)}>
        <Icon name="plus" className="size-4" />
        {say('Add a step')}
      </button>
      <div className="act-ways">
        <button type="submit" className="button button-first" disabled={kept.length === 0}>
          {say('Approve')}
        </button>
        <button type="button" className="button" onClick={() => write({ mode: 'deny' })}>
          {say('Refuse')}
        </button>
      </div>
    </form>
  )
}

function Act({ icon, name, off, act }: { icon: IconName; name: string; off: boolean; act: () => void }) {
  return (
    <button type="button" className="act-move" aria-label={name} title={name} disabled={off} onClick={act}>
      <Icon name={icon} className="size-4" />
    </button>
  )
}
