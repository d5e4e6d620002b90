import './acts.css'
import type { RunId } from '../../wire/id.ts'
import { useNow } from '../live/clock.ts'
import type { AskedPart, ToolPart } from '../state/asking.ts'
import { callWords } from '../state/call-words.ts'
import { elapsed, took } from '../state/wording.ts'
import { Disclosure } from '../view/disclosure.tsx'
import { Icon, type IconName } from '../view/icons.tsx'
import { say } from '../words/say.ts'
import { answeredWords } from './answered.ts'
import { fromPart } from './asking.ts'
import { doneWords } from './done-words.ts'
import { QuestionCard } from './question-card.tsx'
import { ToolBody, wroteFile } from './tool-body.tsx'
import { UndoButton } from './undo-button.tsx'
import { Signs } from './verbatim.tsx'

type Props = { part: ToolPart; ended: boolean; run: RunId; agent: string; since: number }
type State = 'waits' | 'runs' | 'done' | 'failed' | 'refused' | 'unfinished'

/**
 * One call of a tool: what it is about, how it stands, what it was given, what it says while it runs, what came of it; and the question, while
 * it waits for a person. Everything in it is data, shown as text.
 */
export function ToolCard({ part, ended, run, agent, since }: Props) {
  if (isAsked(part) && !ended) return <QuestionCard asking={fromPart(part, run, agent)} inChat />
  const { result, ask, began } = part
  const state = stateOf(part, ended)
  const input = ask?.input ?? part.input
  const answered = ask === null ? null : answeredWords(ask)
  const wrote = wroteFile(result)
  return (
    <div className="act-tool" data-testid="tool" data-state={state}>
      <Disclosure
        side={<Side part={part} state={state} since={since} />}
        openNow={(state === 'runs' && part.text !== '') || wrote}
        head={
          <>
            <Icon name={SIGNS[state]} className={`size-[17px] ${TONES[state]}`} />
            <span className="act-name">
              {state === 'done' ? doneWords(part.tool, input) : callWords(part.tool, input)}
            </span>
          </>
        }
      >
        <ToolBody made={{ tool: part.tool, input, text: part.text, result }} />
      </Disclosure>
      <div className="act-foot">
        {answered !== null && (
          <p className="act-answered">
            <Icon name={ask?.allow === true ? 'check' : 'cross'} className="size-3.5" />
            <span>
              <Signs text={answered} />
            </span>
          </p>
        )}
        {wrote && (
          <UndoButton run={run} call={part.call} path={result?.shown?.kind === 'diff' ? result.shown.path : ''} />
        )}
        {began === null && result === null && ended && (
          <p className="act-answered">{say('It was never done: the run ended before.')}</p>
        )}
      </div>
    </div>
  )
}

const isAsked = (part: ToolPart): part is AskedPart =>
  part.ask !== null && part.ask.allow === null && part.result === null

function stateOf({ result, began, ask }: ToolPart, ended: boolean): State {
  if (result !== null) return result.ok ? 'done' : ask?.allow === false ? 'refused' : 'failed'
  if (ended) return 'unfinished'
  return began === null ? 'waits' : 'runs'
}

const SIGNS: Record<State, IconName> = {
  waits: 'tool',
  runs: 'tool',
  done: 'check',
  failed: 'cross',
  refused: 'cross',
  unfinished: 'cross',
}
const TONES: Record<State, string> = {
  waits: 'text-faint',
  runs: 'text-accent',
  done: 'text-good',
  failed: 'text-bad',
  refused: 'text-warn',
  unfinished: 'text-faint',
}

function Side({ part, state, since }: { part: ToolPart; state: State; since: number }) {
  switch (state) {
    case 'waits':
      return say('waits')
    case 'runs':
      return <Runs from={since + (part.began ?? part.from)} />
    case 'unfinished':
      return say('not finished')
    case 'refused':
      return say('not allowed')
    case 'failed':
    case 'done': {
      const time = part.began === null ? '' : took(part.to - part.began)
      const words = state === 'failed' ? say('failed') : say('done')
      return (
        <>
          <span className={state === 'done' ? 'sr-only' : undefined}>{words} </span>
          {time}
        </>
      )
    }
  }
}

const Runs = ({ from }: { from: number }) => say('runs, {time}', { time: elapsed(useNow() - from) })
