import type { EndpointInfo, ModelInfo } from '../../wire/model.ts'

export type ModelLine = {
  state: 'looking' | 'none' | 'practice' | 'ready' | 'asleep'
  name: string | null
  where: string
}

/** Which model will answer, and where it runs. */
export function modelLine(machine: {
  known: boolean
  model: string | null
  endpoints: readonly EndpointInfo[]
  models: readonly ModelInfo[]
}): ModelLine {
  if (!machine.known) return { state: 'looking', name: null, where: '' }
  const { model } = machine
  if (model === null) return { state: 'none', name: null, where: '' }
  const info = machine.models.find((known) => known.name === model)
  const endpoint = machine.endpoints.find((known) => known.name === info?.endpoint)
  const where = endpoint === undefined || endpoint.local ? 'on this machine' : `at ${hostOf(endpoint.url)}`
  if (info?.practice === true) return { state: 'practice', name: model, where }
  return { state: endpoint?.state === 'idle' ? 'asleep' : 'ready', name: model, where }
}

const hostOf = (url: string): string => (URL.canParse(url) ? new URL(url).host : url)
