import { ask } from './ask.ts'
import { isEmbedding } from './embed-prefix.ts'
import { rowsOf } from './listing.ts'
import { withBase, type EndpointSpec } from './look.ts'
import { type Fields, isFields } from './refusal.ts'

/** A model that measures texts, and where. */
export type EmbeddingSeat = { spec: EndpointSpec; model: string }

/** Those that an endpoint has, in its order. `model` is one that the user named: it is taken at its word. */
export async function embeddingsAt(
  given: EndpointSpec,
  model: string | undefined,
  signal: AbortSignal,
): Promise<EmbeddingSeat[]> {
  const spec = withBase(given)
  return spec.kind === 'ollama' ? atOllama(spec, model, signal) : atOpenAi(spec, model, signal)
}

async function atOpenAi(spec: EndpointSpec, wanted: string | undefined, signal: AbortSignal): Promise<EmbeddingSeat[]> {
  const listed = await ask({ url: `${spec.url}/models`, key: spec.key }, signal)
  const rows = rowsOf(listed)
  if (rows === null) return []
  if (wanted !== undefined) return [{ spec, model: wanted }]
  return rows.flatMap((row) => {
    const id = row['id']
    return typeof id === 'string' && isEmbedding(id) ? [{ spec, model: id }] : []
  })
}

/** https://docs.ollama.com/api: a model that measures says so among its capabilities. */
async function atOllama(
  given: EndpointSpec,
  wanted: string | undefined,
  signal: AbortSignal,
): Promise<EmbeddingSeat[]> {
  const spec = { ...given, url: given.url.replace(/\/v1$/, '') }
  const tags = await ask({ url: `${spec.url}/api/tags` }, signal)
  if (!tags.ok || tags.status !== 200 || !Array.isArray(tags.json?.['models'])) return []
  const rows: Fields[] = tags.json['models'].filter(isFields)
  const names = rows.flatMap((row) => (typeof row['model'] === 'string' && !isRemote(row) ? [row['model']] : []))
  if (wanted !== undefined) {
    const named = names.find((name) => name === wanted || name === `${wanted}:latest`)
    return named === undefined ? [] : [{ spec, model: named }]
  }
  const found: EmbeddingSeat[] = []
  for (const model of names.slice(0, MOST_ASKED)) {
    const shown = await ask({ url: `${spec.url}/api/show`, body: { model } }, signal)
    const capabilities = shown.ok && shown.status === 200 ? shown.json?.['capabilities'] : null
    // Ollama before 0.6.4 tells no capabilities.
    if (Array.isArray(capabilities) ? capabilities.includes('embedding') : isEmbedding(model))
      found.push({ spec, model })
  }
  return found
}
const MOST_ASKED = 100

/** Some models of Ollama's list run on the machines of its makers. */
const isRemote = (row: Fields): boolean =>
  (typeof row['remote_host'] === 'string' && row['remote_host'] !== '') || /[:-]cloud$/.test(String(row['model']))
