import type { Turn } from '../core/ports.ts'
import type { Json } from '../wire/event.ts'
import { fault, type FaultData } from '../wire/fault.ts'
import { newCallId } from '../wire/id.ts'
import type { Batch } from './batch.ts'
import { readCall } from './called-by-format.ts'
import { count } from './openai-answer.ts'
import { type Asked, type Fields, isFields, reported } from './refusal.ts'
import { thinkTags } from './think.ts'

/** Reads the lines of one answer of Ollama's /api/chat into a batch. https://docs.ollama.com/api/chat */
export class OllamaAnswer {
  readonly #asked: Asked
  readonly #batch: Batch
  readonly #content: ReturnType<typeof thinkTags>
  readonly #ids = new Set<string>()
  /** A tool that the answer is to be a call of, and what is written of it. */
  readonly #must: string | undefined
  #written = ''
  #called = false
  #loaded = false

  constructor(
    asked: Asked,
    batch: Batch,
    { said, must }: { said?: Turn['said'] | undefined; must?: string | undefined } = {},
  ) {
    this.#asked = asked
    this.#batch = batch
    this.#must = must
    this.#content = thinkTags(
      (kind, text) => {
        if (kind === 'thought') batch.delta('thought.delta', text)
        else if (must === undefined) batch.delta('text.delta', text)
        else {
          if (this.#written === '') batch.add({ type: 'phase', phase: 'calling' })
          this.#written += text
        }
      },
      said === undefined || said.text === '' ? 'start' : 'text',
    )
  }

  /** The model was seen to be loaded for this answer. */
  wasLoaded(): void {
    this.#loaded = true
  }

  /** Takes one line; a fault and `done` are the end of the answer. */
  take(line: string): FaultData | 'done' | null {
    const { endpoint } = this.#asked
    let said: unknown
    try {
      said = JSON.parse(line)
    } catch {
      return fault('engine.garbled', { endpoint, what: 'a line that is not JSON' })
    }
    if (!isFields(said)) return fault('engine.garbled', { endpoint, what: 'a line that is no object' })
    // The status was sent long before: an error in mid-answer is a line like any other.
    if (said['error'] !== undefined) return reported(said, this.#asked)
    const message = said['message']
    if (isFields(message)) {
      if (typeof message['thinking'] === 'string') this.#batch.delta('thought.delta', message['thinking'])
      if (typeof message['content'] === 'string' && message['content'] !== '') this.#content.take(message['content'])
      if (Array.isArray(message['tool_calls'])) for (const call of message['tool_calls']) this.#call(call)
    }
    if (said['done'] !== true) return null
    this.#content.end()
    if (this.#must !== undefined) this.#made(this.#must)
    this.#batch.add({
      type: 'usage',
      input: count(said['prompt_eval_count']),
      cached: 0, // it does not tell
      output: count(said['eval_count']),
      prefillMs: count(said['prompt_eval_duration']) / 1e6,
      decodeMs: count(said['eval_duration']) / 1e6,
      // A model that was in memory takes some milliseconds to find.
      ...(this.#loaded ? { loadMs: count(said['load_duration']) / 1e6 } : {}),
    })
    const cut = said['done_reason'] === 'length'
    this.#batch.add({ type: 'model.end', finish: cut ? 'length' : this.#called ? 'tools' : 'stop' })
    return 'done'
  }

  /** What was written is the call, or else the text that it is. */
  #made(must: string): void {
    const input = readCall(this.#written, must)
    if (input === null) return this.#batch.delta('text.delta', this.#written)
    this.#called = true
    this.#batch.add({ type: 'tool.call', id: newCallId(), tool: must, input })
  }

  #call(call: unknown): void {
    const made: Fields = isFields(call) && isFields(call['function']) ? call['function'] : {}
    if (typeof made['name'] !== 'string' || made['name'] === '') return
    const told = isFields(call) && typeof call['id'] === 'string' ? call['id'] : ''
    const id = told === '' || this.#ids.has(told) ? newCallId() : told
    this.#ids.add(id)
    this.#called = true
    const input = made['arguments']
    // Arguments come parsed; those that are no object fit no tool, which is then told to the model.
    this.#batch.add({ type: 'tool.call', id, tool: made['name'], input: isFields(input) ? (input as Json) : null })
  }
}
