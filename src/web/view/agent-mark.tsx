import { agentColour, agentIcon, Icon } from './icons.tsx'

export function AgentMark({ agent, small = false }: { agent: string; small?: boolean }) {
  const colour = agentColour(agent)
  return (
    <span
      className={`inline-flex flex-none items-center justify-center ${small ? 'size-5 rounded-md' : 'size-7 rounded-lg'}`}
      style={{ color: colour, backgroundColor: `color-mix(in oklab, ${colour} 13%, transparent)` }}
      aria-hidden="true"
    >
      <Icon name={agentIcon(agent)} className={small ? 'size-3.5' : 'size-[17px]'} />
    </span>
  )
}
