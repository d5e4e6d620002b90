import type { TraceRow } from './trace-rows.ts'
import type { Trace } from './trace.ts'
import { count, many, took } from './wording.ts'

/** Shorter than this, what went as it should is not worth a line. */
const SHORT_MS = 30

/** A row as a sentence; null where it is told by what stands beside it. */
export function sentenceOf(row: TraceRow, { route, spans, attempts, calls }: Trace): string | null {
  const { kind, to, from } = row
  const ms = to === null ? null : to - from
  const trivial = ms !== null && ms < SHORT_MS
  const span = spans[row.of]
  switch (kind) {
    case 'run':
      return null
    case 'moment':
      return row.name
    case 'route':
      if (route === null) return 'An agent is being chosen.'
      return trivial && route.scores.length === 0
        ? null
        : `${many(Math.max(1, route.scores.length), 'agent')} compared in ${took(ms ?? 0)}.`
    case 'choosing':
      return trivial ? null : ms === null ? 'A model is being chosen.' : `Choosing a model took ${took(ms)}.`
    case 'queued':
      return ms === null ? `Waiting in line${comma(row.note)}.` : trivial ? null : `Waited in line for ${took(ms)}.`
    case 'starting':
      return ms === null
        ? 'Waiting for the model’s first sign of life.'
        : trivial
          ? null
          : `It gave its first sign of life after ${took(ms)}.`
    case 'loading':
      return ms === null
        ? `Loading ${row.note || 'the model'} into memory.`
        : `Loaded ${row.note || 'the model'} into memory in ${took(ms)}.`
    case 'reading': {
      const what = row.note === '' ? 'the prompt' : `the prompt, ${row.note}`
      return ms === null ? `Reading ${what}.` : `Read ${what}, in ${took(ms)}.`
    }
    case 'thinking':
      return ms === null ? 'Thinking.' : `Thought for ${took(ms)}.`
    case 'answering': {
      const again = attempts[(span?.attempt ?? 1) - 1]
      const gone = row.state === 'discarded' ? ' This was thrown away, and begun again.' : ''
      return ms === null
        ? 'Writing the answer.'
        : `Wrote ${many(span?.text.length ?? 0, 'character')} in ${took(ms)}${again?.failed === true && row.state === 'failed' ? ', and broke off' : ''}.${gone}`
    }
    case 'calling':
      return calls.some((call) => call.span === row.of) ? null : 'Using tools.'
    case 'asking':
      return ms === null ? 'Waiting for you.' : `Waited ${took(ms)} for you.`
    case 'saving':
      return ms === null ? 'Saving.' : trivial ? null : `Saved in ${took(ms)}.`
    case 'gone':
      return `For ${took(ms ?? 0)} no server worked on it.`
    case 'stop':
      return null
    case 'tool':
      return ms === null
        ? `Running ${row.name}.`
        : `${row.name} ${row.state === 'failed' ? 'failed after' : row.state === 'denied' ? 'was denied after' : row.state === 'unfinished' ? 'was not finished after' : 'took'} ${took(ms)}.`
    case 'ask':
      return row.note === '' ? 'Waiting for your permission.' : `You ${row.note} it after ${took(ms ?? 0)}.`
    case 'child':
      return ms === null ? `${row.name} works on a part of it.` : `${row.name} worked on a part of it for ${took(ms)}.`
  }
}

const comma = (text: string): string => (text === '' ? '' : `, ${text}`)

export type Fact = { name: string; value: string }
/** What was counted of a span, as far as anybody counted. */
export function factsOf(row: TraceRow, { spans, attempts, counted }: Trace): Fact[] {
  const span = spans[row.of]
  const facts: Fact[] = [{ name: 'Begun after', value: took(row.from) }]
  if (row.kind === 'tool' || row.kind === 'ask' || row.kind === 'child' || row.kind === 'run' || span === undefined)
    return facts
  const attempt = attempts[span.attempt - 1]
  const usage = counted.findLast((each) => each.attempt === span.attempt)
  if (row.kind === 'reading' && usage !== undefined) {
    const read = usage.input - usage.cached
    facts.push({ name: 'Prompt', value: many(usage.input, 'token') })
    if (usage.cached > 0) facts.push({ name: 'Of these in the cache', value: many(usage.cached, 'token') })
    if (usage.prefillMs) facts.push({ name: 'Reading speed', value: `${count(read / (usage.prefillMs / 1000))} tok/s` })
  }
  if (row.kind === 'answering' && usage !== undefined) {
    facts.push({ name: 'Written in this step', value: many(usage.output, 'token') })
    if (usage.decodeMs)
      facts.push({ name: 'Speed', value: `${(usage.output / (usage.decodeMs / 1000)).toFixed(1)} tok/s` })
  }
  if (row.kind === 'loading' && usage?.loadMs)
    facts.push({ name: 'Loading, by the backend', value: took(usage.loadMs) })
  if (attempt !== undefined && row.kind !== 'choosing') {
    facts.push({ name: 'Model', value: attempt.model }, { name: 'Endpoint', value: attempt.endpoint })
    const same = attempts.flatMap(({ step }, i) => (step === attempt.step ? [i + 1] : []))
    if ((attempts.at(-1)?.step ?? 1) > 1) facts.push({ name: 'Step', value: String(attempt.step) })
    if (same.length > 1) facts.push({ name: 'Attempt', value: `${same.indexOf(span.attempt) + 1} of ${same.length}` })
  }
  return facts
}
