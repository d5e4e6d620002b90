import { Fault } from '../wire/fault.ts'

const FULL = ['ENOSPC', 'EDQUOT']
const CLOSED = ['EACCES', 'EPERM', 'EROFS', 'EIO', 'ENOTDIR', 'EISDIR', 'EEXIST', 'EBUSY', 'ENXIO', 'ENODEV']

/** Why the disk did not take what was to be written; null if the failure was another one. */
export function diskRefusal(cause: unknown): 'full' | 'closed' | null {
  const code = cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : ''
  return FULL.includes(code) ? 'full' : CLOSED.includes(code) ? 'closed' : null
}

/** Does what writes into a folder; what its disk refuses becomes a fault that says so. */
export async function writing<T>(folder: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (cause) {
    const refusal = diskRefusal(cause)
    if (refusal === null) throw cause
    if (refusal === 'full') throw new Fault('disk.full', { path: folder }, { cause })
    throw new Fault('shelf.unwritable', { path: folder, why: (cause as NodeJS.ErrnoException).code ?? '' }, { cause })
  }
}
