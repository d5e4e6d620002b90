import { useState, type ReactNode } from 'react'
import type { AgentDetail } from '../../wire/agent.ts'
import { useApp } from '../live/app.ts'
import { own } from '../live/own.ts'
import { Icon } from '../view/icons.tsx'
import { say, sayCount } from '../words/say.ts'
import { useAstray } from './agent-calls.ts'
import { tryText } from './trial-store.ts'

const FIRST = 6
const MORE = 100

/** The sample messages, and which of them would go to somebody else all the same. */
export function Messages({ agent, titleOf }: { agent: AgentDetail; titleOf: (name: string) => string }) {
  const [shown, setShown] = useState(FIRST)
  const { sampleMessages } = agent
  const total = sampleMessages.length
  if (total === 0)
    return (
      <p className="text-[14px] text-soft">
        {say('It has no examples, so nothing is routed to it. It answers when you choose it, or write @{name}.', {
          name: agent.name,
        })}
      </p>
    )
  return (
    <>
      <Astray name={agent.name} titleOf={titleOf} />
      <ul className="overflow-hidden rounded-2xl border border-line bg-raise" data-testid="samples">
        {sampleMessages.slice(0, shown).map((message) => (
          <Row key={message} message={message} />
        ))}
      </ul>
      {shown < total && (
        <button type="button" className="quiet mt-2 -ml-2" onClick={() => setShown(shown + MORE)}>
          <Icon name="fold" className="size-3.5" />
          {total - shown <= MORE
            ? sayCount(total - shown, 'Show 1 more', 'Show {n} more')
            : say('Show {some} more of {all}', { some: MORE, all: total })}
        </button>
      )}
    </>
  )
}

/** A message that can be tried. */
function Row({ message, children }: { message: string; children?: ReactNode }) {
  const app = useApp()
  const tryIt = () => {
    own(tryText(app, message))
    const box = document.querySelector<HTMLElement>('[data-testid=trial] textarea')
    box?.focus()
    box?.scrollIntoView({ block: 'center' })
  }
  return (
    <li className="border-line not-first:border-t">
      <button
        type="button"
        onClick={tryIt}
        title={say('Try it')}
        className="flex min-h-9 w-full items-center gap-3 px-5 py-1.5 text-left text-[14px] text-soft transition-colors hover:bg-hover hover:text-ink phone:min-h-10 phone:px-4"
      >
        <span className="min-w-0 flex-1 break-words">{message}</span>
        {children}
      </button>
    </li>
  )
}

function Astray({ name, titleOf }: { name: string; titleOf: (name: string) => string }) {
  const answer = useAstray(name)
  if (answer === null)
    return (
      <p className="mb-2.5 text-[13.5px] text-faint" aria-busy="true">
        {say('Trying all of them…')}
      </p>
    )
  if (!answer.ok) return null
  const { examples, astray, listed } = answer.value
  if (astray === 0)
    return (
      <p className="mb-2.5 flex items-center gap-1.5 text-[13.5px] text-soft" data-testid="astray">
        <Icon name="check" className="size-4 text-good" />
        {sayCount(examples, 'Its example comes to it.', 'All {n} examples come to it.')}
      </p>
    )
  return (
    <details className="mb-3 rounded-2xl bg-warn-wash" data-testid="astray">
      <summary className="group flex min-h-10 items-center gap-2 rounded-2xl px-5 py-2 text-[13.5px] phone:px-4">
        <Icon name="warn" className="size-4 text-warn" />
        <span className="min-w-0 flex-1">
          {sayCount(astray, '1 of {all} examples goes to another agent', '{n} of {all} examples go to another agent', {
            all: examples,
          })}
        </span>
        <Icon name="chevron" className="size-3.5 turns text-faint" />
      </summary>
      <ul className="pb-2">
        {listed.map(({ text, agent }) => (
          <Row key={text} message={text}>
            <span className="flex-none text-[13px] text-faint">{say('to {agent}', { agent: titleOf(agent) })}</span>
          </Row>
        ))}
      </ul>
    </details>
  )
}
