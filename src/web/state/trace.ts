import type { EventOf, Entry, Json, Phase, RouteDecision } from '../../wire/event.ts'
import type { AgentName, AskId, CallId, RunId } from '../../wire/id.ts'
import type { Draft, PhaseState, Result } from '../../wire/fold.ts'

/** `choosing`: an endpoint is looked for; `gone`: nobody worked on the run, since the server was away. */
export type SpanKind = 'route' | 'choosing' | 'gone' | Phase
/** What a run did until the next span begins. Milliseconds since the run began, as everywhere here. */
export type Span = {
  kind: SpanKind
  from: number
  /** The attempt in it, counted from 1 through the whole run; 0 before the first. */
  attempt: number
  /** What was thought or said in it, also by an attempt that failed later. */
  text: string
  progress: Omit<PhaseState, 'since'> | null
  /** What it said was thrown away: the step was begun anew. */
  discarded: boolean
}
export type Attempt = { step: number; model: string; endpoint: string; from: number; failed: boolean }
export type Called = {
  call: CallId
  tool: string
  input: Json
  text: string
  /** The span in which it was made, or in which it waits to be. */
  span: number
  from: number
  to: number | null
  /** When the tool began; before, its call waited for others or for a person. */
  began: number | null
  result: Result | null
  /** `span` is the one in which a person was waited for. */
  ask: {
    id: AskId
    from: number
    to: number | null
    allow: boolean | null
    by: EventOf<'ask.end'>['by']
    /** What is done in the place of the call's own. */
    input?: Json | undefined
    span: number
  } | null
}
/** A delegated run; `within` is the call that it belongs to. Its own end is in its own log. */
export type Child = {
  run: RunId
  agent: AgentName
  from: number
  to: number | null
  span: number
  within: CallId | null
}
export type Counted = Omit<EventOf<'usage'>, 'type'> & { attempt: number }

/** Where the time of a run went. The spans are a partition: one begins where the one before ends, the first at 0. */
export type Trace = {
  t: number
  route: RouteDecision | null
  spans: readonly Span[]
  attempts: readonly Attempt[]
  calls: readonly Called[]
  children: readonly Child[]
  counted: readonly Counted[]
  end: Draft['end']
}

const span = (kind: SpanKind, from: number, attempt: number): Span => ({
  kind,
  from,
  attempt,
  text: '',
  progress: null,
  discarded: false,
})
export const NO_TRACE: Trace = {
  t: 0,
  route: null,
  spans: [span('route', 0, 0)],
  attempts: [],
  calls: [],
  children: [],
  counted: [],
  end: null,
}

/** Pure. Each entry must come once and in order. Unlike the draft it forgets nothing that was tried. */
export function traced(before: Trace, { t, event }: Entry): Trace {
  const trace = { ...before, t }
  switch (event.type) {
    case 'run.start':
      return begin({ ...trace, route: event.route }, 'choosing', t)
    case 'run.resume':
      return begin(begin(trace, 'gone', before.t), 'choosing', t)
    case 'run.continue':
      return trace
    case 'phase':
      return phased(trace, event)
    case 'endpoint.skip':
    case 'context.cut':
    case 'todo.set':
    case 'guard':
    case 'recall':
      return trace
    case 'step.start': {
      const retried = trace.attempts.flatMap(({ step }, i) => (step >= event.step ? [i + 1] : []))
      const spans = trace.spans.map((s) =>
        retried.includes(s.attempt) && !s.discarded ? { ...s, discarded: true } : s,
      )
      return asked(retried.length === 0 ? trace : { ...trace, spans }, event)
    }
    case 'step.continue':
      return asked(trace, event)
    case 'step.end': {
      if (event.finish === 'tools') return enter(trace, 'calling')
      if (event.finish !== 'failed') return enter(trace, 'saving')
      const last = trace.attempts.length - 1
      const attempts = trace.attempts.map((a, i) => (i === last ? { ...a, failed: true } : a))
      return begin({ ...trace, attempts }, 'choosing', t)
    }
    case 'thought.delta':
      return said(enter(trace, 'thinking'), event.text)
    case 'text.delta':
      return said(enter(trace, 'answering'), event.text)
    case 'tool.call': {
      const next = enter(trace, 'calling')
      const { call, tool, input } = event
      const place = { span: next.spans.length - 1, from: t, to: null }
      const idle = { began: null, text: '', result: null, ask: null }
      return { ...next, calls: [...next.calls, { call, tool, input, ...place, ...idle }] }
    }
    case 'tool.start': {
      const next = enter(trace, 'calling')
      const span = next.spans.length - 1
      return onCall(next, event.call, (c) => (c.to === null ? { ...c, began: t, span } : { ...c, began: t }))
    }
    case 'tool.delta':
      return onCall(trace, event.call, (c) => ({ ...c, text: c.text + event.text }))
    case 'tool.end': {
      const { type: _, call, ...result } = event
      const next = onCall(trace, call, (c) => ({ ...c, to: t, result }))
      const over = next.calls.every(({ to }) => to !== null) && kindOf(next) === 'calling'
      return over ? begin(next, 'choosing', t) : next
    }
    case 'ask.start': {
      const open = trace.calls.some(({ call, to }) => call === event.call && to === null)
      const next = open ? enter(trace, 'asking') : trace
      const idle = { to: null, allow: null, by: undefined, span: next.spans.length - 1 }
      return onCall(next, event.call, (c) => ({ ...c, ask: { id: event.ask, from: t, ...idle } }))
    }
    case 'ask.end': {
      const { allow, by, input } = event
      const next = kindOf(trace) === 'asking' && isOpen(trace) ? begin(trace, 'calling', t) : trace
      const span = next.spans.length - 1
      const calls = next.calls.map((c) => {
        const waits = c.to === null && c.began === null && next !== trace
        const moved = waits ? { ...c, span } : c
        return moved.ask?.id === event.ask ? { ...moved, ask: { ...moved.ask, to: t, allow, by, input } } : moved
      })
      return { ...next, calls }
    }
    case 'child.start': {
      const within = trace.calls.find(({ to }) => to === null)?.call ?? null
      const child = {
        run: event.run,
        agent: event.agent,
        from: t,
        to: null,
        span: trace.spans.length - 1,
        within: event.call ?? within,
      }
      return { ...trace, children: [...trace.children, child] }
    }
    case 'child.end':
      return { ...trace, children: trace.children.map((c) => (c.run === event.run ? { ...c, to: t } : c)) }
    case 'usage': {
      const { type: _, ...usage } = event
      return { ...trace, counted: [...trace.counted, { ...usage, attempt: trace.attempts.length }] }
    }
    case 'run.end':
      return {
        ...trace,
        end: { reason: event.reason, fault: event.fault ?? null, stopped: event.stopped ?? null },
      }
  }
}

const kindOf = ({ spans }: Trace): SpanKind => spans.at(-1)?.kind ?? 'route'
const isOpen = ({ calls }: Trace): boolean => calls.some(({ to }) => to === null)

/** An entry's time is the whole truth: what is said to have begun before the span that is open began with it. */
function begin(trace: Trace, kind: SpanKind, at: number): Trace {
  return { ...trace, spans: [...trace.spans, span(kind, at, trace.attempts.length)] }
}
const enter = (trace: Trace, kind: SpanKind): Trace => (kindOf(trace) === kind ? trace : begin(trace, kind, trace.t))

function phased(trace: Trace, event: EventOf<'phase'>): Trace {
  const { type: _, ...progress } = event
  const { phase } = progress
  // An endpoint is chosen in silence, unless an engine is started for it.
  const silent = phase === 'starting' && kindOf(trace) === 'choosing' && progress.model === undefined
  const { spans, ...rest } = silent ? trace : enter(trace, phase)
  const last = spans.at(-1)
  if (last === undefined) return trace
  return { ...rest, spans: [...spans.slice(0, -1), { ...last, progress: { ...last.progress, ...progress } }] }
}

function asked(trace: Trace, { step, model, endpoint }: { step: number; model: string; endpoint: string }): Trace {
  const attempts = [...trace.attempts, { step, model, endpoint, from: trace.t, failed: false }]
  return begin({ ...trace, attempts }, 'starting', trace.t)
}

function said(trace: Trace, text: string): Trace {
  const last = trace.spans.at(-1)
  if (last === undefined) return trace
  return { ...trace, spans: [...trace.spans.slice(0, -1), { ...last, text: last.text + text }] }
}

const onCall = (trace: Trace, call: CallId, change: (call: Called) => Called): Trace => ({
  ...trace,
  calls: trace.calls.map((c) => (c.call === call ? change(c) : c)),
})
