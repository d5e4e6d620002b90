import { z } from 'zod'
import { MessageId, RunId, SessionId } from './id.ts'

/** A place where all words were found: the title of a session, or a message in it. */
export const Hit = z.object({
  session: SessionId,
  title: z.string(),
  /** Null where it is the title that was found. */
  message: MessageId.nullable(),
  /** The run that the message is of. */
  run: RunId.nullable(),
  role: z.enum(['user', 'assistant']).nullable(),
  /** About 160 characters around what was found, in order. */
  parts: z.array(z.object({ text: z.string(), hit: z.boolean() })),
  created: z.iso.datetime(),
})
export type Hit = z.infer<typeof Hit>
