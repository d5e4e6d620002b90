import { useRef } from 'react'
import type { Lesson } from '../../wire/mind.ts'
import { useApp } from '../live/app.ts'
import { useCell } from '../live/cell.ts'
import { useDay } from '../live/clock.ts'
import { own } from '../live/own.ts'
import { useAsking } from '../shelf/use-shelf.ts'
import { clock } from '../state/wording.ts'
import { AgentMark } from '../view/agent-mark.tsx'
import { Icon } from '../view/icons.tsx'
import { say } from '../words/say.ts'
import { agentTitle, faultText } from '../words/titles.ts'
import { useLessons } from './lesson-calls.ts'
import { ToAll } from './part.tsx'
import { Title } from './title.tsx'

const PAGE = 50

/** What routing has learnt from a person: each can be looked up where it was said, and forgotten. */
export function LessonsPage() {
  const { lessons, more, forget } = useLessons(PAGE)
  const head = useRef<HTMLParagraphElement>(null)
  return (
    <div data-testid="lessons">
      <ToAll />
      <div className="mt-3">
        <Title>{say('Learnt from you')}</Title>
      </div>
      <p ref={head} tabIndex={-1} className="mt-1.5 text-[15px] text-soft">
        {say(
          'Messages that you gave to another agent than the one that was chosen. Messages like them go there by themselves. It stays on this machine, and goes when its chat is deleted.',
        )}
      </p>
      {lessons?.learns === false && (
        <p className="mt-4 rounded-2xl bg-warn-wash px-5 py-4 text-[14px] phone:px-4">
          {say('Learning is switched off in the configuration: nothing is kept, and what stands here is not gone by.')}
        </p>
      )}
      {lessons === null ? (
        <p className="mt-6 text-[15px] text-soft" aria-busy="true">
          {say('Looking…')}
        </p>
      ) : lessons.fault !== null ? (
        <p role="alert" className="mt-6 text-[14px] text-bad">
          {faultText(lessons.fault)}
        </p>
      ) : lessons.rows.length === 0 ? (
        <p className="mt-6 rounded-2xl border border-line bg-raise p-5 text-[14.5px] text-soft">
          {say('Nothing yet. Open the line above an answer that says who answers, and ask another agent instead.')}
        </p>
      ) : (
        <ul className="mt-4 divide-y divide-line" aria-label={say('Learnt from you')}>
          {lessons.rows.map((lesson) => (
            <Row
              key={lesson.message}
              lesson={lesson}
              forget={() => forget(lesson)}
              gone={() => head.current?.focus()}
            />
          ))}
        </ul>
      )}
      {lessons !== null && lessons.next !== null && (
        <button type="button" className="button mt-4" onClick={() => own(more())}>
          {say('Show more')}
        </button>
      )}
    </div>
  )
}

type RowProps = { lesson: Lesson; forget: () => ReturnType<ReturnType<typeof useLessons>['forget']>; gone: () => void }
function Row({ lesson, forget, gone }: RowProps) {
  const { machine, aloud } = useApp()
  const { agents } = useCell(machine)
  const { asking, refused, ask } = useAsking()
  const now = new Date(useDay())
  const titleOf = (name: string) => agentTitle(agents.find((agent) => agent.name === name)?.title ?? name)
  const { text, session, message, agent, instead, created } = lesson
  const there = agents.some(({ name }) => name === agent)
  const brief = text.length > 60 ? `${text.slice(0, 59)}…` : text
  return (
    <li className="py-3.5" data-testid="lesson">
      <div className="flex items-start gap-1">
        <a
          href={`#s=${session}&m=${message}`}
          className="three-lines min-w-0 flex-1 py-1.5 text-[15px] break-words hover:underline"
        >
          {text}
        </a>
        <button
          type="button"
          className="tap"
          disabled={asking}
          aria-label={say('Forget “{text}”', { text: brief })}
          title={say('Forget')}
          onClick={() =>
            ask(forget, () => {
              gone()
              aloud.set(say('Forgotten. Ask the agent instead once more, and it is learnt again.'))
            })
          }
        >
          <Icon name="bin" className="size-[17px]" />
        </button>
      </div>
      <p className="mt-0.5 flex flex-wrap items-center gap-x-2 gap-y-1 text-[13px] text-soft">
        <AgentMark agent={agent} small />
        {say('{agent} instead of {other}', { agent: titleOf(agent), other: titleOf(instead) })}
        <span className="figures text-faint">· {clock(created, now)}</span>
        {!there && <span className="text-faint">· {say('This agent is gone; the lesson rests.')}</span>}
      </p>
      {refused !== null && (
        <p role="alert" className="mt-1 text-[13.5px] text-bad">
          {faultText(refused)}
        </p>
      )}
    </li>
  )
}
