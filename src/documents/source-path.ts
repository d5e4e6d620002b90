import { constants } from 'node:fs'
import { access, realpath, stat } from 'node:fs/promises'
import { isAbsolute, parse, relative, resolve, sep } from 'node:path'
import { Fault } from '../wire/fault.ts'
import { wrong, type Wrong } from '../wire/wrong.ts'

/** These hold no documents, and have no end. */
const OF_THE_SYSTEM = ['/proc', '/sys', '/dev', '/run']

/** Where a source truly is, once nothing speaks against it. Fault: `source.refused`. */
export async function sourcePath(path: string, home: string): Promise<string> {
  const refuse = (why: Wrong, cause?: unknown) => new Fault('source.refused', { path, why: wrong(why) }, { cause })
  if (path.includes('\0')) throw refuse('it holds a character that no path has.')
  if (!isAbsolute(path)) throw refuse('it is not an absolute path.')
  let place: string
  try {
    place = await realpath(path)
    const found = await stat(place)
    if (!found.isDirectory() && !found.isFile()) throw refuse('it is neither a folder nor a file.')
    await access(place, found.isDirectory() ? constants.R_OK | constants.X_OK : constants.R_OK)
  } catch (cause) {
    if (cause instanceof Fault) throw cause
    const code = cause instanceof Error && 'code' in cause ? cause.code : null
    throw refuse(code === 'ENOENT' || code === 'ENOTDIR' ? 'nothing is there.' : 'it may not be read.', cause)
  }
  if (place === parse(place).root) throw refuse('it is the whole machine. Name the folder that is meant.')
  if (OF_THE_SYSTEM.some((folder) => isWithin(place, folder))) throw refuse('it belongs to the system.')
  if (isWithin(place, await trueHome(home))) throw refuse('it is where PKN keeps what is its own.')
  return place
}

/** The folder of PKN as it is found when links are followed. */
export async function trueHome(home: string): Promise<string> {
  return await realpath(home).catch(() => resolve(home))
}

/** Whether a place is a folder, or below it. */
export function isWithin(place: string, folder: string): boolean {
  const way = relative(folder, place)
  return way === '' || (way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way))
}
