import type { Model } from '../core/ports.ts'
import type { CloudProvider } from '../wire/model.ts'
import type { EndpointSpec } from './look.ts'
import { aiSdkModel, type OpenLanguageModel } from './ai-sdk.ts'

/** A provider that the user has set up. `key` is asked at each answer, so that a new one counts at once; null while there is none. */
export type CloudSpec = {
  provider: CloudProvider
  models: readonly string[]
  /** Another address than the provider's own, such as a gateway of a company. */
  url?: string | undefined
  key: () => string | null
}

const URLS: Record<CloudProvider, string> = {
  anthropic: 'https://api.anthropic.com/v1',
  openai: 'https://api.openai.com/v1',
  google: 'https://generativelanguage.googleapis.com/v1beta',
  groq: 'https://api.groq.com/openai/v1',
  openrouter: 'https://openrouter.ai/api/v1',
  mistral: 'https://api.mistral.ai/v1',
}
const cloudUrl = ({ provider, url }: CloudSpec): string => url ?? URLS[provider]

/** A provider as an endpoint among the others. */
export const cloudSeat = (cloud: CloudSpec): EndpointSpec => ({
  name: cloud.provider,
  kind: 'cloud',
  url: cloudUrl(cloud),
  models: cloud.models,
  cloud,
})

/** The provider's models through the AI SDK, whose code is loaded with the first answer. */
export function cloudModel(spec: CloudSpec): Model {
  const { provider } = spec
  const baseURL = cloudUrl(spec)
  const apiKey = () => spec.key() ?? ''
  const open: OpenLanguageModel = async (model, fetch) => {
    switch (provider) {
      case 'anthropic': {
        const { createAnthropic } = await import('@ai-sdk/anthropic')
        return createAnthropic({ apiKey: apiKey(), baseURL, fetch })(model)
      }
      case 'google': {
        const { createGoogle } = await import('@ai-sdk/google')
        return createGoogle({ apiKey: apiKey(), baseURL, fetch })(model)
      }
      case 'openai':
      case 'groq':
      case 'openrouter':
      case 'mistral': {
        const { createOpenAICompatible } = await import('@ai-sdk/openai-compatible')
        const more = { includeUsage: true, supportsStructuredOutputs: true }
        return createOpenAICompatible({ name: provider, apiKey: apiKey(), baseURL, fetch, ...more })(model)
      }
    }
  }
  return aiSdkModel(provider, open, () => [apiKey()])
}
