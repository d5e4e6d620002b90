import type { ModelInfo } from '../../wire/model.ts'
import { isMeant } from '../agents/wish-words.ts'
import { useApp } from '../live/app.ts'
import { useCell } from '../live/cell.ts'
import { agentTitle } from '../words/titles.ts'
import { say } from '../words/say.ts'

/** The agents that wish for this very model. */
export function PreferredBy({ model }: { model: ModelInfo }) {
  const { agents } = useCell(useApp().machine)
  const fans = agents.filter(({ models }) => models.some((wish) => isMeant(model, wish)))
  if (fans.length === 0) return null
  return (
    <p className="mt-0.5 text-[13px] text-faint">
      {say('Preferred by')}{' '}
      {fans.map(({ name, title }, i) => (
        <span key={name}>
          {i > 0 && ', '}
          <a href={`#/agents/${name}`} className="text-soft underline underline-offset-2 hover:text-ink">
            {agentTitle(title)}
          </a>
        </span>
      ))}
    </p>
  )
}
