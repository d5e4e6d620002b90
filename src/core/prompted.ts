import { newCallId } from '../wire/id.ts'
import type { ModelEvent } from './ports.ts'
import { callReader, type Heard } from './prompted-read.ts'

/**
 * What a model says, with the calls that it writes into its text as calls. `prompted`: it was told to write them so; then it is left after
 * the first. Else only what names one of the tools is a call, for servers that hand a model's own form through; and it is left after the first that
 * is written in no form of a model, since what follows one is a guess of the result.
 */
export async function* writtenCalls(
  events: AsyncIterable<readonly ModelEvent[]>,
  { known, prompted }: { known: ReadonlySet<string>; prompted: boolean },
): AsyncGenerator<readonly ModelEvent[]> {
  const reader = callReader({ known, strict: prompted })
  let called = false
  /** Whether what follows is no more than a guess of the result. */
  let last = false
  for await (const batch of events) {
    const out: ModelEvent[] = []
    const take = (heard: readonly Heard[]): void => {
      for (const one of heard) {
        if (last) return
        if (one.kind === 'text') out.push({ type: 'text.delta', text: one.text })
        else if (one.kind === 'opens') out.push({ type: 'phase', phase: 'calling' })
        else {
          out.push({ type: 'tool.call', id: newCallId(), tool: one.call.tool, input: one.call.input })
          called = true
          last = prompted || one.alone
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
    // A backend that was told to stop at the closing mark may go on all the same.
    if (last && !over && !reader.closing) {
      yield [...out, { type: 'model.end', finish: 'tools' }]
      return
    }
    if (out.length > 0) yield out
  }
}
