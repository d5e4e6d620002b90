import type { Json } from '../wire/event.ts'
import type { ToolSpec } from './model-ports.ts'

/** The form of an answer that is a call of this tool: {"tool": its name, "input": what its schema wants}. */
export function callSchema({ name, schema }: ToolSpec): { [key: string]: Json } {
  const { $schema: _, ...input } = schema
  return {
    type: 'object',
    properties: { tool: { type: 'string', enum: [name] }, input },
    required: ['tool', 'input'],
    additionalProperties: false,
  }
}

/** What tells a model to write a call in that form now. */
export const callWords = ({ name, about, schema }: ToolSpec): string =>
  `Now use the tool ${name}: ${about.trim()}\nAnswer with one JSON object and nothing else: {"tool":${JSON.stringify(name)},"input":{…}}, where the input is of this schema: ${JSON.stringify(schema)}`
