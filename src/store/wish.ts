import type { RunRow } from './changes.ts'

export type Wish = Pick<RunRow, 'agent' | 'backend' | 'model' | 'priority'>

/** Whether two messages ask for the same: with another wish the same id is another body. */
export const sameWish = (a: Wish, b: Wish): boolean =>
  a.agent === b.agent && a.backend === b.backend && a.model === b.model && a.priority === b.priority
