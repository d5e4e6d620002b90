/** A conversation as other programs keep it: single messages, each with the one that it follows. */
export type Node = {
  id: string
  parent: string | null
  /** `other`: what PKN keeps no message for, such as instructions; what follows it follows the one before it. */
  role: 'user' | 'assistant' | 'other'
  text: string
  thought: string
  model: string | null
  created: string | null
}
export type Tree = {
  title: string
  created: string | null
  updated: string | null
  pinned: boolean
  archived: boolean
  nodes: readonly Node[]
  /** The message that was shown last. */
  current: string | null
}

/** A message's text is no longer than one that is sent. */
export const LONGEST = 4_000_000
