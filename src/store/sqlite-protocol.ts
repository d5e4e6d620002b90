import type { ArgsOf, ChangeName, ResultOf } from './changes.ts'
import type { RefusalCode } from './refusal.ts'

/** What the calling thread and the writing thread say to each other. Each question has one answer, in order. */
export type Change = { [K in ChangeName]: [K, ArgsOf<K>] }[ChangeName]
export type Question = { changes: readonly Change[] } | 'poll' | 'close'

export type Failure = { errcode: number; text: string }
export type Outcome =
  { ok: ResultOf<ChangeName> } | { refused: RefusalCode; what: string } | { failed: Failure } | { bug: string }

/** `begun` or `failed` is said once, before all answers. */
export type Answer =
  { begun: true } | { failed: Failure } | { outcomes: readonly Outcome[] } | { changed: boolean } | { closed: true }

export type WriterOptions = {
  path: string
  /** Whether this is the process's first writer: only then are leases of an earlier keeper of the lock void. */
  first: boolean
}

// https://www.sqlite.org/rescode.html
const FULL = 13
const IOERR = 10

/** What SQLite said, or null if the error is a bug of ours. */
export function failureOf(cause: unknown): Failure | null {
  if (!(cause instanceof Error) || !('errcode' in cause) || typeof cause.errcode !== 'number') return null
  return { errcode: cause.errcode, text: 'errstr' in cause ? String(cause.errstr) : cause.message }
}
export const isFull = ({ errcode }: Failure): boolean => (errcode & 255) === FULL
export const isBroken = ({ errcode }: Failure): boolean => (errcode & 255) === IOERR
