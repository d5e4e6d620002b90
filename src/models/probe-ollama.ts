import type { ModelInfo } from '../wire/model.ts'
import { ask } from './ask.ts'
import { count } from './openai-answer.ts'
import { type EndpointSpec, type Look, only, unknownModel } from './look.ts'
import { type Fields, isFields } from './refusal.ts'

/** What /api/show says of a model. */
export type Shown = { chat: boolean; tools: boolean; thinking: boolean; vision: boolean }
/** By address, name and digest, which stands for the content: so each is asked once. */
export type ShownCache = Map<string, Shown>

/**
 * https://docs.ollama.com/api: version, tags, ps and show. How many it serves at once (OLLAMA_NUM_PARALLEL) it tells nobody: it is one, unless
 * the configuration says more. Models in memory come first, then the ones changed last.
 */
export async function probeOllama(spec: EndpointSpec, cache: ShownCache, signal: AbortSignal): Promise<Look> {
  const url = spec.url.replace(/\/v1$/, '')
  const version = await ask({ url: `${url}/api/version` }, signal)
  if (!version.ok) return { state: 'down', why: version.why }
  if (version.status !== 200 || typeof version.json?.['version'] !== 'string')
    return {
      state: 'down',
      why: `what answers at ${new URL(url).host} is not Ollama (no version, status ${version.status})`,
    }
  const [tags, running] = await Promise.all([
    ask({ url: `${url}/api/tags` }, signal),
    ask({ url: `${url}/api/ps` }, signal),
  ])
  if (!tags.ok) return { state: 'down', why: tags.why }
  const inMemory = new Set(running.ok ? rows(running.json).map(nameOf) : [])
  const contexts = new Map(
    running.ok ? rows(running.json).map((row) => [nameOf(row), count(row['context_length'])]) : [],
  )
  const sizes = new Map(running.ok ? rows(running.json).map((row) => [nameOf(row), count(row['size'])]) : [])
  const listed = rows(tags.json).filter((row) => !isRemote(row) || spec.models?.includes(nameOf(row)))
  const models = await Promise.all(
    listed.map(async (row): Promise<ModelInfo | null> => {
      const name = nameOf(row)
      const key = `${url} ${name} ${typeof row['digest'] === 'string' ? row['digest'] : ''}`
      const about = cache.get(key) ?? (await showModel(url, name, signal))
      if (about) cache.set(key, about)
      if (name === '' || about?.chat === false || (about === null && /embed/i.test(name))) return null
      return {
        ...unknownModel(name, spec),
        // What is in memory tells the context it was loaded with; the model's own limit is what it was trained for, which Ollama rarely uses.
        context: spec.context ?? (contexts.get(name) || null),
        tools: about?.tools ?? null,
        thinking: about?.thinking ?? null,
        vision: about?.vision ?? null,
        bytes: count(row['size']) || null,
        loaded: running.ok ? inMemory.has(name) : null,
        ...(sizes.has(name) ? { memory: sizes.get(name) } : {}),
      }
    }),
  )
  const found = models.filter((model) => model !== null)
  found.sort((a, b) => Number(inMemory.has(b.name)) - Number(inMemory.has(a.name)))
  return { state: 'up', models: only(found, spec), slots: spec.slots ?? 1, ours: false }
}

export async function showModel(url: string, name: string, signal: AbortSignal): Promise<Shown | null> {
  const answer = await ask({ url: `${url}/api/show`, body: { model: name } }, signal)
  if (!answer.ok || answer.status !== 200 || answer.json === null) return null
  const { capabilities } = answer.json
  const can = (what: string) => Array.isArray(capabilities) && capabilities.includes(what)
  return {
    // Ollama before 0.6.4 tells no capabilities.
    chat: !Array.isArray(capabilities) || can('completion'),
    tools: can('tools'),
    thinking: can('thinking'),
    vision: can('vision'),
  }
}

const rows = (json: Fields | null): Fields[] => (Array.isArray(json?.['models']) ? json['models'].filter(isFields) : [])
const nameOf = (row: Fields): string =>
  typeof row['model'] === 'string' ? row['model'] : typeof row['name'] === 'string' ? row['name'] : ''

/** Some models of Ollama's list run on the machines of its makers; what is said to those leaves the house. */
const isRemote = (row: Fields): boolean =>
  (typeof row['remote_host'] === 'string' && row['remote_host'] !== '') || isOllamasCloud(nameOf(row))
export const isOllamasCloud = (name: string): boolean => /[:-]cloud$/.test(name)
