import type { EventOf, Json, Phase, RunEvent } from '../wire/event.ts'
import type { FaultData } from '../wire/fault.ts'
import type { Gauge } from './gauge.ts'
import type { Journal } from './journal.ts'
import type { ModelEvent } from './ports.ts'

export type Call = { id: string; tool: string; input: Json }
export type Spoken =
  /** `words` are those that were no part of the answer. */
  | { kind: 'ended'; finish: 'stop' | 'length' | 'tools'; calls: readonly Call[]; words: string }
  /** `calls` are those that were whole by then. */
  | { kind: 'failed'; fault: FaultData; calls: readonly Call[] }
  | { kind: 'stopped' }

/**
 * Writes what a model says into the journal, with the phase that each kind of word stands for, and tells how it ended. `aside`: it is to make
 * a call, so that other words are no answer; they stand among its thoughts.
 */
export async function speak(
  stream: AsyncIterable<readonly ModelEvent[]>,
  { journal, gauge, aside = false }: { journal: Journal; gauge: Gauge; aside?: boolean },
): Promise<Spoken> {
  const calls: Call[] = []
  let phase: Phase | null = null
  let words = ''
  for await (const batch of stream) {
    gauge.see(batch)
    const events: RunEvent[] = []
    const enter = (next: Phase) => {
      if (phase === next) return
      phase = next
      events.push({ type: 'phase', phase: next })
    }
    let end: Spoken | null = null
    for (const event of batch) {
      switch (event.type) {
        case 'model.open':
          if (phase === null || phase === 'starting') enter('reading')
          break
        case 'phase':
          phase = event.phase
          events.push(event)
          break
        case 'thought.delta':
          if (event.text === '') break
          enter('thinking')
          push(events, event)
          break
        case 'text.delta':
          if (event.text === '') break
          enter(aside ? 'thinking' : 'answering')
          push(events, aside ? { type: 'thought.delta', text: event.text } : event)
          if (aside) words += event.text
          break
        case 'tool.call':
          enter('calling')
          calls.push({ id: event.id, tool: event.tool, input: event.input })
          break
        case 'usage':
          events.push(event)
          break
        case 'model.end':
          end = { kind: 'ended', finish: calls.length > 0 ? 'tools' : event.finish, calls, words }
          break
        case 'model.fail':
          end = { kind: 'failed', fault: event.fault, calls }
          break
      }
    }
    if (events.length > 0) journal.write(...events)
    if (end) return end
    // The log is awaited only when it has fallen far behind: the upstream's socket then fills, and the model waits.
    if (journal.full) await journal.flushed()
  }
  return { kind: 'stopped' }
}

/** Neighbouring words of one packet are one event. */
function push(events: RunEvent[], event: EventOf<'text.delta'> | EventOf<'thought.delta'>): void {
  const last = events.at(-1)
  if (last?.type === event.type) events[events.length - 1] = { type: event.type, text: last.text + event.text }
  else events.push(event)
}
