import type { Model, ModelEvent, Turn } from '../core/ports.ts'
import { fault, type FaultCode } from '../wire/fault.ts'

/**
 * One thing that a scripted model does. A string is text it says; a promise is awaited before the next step; an array is one batch, as a
 * network packet would bring it; `fail` ends the answer with that fault; `cut`
 * ends it without a word.
 */
export type Step =
  | string
  | Promise<unknown>
  | ModelEvent
  | readonly ModelEvent[]
  | { fail: FaultCode }
  | { thought: string }
  | { cut: true }
export type Script = readonly Step[] | ((turn: Turn, nth: number) => Iterable<Step> | AsyncIterable<Step>)

/** A model that says what it was told to, for tests of everything that stands behind a model. `asked` holds the turns it was given. */
export type ScriptedModel = Model & {
  readonly asked: readonly Turn[]
  /** How many streams are open now. */
  readonly open: number
}

/**
 * Opens, performs the steps one by one, and ends with `stop` (after tool calls: `tools`) unless the script itself ended. A list of steps is
 * performed for each turn anew. Aborting ends it quietly at once, also while it waits for a promise.
 */
export function scriptedModel(script: Script): ScriptedModel {
  const asked: Turn[] = []
  let open = 0
  return {
    asked,
    get open() {
      return open
    },
    async *stream(turn, signal) {
      if (signal.aborted) return
      asked.push(turn)
      open++
      let called = false
      try {
        yield [{ type: 'model.open' }]
        for await (const step of perform(script, turn, asked.length, signal)) {
          if (signal.aborted) return
          if (isCut(step)) return
          const batch = eventsOf(step)
          called ||= batch.some(({ type }) => type === 'tool.call')
          yield batch
          const last = batch.at(-1)?.type
          if (last === 'model.end' || last === 'model.fail') return
        }
        if (!signal.aborted) yield [{ type: 'model.end', finish: called ? 'tools' : 'stop' }]
      } finally {
        open--
      }
    },
  }
}

type Said = Exclude<Step, Promise<unknown>>

async function* perform(script: Script, turn: Turn, nth: number, signal: AbortSignal): AsyncGenerator<Said> {
  const aborted = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))
  const steps = typeof script === 'function' ? script(turn, nth) : script
  if (Symbol.asyncIterator in steps) {
    const rest = steps[Symbol.asyncIterator]()
    for (;;) {
      const result = await Promise.race([rest.next(), aborted])
      if (!result || result.done) return
      if (!(result.value instanceof Promise)) yield result.value
    }
  }
  for (const step of steps) {
    if (step instanceof Promise) await Promise.race([step, aborted])
    else yield step
    if (signal.aborted) return
  }
}

function eventsOf(step: Exclude<Said, { cut: true }>): readonly ModelEvent[] {
  if (typeof step === 'string') return [{ type: 'text.delta', text: step }]
  if (isBatch(step)) return step
  if ('fail' in step) return [{ type: 'model.fail', fault: fault(step.fail, { endpoint: 'scripted' }) }]
  if ('thought' in step) return [{ type: 'thought.delta', text: step.thought }]
  return [step]
}

const isCut = (step: Said): step is { cut: true } => typeof step === 'object' && 'cut' in step
const isBatch = (step: Exclude<Said, string>): step is readonly ModelEvent[] => Array.isArray(step)
