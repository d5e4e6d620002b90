import type { ModelInfo } from '../wire/model.ts'
import type { Answered } from './ask.ts'
import { statusOf } from './llama-quiet.ts'
import { type EndpointSpec, only, unknownModel } from './look.ts'
import { count } from './openai-answer.ts'
import { type Fields, isFields, plain } from './refusal.ts'

export const isLoading = (answer: Answered) =>
  answer.ok && (answer.status === 503 || answer.json?.['status'] === 'loading') && /loading/i.test(answer.text)

export const rowsOf = (answer: Answered): Fields[] | null => {
  const rows = answer.ok && answer.status === 200 ? answer.json?.['data'] : null
  return Array.isArray(rows) ? rows.filter(isFields) : null
}
export const isOurs = (answer: Answered) => rowsOf(answer)?.some((row) => row['owned_by'] === 'pkn') ?? false

/** The models that are listed, or why they can't be. */
export function modelsIn(answer: Answered, spec: EndpointSpec): ModelInfo[] | string {
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
    vision: flag(row['vision']) ?? seesImages(row['architecture']),
    bytes: count(meta['size'] ?? row['bytes']) || null,
    loaded: flag(row['loaded']) ?? (statusOf(row) === null ? null : statusOf(row) === 'loaded'),
    ...(count(row['memory']) > 0 ? { memory: count(row['memory']) } : {}),
    practice: row['practice'] === true || /^practice(-q8_0)?$/i.test(name),
  }
}

function seesImages(architecture: unknown): boolean | null {
  const inputs = isFields(architecture) ? architecture['input_modalities'] : null
  return Array.isArray(inputs) ? inputs.includes('image') : null
}
