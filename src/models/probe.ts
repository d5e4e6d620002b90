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
    case 'cloud':
      return lookAtCloud(spec)
  }
}

/** Nothing goes to the cloud before it is asked to answer, not even a question how it is. */
function lookAtCloud(spec: EndpointSpec): Look {
  const key = keyOf(spec)
  if (typeof key !== 'string') return { state: 'down', why: key.why }
  return { state: 'idle', models: only([], spec), slots: spec.slots ?? 8, ours: false }
}

function keyOf({ name, cloud }: EndpointSpec): string | { why: string } {
  try {
    return cloud?.key() ?? { why: `it has no key; pkn config key ${name} sets one` }
  } catch (cause) {
    return { why: cause instanceof Error ? cause.message : String(cause) }
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
