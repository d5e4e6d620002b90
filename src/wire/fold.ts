import type { EndReason, Entry, EventOf, Finish, Json, Phase, RouteDecision, Stopped } from './event.ts'
import type { FaultData } from './fault.ts'
import { START, type AgentName, type AskId, type CallId, type Offset, type OutputId, type RunId } from './id.ts'
import type { Recalled } from './recall.ts'
import type { Shown, TodoItem } from './shown.ts'

/** A piece of what the agent said or did, in order. Times are milliseconds since the run began. */
export type Part =
  | { kind: 'text'; step: number; text: string; from: number; to: number }
  | { kind: 'thought'; step: number; text: string; from: number; to: number }
  | {
      kind: 'tool'
      step: number
      call: CallId
      tool: string
      input: Json
      text: string
      from: number
      to: number
      /** When the tool began; null while its call waits, and for one that never ran. */
      began: number | null
      result: Result | null
      ask: Asked | null
    }
  | {
      kind: 'child'
      step: number
      run: RunId
      agent: AgentName
      call: CallId | null
      task: string | null
      from: number
      to: number
      reason: EndReason | null
    }

export type Result = {
  ok: boolean
  output: Json
  shown?: Shown | undefined
  rest?: { output: OutputId; bytes: number } | undefined
}
/** A question to a person; `allow` is null while it is open. `to` is when it was answered. */
export type Asked = { id: AskId; from: number; to: number | null; allow: boolean | null } & Partial<
  Pick<EventOf<'ask.start'>, 'effect' | 'why' | 'shown' | 'expires'> &
    Pick<EventOf<'ask.end'>, 'by' | 'scope' | 'reason' | 'input' | 'text'>
>
export type Guarded = { guard: EventOf<'guard'>['guard']; text: string; left: number | null; step: number; t: number }

export type PhaseState = {
  phase: Phase
  done?: number | undefined
  total?: number | undefined
  unit?: string | undefined
  etaMs?: number | undefined
  estimated?: boolean | undefined
  model?: string | undefined
  since: number
}
export type Step = {
  step: number
  model: string
  endpoint: string
  practice: boolean
  from: number
  to: number | null
  finish: Finish | null
  attempt: number
  fault: FaultData | null
  remote: string | null
  /** Where it was gone on with after a failure or a restart, `kept` characters of its text into it. */
  joints: readonly Joint[]
}
export type Joint = { kept: number; t: number; by: 'prefill' | 'shown'; model: string; endpoint: string }
/** An endpoint that was passed over. */
export type Skip = { endpoint: string; model: string | null; why: string; t: number }
export type Usage = {
  step: number
  input: number
  cached: number
  output: number
  prefillMs?: number | undefined
  decodeMs?: number | undefined
}

/** Everything that a run's log says up to `at`. */
export type Draft = {
  at: Offset
  /** Milliseconds from the run's begin to its newest event. */
  t: number
  route: RouteDecision | null
  phase: PhaseState | null
  /** When each phase began, in order: the waterfall. */
  phases: readonly PhaseState[]
  parts: readonly Part[]
  steps: readonly Step[]
  usage: readonly Usage[]
  resumes: number
  /** The run whose text this one begins with, and how many characters that is. */
  continues: { run: RunId; kept: number; model: string | null; plan?: EventOf<'run.continue'>['plan'] } | null
  cut: Omit<EventOf<'context.cut'>, 'type'> | null
  skips: readonly Skip[]
  /** The hosts that words were sent to, each once, also by attempts that are discarded. */
  remotes: readonly string[]
  todo: readonly TodoItem[]
  guards: readonly Guarded[]
  /** What was looked up, in order; by which call, null before the first step. */
  recalls: readonly (Recalled & { call: CallId | null; t: number })[]
  end: { reason: EndReason; fault: FaultData | null; stopped: Stopped | null } | null
}

export const EMPTY: Draft = {
  at: START,
  t: 0,
  route: null,
  phase: null,
  phases: [],
  parts: [],
  steps: [],
  usage: [],
  resumes: 0,
  continues: null,
  cut: null,
  skips: [],
  remotes: [],
  todo: [],
  guards: [],
  recalls: [],
  end: null,
}

/** A reader missed an entry; it must read again after `after`. */
export class LogGap extends Error {
  readonly after: Offset
  constructor(after: Offset, got: Offset) {
    super(`expected the entry after ${after}, got ${got}`)
    this.name = 'LogGap'
    this.after = after
  }
}

/**
 * The only meaning of an event: page, CLI, server and recovery call it. Pure. An entry that was already folded changes nothing, so
 * a replay that overlaps is harmless; one that skips an offset throws LogGap.
 */
export function fold(draft: Draft, entry: Entry): Draft {
  if (entry.at <= draft.at) return draft
  if (entry.at !== draft.at + 1) throw new LogGap(draft.at, entry.at)
  const { event, t } = entry
  const next = { ...draft, at: entry.at, t }
  switch (event.type) {
    case 'run.start':
      return { ...next, route: event.route }
    case 'run.resume':
      return { ...next, resumes: draft.resumes + 1 }
    case 'run.continue': {
      const { type: _, text, ...whose } = event
      const parts = text === '' ? draft.parts : say(draft, 'text', text, t)
      return { ...next, continues: { ...whose, kept: text.length }, parts }
    }
    case 'phase': {
      const { type: _, ...said } = event
      if (draft.phase?.phase !== event.phase) {
        const phase = { ...said, since: t }
        return { ...next, phase, phases: [...draft.phases, phase] }
      }
      const phase = { ...said, since: draft.phase.since }
      return { ...next, phase, phases: [...draft.phases.slice(0, -1), phase] }
    }
    case 'step.start': {
      const before = draft.steps.find((s) => s.step === event.step)
      const step: Step = {
        step: event.step,
        model: event.model,
        endpoint: event.endpoint,
        practice: event.practice ?? false,
        from: t,
        to: null,
        finish: null,
        attempt: (before?.attempt ?? 0) + 1,
        fault: null,
        remote: event.remote ?? null,
        joints: [],
      }
      return {
        ...next,
        remotes: sentTo(draft, step.remote),
        steps: [...draft.steps.filter((s) => s.step < event.step), step],
        parts: draft.parts.filter((p) => p.step < event.step),
        usage: draft.usage.filter((u) => u.step < event.step),
      }
    }
    case 'endpoint.skip':
      return {
        ...next,
        skips: [...draft.skips, { endpoint: event.endpoint, model: event.model ?? null, why: event.why, t }],
      }
    case 'step.continue': {
      const { step, kept, by, model, endpoint, practice = false, remote = null } = event
      const before = draft.steps.find((s) => s.step === step)
      const continued: Step = {
        // The first step of a run that goes on with another's answer was never begun here.
        ...(before ?? { step, from: t, attempt: 0, joints: [] }),
        model,
        endpoint,
        practice,
        remote,
        to: null,
        finish: null,
        fault: null,
        attempt: (before?.attempt ?? 0) + 1,
        joints: [...(before?.joints ?? []), { kept, t, by, model, endpoint }],
      }
      return {
        ...next,
        remotes: sentTo(draft, remote),
        steps: before ? draft.steps.map((s) => (s === before ? continued : s)) : [...draft.steps, continued],
      }
    }
    case 'step.end':
      return {
        ...next,
        steps: draft.steps.map((s) =>
          s.step === event.step ? { ...s, to: t, finish: event.finish, fault: event.fault ?? null } : s,
        ),
      }
    case 'text.delta':
      return { ...next, parts: say(draft, 'text', event.text, t) }
    case 'thought.delta':
      return { ...next, parts: say(draft, 'thought', event.text, t) }
    case 'tool.call':
      return {
        ...next,
        parts: [
          ...draft.parts,
          {
            kind: 'tool',
            step: stepOf(draft),
            call: event.call,
            tool: event.tool,
            input: event.input,
            text: '',
            from: t,
            to: t,
            began: null,
            result: null,
            ask: null,
          },
        ],
      }
    case 'tool.start':
      return { ...next, parts: onCall(draft, event.call, (p) => ({ ...p, began: t, to: t })) }
    case 'tool.delta':
      return { ...next, parts: onCall(draft, event.call, (p) => ({ ...p, text: p.text + event.text, to: t })) }
    case 'tool.end': {
      const { type: _, call, ...result } = event
      return { ...next, parts: onCall(draft, call, (p) => ({ ...p, to: t, result })) }
    }
    case 'ask.start': {
      const { type: _, ask: id, call, ...asked } = event
      const ask = { id, from: t, to: null, allow: null, ...asked }
      return { ...next, parts: onCall(draft, call, (p) => ({ ...p, to: t, ask })) }
    }
    case 'ask.end': {
      const { type: _, ask, ...answer } = event
      return {
        ...next,
        parts: draft.parts.map((p) =>
          p.kind === 'tool' && p.ask?.id === ask ? { ...p, to: t, ask: { ...p.ask, to: t, ...answer } } : p,
        ),
      }
    }
    case 'child.start': {
      const { run, agent, call = null, task = null } = event
      const child = {
        kind: 'child',
        step: stepOf(draft),
        run,
        agent,
        call,
        task,
        from: t,
        to: t,
        reason: null,
      } as const
      return { ...next, parts: [...draft.parts, child] }
    }
    case 'child.end':
      return {
        ...next,
        parts: draft.parts.map((p) =>
          p.kind === 'child' && p.run === event.run ? { ...p, to: t, reason: event.reason } : p,
        ),
      }
    case 'todo.set':
      return { ...next, todo: event.items }
    case 'recall': {
      const { type: _, call = null, ...recalled } = event
      return { ...next, recalls: [...draft.recalls, { ...recalled, call, t }] }
    }
    case 'guard': {
      const { guard, text, left = null } = event
      return { ...next, guards: [...draft.guards, { guard, text, left, step: stepOf(draft), t }] }
    }
    case 'usage': {
      const { type: _, ...usage } = event
      const step = stepOf(draft)
      return { ...next, usage: [...draft.usage.filter((u) => u.step !== step), { ...usage, step }] }
    }
    case 'context.cut': {
      const { type: _, ...cut } = event
      return { ...next, cut }
    }
    case 'run.end':
      return {
        ...next,
        phase: null,
        end: { reason: event.reason, fault: event.fault ?? null, stopped: event.stopped ?? null },
      }
  }
}

export const foldAll = (draft: Draft, entries: readonly Entry[]): Draft => entries.reduce(fold, draft)

/** The answer so far, without its thoughts. */
export const textOf = (draft: Draft): string =>
  draft.parts.reduce((text, part) => (part.kind === 'text' ? text + part.text : text), '')
export const thoughtOf = (draft: Draft): string =>
  draft.parts.reduce((text, part) => (part.kind === 'thought' ? text + part.text : text), '')
export const toolsOf = (draft: Draft): string[] => [
  ...new Set(draft.parts.flatMap((part) => (part.kind === 'tool' ? [part.tool] : []))),
]
export const modelOf = (draft: Draft): string | null => draft.steps.at(-1)?.model ?? null

export const finishOf = (draft: Draft): Finish | null => draft.steps.at(-1)?.finish ?? null
export const remoteOf = (draft: Draft): string | null => draft.remotes.join(', ') || null

const sentTo = ({ remotes }: Draft, host: string | null): readonly string[] =>
  host === null || remotes.includes(host) ? remotes : [...remotes, host]

const stepOf = (draft: Draft): number => draft.steps.at(-1)?.step ?? 1

function say(draft: Draft, kind: 'text' | 'thought', text: string, t: number): readonly Part[] {
  const step = stepOf(draft)
  const last = draft.parts.at(-1)
  if (last?.kind === kind && last.step === step)
    return [...draft.parts.slice(0, -1), { ...last, text: last.text + text, to: t }]
  return [...draft.parts, { kind, step, text, from: t, to: t }]
}

type ToolPart = Extract<Part, { kind: 'tool' }>
const onCall = (draft: Draft, call: CallId, change: (part: ToolPart) => ToolPart): readonly Part[] =>
  draft.parts.map((part) => (part.kind === 'tool' && part.call === call ? change(part) : part))
