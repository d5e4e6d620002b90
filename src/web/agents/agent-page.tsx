import { useState } from 'react'
import type { AgentDetail } from '../../wire/agent.ts'
import { goToAgents } from '../live/address.ts'
import { useApp } from '../live/app.ts'
import { useCell } from '../live/cell.ts'
import { Markdown } from '../markdown/markdown.tsx'
import { useAsking } from '../shelf/use-shelf.ts'
import { AgentMark } from '../view/agent-mark.tsx'
import { FaultCard } from '../view/fault-card.tsx'
import { Icon } from '../view/icons.tsx'
import { aboutText, agentTitle, faultText } from '../words/titles.ts'
import { say } from '../words/say.ts'
import { remove, useAgent } from './agent-calls.ts'
import { Tag } from './agent-list.tsx'
import { askAgent } from './ask-agent.ts'
import { BrokenFiles } from './broken-files.tsx'
import { hasDraft } from './form-draft.ts'
import { Messages } from './messages.tsx'
import { Part, ToAll } from './part.tsx'
import { Title } from './title.tsx'
import { TrialBox } from './trial-box.tsx'
import { Wishes } from './wishes.tsx'

/** All of one agent. */
export function AgentPage({ name }: { name: string }) {
  const answer = useAgent(name)
  return (
    <>
      <ToAll />
      {answer === null ? (
        <p className="mt-6 text-[15px] text-soft" aria-busy="true">
          {say('Reading the agent…')}
        </p>
      ) : answer.ok ? (
        <Whole agent={answer.value} />
      ) : (
        <div className="mt-6">
          <FaultCard fault={answer.fault} />
        </div>
      )}
    </>
  )
}

function Whole({ agent }: { agent: AgentDetail }) {
  const { machine } = useApp()
  const { agents } = useCell(machine)
  const titleOf = (name: string) => agentTitle(agents.find((one) => one.name === name)?.title ?? name)
  return (
    <article data-testid="agent-page">
      <Head agent={agent} />
      <BrokenFiles problems={agent.problems} />
      <Part title={say('Instructions')}>
        <Instructions text={agent.instructions} />
      </Part>
      <Part title={say('Models it prefers')}>
        <Wishes models={agent.models} />
      </Part>
      <div className="grid grid-cols-2 gap-x-6 phone:grid-cols-1">
        <Part title={say('Tools')}>
          {agent.tools.length === 0 ? (
            <p className="text-[14px] text-soft">{say('None: it only writes.')}</p>
          ) : (
            <ul className="flex flex-wrap gap-1.5">
              {agent.tools.map((tool) => (
                <li key={tool} className="rounded-lg bg-sunk px-2 py-1 font-mono text-[12.5px] break-all text-soft">
                  {tool}
                </li>
              ))}
            </ul>
          )}
        </Part>
        <Part title={say('May ask for help')}>
          {agent.mayDelegateTo.length === 0 ? (
            <p className="text-[14px] text-soft">{say('Nobody.')}</p>
          ) : (
            <ul className="flex flex-wrap gap-2">
              {agent.mayDelegateTo.map((other) => (
                <li key={other}>
                  <a
                    href={`#/agents/${other}`}
                    className="inline-flex min-h-8 items-center gap-2 rounded-lg border border-line bg-raise py-1 pr-3 pl-1.5 text-[13.5px] hover:bg-hover phone:min-h-10"
                  >
                    <AgentMark agent={other} small />
                    {titleOf(other)}
                  </a>
                </li>
              ))}
            </ul>
          )}
        </Part>
      </div>
      <Part title={say('Messages that it answers')}>
        <Messages agent={agent} titleOf={titleOf} />
      </Part>
      <div className="mt-9">
        <TrialBox
          about={say('Try whether a message would come to {agent}.', { agent: agentTitle(agent.title) })}
          examples={agent.sampleMessages.slice(0, 5)}
        />
      </div>
    </article>
  )
}

function Head({ agent }: { agent: AgentDetail }) {
  const app = useApp()
  const { asking, refused, ask } = useAsking()
  const { name, source, overBuiltIn } = agent
  const title = agentTitle(agent.title)
  const own = source === 'user'
  return (
    <header className="mt-4">
      <div className="flex items-start gap-4">
        <span className="mt-1.5">
          <AgentMark agent={name} />
        </span>
        <div className="min-w-0 flex-1">
          <Title>{title}</Title>
          <p className="mt-1 flex flex-wrap items-center gap-x-2.5 gap-y-1 text-[13px] text-faint">
            <span className="font-mono text-[12.5px]">@{name}</span>
            {own ? <Tag>{overBuiltIn ? say('your version') : say('yours')}</Tag> : <span>{say('comes with PKN')}</span>}
          </p>
          <p className="mt-2 max-w-160 text-[15px] break-words text-soft">{aboutText(agent)}</p>
        </div>
      </div>
      <div className="mt-4 flex flex-wrap items-center gap-2">
        <button type="button" className="button button-first" onClick={() => askAgent(app, name)}>
          {say('Ask {agent}', { agent: title })}
        </button>
        <button type="button" className="button" onClick={() => goToAgents(`${name}/edit`)}>
          <Icon name="pencil" className="size-4" />
          {hasDraft(name) ? say('Go on with your changes') : own ? say('Edit') : say('Make it your own')}
        </button>
        <button type="button" className="button" onClick={() => goToAgents(`+${name}`)}>
          <Icon name="copy" className="size-4" />
          {say('Begin another from it')}
        </button>
        {own && (
          <button
            type="button"
            className="button"
            disabled={asking}
            onClick={() =>
              ask(
                () => remove(app, agent),
                () => {
                  if (!overBuiltIn) goToAgents()
                },
              )
            }
          >
            <Icon name={overBuiltIn ? 'back' : 'bin'} className="size-4" />
            {asking ? say('Removing…') : overBuiltIn ? say('Back to the built-in') : say('Remove')}
          </button>
        )}
      </div>
      {refused !== null && (
        <p role="alert" className="mt-2 text-[13.5px] text-bad">
          {faultText(refused)}
        </p>
      )}
    </header>
  )
}

/** As long as it is short, all of it. */
function Instructions({ text }: { text: string }) {
  const long = text.length > 1800
  const [all, setAll] = useState(!long)
  return (
    <div
      className="rounded-2xl border border-line bg-raise px-5 py-4 text-[15px] phone:px-4"
      data-testid="instructions"
    >
      <div className={all ? '' : 'goes-on'} inert={!all}>
        {/* It reads on in a text that grows; another text is another one. */}
        <Markdown key={text} text={text} live={false} />
      </div>
      {long && (
        <button type="button" className="quiet mt-2 -ml-2" aria-expanded={all} onClick={() => setAll(!all)}>
          <Icon name="fold" className={`size-3.5 ${all ? 'rotate-180' : ''}`} />
          {all ? say('Show less') : say('Show all')}
        </button>
      )}
    </div>
  )
}
