import type { AgentName } from '../../wire/id.ts'
import { useApp } from '../live/app.ts'
import { useCell } from '../live/cell.ts'
import { AgentMark } from './agent-mark.tsx'
import { ChoiceMenu, type Choice } from './choice-menu.tsx'
import { Icon } from './icons.tsx'
import { say } from '../words/say.ts'
import { aboutText, agentTitle } from '../words/titles.ts'

const auto = (): Choice => ({
  value: null,
  title: say('Auto'),
  about: say('PKN chooses who answers, and says why.'),
  mark: (
    <span className="inline-flex size-7 flex-none items-center justify-center rounded-lg bg-accent-wash text-accent">
      <Icon name="split" className="size-[17px]" />
    </span>
  ),
})

/** Auto, or one agent. */
export function AgentPicker({ agent, choose }: { agent: AgentName | null; choose: (agent: AgentName | null) => void }) {
  const { agents } = useCell(useApp().machine)
  const chosen = agents.find(({ name }) => name === agent)
  const choices: Choice[] = agents.map(({ name, title, about }) => ({
    value: name,
    title: agentTitle(title),
    about: aboutText({ about }),
    mark: <AgentMark agent={name} />,
  }))
  const title = chosen === undefined ? say('Auto') : agentTitle(chosen.title)
  return (
    <ChoiceMenu
      name={say('Who answers')}
      label={say('Who answers: {agent}', { agent: title })}
      value={chosen?.name ?? null}
      groups={[{ heading: null, choices: [auto(), ...choices] }]}
      choose={(value) => choose(agents.find(({ name }) => name === value)?.name ?? null)}
    >
      {agent === null ? <Icon name="split" className="size-[17px]" /> : <AgentMark agent={agent} small />}
      <span className="max-[350px]:sr-only">{title}</span>
    </ChoiceMenu>
  )
}
