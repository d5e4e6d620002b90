import type { RunId } from '../../wire/id.ts'
import { say, sayCount } from '../words/say.ts'
import { agentTitle } from '../words/titles.ts'
import { callWords } from './call-words.ts'
import { phaseName } from './phase-names.ts'
import type { Happening } from './story.ts'
import type { Attempt, Called, Child, Span, SpanKind, Trace } from './trace.ts'
import { count, percent, took } from './wording.ts'

/** `moment`: something that took no time but matters; `stop`: from when a stop was asked for until nothing worked any more. */
export type RowKind = 'run' | 'tool' | 'ask' | 'child' | 'moment' | 'stop' | SpanKind
export type TraceRow = {
  /** The same for the same thing however far the run is. */
  id: string
  kind: RowKind
  name: string
  /** What is worth knowing of it at a glance. */
  note: string
  level: number
  from: number
  /** Null while it goes on. */
  to: number | null
  state: 'on' | 'done' | 'failed' | 'stopped' | 'unfinished' | 'discarded' | 'denied'
  /** The place of what it is about among the spans, calls, children or happenings. */
  of: number
  /** The delegated run that can be opened under it. */
  run: RunId | null
}

/**
 * The waterfall: the run, then what it did in the order of its beginning. The rows of level 2 that take time cover every millisecond of it
 * once. What took no time and said nothing is left out. Of the happenings,
 * those that went as they should are told only where `plain` asks for them.
 */
export function traceRows(trace: Trace, happenings: readonly Happening[], { plain = false } = {}): TraceRow[] {
  const { spans, calls, children, end, t } = trace
  const over = end === null ? null : t
  const halt = end?.stopped == null ? null : Math.max(0, t - end.stopped.ms)
  const until = (i: number): number | null => {
    const to = spans[i + 1]?.from ?? over
    return to !== null && halt !== null ? Math.min(to, halt) : to
  }
  const rows: TraceRow[] = spans.flatMap((span, i) => {
    const to = until(i)
    const from = Math.min(span.from, halt ?? span.from)
    const nested = [
      ...calls.flatMap((call, n) => [
        ...(call.ask?.span === i ? [askRow(call, n, over)] : []),
        ...(call.span === i ? callRows(call, n, trace) : []),
      ]),
      ...children.flatMap((child, n) =>
        child.span === i && child.within === null
          ? [childRow(child, n, { level: 3, to: spans[i + 1]?.from ?? over })]
          : [],
      ),
    ]
    if (to !== null && to <= from && nested.length === 0 && (span.text === '' || from === halt)) return []
    return [spanRow(span, i, { trace, from, to }), ...nested]
  })
  if (halt !== null)
    rows.push(row({ id: 'stop', kind: 'stop', name: say('Stopping'), from: halt, to: t, state: 'stopped' }))
  const placed = happenings.reduce<TraceRow[]>(
    (all, happening, i) => (happening.tone === 'plain' && !plain ? all : withMoment(all, happening, i)),
    rows,
  )
  return [runRow(trace), ...placed]
}

const row = (known: Pick<TraceRow, 'id' | 'kind' | 'name' | 'from'> & Partial<TraceRow>): TraceRow => ({
  note: '',
  level: 2,
  to: null,
  state: 'on',
  of: 0,
  run: null,
  ...known,
})

function runRow({ end, t, route }: Trace): TraceRow {
  const states = { done: 'done', failed: 'failed', interrupted: 'unfinished', cancelled: 'stopped' } as const
  const state = end === null ? 'on' : states[end.reason]
  const to = end === null ? null : t
  return row({
    id: 'run',
    kind: 'run',
    name: say('Run'),
    level: 1,
    from: 0,
    to,
    state,
    note: agentTitle(route?.title ?? ''),
  })
}

function spanRow(span: Span, i: number, { trace, from, to }: { trace: Trace; from: number; to: number | null }) {
  const attempt = trace.attempts[span.attempt - 1]
  const broken = attempt?.failed === true && trace.spans.findLastIndex((s) => isPartOf(s, span.attempt)) === i
  const { end, t, spans } = trace
  // Whatever was under way when the run ended, or when its stop was asked for.
  const halted = end !== null && end.reason !== 'done' && (spans[i + 1]?.from ?? Infinity) > (to ?? t)
  const cut = halted ? (end.reason === 'cancelled' ? 'stopped' : 'unfinished') : 'done'
  const state = to === null ? 'on' : broken ? 'failed' : span.discarded && span.text !== '' ? 'discarded' : cut
  return row({
    id: `span ${i}`,
    kind: span.kind,
    name: spanName(span, trace),
    from,
    to,
    state,
    of: i,
    note: spanNote(span, attempt, trace),
  })
}
/** After an attempt has failed, what follows is no part of it, though no other has begun. */
const isPartOf = (span: Span, attempt: number): boolean => span.attempt === attempt && span.kind !== 'choosing'

function spanName({ kind, attempt, progress }: Span, { attempts }: Trace): string {
  switch (kind) {
    case 'route':
      return say('Routing')
    case 'gone':
      return say('Server away')
    case 'choosing':
      return attempts[attempt - 1]?.failed === true ? say('Choosing again') : say('Choosing a model')
    case 'starting':
      return progress?.model === undefined || attempt > 0 ? say('Asking the model') : say('Starting the engine')
    case 'queued':
    case 'loading':
    case 'reading':
    case 'thinking':
    case 'answering':
    case 'calling':
    case 'asking':
    case 'saving':
      return phaseName(kind)
  }
}

function spanNote(span: Span, attempt: Attempt | undefined, { route, spans }: Trace): string {
  const { kind, progress } = span
  switch (kind) {
    case 'route':
      if (route === null) return ''
      return route.forced
        ? say('{agent}, as you asked', { agent: agentTitle(route.title) })
        : say('{agent}, {share} sure', {
            agent: agentTitle(route.title),
            share: percent(Math.min(0.99, route.confidence)),
          })
    case 'queued':
      if (progress?.done === undefined) return ''
      return progress.total === undefined
        ? say('number {place}', { place: progress.done })
        : say('number {place} of {total}', { place: progress.done, total: progress.total })
    case 'loading':
      return progress?.model ?? attempt?.model ?? ''
    case 'reading':
      return readingNote(span, span === spans.at(-1))
    case 'starting':
      return attempt === undefined
        ? (progress?.model ?? '')
        : say('{model} at {endpoint}', { model: attempt.model, endpoint: attempt.endpoint })
    case 'thinking':
    case 'answering':
      // Not while it grows: nothing of a row is to change with a word.
      return span.text === '' || span === spans.at(-1)
        ? ''
        : sayCount(span.text.length, '1 character', '{n} characters')
    case 'gone':
    case 'choosing':
    case 'calling':
    case 'asking':
    case 'saving':
      return ''
  }
}

function readingNote({ progress }: Span, open: boolean): string {
  if (progress?.total === undefined) return ''
  const [done, total] = [progress.done, count(progress.total)]
  const guessed = progress.estimated === true
  if (!open || done === undefined)
    return guessed ? say('about {total} tokens', { total }) : say('{total} tokens', { total })
  return guessed
    ? say('about {done} of {total} tokens', { done: count(done), total })
    : say('{done} of {total} tokens', { done: count(done), total })
}

function callRows(call: Called, n: number, { children, end, t }: Trace): TraceRow[] {
  const over = end === null ? null : t
  const { result, ask } = call
  const to = call.to ?? over
  // What waits for a person has not begun; the question tells it.
  if (ask !== null && ask.to === null && call.to === null && call.began === null) return []
  const from = Math.min(call.began ?? ask?.to ?? call.from, to ?? Infinity)
  const denied = ask?.allow === false
  const state =
    result !== null ? (result.ok ? 'done' : denied ? 'denied' : 'failed') : over === null ? 'on' : 'unfinished'
  const id = `call ${n}`
  return [
    row({ id, kind: 'tool', name: call.tool, note: inputLine(call.input), level: 3, from, to, state, of: n }),
    ...children.flatMap((child, m) => (child.within === call.call ? [childRow(child, m, { level: 4, to })] : [])),
  ]
}

function askRow({ ask, tool, input, to }: Called, n: number, over: number | null): TraceRow {
  const { from = 0, allow = null, by } = ask ?? {}
  const denied = by === 'time' ? say('nobody answered') : by === 'stop' ? say('stopped') : say('denied')
  return row({
    id: `ask ${n}`,
    kind: 'ask',
    name: `${callWords(tool, input)}?`,
    level: 3,
    from,
    to: ask?.to ?? to ?? over,
    of: n,
    state: allow === null ? (to === null && over === null ? 'on' : 'unfinished') : allow ? 'done' : 'denied',
    note: allow === null ? '' : allow ? say('allowed') : denied,
  })
}

const childRow = (
  { agent, from, run, to: own }: Child,
  n: number,
  { level, to }: { level: number; to: number | null },
) =>
  row({
    id: `child ${n}`,
    kind: 'child',
    name: agent,
    note: say('a run of its own'),
    level,
    from,
    to: own ?? to,
    of: n,
    run,
    state: (own ?? to) === null ? 'on' : 'done',
  })

/** Before the first row that began after it, but within nothing. */
function withMoment(rows: TraceRow[], { t, text, tone }: Happening, i: number): TraceRow[] {
  const at = rows.findIndex((r) => r.level === 2 && r.from >= t && r.kind !== 'moment')
  const moment = row({
    id: `moment ${i}`,
    kind: 'moment',
    name: text,
    from: t,
    to: t,
    of: i,
    state: tone === 'odd' ? 'failed' : 'done',
  })
  return at === -1 ? [...rows, moment] : rows.toSpliced(at, 0, moment)
}

/** What a tool was given, in one line. */
export function inputLine(input: Called['input']): string {
  if (input === null || typeof input !== 'object') return String(input)
  return Object.values(input)
    .map((value) => (typeof value === 'string' ? value : JSON.stringify(value)))
    .join(' ')
    .slice(0, 120)
}

/** The row for somebody who can't see it: what, how it stands, how long. */
export function rowWords({ name, note, kind, state, from, to }: TraceRow, now: number): string {
  if (kind === 'moment') return `${name} ${say('After {time}', { time: took(from) })}`
  const states: Record<TraceRow['state'], string> = {
    on: say('going on'),
    done: say('done'),
    failed: say('failed'),
    stopped: say('stopped'),
    unfinished: say('not finished'),
    discarded: say('done, and thrown away'),
    denied: say('denied'),
  }
  return `${name}${note === '' ? '' : `, ${note}`}, ${states[state]}, ${took(Math.max(0, (to ?? now) - from))}`
}
