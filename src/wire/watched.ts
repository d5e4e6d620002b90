import { z } from 'zod'
import { Entry } from './event.ts'
import { RunId } from './id.ts'

/** More runs than this are not read on one stream. */
export const MOST_WATCHED = 8

/** What came of one of the runs that are read together. */
export const Watched = z.object({ run: RunId, entries: z.array(Entry) })
export type Watched = z.infer<typeof Watched>
