import { callSchema, callWords, type ModelEvent, type ToolSpec, type Turn } from '../core/ports.ts'
import { Json } from '../wire/event.ts'
import { newCallId } from '../wire/id.ts'

const forced = ({ tools, must }: Turn): ToolSpec | undefined => tools.find(({ name }) => name === must)

/** A turn that must call a tool, for a backend that can't be told so: asked for in words, and held to the form of the call. Null for any other turn. */
export function calledByFormat(turn: Turn): (Pick<Turn, 'messages'> & { schema: { [key: string]: Json } }) | null {
  const tool = forced(turn)
  const last = turn.messages.at(-1)
  if (tool === undefined || last === undefined) return null
  const asked = { ...last, text: `${last.text}\n\n${callWords(tool)}` }
  return { messages: [...turn.messages.slice(0, -1), asked], schema: callSchema(tool) }
}

/** The input of the call that an answer of that form is; null for any other text. */
export function readCall(text: string, must: string): Json | null {
  try {
    const said = Json.parse(JSON.parse(text))
    if (typeof said !== 'object' || said === null || Array.isArray(said)) return null
    return said['tool'] === must ? (said['input'] ?? null) : null
  } catch {
    return null
  }
}

/** An answer in the form of a call as the call that it is; any other words as the text that they are, once it has ended. */
export async function* asCall(
  events: AsyncIterable<readonly ModelEvent[]>,
  must: string,
): AsyncGenerator<readonly ModelEvent[]> {
  let written = ''
  for await (const batch of events) {
    const out: ModelEvent[] = []
    for (const event of batch) {
      if (event.type === 'text.delta') {
        if (written === '') out.push({ type: 'phase', phase: 'calling' })
        written += event.text
      } else if (event.type === 'model.end') {
        const input = readCall(written, must)
        if (input === null) out.push({ type: 'text.delta', text: written }, event)
        else out.push({ type: 'tool.call', id: newCallId(), tool: must, input }, { type: 'model.end', finish: 'tools' })
      } else out.push(event)
    }
    yield out
  }
}
