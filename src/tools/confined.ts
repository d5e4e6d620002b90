import { closeSync, constants, openSync, readlinkSync } from 'node:fs'
import { lstat, mkdir, open, readlink, realpath, type FileHandle } from 'node:fs/promises'
import { isAbsolute, join, relative, sep } from 'node:path'

/** Why a path can't be used; the sentence is for the model. */
export class PathRefused extends Error {}

const REPLACED = 'The folder was replaced meanwhile.'

/** A folder that is held open: what is done below `at` is done in it, also if its name means something else by now. */
export type HeldFolder = {
  at: string
  /** The folder's own path relative to the workspace, '' for the workspace itself, with `/`. */
  path: string
  close: () => Promise<void>
}

const { O_DIRECTORY, O_NOFOLLOW, O_NONBLOCK, O_RDONLY } = constants
const MOST_LINKS = 32
const MOST_CHARS = 4096
/** The names of open folders, through which a name below them is looked up in that very folder (proc(5)); elsewhere there is nothing like it. */
const PROC = process.platform === 'linux' ? '/proc/self/fd' : null

/** The parts of a path within the workspace, as it is written. Throws PathRefused where it leads out of it. */
export function partsOf(folder: string, path: string): string[] {
  if (path.includes('\0')) throw new PathRefused('A path has no NUL in it.')
  if (path.length > MOST_CHARS) throw new PathRefused('That path is too long.')
  const inside = isAbsolute(path) ? relative(folder, path) : path
  const parts: string[] = []
  for (const part of inside.split(sep === '\\' ? /[\\/]/ : '/')) {
    if (part === '' || part === '.') continue
    if (part !== '..') parts.push(part)
    else if (parts.pop() === undefined) throw outside(path)
  }
  if (isAbsolute(inside)) throw outside(path)
  return parts
}
const outside = (path: string) =>
  new PathRefused(
    `${JSON.stringify(path)} is outside the workspace. Only files within it can be used; give a path relative to it.`,
  )

/**
 * Walks to the folder that holds `path`, each name looked up in the folder before it and no link followed unseen: one that stays within
 * the workspace is walked, one that leads out is refused. Resolves with that folder held open, and the last name, which is no link ('' is the
 * workspace itself), whether there is something of that name or not. With `make`, folders on the way that are missing are made.
 */
export function hold(
  folder: string,
  path: string,
  { make = false }: { make?: boolean } = {},
): Promise<{ held: HeldFolder; name: string }> {
  return follow(folder, path, { make, into: false })
}

/** The folder of that path itself, held open. */
export async function holdFolder(folder: string, path: string): Promise<HeldFolder> {
  return (await follow(folder, path, { make: false, into: true })).held
}

type Way = { make: boolean; into: boolean }
async function follow(folder: string, path: string, way: Way): Promise<{ held: HeldFolder; name: string }> {
  let todo = partsOf(folder, path)
  let links = 0
  for (;;) {
    const walked = await walk(folder, todo, way)
    if ('held' in walked) return walked
    if (++links > MOST_LINKS) throw new PathRefused(`${JSON.stringify(path)} leads through too many links.`)
    todo = afterLink(folder, path, walked)
  }
}

type Link = { link: { in: string[]; to: string; rest: string[] } }

async function walk(
  folder: string,
  parts: readonly string[],
  { make, into }: Way,
): Promise<{ held: HeldFolder; name: string } | Link> {
  const seen: string[] = []
  let dir = await openFolder(folder)
  try {
    if (PROC !== null) await isThat(dir, folder)
    for (const [i, name] of parts.entries()) {
      const at = below(dir, folder, seen)
      const last = !into && i === parts.length - 1
      const stat = await lstat(join(at, name)).catch(missing)
      if (stat?.isSymbolicLink()) {
        const to = await readlink(join(at, name)).catch((cause: unknown) => {
          throw /^(?:ENOENT|EINVAL)$/.test(codeOf(cause)) ? new PathRefused('It was replaced meanwhile.') : cause
        })
        await dir.close()
        return { link: { in: seen, to, rest: parts.slice(i + 1) } }
      }
      if (last) return { held: heldOf(dir, folder, seen), name }
      if (stat === null && !make)
        throw new PathRefused(`There is no folder ${JSON.stringify([...seen, name].join('/'))}.`)
      if (stat === null) await mkdir(join(at, name)).catch(madeAlready)
      else if (!stat.isDirectory()) throw new PathRefused(`${JSON.stringify([...seen, name].join('/'))} is no folder.`)
      const next = await openFolder(join(at, name))
      await dir.close()
      dir = next
      seen.push(name)
      if (PROC === null) await stillThere(folder, seen)
    }
    return { held: heldOf(dir, folder, seen), name: '' }
  } catch (cause) {
    await dir.close().catch(() => {})
    throw cause
  }
}

const heldOf = (dir: FileHandle, folder: string, seen: readonly string[]): HeldFolder => ({
  at: below(dir, folder, seen),
  path: seen.join('/'),
  close: () => dir.close(),
})
const below = (dir: FileHandle, folder: string, seen: readonly string[]): string =>
  PROC === null ? join(folder, ...seen) : `${PROC}/${dir.fd}`

async function openFolder(path: string): Promise<FileHandle> {
  try {
    return await open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW)
  } catch (cause) {
    throw refusedFolder(cause)
  }
}

function refusedFolder(cause: unknown): unknown {
  const code = codeOf(cause)
  if (code === 'ELOOP' || code === 'ENOTDIR') return new PathRefused(REPLACED)
  if (code === 'ENOENT') return new PathRefused('The folder is not there any more.')
  if (code === 'EACCES' || code === 'EPERM') return new PathRefused('That folder may not be opened.')
  return cause
}

/** A folder on the way to the workspace may have become a link since it was looked at, as by a command that works in one around it. */
async function isThat(dir: FileHandle, folder: string): Promise<void> {
  if ((await readlink(`${PROC}/${dir.fd}`)) !== folder) throw new PathRefused(REPLACED)
}

/** The workspace itself, held open for a program to be given; whoever is given it closes it. Throws PathRefused where it is another by now. */
export function holdWorkspace(folder: string): number {
  let dir: number
  try {
    dir = openSync(folder, O_RDONLY | O_DIRECTORY | O_NOFOLLOW)
  } catch (cause) {
    throw refusedFolder(cause)
  }
  if (PROC === null || readlinkSync(`${PROC}/${dir}`) === folder) return dir
  closeSync(dir)
  throw new PathRefused(REPLACED)
}

/** Where a folder can't be held, it is looked at once more after it was opened. */
async function stillThere(folder: string, seen: readonly string[]): Promise<void> {
  const path = join(folder, ...seen)
  if ((await realpath(path)) !== path) throw new PathRefused(REPLACED)
}

function afterLink(folder: string, path: string, { link }: Link): string[] {
  const target = isAbsolute(link.to) ? relative(folder, link.to) : [...link.in, link.to].join('/')
  if (isAbsolute(target)) throw outside(path)
  const to = partsFrom(target)
  if (to === null) throw new PathRefused(`${JSON.stringify(path)} is a link that leads out of the workspace.`)
  return [...to, ...link.rest]
}
function partsFrom(path: string): string[] | null {
  const parts: string[] = []
  for (const part of path.split(/[\\/]/)) {
    if (part === '' || part === '.') continue
    if (part !== '..') parts.push(part)
    else if (parts.pop() === undefined) return null
  }
  return parts
}

/** Opens a plain file for reading. Devices, pipes and sockets are refused, and so is a file with several names: what the others are can't be known. */
export async function openFile({ held, name }: { held: HeldFolder; name: string }, shown: string): Promise<FileHandle> {
  if (name === '') throw new PathRefused('That is a folder; list it instead.')
  const file = await open(join(held.at, name), O_RDONLY | O_NOFOLLOW | O_NONBLOCK).catch((cause: unknown) => {
    throw refusedOpen(cause, shown)
  })
  const stat = await file.stat()
  const why = stat.isDirectory()
    ? 'is a folder; list it instead.'
    : !stat.isFile()
      ? 'is no plain file.'
      : stat.nlink > 1
        ? 'has several names (hard links), and where the others are is not known, so it is left alone.'
        : null
  if (why === null) return file
  await file.close()
  throw new PathRefused(`${JSON.stringify(shown)} ${why}`)
}

function refusedOpen(cause: unknown, shown: string): unknown {
  const name = JSON.stringify(shown)
  switch (codeOf(cause)) {
    case 'ENOENT':
      return new PathRefused(`There is no file ${name}.`)
    case 'ELOOP':
      return new PathRefused(`${name} was replaced by a link meanwhile.`)
    case 'EACCES':
    case 'EPERM':
      return new PathRefused(`${name} may not be opened.`)
    case 'ENXIO':
      return new PathRefused(`${name} is no plain file.`)
    case 'ENAMETOOLONG':
      return new PathRefused('That name is too long.')
    default:
      return cause
  }
}

function madeAlready(cause: unknown): void {
  // What it is by now is seen when it is opened.
  if (codeOf(cause) !== 'EEXIST') throw cause
}

export const codeOf = (cause: unknown): string =>
  cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : ''
function missing(cause: unknown): null {
  const code = codeOf(cause)
  if (code === 'ENOENT') return null
  if (code === 'ENAMETOOLONG') throw new PathRefused('That name is too long.')
  if (code === 'EACCES') throw new PathRefused('That folder may not be opened.')
  throw cause
}

/** The path as it is, wherever links lead, relative to the workspace. What can't be used keeps the name that it was given. */
export async function truePath(folder: string, path: string): Promise<string> {
  try {
    const { held, name } = await hold(folder, path)
    await held.close()
    return [held.path, name].filter((part) => part !== '').join('/')
  } catch (cause) {
    if (cause instanceof PathRefused) return path
    throw cause
  }
}
