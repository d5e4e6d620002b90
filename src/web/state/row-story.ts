import type { TraceRow } from './trace-rows.ts'
import type { Trace } from './trace.ts'
import { say, sayCount } from '../words/say.ts'
import { count, tenth, took } from './wording.ts'

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
      if (route === null) return say('An agent is being chosen.')
      return trivial && route.scores.length === 0
        ? null
        : sayCount(Math.max(1, route.scores.length), '1 agent compared in {time}.', '{n} agents compared in {time}.', {
            time: took(ms ?? 0),
          })
    case 'choosing':
      if (trivial) return null
      return ms === null ? say('A model is being chosen.') : say('Choosing a model took {time}.', { time: took(ms) })
    case 'queued':
      if (trivial) return null
      if (ms !== null) return say('Waited in line for {time}.', { time: took(ms) })
      return row.note === '' ? say('Waiting in line.') : say('Waiting in line, {place}.', { place: row.note })
    case 'starting':
      if (trivial) return null
      return ms === null
        ? say('Waiting for the model’s first sign of life.')
        : say('It gave its first sign of life after {time}.', { time: took(ms) })
    case 'loading':
      if (row.note === '')
        return ms === null
          ? say('Loading the model into memory.')
          : say('Loaded the model into memory in {time}.', { time: took(ms) })
      return ms === null
        ? say('Loading {model} into memory.', { model: row.note })
        : say('Loaded {model} into memory in {time}.', { model: row.note, time: took(ms) })
    case 'reading':
      if (row.note === '')
        return ms === null ? say('Reading the prompt.') : say('Read the prompt, in {time}.', { time: took(ms) })
      return ms === null
        ? say('Reading the prompt, {amount}.', { amount: row.note })
        : say('Read the prompt, {amount}, in {time}.', { amount: row.note, time: took(ms) })
    case 'thinking':
      return ms === null ? say('Thinking.') : say('Thought for {time}.', { time: took(ms) })
    case 'answering': {
      const again = attempts[(span?.attempt ?? 1) - 1]
      if (ms === null) return say('Writing the answer.')
      const written = span?.text.length ?? 0
      const time = took(ms)
      const wrote =
        again?.failed === true && row.state === 'failed'
          ? sayCount(
              written,
              'Wrote 1 character in {time}, and broke off.',
              'Wrote {n} characters in {time}, and broke off.',
              { time },
            )
          : sayCount(written, 'Wrote 1 character in {time}.', 'Wrote {n} characters in {time}.', { time })
      return row.state === 'discarded' ? `${wrote} ${say('This was thrown away, and begun again.')}` : wrote
    }
    case 'calling':
      return calls.some((call) => call.span === row.of) ? null : say('Using tools.')
    case 'asking':
      if (calls.some(({ ask }) => ask?.span === row.of)) return null
      return ms === null ? say('Waiting for you.') : say('Waited {time} for you.', { time: took(ms) })
    case 'saving':
      if (trivial) return null
      return ms === null ? say('Saving.') : say('Saved in {time}.', { time: took(ms) })
    case 'gone':
      return say('For {time} no server worked on it.', { time: took(ms ?? 0) })
    case 'stop':
      return null
    case 'tool':
      return ms === null ? say('Running {tool}.', { tool: row.name }) : toolSentence(row, took(ms))
    case 'ask':
      if (row.note === '') return say('Waiting for your permission: {what}', { what: row.name })
      if (calls[row.of]?.ask?.by === 'time') return say('Nobody answered within {time}.', { time: took(ms ?? 0) })
      return row.state === 'denied'
        ? say('You denied it after {time}.', { time: took(ms ?? 0) })
        : say('You allowed it after {time}.', { time: took(ms ?? 0) })
    case 'child':
      return ms === null
        ? say('{agent} works on a part of it.', { agent: row.name })
        : say('{agent} worked on a part of it for {time}.', { agent: row.name, time: took(ms) })
  }
}

function toolSentence({ name: tool, state }: TraceRow, time: string): string {
  if (state === 'failed') return say('{tool} failed after {time}.', { tool, time })
  if (state === 'denied') return say('{tool} was denied after {time}.', { tool, time })
  if (state === 'unfinished') return say('{tool} was not finished after {time}.', { tool, time })
  return say('{tool} took {time}.', { tool, time })
}

const tokens = (n: number): string => sayCount(n, '1 token', '{n} tokens')

export type Fact = { name: string; value: string }
/** What was counted of a span, as far as anybody counted. */
export function factsOf(row: TraceRow, { spans, attempts, counted }: Trace): Fact[] {
  const span = spans[row.of]
  const facts: Fact[] = [{ name: say('Begun after'), value: took(row.from) }]
  if (row.kind === 'tool' || row.kind === 'ask' || row.kind === 'child' || row.kind === 'run' || span === undefined)
    return facts
  const attempt = attempts[span.attempt - 1]
  const usage = counted.findLast((each) => each.attempt === span.attempt)
  if (row.kind === 'reading' && usage !== undefined) {
    const read = usage.input - usage.cached
    facts.push({ name: say('Prompt'), value: tokens(usage.input) })
    if (usage.cached > 0) facts.push({ name: say('Of these in the cache'), value: tokens(usage.cached) })
    if (usage.prefillMs)
      facts.push({
        name: say('Reading speed'),
        value: say('{rate} tokens/s', { rate: count(read / (usage.prefillMs / 1000)) }),
      })
  }
  if (row.kind === 'answering' && usage !== undefined) {
    facts.push({ name: say('Written in this step'), value: tokens(usage.output) })
    if (usage.decodeMs)
      facts.push({
        name: say('Speed'),
        value: say('{rate} tokens/s', { rate: tenth(usage.output / (usage.decodeMs / 1000)) }),
      })
  }
  if (row.kind === 'loading' && usage?.loadMs)
    facts.push({ name: say('Loading, by the backend'), value: took(usage.loadMs) })
  if (attempt !== undefined && row.kind !== 'choosing') {
    facts.push({ name: say('Model'), value: attempt.model }, { name: say('Endpoint'), value: attempt.endpoint })
    const same = attempts.flatMap(({ step }, i) => (step === attempt.step ? [i + 1] : []))
    if ((attempts.at(-1)?.step ?? 1) > 1) facts.push({ name: say('Step'), value: String(attempt.step) })
    if (same.length > 1)
      facts.push({
        name: say('Attempt'),
        value: say('{done} of {total}', { done: same.indexOf(span.attempt) + 1, total: same.length }),
      })
  }
  return facts
}
