import { createContext } from 'react'

/** The passages that an answer was given, by their numbers: what its [n] lead to. Null where it was given none. */
export type Cites = {
  has: (n: number) => boolean
  /** The document and its lines. */
  name: (n: number) => string
  /** Shows the passage beside the element that asks for it. */
  open: (n: number, by: HTMLElement) => void
}
export const CitesContext = createContext<Cites | null>(null)
