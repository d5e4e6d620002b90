import { Fault } from '../wire/fault.ts'

const FULL = ['ENOSPC', 'EDQUOT']
const CLOSED = ['EACCES', 'EPERM', 'EROFS', 'EIO', 'ENOTDIR', 'EISDIR', 'EEXIST', 'EBUSY', 'ENXIO', 'ENODEV']

/** Why the disk did not take what was to be written; null if the failure was another one. */
export function diskRefusal(cause: unknown): 'full' | 'closed' | null {
  const code = cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : ''
  if (FULL.includes(code)) return 'full'
  // Of folders that are made one in the other Node says this where the disk can only be read.
  const unmade = code === 'ENOENT' && (cause as NodeJS.ErrnoException).syscall === 'mkdir'
  return unmade || CLOSED.includes(code) ? 'closed' : null
}

/** Does what writes into a folder; what its disk refuses becomes a fault that says so. */
export async function writing<T>(folder: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (cause) {
    throw asFault(folder, cause)
  }
}

/** What the disk refused, as the fault that says so; what is none of that, as it is. */
export function asFault(path: string, cause: unknown): unknown {
  const refusal = diskRefusal(cause)
  if (refusal === null) return cause
  return refusal === 'full'
    ? new Fault('disk.full', { path }, { cause })
    : new Fault('shelf.unwritable', { path, why: (cause as NodeJS.ErrnoException).code ?? '' }, { cause })
}
