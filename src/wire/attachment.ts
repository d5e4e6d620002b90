import { z } from 'zod'
import { newRunId } from './id.ts'

export const AttachmentId = z
  .string()
  .regex(/^att_[0-9a-z]{20,40}$/, 'must look like att_ and 26 letters or digits')
  .brand<'AttachmentId'>()
export type AttachmentId = z.infer<typeof AttachmentId>

/** Like every id: it can't be guessed, and is no credential. */
export const newAttachmentId = () => newRunId().replace(/^run_/, 'att_') as AttachmentId

/** What PKN takes: text, whatever it is text of, and pictures that models can read. */
export const AttachmentType = z.enum(['text/plain', 'image/png', 'image/jpeg', 'image/webp', 'image/gif'])
export type AttachmentType = z.infer<typeof AttachmentType>

/** A file that a message brings. */
export const Attachment = z.object({
  id: AttachmentId,
  /** What it is called, for people; never a path. */
  name: z.string(),
  type: AttachmentType,
  bytes: z.int().min(0),
})
export type Attachment = z.infer<typeof Attachment>

export const MOST_BYTES = 10 * 1024 * 1024
export const MOST_ATTACHMENTS = 20
