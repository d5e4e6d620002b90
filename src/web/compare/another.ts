import type { AgentCard } from '../../wire/agent.ts'
import { modelChoices } from '../state/model-choices.ts'
import { modelLine, type Models } from '../state/model-line.ts'
import type { Wish } from '../state/talk.ts'

type Known = Models & { agents: readonly Pick<AgentCard, 'name'>[] }

/** Somebody who is not among them yet: another model if there are several, else another agent. */
export function another(machine: Known, among: readonly Wish[]): Wish {
  const here = modelChoices(machine).filter(({ remote }) => remote === null)
  // Whoever is left to take the usual model takes the one that answers if nothing else is asked for.
  const usual = modelLine(machine).name
  const model = here.find(
    ({ wish, name }) => !among.some((pair) => (pair.model === null ? name === usual : pair.model === wish)),
  )
  if (here.length > 1 && model !== undefined) return { agent: among[0]?.agent ?? null, model: model.wish }
  const agent = machine.agents.find(({ name }) => !among.some((pair) => pair.agent === name))
  return { agent: agent?.name ?? null, model: null }
}
