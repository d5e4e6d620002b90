import type { EventOf } from '../wire/event.ts'
import type { Part } from '../wire/fold.ts'
import type { Journal } from './journal.ts'
import type { Allowance, PolicyRule } from './policy.ts'
import type { Agent, Clock, Say } from './ports.ts'
import type { Tasks } from './tasks.ts'
import type { Outputs, Subject, Tools, ToolUse } from './tool-ports.ts'

export type Call = Extract<Part, { kind: 'tool' }>

export type Question = { event: EventOf<'ask.start'>; tool: string; allowance: Allowance }

/** What the calls of a run's steps are made with. */
export type CallContext = {
  journal: Journal
  agent: Agent
  tools: Tools
  /** The tools that the model was told of; a call of another one is answered with the nearest of these. */
  offered: ReadonlySet<string>
  policy: readonly PolicyRule[]
  /** What a person has allowed for this session. */
  allowances: () => Promise<readonly Allowance[]>
  /** Until when a question that is asked now waits for its answer (ISO 8601), null for as long as it takes. */
  expires: () => string | null
  /** Writes the question (null: it stands in the log already), and gives the run out of hand until it is answered. */
  park: (question: Question | null) => Promise<void>
  use: (call: Call, subject: Subject, signal: AbortSignal, say: (text: string) => void) => ToolUse
  /** The session's workspace. */
  folder: string
  outputs: Outputs
  owner: ToolUse['owner']
  /** How many characters of one output the model is told. */
  room: () => number
  stop: AbortSignal
  tasks: Tasks
  clock: Clock
  say: Say
}
