import { readFileSync, statSync } from 'node:fs'
import { basename } from 'node:path'
import type { Client } from '../client/client.ts'
import { pause } from '../client/pause.ts'
import { Unreachable } from '../client/refusal.ts'
import { MOST_BYTES, type Attachment } from '../wire/attachment.ts'
import { newMessageId, type AgentName, type MessageId, type SessionId } from '../wire/id.ts'
import type { Planning, Run } from '../wire/message.ts'
import { UsageError } from './command.ts'

export type Said = {
  text: string
  attachments: readonly Attachment[]
  agent?: string | undefined
  model?: string | undefined
  plan?: Planning | undefined
}

const TRIES = 3

/** Says it in the session. The message carries its own id: however often it must be sent, it is said once. */
export async function sayIt(
  { call }: Client,
  session: SessionId,
  { text, attachments, agent, model, plan }: Said,
  signal: AbortSignal,
  id: MessageId = newMessageId(),
): Promise<Run> {
  const body = {
    id,
    text,
    ...(attachments.length === 0 ? {} : { attachments: attachments.map((file) => file.id) }),
    // The server judges it, and names the agents there are.
    ...(agent === undefined ? {} : { agent: agent as AgentName }),
    ...(model === undefined ? {} : { model }),
    ...(plan === undefined ? {} : { plan }),
  }
  for (let tried = 1; ; tried += 1) {
    try {
      return (await call('messagesSubmit', { params: { session }, body }, signal)).run
    } catch (cause) {
      if (!(cause instanceof Unreachable) || tried === TRIES) throw cause
      await pause(400 * tried, undefined, signal)
      signal.throwIfAborted()
    }
  }
}

/** Stores the bytes for a message to bring. */
export const attach = ({ call }: Client, name: string, bytes: Uint8Array, signal?: AbortSignal): Promise<Attachment> =>
  call('attachmentsAdd', { body: { name, data: Buffer.from(bytes).toString('base64') } }, signal)

/** A file that a person named; what can't be read was not understood. */
export function fileNamed(path: string): { name: string; bytes: Uint8Array } {
  try {
    const { size } = statSync(path)
    if (size > MOST_BYTES) throw new UsageError(`${path} is larger than 10 MB, which is the most that can be attached`)
    return { name: basename(path), bytes: readFileSync(path) }
  } catch (cause) {
    if (cause instanceof UsageError) throw cause
    throw new UsageError(`${path} can't be read: ${(cause as NodeJS.ErrnoException).code ?? 'unknown'}`, { cause })
  }
}
