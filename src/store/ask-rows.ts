import type { Batch, RunRow } from './changes.ts'

export type AskRow = {
  seq: number
  id: string
  run: string
  session: string
  owner: string
  call: string
  tool: string
  agent: string
  /** JSON: effect, why, shown. */
  about: string
  /** What "in this session" allows, beside the tool. */
  key: string
  asked: number
  expires: number | null
  /** JSON; null while it is open. */
  answer: string | null
}
export type NewAsk = Omit<AskRow, 'seq' | 'run' | 'session' | 'owner' | 'answer'>
export type OpenAskRow = AskRow & { title: string }

export type AskChanges = {
  /** The batch, which may be empty, and the run is nobody's until it is answered. A null ask stands there already. */
  park(a: Batch & { ask: NewAsk | null }): null
  /** `scope` is whether the same is allowed in the session from now on. */
  answer(a: {
    owner: string
    run: string
    ask: string
    answer: string
    allow: number
    lasting: number
    /** A question that was to be answered by then takes no answer any more. */
    now: number
  }): RunRow
  /** Answers what was to be answered by then. The runs that go on now, with their owners, and when the next question expires. */
  expire(a: { now: number; answer: string }): { gone: { run: string; owner: string }[]; next: number | null }
}
export type AskReads = {
  /** Open ones, newest first. */
  asks(owner: string, session: string | null, before: number, limit: number): OpenAskRow[]
  /** Those of a run that were answered, oldest first. */
  answersOf(run: string): { id: string; answer: string }[]
  allowances(session: string): { tool: string; key: string }[]
}
