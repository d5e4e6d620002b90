import { readdir, readFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { openFile } from './gguf.ts'

/** A model on disk. Of one that is split into parts, `path` is the first and `bytes` are those of all. */
export type GgufFile = { path: string; name: string; bytes: number; changed: number }

/** Holds the name of the model that answers unless something else is asked for. Read each time, so that a change needs no restart. */
export const DEFAULT_FILE = '.default'

/** The models of a folder: the one named in its default file first, then the newest. None if there is no such folder. */
export async function modelsIn(folder: string): Promise<GgufFile[]> {
  const [names, wanted] = await Promise.all([
    readdir(folder).catch(() => []),
    readFile(join(folder, DEFAULT_FILE), 'utf8').catch(() => ''),
  ])
  const usable = names.filter((n) => /\.gguf$/i.test(n) && !n.startsWith('.') && !EYES.test(n))
  const found = (await Promise.all(usable.map((n) => ggufAt(join(folder, n))))).filter((file) => file !== null)
  const first = wanted.trim().replace(/\.gguf$/i, '')
  const rank = (file: GgufFile) => (file.name === first ? 0 : 1)
  return found
    .sort((a, b) => rank(a) - rank(b) || b.changed - a.changed || a.path.localeCompare(b.path))
    .filter((file, i, all) => all.findIndex((other) => other.name === file.name) === i)
}

/** The model at this path; null for what is none, for a part that is not the first, and for one that lacks a part. */
export async function ggufAt(path: string): Promise<GgufFile | null> {
  const file = basename(path)
  const parts = partsOf(file)
  if (parts[0] !== file) return null
  const looked = (await Promise.all(parts.map((part) => look(join(dirname(path), part))))).filter((l) => l !== null)
  if (looked.length < parts.length) return null
  const bytes = looked.reduce((sum, about) => sum + about.bytes, 0)
  return { path, name: modelName(file), bytes, changed: Math.max(...looked.map((about) => about.changed)) }
}

/** All the names of a model that is split over several files, if this is the name of one of them. */
export function partsOf(file: string): string[] {
  const split = splitOf(file)
  if (split === null) return [file]
  const { stem, total, rest } = split
  return Array.from({ length: total }, (_, i) => `${stem}-${`${i + 1}`.padStart(5, '0')}${rest}`)
}

/** What a model is called, by its file or any of its files. */
export const modelName = (file: string): string => splitOf(file)?.stem ?? file.replace(/\.gguf$/i, '')

function splitOf(file: string): { stem: string; total: number; rest: string } | null {
  const [, stem = '', nth, rest = '', count] = PART.exec(file) ?? []
  const total = Number(count)
  return Number(nth) >= 1 && Number(nth) <= total && total <= MOST_PARTS ? { stem, total, rest } : null
}

/** The eyes or ears of another model. */
const EYES = /(^|[-_.])mmproj([-_.]|$)/i
/** As llama.cpp names them, and finds them again. */
const PART = /^(.*)-(\d{5})(-of-(\d{5})\.gguf)$/i
const MOST_PARTS = 1000

/** Size and age of a file that begins as a model does; null for any other. */
async function look(path: string): Promise<{ bytes: number; changed: number } | null> {
  try {
    await using file = await openFile(path)
    const { buffer } = await file.read(Buffer.alloc(4), 0, 4, 0)
    if (buffer.toString('latin1') !== 'GGUF') return null
    const { size, mtimeMs } = await file.stat()
    return { bytes: size, changed: mtimeMs }
  } catch {
    return null
  }
}
