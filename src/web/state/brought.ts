import type { Attachment, AttachmentId } from '../../wire/attachment.ts'
import { say } from '../words/say.ts'
import { bytes } from './wording.ts'

/** A file that a message brings: at the server, by its id, or still in this browser's keeping, by its key. */
export type Brought = {
  key: string
  id: AttachmentId | null
  name: string
  type: string
  bytes: number
  /** When the server got it; one that no message brings is deleted there after a day. */
  at?: number
  /** Was pasted as text, and can be put into the message instead. */
  pasted?: boolean
}
/** `waiting` for the server to be back; `failed` tells why; `gone` is one that neither the server nor this browser has any more. */
export type Item = Brought & {
  state: 'storing' | 'waiting' | 'stored' | 'failed' | 'gone'
  /** How much of it is at the server, 0 to 1. */
  part: number
  why?: string
  /** Whether the same again may succeed. */
  again?: boolean
  /** An object URL of the picture that it is. */
  preview?: string
}

export const isPicture = ({ type }: Pick<Brought, 'type'>): boolean => /^image\/(?!svg)/.test(type)
/** What goes with a message as it is. */
export const isUsable = ({ state }: Item): boolean => state !== 'failed' && state !== 'gone'
export const fromAttachment = (file: Attachment): Brought => ({ key: file.id, ...file })
export const asBrought = ({ key, id, name, type, bytes: size, at, pasted }: Item): Brought => ({
  key,
  id,
  name,
  type,
  bytes: size,
  ...(at === undefined ? {} : { at }),
  ...(pasted === undefined ? {} : { pasted }),
})
export const srcOf = (id: AttachmentId): string => `/v1/attachments/${id}`

/** A name on one line, without what could turn or hide it. */
export const plainName = (name: string): string =>
  name.replaceAll(/[\p{Cc}\u200b-\u200f\u2028-\u202e\u2066-\u2069]+/gu, ' ').trim() || say('file')

const KINDS: Record<string, string> = { png: 'PNG', jpeg: 'JPEG', webp: 'WebP', gif: 'GIF' }
/** What a person would call its kind: the ending of its name, if that says something. */
export function kindOf({ name, type, pasted }: Brought): string {
  const picture = KINDS[type.replace('image/', '')]
  if (picture !== undefined) return picture
  const ending = /\.([a-z0-9]{1,6})$/i.exec(name)?.[1]
  return ending === undefined || pasted === true ? say('Text') : ending.toUpperCase()
}
/** PNG · 24 KB */
export const factsOf = (file: Brought): string => `${kindOf(file)} · ${bytes(file.bytes)}`
