import type { z } from 'zod'
import type { EndReason, Json } from '../wire/event.ts'
import type { AgentName, CallId, MemoryId, OutputId, OwnerId, RunId, SessionId } from '../wire/id.ts'
import type { Memory } from '../wire/mind.ts'
import type { Recalled } from '../wire/recall.ts'
import type { Effect, Shown, TodoItem } from '../wire/shown.ts'
import type { ToolCard } from '../wire/tool.ts'

/** How far a tool reaches: nowhere, the session's workspace folder, this machine, or other machines. */
export type Reach = ToolCard['reach']

/** What a call is about, for the policy, and for what "allow in this session" means: paths relative to the workspace, a host, a command. */
export type Subject =
  | { kind: 'none' }
  | { kind: 'files'; paths: readonly string[] }
  | { kind: 'host'; host: string }
  | { kind: 'command'; command: string; network: boolean }

/** What a call may use. It is gone when the call has ended. */
export type ToolUse = {
  owner: OwnerId
  run: RunId
  session: SessionId
  agent: AgentName
  call: CallId
  /** The session's workspace: an absolute path of a folder that is there, without links in it. */
  folder: string
  /** Aborts when the run is stopped, or the tool's time is over. The tool then lets go of everything it holds, and only then ends. */
  signal: AbortSignal
  /** Output as it comes, for whoever watches. It is bounded; what is too much is left out, visibly. */
  say: (text: string) => void
  /** Sets the run's list of what is to be done. */
  todo: (items: readonly TodoItem[]) => void
  versions: Versions
  outputs: Outputs
  /** Those to whom the agent may hand a task, and how: it resolves once their run has ended. */
  crew: Crew
  recall: Recall
  /** What the call was judged by: files that are others by now are not touched. */
  subject: Subject
  /** Whether what a file holds may be told by this call, where the call is about more than that file: a rule may say otherwise of it. */
  may: (path: string) => boolean
  /** What the user answered, for a tool that asks for words. */
  answered: string | null
}

export type Crew = {
  members: readonly AgentName[]
  /** Null where it can't be handed on, with why. */
  handTo(
    agent: AgentName,
    task: string,
  ): Promise<{ ok: true; run: RunId; reason: EndReason; text: string } | { ok: false; why: string }>
}

/** What is known beside what is said: the owner's, everywhere and in the session's project. */
export interface Recall {
  /** The name of the session's project; null where it has none. */
  project: string | null
  /** What fits, which stands in the run's log then; `text` is that for a model, not marked as material yet, and '' where nothing fits. */
  find(query: string, signal: AbortSignal): Promise<Recalled & { text: string }>
  /** Faults: `memory.many`, `project.missing`. */
  remember(fact: { text: string; scope: 'everywhere' | 'project'; always: boolean }): Promise<Memory>
  /** Those that may be meant: by the beginning of an id, or by their whole text. */
  memory(which: string): Promise<readonly Memory[]>
  /** Fault: `memory.missing`. */
  forget(memory: MemoryId): Promise<void>
}

/** `output` is what the model is told: a text that a person can read too, wherever that is possible. A failure says what to do instead. */
export type ToolResult = { ok: boolean; output: Json; shown?: Shown }

export interface Tool<I = unknown> {
  name: string
  /** What it does, when to use it, and what it gives back: for the model. */
  about: string
  input: z.ZodType<I>
  /** The JSON schema of the input, where that is not made from `input`. */
  schema?: { [key: string]: Json }
  effect: Effect
  reach: Reach
  /** `pkn` if it is left out. */
  from?: string
  /** How long it may take; 120 s if it is left out. */
  limitMs?: number
  /** Asks the person even where the policy allows: what it is for is to ask. */
  asks?: true
  /**
   * Why the person is asked where a rule, or an answer that was given before (`answered`), allows it; null where that is enough. Without an
   * input: why they are asked for each call of it.
   */
  insists?(input: I | null, allowed: { answered: boolean }): Promise<string | null>
  /** It hands tasks on: it is offered to agents that have somebody to hand them to, who are named where it is told of. */
  delegates?: true
  /** A call that a restart cut off may be made again: the tool itself finds what the first one began. */
  again?: true
  /** Calls of it that stand side by side are made at the same time. */
  together?: true
  /** Why it can't be used as things are, and what would mend it; null if it can. */
  why?(): string | null
  /** Names files as they are, wherever links lead: what a rule forbids under one name is forbidden under all. */
  subject?(input: I, use: Pick<ToolUse, 'folder'>): Subject | Promise<Subject>
  /** Exactly what this call would do, before it does anything. A failure is told to the model, and nobody is asked. */
  preview?(input: I, use: ToolUse): Promise<{ ok: true; shown: Shown } | { ok: false; output: string }>
  /** Never rejects for what can go wrong in its work: that is a result. */
  run(input: I, use: ToolUse): Promise<ToolResult>
}

/** The tools there are; those of MCP servers come and go. */
export interface Tools {
  /** Resolves when what these names of an agent's tools stand for (null: all) is there, can't be, or takes too long; or at `stop`. */
  ready?(names: readonly string[] | null, stop?: AbortSignal): Promise<void>
  /** What a name in an agent's tools stands for; without it, the tool of that name. */
  named?(name: string): readonly Tool[]
  list(): readonly Tool[]
  find(name: string): Tool | null
  /** Why a tool that is there can't be used now, or null. */
  why(tool: Tool): string | null
}

/** Keeps what files were before they were written, so that it can be undone. Faults: `disk.full`. */
export interface Versions {
  /** Resolves once the former content (null: there was none) is durable. Called before the file is changed; `after` is what it will be, null if it is removed. */
  keep(
    use: Pick<ToolUse, 'owner' | 'run' | 'session' | 'call' | 'folder'>,
    change: { path: string; before: Uint8Array | null; after: Uint8Array | null },
  ): Promise<void>
}

/** Makes files what they were before. */
export interface Undoing {
  /** What the run, or that call of it, changed and was not undone, newest first; what was changed since then is kept, with why. */
  undo(
    owner: OwnerId,
    run: RunId,
    call: CallId | null,
  ): Promise<{ restored: string[]; kept: { path: string; why: string }[] }>
}

/** Outputs that are too long to be told whole. Faults: `output.missing`, `disk.full`. */
export interface Outputs {
  keep(use: Pick<ToolUse, 'owner' | 'run'>, text: string): Promise<{ output: OutputId; bytes: number }>
  /** Lines `from` (1 is the first) to `from + lines - 1`. */
  read(
    owner: OwnerId,
    output: OutputId,
    page: { from: number; lines: number },
  ): Promise<{ text: string; from: number; lines: number; total: number }>
}
