import { basename } from 'node:path'
import { ggufAt, modelsIn, type GgufFile } from '../model-folder.ts'
import { refusal, type Refusal } from './ask.ts'

/** A model that this engine serves. Two with the same key are the same file, unchanged. */
export type Served = { key: string; path: string; name: string; bytes: number; practice: boolean }
export type Sources = {
  /** The default, if it is given. */
  model?: string | undefined
  /** Every model in this folder is served, as it is at the moment of the question. */
  folder?: string | undefined
  /** Served if there is nothing else: a practice model. */
  fallback?: string | undefined
  /** `model` is a practice model. */
  practice: boolean
}

/** What is served now, the default first. */
export async function listServed({ model, folder, fallback, practice }: Sources): Promise<Served[]> {
  const [chosen, inFolder] = await Promise.all([
    model === undefined ? Promise.resolve(null) : ggufAt(model).then((file) => file ?? missing(model)),
    folder === undefined ? Promise.resolve([]) : modelsIn(folder),
  ])
  const others = inFolder.filter((file) => file.path !== chosen?.path && file.name !== chosen?.name)
  const all = [...(chosen === null ? [] : [served(chosen, practice)]), ...others.map((file) => served(file, false))]
  if (all.length > 0 || fallback === undefined) return all
  const last = await ggufAt(fallback)
  return last === null ? [] : [served(last, true)]
}

/** The model that a request names; the default for one that names none. */
export function pick(all: readonly Served[], name: string | null): Served | Refusal {
  const asked = (name ?? '').trim().replace(/\.gguf$/i, '')
  const found = NONE.has(asked) ? all[0] : all.find((file) => file.name === asked)
  if (found !== undefined) return found
  const there = all.map((file) => file.name)
  const have = there.length === 0 ? 'there is none at all' : `there are: ${there.join(', ')}`
  return refusal(404, 'model_not_found', `There is no model ${asked === '' ? '' : `"${asked}" `}here; ${have}.`)
}

const NONE = new Set(['', 'default', 'unknown'])

const served = ({ path, name, bytes, changed }: GgufFile, practice: boolean): Served => ({
  key: `${path}:${bytes}:${changed}`,
  path,
  name,
  bytes,
  practice,
})

/** One that was named is tried in any case: why it can't be loaded is for the library to say. */
const missing = (path: string): GgufFile => ({
  path,
  name: basename(path).replace(/\.gguf$/i, ''),
  bytes: 0,
  changed: 0,
})
