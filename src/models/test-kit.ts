import type { Model, ModelEvent, Turn } from '../core/ports.ts'

export const turnFor = (model: string, text = 'Say hello'): Turn => ({
  model,
  messages: [{ role: 'user', text }],
  tools: [],
})

/** Everything that a model says to a turn; `each` is told as it comes. */
export async function collect(
  model: Model,
  turn: Turn,
  options: { signal?: AbortSignal; each?: (event: ModelEvent) => void } = {},
): Promise<ModelEvent[]> {
  const events: ModelEvent[] = []
  for await (const batch of model.stream(turn, options.signal ?? new AbortController().signal))
    for (const event of batch) {
      events.push(event)
      options.each?.(event)
    }
  return events
}

/** What was said, apart from how it was cut into pieces: deltas that follow each other are one. Of the phases, those with figures. */
export function essence(events: readonly ModelEvent[]): ModelEvent[] {
  const joined: ModelEvent[] = []
  for (const event of events) {
    const last = joined.at(-1)
    if (event.type === 'phase' && event.done === undefined) continue
    if (event.type === 'text.delta' && last?.type === 'text.delta') last.text += event.text
    else if (event.type === 'thought.delta' && last?.type === 'thought.delta') last.text += event.text
    else joined.push({ ...event })
  }
  return joined
}

export const textOf = (events: readonly ModelEvent[]): string =>
  events.map((event) => (event.type === 'text.delta' ? event.text : '')).join('')
export const thoughtOf = (events: readonly ModelEvent[]): string =>
  events.map((event) => (event.type === 'thought.delta' ? event.text : '')).join('')
export const callsOf = (events: readonly ModelEvent[]) => events.filter((event) => event.type === 'tool.call')
/** How an answer ended: the finish, the fault's code, or `quiet`. */
export function outcome(events: readonly ModelEvent[]): string {
  const last = events.at(-1)
  if (last?.type === 'model.end') return last.finish
  return last?.type === 'model.fail' ? last.fault.code : 'quiet'
}
