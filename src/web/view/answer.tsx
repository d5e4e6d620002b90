import { memo, type ReactNode } from 'react'
import type { AgentName } from '../../wire/id.ts'
import { textOf, type Draft, type Part } from '../../wire/fold.ts'
import { useApp } from '../live/app.ts'
import { useCell, usePick, type Cell } from '../live/cell.ts'
import { isLive, type RunView } from '../state/run-view.ts'
import { statsLine } from '../state/stats.ts'
import { continued, passedOver, stopSentence, triedAgain, whoWasPassedOver } from '../state/story.ts'
import { listed, took } from '../state/wording.ts'
import { SentTo } from './away.tsx'
import { Cited } from './cited.tsx'
import { CopyButton } from './copy-button.tsx'
import { Disclosure } from './disclosure.tsx'
import { FaultCard } from './fault-card.tsx'
import { Icon } from './icons.tsx'
import { useKeptFocus } from './kept-focus.ts'
import { messageKeys } from './message-keys.ts'
import { NotAsked, Note, PracticeNote } from './note.tsx'
import { RouteCard } from './route-card.tsx'
import { StatusLine } from './status-line.tsx'
import { Thought } from './thought.tsx'
import { ChildLater, GuardsLater, MarkdownLater, RecalledLater, SourcesLater, TodoLater, ToolLater } from './later.tsx'
import { say, sayCount } from '../words/say.ts'
import { agentTitle } from '../words/titles.ts'

type Props = {
  /** What is the same for all versions that can stand here. */
  place: string
  view: Cell<RunView>
  askInstead: (agent: AgentName) => void
  again: () => void
  /** What can be done with the answer once it has ended; `cut` if it could be gone on with. */
  actions: (cut: boolean) => ReactNode
}

/** An answer as its run's log tells it, from the first sign of life to the figures at its end. */
export function Answer({ place, view, askInstead, again, actions }: Props) {
  const box = useKeptFocus<HTMLElement>(place)
  const route = usePick(view, (v) => v.draft.route)
  const live = usePick(view, isLive)
  return (
    <article
      aria-label={say('Answer of {agent}', { agent: agentTitle(route?.title ?? 'PKN') })}
      aria-busy={live}
      data-testid="answer"
      ref={box}
      className="space-y-3"
      {...messageKeys}
    >
      {route !== null && <RouteCard route={route} askInstead={askInstead} />}
      <AnswerBody view={view} />
      {live ? <StatusLine view={view} /> : <Ending view={view} again={again} actions={actions} />}
    </article>
  )
}

/** What was said and done, in order, and what a reader should know of it. */
export function AnswerBody({ view }: { view: Cell<RunView> }) {
  const parts = usePick(view, (v) =>
    v.draft.parts.map((part) => `${part.kind} ${part.step} ${attemptOf(v.draft, part.step)}`).join(),
  )
  const recalls = usePick(view, (v) => v.draft.recalls)
  return (
    <Cited recalls={recalls}>
      <Away view={view} />
      <Begun view={view} />
      {recalls.length > 0 && <RecalledLater recalls={recalls} />}
      {parts !== '' && parts.split(',').map((key, i) => <PartOf key={`${i} ${key}`} view={view} at={i} />)}
      <Guarded view={view} />
      {recalls.length > 0 && <Sources view={view} />}
    </Cited>
  )
}

/** Once all is said. */
function Sources({ view }: { view: Cell<RunView> }) {
  const recalls = usePick(view, (v) => v.draft.recalls)
  const text = usePick(view, (v) => (v.draft.end === null ? '' : textOf(v.draft)))
  return text === '' ? null : <SourcesLater text={text} recalls={recalls} />
}

/** Where in this part's text it was gone on with, a line for each: the place, a tab, and how. */
function jointsIn({ parts, steps }: Draft, at: number): string {
  const part = parts[at]
  if (part?.kind !== 'text') return ''
  const before = parts
    .slice(0, at)
    .reduce((n, p) => (p.kind === 'text' && p.step === part.step ? n + p.text.length : n), 0)
  return (steps.find(({ step }) => step === part.step)?.joints ?? [])
    .map((joint) => ({ place: joint.kept - before, joint }))
    .filter(({ place }) => place > 0 && place <= part.text.length)
    .map(({ place, joint }) => `${place}\t${continued(joint)}`)
    .join('\n')
}

/** Where the list of what is to be done stands, if this part sets it: at its first place, however often it is set. */
function listAt({ parts, todo }: Draft, at: number): number | null {
  const sets = (part: Part | undefined) => part?.kind === 'tool' && part.tool === 'todo' && part.result?.ok !== false
  return todo.length > 0 && sets(parts[at]) ? parts.findIndex(sets) : null
}

/** The run that another agent works on tells it all. */
const isDelegated = ({ parts }: Draft, at: number): boolean => {
  const part = parts[at]
  return (
    part?.kind === 'tool' && part.result?.ok !== false && parts.some((p) => p.kind === 'child' && p.call === part.call)
  )
}

const Todo = ({ view }: { view: Cell<RunView> }) => <TodoLater items={usePick(view, (v) => v.draft.todo)} />

function Guarded({ view }: { view: Cell<RunView> }) {
  const guards = usePick(view, (v) => v.draft.guards)
  return guards.length === 0 ? null : <GuardsLater guards={guards} />
}

const attemptOf = (draft: Draft, step: number): number => draft.steps.find((s) => s.step === step)?.attempt ?? 1

function Away({ view }: { view: Cell<RunView> }) {
  return <SentTo hosts={usePick(view, (v) => v.story.remotes)} />
}

/** What happened to the run that a reader of the answer should know. */
function Begun({ view }: { view: Cell<RunView> }) {
  const cut = usePick(view, (v) => v.draft.cut)
  const resumes = usePick(view, (v) => v.draft.resumes)
  const again = usePick(view, (v) => v.draft.steps.some(({ attempt, joints }) => attempt > joints.length + 1))
  const tried = usePick(view, (v) => triedAgain(v.story))
  const joints = usePick(view, (v) => v.draft.steps.flatMap((step) => step.joints.map(continued)).join('\n'))
  return (
    <>
      {cut !== null && cut.left > 0 && (
        <Note icon="split">
          {sayCount(
            cut.left,
            '1 older message was left out: this model reads at most {most} tokens at once.',
            '{n} older messages were left out: this model reads at most {most} tokens at once.',
            { most: cut.context },
          )}
        </Note>
      )}
      <PassedOver view={view} />
      {resumes > 0 && joints === '' && (
        <Note icon="again">{say('The server restarted here; the answer was begun again.')}</Note>
      )}
      {resumes === 0 && again && <Note icon="again">{tried}</Note>}
      {joints !== '' &&
        joints.split('\n').map((text, i) => (
          <Note key={i} icon="joint">
            {resumes > 0 && i === 0 ? `${say('The server restarted.')} ${text}` : text}
          </Note>
        ))}
    </>
  )
}

/** One line for all that was passed over; why is told on request, and where the answer came about. */
function PassedOver({ view }: { view: Cell<RunView> }) {
  const skips = usePick(view, (v) => v.draft.skips)
  const who = [...new Set(skips.flatMap((skip) => whoWasPassedOver(skip) ?? []))]
  if (who.length === 0) return null
  return (
    <Disclosure
      testId="passed-over"
      head={
        <>
          <Icon name="skip" className="size-4 text-faint" />
          <span className="min-w-0 truncate text-[13.5px]">
            {sayCount(who.length, '{names} was passed over', '{names} were passed over', { names: listed(who) })}
          </span>
        </>
      }
    >
      <ul className="my-1 ml-2 space-y-1 border-l border-line pl-4 text-[13.5px] text-soft">
        {skips.map((skip) => (
          <li key={`${skip.endpoint} ${skip.model} ${skip.t}`}>{passedOver(skip)}</li>
        ))}
      </ul>
    </Disclosure>
  )
}

/** What was called, and who was asked, without the words. */
export function Deeds({ view }: { view: Cell<RunView> }) {
  const kinds = usePick(view, (v) => v.draft.parts.map(({ kind }) => kind).join())
  return kinds
    .split(',')
    .map((kind, i) => (kind === 'tool' || kind === 'child') && <PartOf key={i} view={view} at={i} />)
}

const PartOf = memo(function PartOf({ view, at }: { view: Cell<RunView>; at: number }) {
  const part = usePick(view, (v) => v.draft.parts[at])
  const last = usePick(view, (v) => isLive(v) && at === v.draft.parts.length - 1)
  const ended = usePick(view, (v) => v.draft.end !== null)
  const next = usePick(view, (v) => v.draft.parts[at + 1]?.from)
  const joints = usePick(view, (v) => jointsIn(v.draft, at))
  const list = usePick(view, (v) => listAt(v.draft, at))
  const delegated = usePick(view, (v) => isDelegated(v.draft, at))
  const agent = agentTitle(usePick(view, (v) => v.draft.route?.title ?? 'PKN'))
  const { run, began } = view.get()
  if (part === undefined) return null
  switch (part.kind) {
    case 'text':
      return (
        <div data-testid="text">
          <MarkdownLater text={part.text} live={last} joints={joints} />
        </div>
      )
    case 'thought':
      return <Thought part={part} live={last} until={next ?? part.to} />
    case 'tool':
      if (list !== null) return list === at ? <Todo view={view} /> : null
      if (delegated) return null
      return <ToolLater part={part} ended={ended} run={run} agent={agent} since={began} />
    case 'child':
      return <ChildLater part={part} ended={ended} since={began} />
  }
})

function Ending({ view, again, actions }: Omit<Props, 'askInstead' | 'place'>) {
  const { panels } = useApp()
  const { draft, run } = useCell(view)
  const { end } = draft
  const text = textOf(draft)
  return (
    <>
      <HowItEnded view={view} again={again} />
      {end !== null && (
        <div className="-ml-2 flex flex-wrap items-center gap-x-1 text-[13px] text-faint" data-testid="stats">
          {text !== '' && <CopyButton text={text} label={say('Copy answer')} />}
          {actions(text !== '' && (end.reason !== 'done' || draft.steps.at(-1)?.finish === 'length'))}
          <button
            type="button"
            className="quiet"
            onClick={() => panels.set({ ...panels.get(), trace: true, traced: run, look: 'story' })}
          >
            <Icon name="pulse" className="size-[15px]" />
            {say('How it came about')}
          </button>
          <p className="px-2 leading-relaxed">{statsLine(draft)}</p>
        </div>
      )}
    </>
  )
}

/** What is to be said of the end of a run: nothing, if it ended as it should. */
export function HowItEnded({ view, again }: Pick<Props, 'view' | 'again'>) {
  const { draft, missing, run } = useCell(view)
  if (missing !== null) return <FaultCard fault={missing} />
  const { end } = draft
  if (end === null) return null
  const practice = draft.steps.some((step) => step.practice)
  const text = textOf(draft)
  return (
    <>
      {end.reason === 'cancelled' && draft.route === null && <NotAsked again={again} />}
      {end.reason === 'cancelled' && draft.route !== null && (
        <Note icon="stop">
          {[
            say('Stopped by you after {time}.', { time: took(draft.t) }),
            ...(end.stopped === null ? [] : [stopSentence(end.stopped, draft.steps.at(-1)?.endpoint ?? null)]),
            ...(text === '' ? [] : [say('What was written is kept.')]),
          ].join(' ')}
        </Note>
      )}
      {end.fault !== null && <FaultCard fault={end.fault} run={run} again={again} />}
      {end.fault === null && end.reason === 'interrupted' && (
        <Note icon="warn">{say('The server stopped during this run.')}</Note>
      )}
      {draft.steps.at(-1)?.finish === 'length' && (
        <Note icon="warn">{say('The model reached its limit of length here.')}</Note>
      )}
      {practice && <PracticeNote />}
    </>
  )
}
