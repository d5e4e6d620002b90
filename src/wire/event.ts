import { z } from 'zod'
import { FaultData } from './fault.ts'
import { AgentName, AskId, CallId, Offset, OutputId, RunId, SessionId } from './id.ts'
import { Recalled } from './recall.ts'
import { Effect, Shown, TodoItem } from './shown.ts'

export const Json: z.ZodType<Json> = z.json()
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json }

export const PHASES = [
  'queued',
  'starting',
  'loading',
  'reading',
  'thinking',
  'answering',
  'calling',
  'asking',
  'saving',
] as const
export const Phase = z.enum(PHASES)
export type Phase = z.infer<typeof Phase>

export const Complexity = z.enum(['simple', 'medium', 'complex'])
/** Why this agent: every agent's score (they sum to 1), the features that decided, and whether the user forced it. */
export const RouteDecision = z.object({
  agent: AgentName,
  title: z.string(),
  confidence: z.number().min(0).max(1),
  scores: z.array(z.object({ agent: AgentName, score: z.number() })),
  /** `feature` are words of the message; with `why` it is a sentence: the agent answered before, or a person taught it. */
  because: z.array(z.object({ feature: z.string(), weight: z.number(), why: z.enum(['before', 'lesson']).optional() })),
  complexity: Complexity,
  requiresTools: z.boolean(),
  forced: z.boolean(),
})
export type RouteDecision = z.infer<typeof RouteDecision>

export const EndReason = z.enum(['done', 'cancelled', 'failed', 'interrupted'])
export type EndReason = z.infer<typeof EndReason>

export const Finish = z.enum(['stop', 'length', 'tools', 'failed'])
export type Finish = z.infer<typeof Finish>

const step = z.int().min(1)
const count = z.number().min(0)
/** Whom a step asks. `remote` is the host that the words go to, where it is neither this machine nor in its network. */
const asked = {
  model: z.string(),
  endpoint: z.string(),
  practice: z.boolean().optional(),
  remote: z.string().optional(),
}
/**
 * A stop as it was carried out: milliseconds from when it was asked for until nothing worked on the run any more, and how that is known.
 * `none`: no model was at work. `closed`: the connection was closed, and the backend tells no more. `idle`: the backend was seen to have let
 * go. `busy`: it was told, but was still seen at work when this was written.
 */
export const Stopped = z.object({ ms: count, upstream: z.enum(['none', 'closed', 'idle', 'busy']) })
export type Stopped = z.infer<typeof Stopped>

/** The vocabulary of a run's log: `noun.verb`, with start, delta and end for spans. A meaning is never edited; another event is added. */
export const RunEvent = z.discriminatedUnion('type', [
  z.object({ type: z.literal('run.start'), session: SessionId, agent: AgentName, route: RouteDecision }),
  /** The run was taken up again by another process after its first one died; the step named is gone on with, or begun again. */
  z.object({ type: z.literal('run.resume'), epoch: z.int(), step }),
  /** The run's answer begins with the text of that run, which ended; the first step goes on from there. `model` said it. */
  z.object({
    type: z.literal('run.continue'),
    run: RunId,
    text: z.string(),
    model: z.string().nullable(),
    /** The plan that it stood with: approved; or the newest that was refused, and what was said against it and those before. */
    plan: z.object({ approved: z.boolean(), steps: z.array(z.string()), reasons: z.array(z.string()) }).optional(),
  }),
  z.object({
    type: z.literal('phase'),
    phase: Phase,
    done: count.optional(),
    total: count.optional(),
    unit: z.string().optional(),
    etaMs: count.optional(),
    estimated: z.boolean().optional(),
    model: z.string().optional(),
  }),
  /** An endpoint that came first by preference was passed over, and why. */
  z.object({ type: z.literal('endpoint.skip'), endpoint: z.string(), model: z.string().optional(), why: z.string() }),
  /** The same number again discards what that step had said. `practice` marks the model that knows nothing. */
  z.object({ type: z.literal('step.start'), step, ...asked }),
  /**
   * The step goes on from what it has said, here or at another endpoint, after a failure or a restart; the words that follow join on to
   * those before. By `prefill`: the model took them up as its own. `shown`: it was shown them and told to go on, and what it repeated was
   * left out. `kept` characters of the step's text stand already.
   */
  z.object({
    type: z.literal('step.continue'),
    step,
    ...asked,
    by: z.enum(['prefill', 'shown']),
    kept: count,
  }),
  z.object({ type: z.literal('thought.delta'), text: z.string() }),
  z.object({ type: z.literal('text.delta'), text: z.string() }),
  /** How the step ended. After `failed`, the same number again is a retry; without one, `run.end` follows. */
  z.object({
    type: z.literal('step.end'),
    step,
    finish: Finish,
    fault: FaultData.optional(),
  }),
  z.object({ type: z.literal('tool.call'), call: CallId, tool: z.string(), input: Json }),
  /** The tool began; before it, its call waited for others or for a person. A call without it has done nothing. */
  z.object({ type: z.literal('tool.start'), call: CallId }),
  z.object({ type: z.literal('tool.delta'), call: CallId, text: z.string() }),
  /** `output` is what the model is told; `shown` what a person is; `rest` holds all of an output of which the model is told the beginning. */
  z.object({
    type: z.literal('tool.end'),
    call: CallId,
    ok: z.boolean(),
    output: Json,
    shown: Shown.optional(),
    rest: z.object({ output: OutputId, bytes: count }).optional(),
  }),
  /** The run waits for a person, until `expires` (ISO 8601) at most. */
  z.object({
    type: z.literal('ask.start'),
    ask: AskId,
    call: CallId,
    effect: Effect.optional(),
    why: z.string().optional(),
    shown: Shown.optional(),
    expires: z.iso.datetime().optional(),
  }),
  /** `input` is what is done in the place of the call's; `text` what was answered. */
  z.object({
    type: z.literal('ask.end'),
    ask: AskId,
    allow: z.boolean(),
    by: z.enum(['person', 'time', 'stop']).optional(),
    scope: z.enum(['once', 'session']).optional(),
    reason: z.string().optional(),
    input: Json.optional(),
    text: z.string().optional(),
  }),
  z.object({
    type: z.literal('child.start'),
    run: RunId,
    agent: AgentName,
    call: CallId.optional(),
    task: z.string().optional(),
  }),
  z.object({ type: z.literal('child.end'), run: RunId, reason: EndReason }),
  /** The list of what is to be done, as it is from now on. */
  z.object({ type: z.literal('todo.set'), items: z.array(TodoItem) }),
  /**
   * What was looked up for the model: before its first step without a `call`, by its own call with one. It was shown these and no more; its
   * answer cites a passage by its number in square brackets.
   */
  z.object({ type: z.literal('recall'), call: CallId.optional(), ...Recalled.shape }),
  /**
   * What keeps a run from going round in circles did something, or will soon: `repeat` the same call with the same result; `malformed` a call that could not be read; `repaired` one that could;
   * `steps`, `tokens` and `time` how much of the run's allowance is `left`.
   */
  z.object({
    type: z.literal('guard'),
    guard: z.enum(['repeat', 'malformed', 'repaired', 'steps', 'tokens', 'time']),
    text: z.string(),
    left: count.optional(),
  }),
  /** Tokens of one step. `cached` of the input were not read again. Times are milliseconds as the backend measured them; `loadMs` where the model was loaded for it. */
  z.object({
    type: z.literal('usage'),
    input: count,
    cached: count,
    output: count,
    prefillMs: count.optional(),
    decodeMs: count.optional(),
    loadMs: count.optional(),
  }),
  /**
   * How many older messages were left out, because the model's context can't hold them; how many older outputs of this run's tools were cut
   * to their first lines, and how many of its steps were left out; how much of what was looked up was left out or cut.
   */
  z.object({
    type: z.literal('context.cut'),
    left: count,
    context: count,
    outputs: count.optional(),
    steps: count.optional(),
    recalled: count.optional(),
  }),
  z.object({
    type: z.literal('run.end'),
    reason: EndReason,
    fault: FaultData.optional(),
    stopped: Stopped.optional(),
  }),
])
export type RunEvent = z.infer<typeof RunEvent>
export type EventOf<T extends RunEvent['type']> = Extract<RunEvent, { type: T }>

/** One event at its place in a run's log; `t` is milliseconds since the run began. */
export const Entry = z.object({ at: Offset, t: z.number(), event: RunEvent })
export type Entry = z.infer<typeof Entry>
