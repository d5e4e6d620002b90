import type { Config } from '../config.ts'
import { Failed } from './command.ts'
import type { ShelfAccess } from './shelf-access.ts'

/** The shelf in this process. */
export function openLocalShelf(config: Config): Promise<ShelfAccess> {
  throw new Failed(`PKN does not run on port ${config.port}; start it first: ./pkn start`)
}
