import type { RefObject } from 'react'
import type { AgentName } from '../../wire/id.ts'
import { useApp } from '../live/app.ts'
import { useCell } from '../live/cell.ts'
import { AgentMark } from '../view/agent-mark.tsx'
import { say } from '../words/say.ts'
import { mentionAt } from './fit.ts'
import { NameList } from './name-list.tsx'
import { aboutText, agentTitle } from '../words/titles.ts'

type Props = {
  area: RefObject<HTMLTextAreaElement | null>
  text: string
  caret: number
  /** Who is to answer, and the text without the name. */
  choose: (agent: AgentName, rest: string, caret: number) => void
  close: () => void
}

/** After an @: who could answer. */
export function AgentList({ area, text, caret, choose, close }: Props) {
  const { agents } = useCell(useApp().machine)
  const begun = mentionAt(text, caret)?.toLowerCase() ?? ''
  const fits = agents.filter(
    ({ name, title }) => name.startsWith(begun) || agentTitle(title).toLowerCase().startsWith(begun),
  )
  return (
    <NameList
      area={area}
      label={say('Who answers')}
      id="agents-to-name"
      fits={fits.map(({ name, title, about }) => ({
        name,
        mark: <AgentMark agent={name} />,
        title: agentTitle(title),
        about: aboutText({ about }),
      }))}
      take={(taken) => {
        const agent = fits.find(({ name }) => name === taken)
        if (agent === undefined) return
        const from = caret - begun.length - 1
        choose(agent.name, text.slice(0, from) + text.slice(caret).replace(/^ /, ''), from)
      }}
      close={close}
    />
  )
}
