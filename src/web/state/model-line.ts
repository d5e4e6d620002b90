import type { EndpointInfo, ModelInfo } from '../../wire/model.ts'

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
  const where = remote === null ? 'on this machine' : `at ${remote}`
  if (info?.practice === true) return { state: 'practice', name, where, remote }
  return { state: endpoint?.state === 'idle' ? 'asleep' : 'ready', name, where, remote }
}

export const hostOf = (url: string): string => (URL.canParse(url) ? new URL(url).host : url)
