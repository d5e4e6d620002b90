import type { Attachment } from '../wire/attachment.ts'
import { Fault } from '../wire/fault.ts'
import type { OwnerId } from '../wire/id.ts'
import type { Message } from '../wire/message.ts'
import type { Blobs, Chosen, Claim, Picture, Store, TurnMessage } from './ports.ts'

/** A message with what it brought: text files stand in its text, pictures beside it. */
export type Told = Message & { pictures?: readonly (Picture & { name: string })[] }

/** Older files than these are only named: a conversation must not grow by every file that it ever had. */
const MOST_TEXT = 1_000_000
const MOST_PICTURES = 20

/** What messages brought, read: all of the newest one's, of the others, newest first, as far as there is room. */
export async function withFiles(
  messages: readonly Message[],
  owner: OwnerId,
  { store, blobs }: { store: Store; blobs: Blobs },
): Promise<Told[]> {
  const told: Told[] = []
  let [text, pictures] = [0, 0]
  for (const message of messages.toReversed()) {
    const seen: (Picture & { name: string })[] = []
    const notes: string[] = []
    const newest = message === messages.at(-1)
    for (const file of message.attachments) {
      const isText = file.type === 'text/plain'
      if (!newest && (isText ? text + file.bytes > MOST_TEXT : pictures >= MOST_PICTURES)) {
        notes.push(`(The attached file ${file.name} was shown before and is left out here.)`)
        continue
      }
      const bytes = await read(file, owner, { store, blobs })
      if (bytes === null) notes.push(`(The attached file ${file.name} is no longer there.)`)
      else if (isText) notes.push(inFence(file.name, new TextDecoder().decode(bytes)))
      else seen.push({ type: file.type, name: file.name, data: Buffer.from(bytes).toString('base64') })
      if (isText) text += file.bytes
      else pictures++
    }
    told.unshift({
      ...message,
      text: [message.text, ...notes].filter((part) => part !== '').join('\n\n'),
      ...(seen.length > 0 ? { pictures: seen } : {}),
    })
  }
  return told
}

async function read(
  file: Attachment,
  owner: OwnerId,
  { store, blobs }: { store: Store; blobs: Blobs },
): Promise<Uint8Array | null> {
  try {
    const { hash } = await store.attachment(owner, file.id)
    return await blobs.get(hash)
  } catch (cause) {
    if (cause instanceof Fault && cause.code === 'attachment.missing') return null
    throw cause
  }
}

/** A fence that is longer than any in the text, so that nothing in a file can end it. */
function inFence(name: string, text: string): string {
  const runs = text.match(/`{3,}/g) ?? []
  const fence = '`'.repeat(runs.reduce((most, run) => Math.max(most, run.length), 2) + 1)
  return `Attached file: ${name}\n${fence}\n${text.replace(/\n$/, '')}\n${fence}`
}

/** Where a backend doesn't tell whether a model sees, whoever named it knows; and those of the cloud do, by and large. */
export const canSee = ({ sees, local }: Chosen, wish: Claim['wish']): boolean => sees ?? (wish.model !== null || !local)

/** A message as a model is shown it; one that can't see is told what it misses. */
export function shown(message: Told, sees: boolean): TurnMessage {
  const { role, text, pictures = [] } = message
  if (role === 'assistant' || pictures.length === 0) return { role, text }
  if (sees) return { role, text, images: pictures.map(({ type, data }) => ({ type, data })) }
  const missed = pictures.map(({ name }) => `(Here was the picture ${name}, which you cannot see.)`)
  return { role, text: [text, ...missed].filter((part) => part !== '').join('\n\n') }
}
