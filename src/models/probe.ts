import { ask } from './ask.ts'
import { isLoading, isOurs, modelsIn } from './listing.ts'
import { type EndpointSpec, type Look, only } from './look.ts'
import { probeLlama } from './probe-llama.ts'
import { probeOllama, type ShownCache } from './probe-ollama.ts'

/** Looks at an endpoint once. Ends when `signal` aborts, as down. */
export async function probe(spec: EndpointSpec, shown: ShownCache, signal: AbortSignal): Promise<Look> {
  switch (spec.kind) {
    case 'openai':
      return probeOpenai(spec, signal)
    case 'llama':
      return probeLlama(spec, signal)
    case 'ollama':
      return probeOllama(spec, shown, signal)
  }
}

async function probeOpenai(spec: EndpointSpec, signal: AbortSignal): Promise<Look> {
  const listed = await ask({ url: `${spec.url}/models`, key: spec.key }, signal)
  if (isLoading(listed)) return { state: 'loading', models: only([], spec), slots: spec.slots ?? 4, ours: false }
  const models = modelsIn(listed, spec)
  if (typeof models === 'string') {
    // Some gateways list nothing; what the user named is taken at its word there.
    if (listed.ok && listed.status === 404 && spec.models)
      return { state: 'up', models: only([], spec), slots: spec.slots ?? 4, ours: false }
    return { state: 'down', why: models }
  }
  return { state: 'up', models, slots: spec.slots ?? 4, ours: isOurs(listed) }
}
