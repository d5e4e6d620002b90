import { type Answered, ask } from './ask.ts'
import { statusOf } from './llama-quiet.ts'
import { type EndpointSpec, type Look, only } from './look.ts'
import { count } from './openai-answer.ts'
import { isLoading, isOurs, modelsIn, rowsOf } from './listing.ts'
import { type Fields, isFields } from './refusal.ts'
import { lookAtSlots } from './slots-look.ts'

/** A server in the middle of a batch tells its slots only after it. */
const SLOTS_MS = 700
/** What llama.cpp gives itself if it was told nothing. */
const USUAL_SLOTS = 4

/** https://github.com/ggml-org/llama.cpp/tree/master/tools/server: /health, /props and /slots are beside /v1. PKN's engine has the same. */
export async function probeLlama(spec: EndpointSpec, signal: AbortSignal): Promise<Look> {
  const base = spec.url.replace(/\/v1$/, '')
  const [health, listed, props, working] = await Promise.all([
    ask({ url: `${base}/health`, key: spec.key }, signal),
    ask({ url: `${spec.url}/models`, key: spec.key }, signal),
    ask({ url: `${base}/props`, key: spec.key }, signal),
    lookAtSlots(spec, null, AbortSignal.any([signal, AbortSignal.timeout(SLOTS_MS)])),
  ])
  const told = props.ok && props.status === 200 ? props.json : null
  const ours = isOurs(listed)
  const models = modelsIn(listed, spec)
  const atWork = working?.filter(({ processing }) => processing).length ?? null
  // Other servers at llama.cpp's ports, such as vLLM, have no /props, and slots by the dozen.
  const slotsOf = (fallback: number) => spec.slots ?? (Math.trunc(count(told?.['total_slots'])) || fallback)
  if (isLoading(health) || isLoading(listed))
    return { state: 'loading', models: typeof models === 'string' ? only([], spec) : models, slots: slotsOf(1), ours }
  if (typeof models === 'string') return { state: 'down', why: models }
  if (told?.['role'] === 'router') {
    models.sort((a, b) => Number(b.loaded) - Number(a.loaded))
    return { state: 'up', models, slots: spec.slots ?? slotsOfRouter(listed), ours, working: null }
  }
  const settings = told && isFields(told['default_generation_settings']) ? told['default_generation_settings'] : {}
  const context = Math.trunc(count(settings['n_ctx'])) || null
  const caps = told && isFields(told['chat_template_caps']) ? told['chat_template_caps'] : null
  for (const model of models) {
    model.context = spec.context ?? model.context ?? context
    model.tools ??= caps ? caps['supports_tools'] === true : null
    model.vision ??= told && isFields(told['modalities']) ? told['modalities']['vision'] === true : null
    if (ours) continue
    model.thinking ??= thinks(told)
    model.loaded ??= told === null ? null : true
  }
  return { state: 'up', models, slots: slotsOf(ours ? 1 : USUAL_SLOTS), ours, working: atWork }
}

/** The template of a model that thinks speaks of it; nothing else tells. */
function thinks(told: Fields | null): boolean | null {
  const template = told?.['chat_template']
  return typeof template === 'string' && template !== ''
    ? /<think>|reasoning_content|enable_thinking|<\|channel\|>/.test(template)
    : null
}

/** Each of a router's models has slots of its own; those of the one that was started, or would be. */
function slotsOfRouter(listed: Answered): number {
  const told = (rowsOf(listed) ?? []).map((row) => {
    const args = isFields(row['status']) ? row['status']['args'] : null
    const at = Array.isArray(args) ? args.findIndex((arg) => arg === '--parallel' || arg === '-np') : -1
    const slots = Array.isArray(args) && at !== -1 ? Number(args[at + 1]) : 0
    return { loaded: statusOf(row) === 'loaded', slots: slots > 0 ? Math.trunc(slots) : USUAL_SLOTS }
  })
  return (told.find(({ loaded }) => loaded) ?? told[0])?.slots ?? USUAL_SLOTS
}
