import type { EventOf, Json, Phase, RunEvent } from '../wire/event.ts'
import type { FaultData } from '../wire/fault.ts'
import type { Gauge } from './gauge.ts'
import type { Journal } from './journal.ts'
import type { Clock, ModelEvent } from './ports.ts'

export type Call = { id: string; tool: string; input: Json }
export type Spoken =
  | { kind: 'ended'; finish: 'stop' | 'length' | 'tools'; calls: readonly Call[] }
  /** `calls` are those that were whole by then. */
  | { kind: 'failed'; fault: FaultData; calls: readonly Call[] }
  | { kind: 'stopped' }
/** A model that says again what stands is alive, though it says nothing new. */
const SILENCE_MS = 800
/** Where an answer is joined to what stands of it already. */
export type Seam = { take: (text: string) => string; end: () => string }

/**
 * Writes what a model says into the journal, with the phase that each kind of word stands for, and tells how it ended. Words that the seam
 * holds back when an answer fails may have been said before; they are dropped, and will be said again.
 */
export async function speak(
  stream: AsyncIterable<readonly ModelEvent[]>,
  { journal, gauge, clock, seam }: { journal: Journal; gauge: Gauge; clock: Clock; seam: Seam | null },
): Promise<Spoken> {
  const calls: Call[] = []
  let phase: Phase | null = null
  let told = clock.now()
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
        case 'text.delta': {
          if (event.text === '') break
          enter('answering')
          const text = seam === null ? event.text : seam.take(event.text)
          if (text !== '') push(events, { type: 'text.delta', text })
          else if (clock.now() - told > SILENCE_MS) events.push({ type: 'phase', phase: 'answering' })
          break
        }
        case 'tool.call':
          enter('calling')
          calls.push({ id: event.id, tool: event.tool, input: event.input })
          break
        case 'usage':
          events.push(event)
          break
        case 'model.end': {
          const rest = seam?.end() ?? ''
          if (rest !== '') push(events, { type: 'text.delta', text: rest })
          end = { kind: 'ended', finish: calls.length > 0 ? 'tools' : event.finish, calls }
          break
        }
        case 'model.fail':
          end = { kind: 'failed', fault: event.fault, calls }
          break
      }
    }
    if (events.length > 0) {
      journal.write(...events)
      told = clock.now()
    }
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
