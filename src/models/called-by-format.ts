import type { Turn, TurnMessage } from '../core/ports.ts'
import { Json } from '../wire/event.ts'

type Schema = { [key: string]: Json }

/** The form of an answer that is a call of the tool that must be called; null where none must. */
export function callSchema({ tools, must }: Turn): Schema | null {
  const tool = tools.find(({ name }) => name === must)
  if (tool === undefined) return null
  const { $schema: _, ...input } = tool.schema
  return {
    type: 'object',
    properties: { tool: { type: 'string', enum: [tool.name] }, input },
    required: ['tool', 'input'],
    additionalProperties: false,
  }
}

/** What is said, with what is to be called now at its end. */
export function withCall({ messages, tools, must }: Turn): readonly TurnMessage[] {
  const tool = tools.find(({ name }) => name === must)
  const last = messages.at(-1)
  if (tool === undefined || last === undefined) return messages
  const words = `Now use the tool ${tool.name}: ${tool.about}\nAnswer with one JSON object and nothing else: {"tool":${JSON.stringify(tool.name)},"input":{…}}, where the input is of this schema: ${JSON.stringify(tool.schema)}`
  return [...messages.slice(0, -1), { ...last, text: `${last.text}\n\n${words}` }]
}

/** The call that an answer of that form is; null for any other text. */
export function readCall(text: string, must: string): Json | null {
  try {
    const said = Json.parse(JSON.parse(text))
    if (typeof said !== 'object' || said === null || Array.isArray(said)) return null
    return said['tool'] === must ? (said['input'] ?? null) : null
  } catch {
    return null
  }
}
