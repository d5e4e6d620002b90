import type { AgentName, AskId, CallId, OutputId, OwnerId, RunId, SessionId } from '../wire/id.ts'
import type { Run } from '../wire/message.ts'
import type { Answer, OpenAsk } from '../wire/tool.ts'
import type { Allowance } from './policy.ts'
import type { Claim, PageOf } from './ports.ts'

/** A question as it is stored beside the log that asks it. */
export type NewAsk = Pick<OpenAsk, 'ask' | 'call' | 'tool' | 'agent' | 'effect' | 'why' | 'shown' | 'expires'> & {
  allowance: Allowance
}
export type Given = Answer & { by: 'person' | 'time' }

/** Questions of runs to people. Faults: `run.missing`, `ask.missing`, `ask.answered`, `ask.over`. */
export interface Asks {
  /** The same answer once more changes nothing. A lasting allowance is the session's with it. */
  answer(owner: OwnerId, run: RunId, ask: AskId, answer: Answer): Promise<Run>
  /** Those that wait for an answer, newest first. */
  asks(
    owner: OwnerId,
    page: { limit: number; before?: string | undefined; session?: SessionId | undefined },
  ): Promise<PageOf<OpenAsk>>
  /** What was answered to the questions of a run. */
  answersOf(run: RunId): Promise<ReadonlyMap<AskId, Given>>
  allowances(session: SessionId): Promise<readonly Allowance[]>
  /** Counts as refused what was to be answered by now. Answers in how many milliseconds the next is due, null if none is. */
  expireAsks(): Promise<number | null>
}

/** A task that a run hands to another agent. */
export type Task = { agent: AgentName; text: string; call: CallId }

/** Runs below a run: with a log and a session of their own, which belong to it, are cancelled with it, and go with it. */
export interface Crew {
  /** The same call of the same run gives the same run. Wishes are those of the run that hands it on. Faults: `run.missing`, `child.late`, `child.deep`, `child.many`. */
  delegate(
    parent: { owner: OwnerId; run: RunId; wish: Pick<Claim['wish'], 'backend' | 'model' | 'priority'> },
    task: Task,
    most: { deepest: number; children: number },
  ): Promise<Run>
}

/** What a file was before a call wrote it, and what it became: the hashes of blobs, null for no file. */
export type Version = {
  seq: number
  run: RunId
  call: CallId
  folder: string
  path: string
  before: string | null
  after: string | null
}

/** Rows about what tools leave behind; the bytes are blobs. Fault: `output.missing`. */
export interface Kept {
  /** The same text of the same run has one id. */
  keepOutput(output: {
    run: RunId
    owner: OwnerId
    hash: string
    bytes: number
  }): Promise<{ output: OutputId; bytes: number }>
  outputOf(owner: OwnerId, output: OutputId): Promise<{ hash: string; bytes: number }>
  keepVersion(version: Omit<Version, 'seq'> & { owner: OwnerId; session: SessionId }): Promise<void>
  /** What a run, or one call of it, changed and was not undone: newest first. */
  versionsOf(owner: OwnerId, run: RunId, call: CallId | null): Promise<readonly Version[]>
  undone(seqs: readonly number[]): Promise<void>
}
