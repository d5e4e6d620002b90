import type { AgentCard } from '../../wire/agent.ts'
import type { EndpointInfo, ModelInfo } from '../../wire/model.ts'
import { say } from '../words/say.ts'
import type { Wish } from './talk.ts'

export type ModelLine = {
  state: 'looking' | 'none' | 'practice' | 'ready' | 'asleep'
  name: string | null
  where: string
  /** The host that words go to; null while they stay here. */
  remote: string | null
}
export type Models = {
  known: boolean
  model: string | null
  endpoints: readonly EndpointInfo[]
  models: readonly ModelInfo[]
}

/** A model as a message can wish for it. */
export const wishFor = ({ endpoint, name }: Pick<ModelInfo, 'endpoint' | 'name'>): string => `${endpoint}/${name}`

/** Which model will answer, and where it runs; `wish` is what was chosen, null for what PKN takes by itself. */
export function modelLine(machine: Models, wish: string | null = null): ModelLine {
  const nothing = { name: null, where: '', remote: null }
  if (!machine.known) return { state: 'looking', ...nothing }
  const wished = wish === null ? undefined : machine.models.find((known) => wishFor(known) === wish)
  const info = wished ?? machine.models.find((known) => known.name === machine.model)
  const name = info?.name ?? machine.model
  if (name === null) return { state: 'none', ...nothing }
  const endpoint = machine.endpoints.find((known) => known.name === info?.endpoint)
  const remote = endpoint === undefined || endpoint.local ? null : hostOf(endpoint.url)
  const where = remote === null ? say('on this machine') : say('at {endpoint}', { endpoint: remote })
  if (info?.practice === true) return { state: 'practice', name, where, remote }
  return { state: endpoint?.state === 'idle' ? 'asleep' : 'ready', name, where, remote }
}

export const hostOf = (url: string): string => (URL.canParse(url) ? new URL(url).host : url)

/** Where what is written next goes, or by the wishes of the agent that was chosen may go. Null while all of it stays here. */
export function leaving(
  machine: Models & { agents: readonly Pick<AgentCard, 'name' | 'models'>[] },
  wish: Wish,
): { host: string; sure: boolean } | null {
  const { remote } = modelLine(machine, wish.model)
  if (remote !== null) return { host: remote, sure: true }
  // Left to PKN, any agent may answer.
  const asked = machine.agents.filter(({ name }) => wish.agent === null || name === wish.agent)
  const preferred = wish.model === null ? asked.flatMap(({ models }) => models) : []
  for (const name of preferred) {
    const model = machine.models.find((known) => known.name === name || wishFor(known) === name)
    const endpoint = machine.endpoints.find((known) => known.name === model?.endpoint)
    if (endpoint !== undefined && !endpoint.local) return { host: hostOf(endpoint.url), sure: false }
  }
  return null
}
