import './acts.css'
import { useEffect, useId, useRef, type KeyboardEvent } from 'react'
import type { Shown } from '../../wire/shown.ts'
import type { Answer } from '../../wire/tool.ts'
import { useApp } from '../live/app.ts'
import { useCell } from '../live/cell.ts'
import { useDay } from '../live/clock.ts'
import { clock } from '../state/wording.ts'
import { Icon } from '../view/icons.tsx'
import { composer } from '../view/message-keys.ts'
import { faultText, fixText } from '../words/titles.ts'
import { say } from '../words/say.ts'
import { answer } from './answers.ts'
import { ARMED_MS, ASK_KEYS, askKeys, TYPED_MS } from './ask-keys.ts'
import { useAskDraft } from './ask-drafts.ts'
import { askWords, titleWords, whyWords, type Asking } from './asking.ts'
import { Ways } from './ask-ways.tsx'
import { OwnWords } from './own-words.tsx'
import { PlanSteps } from './plan-steps.tsx'
import { ShownView } from './shown.tsx'
import { sinceTyped } from './typing.ts'
import { Signs } from './verbatim.tsx'

/** Whom the focus was brought to already: a card that is drawn anew takes it no second time. */
const met = new Set<string>()

/** What an agent is about to do, exactly, and a person's word on it. Everything in it is data, shown as text. */
export function QuestionCard({ asking, inChat }: { asking: Asking; inChat: boolean }) {
  const app = useApp()
  const given = useCell(app.asks.given).get(asking.ask)
  const today = useDay()
  const card = useRef<HTMLElement>(null)
  const armed = useRef(Infinity)
  const typed = useRef('')
  const [draft, write] = useAskDraft(app, asking.ask)
  const name = useId()
  const { shown, agent } = asking
  const words = askWords(asking)
  const isQuestion = shown.kind === 'question'
  const isPlan = shown.kind === 'plan'
  const keyed = !isQuestion && !isPlan
  useEffect(() => {
    if (!inChat || met.has(asking.ask)) return
    met.add(asking.ask)
    const box = card.current
    box?.scrollIntoView({ block: 'nearest' })
    if (isFree()) box?.focus({ preventScroll: true })
  }, [asking.ask, inChat])
  const give = (said: Answer) => {
    const held = card.current?.contains(document.activeElement) === true
    answer(app, { ask: asking.ask, run: asking.run, answer: said })
    if (held && inChat && !matchMedia('(pointer: coarse)').matches) composer()?.focus()
  }
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    const { target, currentTarget, ctrlKey, metaKey, altKey, repeat } = event
    if (target !== currentTarget || ctrlKey || metaKey || altKey || repeat || !keyed || settled) return
    const key = askKeys.find((each) => each === event.key.toLowerCase())
    const now = performance.now()
    const early = now < armed.current
    // Other keys, one after the other, are words for something else that go on; the same one again is somebody who waits for it.
    if (early && typed.current !== '' && typed.current !== event.key) armed.current = now + ARMED_MS
    typed.current = event.key
    if (key === undefined) return
    event.preventDefault()
    if (early) return
    const what = ASK_KEYS[key]
    if (what === 'deny') write({ mode: 'deny' })
    else give({ allow: true, scope: what })
  }
  const settled = given !== undefined && given.state !== 'refused'
  return (
    <section
      ref={card}
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- its keys work while it has the focus
      tabIndex={0}
      aria-labelledby={name}
      aria-keyshortcuts={keyed ? 'A S D' : undefined}
      data-testid="ask"
      data-ask={asking.ask}
      className="act-ask"
      onFocus={({ target, currentTarget }) => {
        if (target !== currentTarget) return
        armed.current = performance.now() + ARMED_MS
        typed.current = ''
      }}
      onKeyDown={onKeyDown}
    >
      <header className="act-head">
        <span className="act-dot" aria-hidden="true" />
        <h3 id={name}>
          {isQuestion
            ? say('{agent} asks you', { agent })
            : isPlan
              ? say('{agent} shows you its plan', { agent })
              : say('{agent} wants to {what}', { agent, what: titleWords(asking) })}
        </h3>
      </header>
      {inChat && (
        <p role="alert" className="sr-only">
          {isQuestion
            ? say('{agent} asks you: {what}', { agent, what: shown.text.slice(0, 300) })
            : isPlan
              ? say('Waits for you: a plan to approve')
              : say('Waits for you: {what}?', { what: words })}
        </p>
      )}
      {(!isPlan || settled) && <ShownView shown={given?.answer ? asGiven(shown, given.answer) : shown} name={words} />}
      {!settled &&
        (isPlan ? (
          <PlanSteps steps={shown.steps} give={give} draft={draft} write={write} />
        ) : isQuestion ? (
          <OwnWords options={shown.options} give={give} draft={draft} write={write} />
        ) : (
          <Ways asking={asking} give={give} draft={draft} write={write} />
        ))}
      {given !== undefined && <Sent state={given.state} />}
      {given?.fault != null && (
        <p role="alert" className="act-wrong">
          {faultText(given.fault)} {fixText(given.fault)}
        </p>
      )}
      <p className="act-why">
        {[
          whyWords(asking.why),
          asking.expires === null
            ? ''
            : isQuestion
              ? say('It waits until {time}, then it goes on without an answer.', {
                  time: clock(asking.expires, new Date(today)),
                })
              : say('It waits until {time}, then it counts as denied.', {
                  time: clock(asking.expires, new Date(today)),
                }),
        ]
          .filter((text) => text !== '')
          .map((text) => (
            <span key={text}>
              <Signs text={`${text} `} />
            </span>
          ))}
      </p>
    </section>
  )
}

/** A plan as it was approved. */
function asGiven(shown: Shown, { input }: Answer): Shown {
  if (shown.kind !== 'plan' || typeof input !== 'object' || input === null || Array.isArray(input)) return shown
  const { steps } = input
  return Array.isArray(steps) ? { kind: 'plan', steps: steps.map(String) } : shown
}

function Sent({ state }: { state: 'sending' | 'waiting' | 'refused' | 'there' }) {
  if (state === 'refused') return null
  return (
    <p className="act-sent" role="status">
      <Icon name={state === 'waiting' ? 'offline' : 'check'} className="size-4" />
      {state === 'waiting'
        ? say('Kept here, and sent as soon as the server is back')
        : state === 'sending'
          ? say('Sending your answer')
          : say('Answered; it goes on with that')}
    </p>
  )
}

/** Whoever types, or has typed just now, keeps the focus. */
function isFree(): boolean {
  const { activeElement: at } = document
  if (document.querySelector('dialog[open]') !== null || sinceTyped() < TYPED_MS) return false
  if (at === null || at === document.body) return true
  if (at instanceof HTMLTextAreaElement) return at === composer() && at.value === ''
  return at.closest('[role=log]') !== null && !(at instanceof HTMLInputElement)
}
