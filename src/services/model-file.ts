import { open, readdir, stat } from 'node:fs/promises'
import { homedir } from 'node:os'
import { basename, isAbsolute, join, resolve } from 'node:path'

export type ModelFile = { path: string; name: string; bytes: number; practice: boolean }

const PRACTICE = resolve(import.meta.dirname, '../../models/practice/practice-q8_0.gguf')

/**
 * The model file that the engine would serve: the one that is configured (a path, or a name in PKN_HOME/models), else the newest in
 * PKN_HOME/models, else the practice model. Null if the configured one isn't there, or there is none at all.
 */
export async function findModelFile(given: { home: string; model?: string | undefined }): Promise<ModelFile | null> {
  const folder = join(given.home, 'models')
  if (given.model !== undefined) {
    const path = given.model.replace(/^~(?=\/)/, homedir())
    const places = isAbsolute(path) ? [path] : [join(folder, path), join(folder, `${path}.gguf`), resolve(path)]
    for (const place of places) {
      const found = await look(place)
      if (found !== null) return modelFile(place, found.bytes)
    }
    return null
  }
  const names = await readdir(folder).catch(() => [])
  const usable = names.filter((n) => /\.gguf$/i.test(n) && !n.startsWith('.') && !PART.test(n))
  const found = await Promise.all(
    usable.map(async (n) => ({ path: join(folder, n), about: await look(join(folder, n)) })),
  )
  const newest = found
    .flatMap(({ path, about }) => (about === null ? [] : [{ path, ...about }]))
    .sort((a, b) => b.changed - a.changed || a.path.localeCompare(b.path))[0]
  if (newest !== undefined) return modelFile(newest.path, newest.bytes)
  const practice = await look(PRACTICE)
  return practice === null ? null : modelFile(PRACTICE, practice.bytes)
}

/** The eyes of another model, or a part that isn't the first, are no model. */
const PART = /^mmproj|-0*([2-9]|[1-9]\d+)-of-\d+\.gguf$/i

const modelFile = (path: string, bytes: number): ModelFile => ({
  path,
  name: basename(path).replace(/\.gguf$/i, ''),
  bytes,
  practice: path === PRACTICE,
})

/** Size and age of a file that begins as a model does; null for any other. */
async function look(path: string): Promise<{ bytes: number; changed: number } | null> {
  try {
    await using file = await open(path)
    const { buffer } = await file.read(Buffer.alloc(4), 0, 4, 0)
    if (buffer.toString('latin1') !== 'GGUF') return null
    const about = await stat(path)
    return { bytes: about.size, changed: about.mtimeMs }
  } catch {
    return null
  }
}
