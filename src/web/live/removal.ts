import type { Cell } from './cell.ts'

/** Something that was removed and can be taken back. */
export type Removal = {
  /** What is said of it: "Removed the memory “…”". */
  said: string
  back: () => Promise<void>
}
export type Removals = Cell<Removal | null>
