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
  const part = PART.exec(file)
  const name = file.replace(part ? PART : /\.gguf$/i, '')
  if (part === null) {
    const about = await look(path)
    return about === null ? null : { path, name, ...about }
  }
  const [, number = '', digits = ''] = part
  if (Number(number) !== 1 || Number(digits) > MOST_PARTS) return null
  const parts = Array.from({ length: Number(digits) }, (_, i) => {
    const at = `${i + 1}`.padStart(number.length, '0')
    return join(dirname(path), `${file.slice(0, part.index)}-${at}-of-${file.slice(part.index + number.length + 5)}`)
  })
  const looked = (await Promise.all(parts.map(look))).filter((about) => about !== null)
  if (looked.length < parts.length) return null
  const bytes = looked.reduce((sum, about) => sum + about.bytes, 0)
  return { path, name, bytes, changed: Math.max(...looked.map((about) => about.changed)) }
}

/** The eyes or ears of another model. */
const EYES = /(^|[-_.])mmproj([-_.]|$)/i
const PART = /-(\d{1,6})-of-(\d{1,6})\.gguf$/i
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
