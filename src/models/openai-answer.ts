import type { EventOf } from '../wire/event.ts'
import { PHASES, type Phase } from '../wire/event.ts'
import { fault, type FaultData } from '../wire/fault.ts'
import type { Turn } from '../core/ports.ts'
import type { Batch } from './batch.ts'
import { withoutEcho } from './echo.ts'
import { type Asked, type Fields, isFields, reported } from './refusal.ts'
import { thinkTags } from './think.ts'
import { toolCalls } from './tool-calls.ts'

/**
 * Reads the objects of one answer in the OpenAI dialect, streamed or whole, into a batch. Checked by hand and not by a schema: this is
 * where every token passes.
 */
export class OpenaiAnswer {
  readonly #asked: Asked
  readonly #batch: Batch
  readonly #content: ReturnType<typeof thinkTags>
  readonly #calls = toolCalls()
  readonly #newText: (text: string) => string
  readonly #newThought: (text: string) => string
  #usage: Fields | null = null
  #timings: Fields | null = null
  #finish: string | null = null
  #read = 0

  constructor(asked: Asked, batch: Batch, said?: Turn['said']) {
    this.#asked = asked
    this.#batch = batch
    this.#content = thinkTags(
      (kind, text) => batch.delta(kind === 'thought' ? 'thought.delta' : 'text.delta', text),
      said === undefined || said.text === '' ? 'start' : 'text',
    )
    this.#newText = withoutEcho(said?.text ?? '')
    this.#newThought = withoutEcho(said?.thought ?? '')
  }

  /** Whether the server has said why the answer ended. Only its figures may follow. */
  get finished(): boolean {
    return this.#finish !== null
  }
  /** Whether anything of an answer was understood. */
  get begun(): boolean {
    return this.#read > 0
  }

  /** Takes one object; a fault is the end of the answer. */
  take(json: string): FaultData | null {
    const { endpoint } = this.#asked
    let chunk: unknown
    try {
      chunk = JSON.parse(json)
    } catch {
      return fault('engine.garbled', { endpoint, what: 'a line that is not JSON' })
    }
    if (!isFields(chunk)) return fault('engine.garbled', { endpoint, what: 'a line that is no object' })
    if (chunk['error'] !== undefined && chunk['error'] !== null) return reported(chunk, this.#asked)
    this.#read++
    if (isFields(chunk['usage'])) this.#usage = chunk['usage']
    if (isFields(chunk['timings'])) this.#timings = chunk['timings']
    if (isFields(chunk['prompt_progress'])) this.#add(promptProgress(chunk['prompt_progress']))
    if (isFields(chunk['pkn_phase'])) this.#add(enginePhase(chunk['pkn_phase']))
    const choices = chunk['choices']
    if (!Array.isArray(choices)) return null
    const choice: unknown = choices[0]
    if (isFields(choice)) this.#choice(choice)
    return null
  }

  /** Adds what is known at the end: calls, figures and how it ended. */
  end(): void {
    this.#content.end()
    const finish = this.#finish
    if (finish === null) {
      this.#batch.add({ type: 'model.fail', fault: fault('engine.cut', { endpoint: this.#asked.endpoint }) })
      return
    }
    const calls = this.#calls.whole(finish === 'length')
    for (const call of calls) this.#batch.add({ type: 'tool.call', ...call })
    this.#add(usage(this.#usage, this.#timings))
    this.#batch.add({ type: 'model.end', finish: finish === 'length' ? 'length' : calls.length > 0 ? 'tools' : 'stop' })
  }

  #choice(choice: Fields): void {
    const delta = choice['delta'] ?? choice['message']
    if (isFields(delta)) {
      const thought = delta['reasoning_content'] ?? delta['reasoning']
      if (typeof thought === 'string' && thought !== '') this.#batch.delta('thought.delta', this.#newThought(thought))
      const text = delta['content']
      if (typeof text === 'string' && text !== '') this.#content.take(this.#newText(text))
      if (delta['tool_calls'] !== undefined) this.#calls.take(delta['tool_calls'])
    }
    if (typeof choice['finish_reason'] === 'string') this.#finish = choice['finish_reason']
  }

  #add(event: EventOf<'phase' | 'usage'> | null): void {
    if (event !== null) this.#batch.add(event)
  }
}

/** https://github.com/ggml-org/llama.cpp/pull/15827: `processed` counts what was cached too, `time_ms` does not. */
function promptProgress(progress: Fields): EventOf<'phase'> {
  const total = count(progress['total'])
  const done = Math.min(count(progress['processed']), total)
  const read = done - count(progress['cache'])
  const ms = count(progress['time_ms'])
  const event: EventOf<'phase'> = { type: 'phase', phase: 'reading', done, total, unit: 'tokens' }
  if (read > 0 && ms > 0) event.etaMs = Math.round(((total - done) * ms) / read)
  return event
}

/** How PKN's own engine tells what it does before the first token. */
function enginePhase(told: Fields): EventOf<'phase'> | null {
  const phase = PHASES.find((name): name is Phase => name === told['phase'])
  if (phase === undefined) return null
  const event: EventOf<'phase'> = { type: 'phase', phase }
  if (told['done'] !== undefined) event.done = count(told['done'])
  if (told['total'] !== undefined) event.total = count(told['total'])
  if (typeof told['unit'] === 'string') event.unit = told['unit']
  if (told['etaMs'] !== undefined) event.etaMs = count(told['etaMs'])
  if (typeof told['estimated'] === 'boolean') event.estimated = told['estimated']
  return event
}

function usage(told: Fields | null, timings: Fields | null): EventOf<'usage'> | null {
  if (told === null && timings === null) return null
  const details = told?.['prompt_tokens_details']
  const cached = isFields(details) ? count(details['cached_tokens']) : count(timings?.['cache_n'])
  const event: EventOf<'usage'> = {
    type: 'usage',
    input: told ? count(told['prompt_tokens']) : count(timings?.['prompt_n']) + cached,
    cached,
    output: count(told ? told['completion_tokens'] : timings?.['predicted_n']),
  }
  if (timings?.['prompt_ms'] !== undefined) event.prefillMs = count(timings['prompt_ms'])
  if (timings?.['predicted_ms'] !== undefined) event.decodeMs = count(timings['predicted_ms'])
  return event
}

/** A number that can be a count; anything else, negative ones and NaN among them, is 0. */
export const count = (value: unknown): number =>
  typeof value === 'number' && value > 0 && value < Infinity ? value : 0
