import { lstat, opendir, realpath } from 'node:fs/promises'
import { basename, extname, join } from 'node:path'
import { ignoredBy, type Ignored } from './ignore-file.ts'
import { readBytes, type Stamp } from './read-document.ts'
import { isWithin } from './source-path.ts'

export type FoundFile = { path: string; place: string; stamp: Stamp }
export type Walked = {
  files: FoundFile[]
  /** Every folder that was looked into, absolute. */
  folders: string[]
  /** What was left out that a person would expect, and why. */
  left: { path: string; why: string }[]
}
export type WalkBounds = { files: number; bytes: number; deepest: number }
export const BOUNDS: WalkBounds = { files: 20_000, bytes: 500 * 1024 * 1024, deepest: 40 }

const MOST_ENTRIES = 100_000
const MOST_LEFT = 100
/** What tools make, and nobody wrote. */
const MADE = new Set(['node_modules', '__pycache__', 'venv', 'bower_components', '__MACOSX'])
/** No text is in these, and nobody expects it. */
const NO_TEXT = new Set(
  'png jpg jpeg gif webp ico bmp tif tiff svgz mp3 mp4 m4a mov avi mkv webm wav ogg flac woff woff2 ttf otf eot zip gz tgz bz2 xz zst 7z rar jar war exe dll so dylib o a lib class pyc wasm node bin dat db sqlite sqlite3 gguf safetensors onnx pt iso dmg img'
    .split(' ')
    .map((end) => `.${end}`),
)
/** What lets somebody in is not for a model to read. */
const SECRET = /^(?:id_(?:rsa|dsa|ecdsa|ed25519)|credentials(?:\.json)?)$|\.(?:pem|key|p12|pfx|kdbx|keystore|jks)$/i

/**
 * The files of a source in the order of their names. Left out are what begins with a dot, what tools make, what the .gitignore of the
 * source names, secrets by their names, and PKN's own folder. Links are not followed: what they lead to is found where it is, or is not meant.
 */
export async function walkSource(
  root: string,
  home: string,
  alive: () => void,
  bounds: WalkBounds = BOUNDS,
): Promise<Walked> {
  const top = await lstat(root)
  if (top.isFile()) {
    const stamp = { size: top.size, mtime: top.mtimeMs }
    return { files: [{ path: basename(root), place: root, stamp }], folders: [], left: [] }
  }
  const ignored = await ignoredAt(root)
  const walked: Walked = { files: [], folders: [], left: [] }
  const leave = (path: string, why: string) => {
    if (walked.left.length < MOST_LEFT) walked.left.push({ path, why })
  }
  let bytes = 0
  let full: string | null = null
  const go = async (place: string, at: string, depth: number): Promise<void> => {
    alive()
    const entries = await entriesOf(place)
    if (entries === null) return leave(at, 'The folder may not be read.')
    walked.folders.push(place)
    for (const entry of entries) {
      if (full !== null) return
      const path = at === '' ? entry.name : `${at}/${entry.name}`
      const where = join(place, entry.name)
      if (entry.name.startsWith('.') || MADE.has(entry.name) || ignored(path, entry.kind === 'folder')) continue
      if (entry.kind === 'link') {
        const target = await realpath(where).catch(() => null)
        if (target !== null && !isWithin(target, root)) leave(path, 'It is a link that leads out of the folder.')
      } else if (entry.kind === 'folder') {
        if (isWithin(where, home)) continue
        if (depth >= bounds.deepest) leave(path, `It lies more than ${bounds.deepest} folders deep.`)
        else await go(where, path, depth + 1)
      } else if (!SECRET.test(entry.name) && !NO_TEXT.has(extname(entry.name).toLowerCase())) {
        const found = await lstat(where).catch(() => null)
        if (found === null || !found.isFile()) continue
        if (walked.files.length >= bounds.files) full = `There are more than ${bounds.files.toLocaleString('en-US')} files; those from here on are left out.` // prettier-ignore
        else if (bytes + Math.min(found.size, bounds.bytes / 10) > bounds.bytes) full = `There are more than ${Math.round(bounds.bytes / 1024 / 1024)} MB; what comes from here on is left out.` // prettier-ignore
        if (full !== null) return leave(path, full)
        // What is too large to be read takes no room.
        if (found.size <= bounds.bytes / 10) bytes += found.size
        walked.files.push({ path, place: where, stamp: { size: found.size, mtime: found.mtimeMs } })
      }
    }
  }
  await go(root, '', 1)
  return walked
}

async function ignoredAt(root: string): Promise<Ignored> {
  const read = await readBytes(join(root, '.gitignore'))
  return ignoredBy(read.ok ? Buffer.from(read.bytes.subarray(0, 100_000)).toString('utf8') : '')
}

type Entry = { name: string; kind: 'file' | 'folder' | 'link' }

async function entriesOf(place: string): Promise<Entry[] | null> {
  try {
    const entries: Entry[] = []
    for await (const entry of await opendir(place)) {
      if (entry.isSymbolicLink()) entries.push({ name: entry.name, kind: 'link' })
      else if (entry.isDirectory()) entries.push({ name: entry.name, kind: 'folder' })
      else if (entry.isFile()) entries.push({ name: entry.name, kind: 'file' })
      if (entries.length >= MOST_ENTRIES) break
    }
    return entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))
  } catch {
    return null
  }
}
