import type { Attachment } from '../wire/attachment.ts'
import type { RunId, SessionId } from '../wire/id.ts'
import type { Planning, Session } from '../wire/message.ts'
import type { Front } from './front.ts'
import type { Screen } from './screen.ts'
import type { ServerHere } from './server-here.ts'

/** A chat on a terminal. What it knows of the conversation is only where to look: the server keeps it. */
export type Chat = ServerHere & {
  front: Front
  screen: Screen
  session: SessionId | null
  /** The newest run of the session. */
  run: RunId | null
  agent: string | undefined
  model: string | undefined
  /** Whether what is said is begun with a plan. */
  plan: Planning | undefined
  /** What the next message brings. */
  files: Attachment[]
  thoughts: boolean
  /** What /sessions has listed, by its number. */
  listed: readonly Session[]
  agents: readonly string[]
  models: readonly string[]
  /** Lines that were typed while an answer came. */
  next: string[]
  /** What stood there without its Enter. */
  ahead: string
}
