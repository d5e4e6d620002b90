import type { ModelInfo } from '../wire/model.ts'
import type { CloudSpec } from './cloud.ts'

/** A server that may have models, as the configuration names it. */
export type EndpointSpec = {
  name: string
  kind: 'openai' | 'llama' | 'ollama' | 'cloud'
  url: string
  key?: string | undefined
  /** Only these are offered. */
  models?: readonly string[] | undefined
  slots?: number | undefined
  context?: number | undefined
  /** For `cloud` alone. */
  cloud?: CloudSpec | undefined
}

/** What was found at an endpoint. `ours` is PKN's own engine, whoever started it; `working` how many slots are at work, where it tells. */
export type Look =
  | { state: 'up' | 'loading' | 'idle'; models: ModelInfo[]; slots: number; ours: boolean; working?: number | null }
  | { state: 'down'; why: string }

export const unknownModel = (name: string, spec: EndpointSpec): ModelInfo => ({
  name,
  endpoint: spec.name,
  context: spec.context ?? null,
  tools: null,
  thinking: null,
  vision: null,
  bytes: null,
  practice: false,
  loaded: null,
  speed: null,
})

/** Those that the user named, in the user's order, also where a server does not list them; without names, all. */
export function only(found: ModelInfo[], spec: EndpointSpec): ModelInfo[] {
  return (
    spec.models?.map(
      (name) =>
        found.find((model) => model.name === name || model.name === `${name}:latest`) ?? unknownModel(name, spec),
    ) ?? found
  )
}

/** The address as it is used: without a slash at its end, and with the /v1 that people leave out. */
export function withBase<S extends EndpointSpec>(spec: S): S {
  const url = spec.url.replace(/\/+$/, '')
  return { ...spec, url: spec.kind !== 'ollama' && new URL(url).pathname === '/' ? `${url}/v1` : url }
}

/** An address as it may be shown: a password or a key in it is for its server alone. */
export function withoutSecrets(url: string): string {
  const shown = new URL(url)
  if (shown.username + shown.password + shown.search === '') return url
  shown.username = shown.password = shown.search = ''
  return shown.href.replace(/\/+$/, '')
}

/** What may stand in no log and no fault: the key, and what the address holds beside the place. */
export function secretsOf({ url, key }: { url: string; key?: string | undefined }): string[] {
  const { username, password, searchParams } = new URL(url)
  const [user, word] = [plainly(username), plainly(password)]
  // As it is written in the address, as it is meant, and as it is sent.
  const asSent = word === '' ? '' : Buffer.from(`${user}:${word}`).toString('base64')
  return [key ?? '', password, word, asSent, ...searchParams.values()].filter((secret) => secret.length >= SHORTEST)
}
/** What is shorter stands in too many words that are no secret. */
const SHORTEST = 4

function plainly(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}
