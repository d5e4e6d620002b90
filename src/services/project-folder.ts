import { access, constants, realpath, stat } from 'node:fs/promises'
import { homedir } from 'node:os'
import { isAbsolute, join, relative, resolve, sep } from 'node:path'
import { Fault } from '../wire/fault.ts'
import { wrong, type Wrong } from '../wire/wrong.ts'

/** What a machine itself is made of: nothing in them, and nothing that holds one of them. */
const SYSTEM = [
  'bin boot dev etc gnu lib lib32 lib64 libx32 nix proc run sbin sys usr',
  'var/cache var/lib var/log var/run var/spool System Library',
]
  .flatMap((line) => line.split(' '))
  .map((name) => `/${name}`)
/** Where the folders of many lie: not these themselves. */
const SHARED = ['/home', '/media', '/mnt', '/opt', '/root', '/srv', '/tmp', '/var/tmp', '/Users', '/Volumes']
/** Below the home of a user: what programs are given to read only by those whose they are. */
const KEYS = ['.ssh', '.gnupg', '.aws', '.config', '.local', '.pki']

/** What is PKN's own: where it keeps all that it knows, and its program. */
export type Own = { home: string; program: string }

/**
 * That folder, with its links resolved, if the tools of a project may work in it: one that is there and may be written, and is nobody else's,
 * neither the machine's, nor PKN's. Fault `project.folder`, with why not.
 */
export async function projectFolder(path: string, own: Own): Promise<string> {
  const refuse = (why: Wrong, cause?: unknown, values?: { folder: string }) =>
    new Fault('project.folder', { folder: path, why: wrong(why, values) }, { cause })
  if (!isAbsolute(path) || path.includes('\0')) throw refuse('the path is not absolute.')
  const folder = await realpath(path).catch((cause: unknown) => {
    throw refuse('there is no such folder, or it may not be seen.', cause)
  })
  const about = await stat(folder)
  if (!about.isDirectory()) throw refuse('it is no folder.')
  for (const system of SYSTEM)
    if (isWithin(folder, system) || isWithin(system, folder))
      throw refuse("it is the machine's own ({folder}).", undefined, { folder: system })
  if (SHARED.includes(folder)) throw refuse('the folders of others lie in it; name one in it.')
  const user = await truePath(homedir())
  if (isWithin(user, folder)) throw refuse('all that is yours lies in it, keys among it; name a folder in it.')
  for (const name of KEYS) if (isWithin(folder, join(user, name))) throw refuse('keys and settings of yours lie there.')
  const mine = await Promise.all([own.home, own.program].map(truePath))
  for (const place of mine)
    if (isWithin(folder, place) || isWithin(place, folder)) throw refuse("it holds what is PKN's own, or lies in it.")
  const me = process.getuid?.() ?? 0
  if (me !== 0 && about.uid !== 0 && about.uid !== me) throw refuse('it belongs to another user of this machine.')
  await access(folder, constants.R_OK | constants.W_OK | constants.X_OK).catch((cause: unknown) => {
    throw refuse('it may not be written.', cause)
  })
  return folder
}

export function isWithin(path: string, folder: string): boolean {
  const rest = relative(folder, path)
  return rest === '' || (rest !== '..' && !rest.startsWith(`..${sep}`) && !isAbsolute(rest))
}

/** As far as it is there. */
async function truePath(path: string): Promise<string> {
  const whole = resolve(path)
  return realpath(whole).catch(() => whole)
}
