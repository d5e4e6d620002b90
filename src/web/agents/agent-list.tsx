import type { AgentCard } from '../../wire/agent.ts'
import { goToAgents } from '../live/address.ts'
import { useApp } from '../live/app.ts'
import { useCell } from '../live/cell.ts'
import { AgentMark } from '../view/agent-mark.tsx'
import { Icon } from '../view/icons.tsx'
import { aboutText, agentTitle } from '../words/titles.ts'
import { say, sayCount } from '../words/say.ts'
import { useFiles } from './agent-calls.ts'
import { BrokenFiles } from './broken-files.tsx'
import { hasDraft } from './form-draft.ts'
import { LESSONS } from './learn-note.tsx'
import { Title } from './title.tsx'
import { TrialBox } from './trial-box.tsx'

const trials = (): string[] => [
  say('Write a regex that matches dates'),
  say('Compare heat pumps and gas heating'),
  say('Should I accept the job offer?'),
  say('Delete the temporary files in my downloads'),
  say('If all cats are mammals, is my cat a mammal?'),
  say('Hello!'),
]

/** All agents, and who of them would answer what. */
export function AgentList() {
  const { machine, toChat } = useApp()
  const { agents, known } = useCell(machine)
  const files = useFiles()
  return (
    <>
      <button type="button" className="quiet -ml-2" onClick={toChat}>
        <Icon name="back" className="size-4" />
        {say('Back to the chat')}
      </button>
      <div className="mt-3">
        <Title>{say('Agents')}</Title>
      </div>
      <p className="mt-1.5 text-[15px] text-soft">
        {say('Each message goes to the agent that it suits best, unless you choose one yourself.')}{' '}
        <a href={LESSONS} className="underline underline-offset-2 hover:text-ink">
          {say('What was learnt')}
        </a>
      </p>
      {files?.ok === true && <BrokenFiles problems={files.value.problems} />}
      <div className="mt-6">
        <TrialBox about={say('Try a message: nothing is sent to a model.')} examples={trials()} />
      </div>
      <section aria-label={say('Who there is')} className="mt-9">
        <div className="mb-3 flex flex-wrap items-center gap-x-4 gap-y-2">
          <h2 className="flex-1 text-[18px] font-[580] tracking-[-0.01em]">{say('Who there is')}</h2>
          <button type="button" className="button" onClick={() => goToAgents('+')}>
            <Icon name="plus" className="size-4" />
            {hasDraft(null) ? say('Go on with your new agent') : say('Make your own')}
          </button>
        </div>
        {known ? (
          <ul className="grid grid-cols-2 gap-3 phone:grid-cols-1">
            {agents.map((agent) => (
              <Card key={agent.name} agent={agent} />
            ))}
          </ul>
        ) : (
          <p className="text-[15px] text-soft" aria-busy="true">
            {say('Looking who there is…')}
          </p>
        )}
      </section>
      {files?.ok === true && (
        <p className="mt-6 text-[13px] break-words text-faint">
          {say('Your own are files in {folder}. They belong to this machine: whoever uses this PKN shares them.', {
            folder: files.value.folder,
          })}
        </p>
      )}
    </>
  )
}

function Card({ agent }: { agent: AgentCard }) {
  const { name, title, source, examples, tools } = agent
  return (
    <li className="min-w-0">
      <a
        href={`#/agents/${name}`}
        data-testid="agent"
        className="flex h-full items-start gap-3.5 rounded-2xl border border-line bg-raise p-4 transition-colors hover:bg-hover"
      >
        <AgentMark agent={name} />
        <span className="min-w-0 flex-1">
          <span className="flex flex-wrap items-center gap-x-2 gap-y-0.5">
            <span className="text-[15px] font-[560] break-words">{agentTitle(title)}</span>
            {source === 'user' && <Tag>{say('yours')}</Tag>}
            {hasDraft(name) && <Tag>{say('not saved yet')}</Tag>}
          </span>
          <span className="mt-0.5 three-lines text-[13.5px] break-words text-soft">{aboutText(agent)}</span>
          <span className="figures mt-1.5 block text-[12.5px] text-faint">
            {examples === 0
              ? say('Only when it is chosen')
              : sayCount(examples, 'Knows its messages by 1 example', 'Knows its messages by {n} examples')}
            {tools.length > 0 && ` · ${sayCount(tools.length, '1 tool', '{n} tools')}`}
          </span>
        </span>
      </a>
    </li>
  )
}

export const Tag = ({ children }: { children: string }) => (
  <span className="rounded-full bg-accent-wash px-2 py-0.5 text-[12px] text-accent">{children}</span>
)
