import { newCallId } from '../wire/id.ts'
import type { ModelEvent } from './ports.ts'
import { callReader, type Heard } from './prompted-read.ts'

/**
 * What a model says, with the calls that it writes into its text as calls. `prompted`: it was told to write them so; then it is left after
 * the first. Else only what names one of the tools is a call, for servers that hand a model's own form through.
 */
export async function* writtenCalls(
  events: AsyncIterable<readonly ModelEvent[]>,
  { known, prompted }: { known: ReadonlySet<string>; prompted: boolean },
): AsyncGenerator<readonly ModelEvent[]> {
  const reader = callReader({ known, strict: prompted })
  let called = false
  for await (const batch of events) {
    const out: ModelEvent[] = []
    const take = (heard: readonly Heard[]): void => {
      for (const one of heard) {
        // What follows the call that it was to stop after is no more than a guess of the result.
        if (called && prompted) return
        if (one.kind === 'text') out.push({ type: 'text.delta', text: one.text })
        else if (one.kind === 'opens') out.push({ type: 'phase', phase: 'calling' })
        else {
          out.push({ type: 'tool.call', id: newCallId(), tool: one.call.tool, input: one.call.input })
          called = true
        }
      }
    }
    for (const event of batch) {
      if (event.type === 'text.delta') take(reader.push(event.text))
      else if (event.type === 'model.end') {
        take(reader.end(event.finish !== 'length'))
        out.push(called ? { type: 'model.end', finish: 'tools' } : event)
      } else {
        if (event.type === 'tool.call') take(reader.end(true))
        out.push(event)
      }
    }
    const over = out.some(({ type }) => type === 'model.end' || type === 'model.fail')
    // Its backend was told to stop at the closing mark; one that goes on all the same is left.
    if (called && prompted && !over && !reader.closing) {
      yield [...out, { type: 'model.end', finish: 'tools' }]
      return
    }
    if (out.length > 0) yield out
  }
}
