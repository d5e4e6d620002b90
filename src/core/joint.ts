import type { ModelEvent } from './ports.ts'
import { seam } from './seam.ts'

/**
 * What a model says that was shown what stands: what it says again is left out. That it is at it is said at once, so that whoever tells of
 * silence knows what is on. Words that are held back when an answer fails may have been said before; they are dropped, and will be said again.
 */
export async function* joint(
  events: AsyncIterable<readonly ModelEvent[]>,
  stands: string,
): AsyncGenerator<readonly ModelEvent[]> {
  const { take, end } = seam(stands)
  let begun = false
  for await (const batch of events) {
    const joined: ModelEvent[] = []
    for (const event of batch) {
      let text = ''
      if (event.type === 'text.delta') text = take(event.text)
      // No more of a repeat can follow these.
      else if (event.type === 'model.end' || event.type === 'tool.call') text = end()
      if (text !== '') joined.push({ type: 'text.delta', text })
      if (event.type !== 'text.delta') joined.push(event)
      else if (text === '' && !begun) joined.push({ type: 'phase', phase: 'answering' })
      begun ||= event.type === 'text.delta'
    }
    if (joined.length > 0) yield joined
  }
}
