import type { ModelInfo } from '../wire/model.ts'
import { type Answered, ask } from './ask.ts'
import { count } from './openai-answer.ts'
import { type EndpointSpec, type Look, only, unknownModel } from './look.ts'
import { probeOllama, type ShownCache } from './probe-ollama.ts'
import { type Fields, isFields, plain } from './refusal.ts'

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

/** https://github.com/ggml-org/llama.cpp/tree/master/tools/server: /health, /props and /slots are beside /v1. */
async function probeLlama(spec: EndpointSpec, signal: AbortSignal): Promise<Look> {
  const base = spec.url.replace(/\/v1$/, '')
  const [health, listed, props] = await Promise.all([
    ask({ url: `${base}/health`, key: spec.key }, signal),
    ask({ url: `${spec.url}/models`, key: spec.key }, signal),
    ask({ url: `${base}/props`, key: spec.key }, signal),
  ])
  const told = props.ok && props.status === 200 ? props.json : null
  const settings = told && isFields(told['default_generation_settings']) ? told['default_generation_settings'] : {}
  // Other servers at llama.cpp's ports, such as vLLM, have no /props, and slots by the dozen.
  const slotsOf = (fallback: number) => spec.slots ?? (Math.trunc(count(told?.['total_slots'])) || fallback)
  const context = Math.trunc(count(settings['n_ctx'])) || null
  const models = modelsIn(listed, spec)
  if (isLoading(health) || isLoading(listed))
    return {
      state: 'loading',
      models: typeof models === 'string' ? only([], spec) : models,
      slots: slotsOf(1),
      ours: isOurs(listed),
    }
  if (typeof models === 'string') return { state: 'down', why: models }
  for (const model of models) {
    model.context = spec.context ?? model.context ?? context
    model.tools ??= isFields(told?.['chat_template_caps'])
      ? told['chat_template_caps']['supports_tools'] === true
      : null
    model.vision ??= isFields(told?.['modalities']) ? told['modalities']['vision'] === true : null
  }
  return { state: 'up', models, slots: slotsOf(4), ours: isOurs(listed) }
}

const isLoading = (answer: Answered) =>
  answer.ok && (answer.status === 503 || answer.json?.['status'] === 'loading') && /loading/i.test(answer.text)

const rowsOf = (answer: Answered): Fields[] | null => {
  const rows = answer.ok && answer.status === 200 ? answer.json?.['data'] : null
  return Array.isArray(rows) ? rows.filter(isFields) : null
}
const isOurs = (answer: Answered) => rowsOf(answer)?.some((row) => row['owned_by'] === 'pkn') ?? false

/** The models that are listed, or why they can't be. */
function modelsIn(answer: Answered, spec: EndpointSpec): ModelInfo[] | string {
  if (!answer.ok) return answer.why
  const rows = rowsOf(answer)
  if (rows === null) {
    if (answer.status === 401 || answer.status === 403) return `it refuses the key (${answer.status})`
    if (answer.status >= 500) return `it reports an error (${answer.status}): ${plain(answer.text).slice(0, 120)}`
    return `what answers at ${new URL(spec.url).host} is not a model server (no list of models at /models, status ${answer.status})`
  }
  return only(
    rows.flatMap((row) => modelOf(row, spec) ?? []),
    spec,
  )
}

function modelOf(row: Fields, spec: EndpointSpec): ModelInfo | null {
  const id = row['id']
  if (typeof id !== 'string' || id === '') return null
  // llama.cpp without --alias calls a model by the path of its file, and answers to any name.
  const name = row['owned_by'] === 'llamacpp' ? (/([^/\\]+)\.gguf$/.exec(id)?.[1] ?? id) : id
  const meta = isFields(row['meta']) ? row['meta'] : {}
  const size =
    row['max_model_len'] ?? row['context'] ?? row['context_length'] ?? row['max_context_length'] ?? meta['n_ctx']
  const flag = (value: unknown) => (typeof value === 'boolean' ? value : null)
  return {
    ...unknownModel(name, spec),
    context: spec.context ?? (Math.trunc(count(size)) || null),
    tools: flag(row['tools']),
    thinking: flag(row['thinking']),
    vision: flag(row['vision']),
    bytes: count(meta['size'] ?? row['bytes']) || null,
    practice: row['practice'] === true || /^practice(-q8_0)?$/i.test(name),
  }
}
