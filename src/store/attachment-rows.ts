export type AttachmentRow = {
  id: string
  owner: string
  /** What its blob is called. */
  hash: string
  name: string
  type: string
  bytes: number
  created: number
}
/** As a message lists it. */
export type ListedRow = Pick<AttachmentRow, 'id' | 'name' | 'type' | 'bytes'>
export type AttachmentReads = {
  attachment(owner: string, id: string): AttachmentRow | null
  /** Whether any attachment, of whomever, is made of it. */
  isBlobUsed(hash: string): boolean
}
export type AttachmentChanges = {
  addAttachment(a: AttachmentRow): AttachmentRow
  /** Forgets those that came before, and that no message brings. Answers with how many. */
  sweepAttachments(a: { before: number }): number
}
