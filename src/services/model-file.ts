import { homedir } from 'node:os'
import { isAbsolute, join, resolve } from 'node:path'
import { ggufAt, modelsIn, type GgufFile } from '../model-folder.ts'

export type ModelFile = {
  path: string
  name: string
  bytes: number
  practice: boolean
  /** Answers unless something else is asked for. */
  isDefault: boolean
}
type Given = { home: string; model?: string | undefined }

export const PRACTICE = resolve(import.meta.dirname, '../../models/practice/practice-q8_0.gguf')
export const modelFolder = (home: string): string => join(home, 'models')

/**
 * The model files that the engine can serve, the default first: the configured one (a path, or a name in PKN_HOME/models), else the one named
 * in PKN_HOME/models/.default, else the newest. The practice model is there only if it is configured, or there is nothing else. None is the
 * default if the configured one isn't there.
 */
export async function listModelFiles(given: Given): Promise<ModelFile[]> {
  const [chosen, inFolder] = await Promise.all([configured(given), modelsIn(modelFolder(given.home))])
  const others = inFolder.filter((file) => file.path !== chosen?.path && file.name !== chosen?.name)
  if (given.model !== undefined) {
    const rest = others.map((file) => modelFile(file, false))
    return chosen === null ? rest : [modelFile(chosen, true), ...rest]
  }
  if (others.length > 0) return others.map((file, i) => modelFile(file, i === 0))
  const practice = await ggufAt(PRACTICE)
  return practice === null ? [] : [modelFile(practice, true)]
}

/** The one that answers by default. Null if the configured one isn't there, or there is none at all. */
export async function findModelFile(given: Given): Promise<ModelFile | null> {
  return (await listModelFiles(given)).find((file) => file.isDefault) ?? null
}

async function configured({ home, model }: Given): Promise<GgufFile | null> {
  if (model === undefined) return null
  const folder = modelFolder(home)
  const path = model.replace(/^~(?=\/)/, homedir())
  const places = isAbsolute(path) ? [path] : [join(folder, path), join(folder, `${path}.gguf`), resolve(path)]
  for (const place of places) {
    const found = await ggufAt(place)
    if (found !== null) return found
  }
  // By its name, one that lies there in parts.
  return (await modelsIn(folder)).find((file) => file.name === model.replace(/\.gguf$/i, '')) ?? null
}

const modelFile = ({ path, name, bytes }: GgufFile, isDefault: boolean): ModelFile => ({
  path,
  name,
  bytes,
  practice: path === PRACTICE,
  isDefault,
})
