import type { Json } from '../wire/event.ts'
import { callSchema, callWords } from './call-form.ts'
import type { ToolSpec, Turn, TurnMessage } from './model-ports.ts'

export const OPEN = '<tool_call>'
export const CLOSE = '</tool_call>'

/**
 * The same turn for a model that knows nothing of tools: they are described in the words of the system, in short; its calls are shown as it
 * wrote them, and their results as messages of the user, one after each answer, as every template takes them.
 */
export function promptedTurn(turn: Turn): Turn {
  const names = new Map<string, string>()
  for (const said of turn.messages)
    if (said.role === 'assistant') for (const { id, tool } of said.calls ?? []) names.set(id, tool)
  const messages: TurnMessage[] = []
  for (const said of turn.messages) {
    const last = messages.at(-1)
    if (said.role === 'tool') {
      const text = resultOf(names.get(said.call) ?? 'tool', said.text)
      if (last?.role === 'user') messages[messages.length - 1] = { ...last, text: `${last.text}\n\n${text}` }
      else messages.push({ role: 'user', text })
    } else if (said.role === 'assistant' && said.calls !== undefined && said.calls.length > 0) {
      const written = said.calls.map(({ tool, input }) => callText(tool, input))
      messages.push({ role: 'assistant', text: [said.text.trim(), ...written].filter((t) => t !== '').join('\n\n') })
    } else messages.push(said)
  }
  if (turn.tools.length === 0) return { ...turn, messages }
  const about = toolsText(turn.tools)
  const [first, ...others] = messages
  const told: TurnMessage[] =
    first?.role === 'system'
      ? [{ role: 'system', text: `${first.text}\n\n${about}` }, ...others]
      : [{ role: 'system', text: about }, ...messages]
  const { must, ...rest } = turn
  const tool = turn.tools.find(({ name }) => name === must)
  const stops = [...(turn.stops ?? []), CLOSE]
  if (tool === undefined) return { ...rest, messages: told, tools: [], stops }
  const last = told.at(-1)!
  return {
    ...rest,
    messages: [...told.slice(0, -1), { ...last, text: `${last.text}\n\n${callWords(tool)}` }],
    tools: [],
    stops,
    format: { name: tool.name, schema: callSchema(tool) },
  }
}

const callText = (tool: string, input: Json): string => `${OPEN}\n${JSON.stringify({ tool, input })}\n${CLOSE}`
const resultOf = (tool: string, text: string): string =>
  `Result of ${tool}:\n<tool_result>\n${text.replaceAll('</tool_result', '<\\/tool_result')}\n</tool_result>`

/** What a model is told of its tools; a model that reads each of these words is small, as a rule. */
export function toolsText(tools: readonly ToolSpec[]): string {
  const example = tools[0]
  return [
    '# Tools',
    'You can use the tools below. To use one, write only this, with nothing after it:',
    example === undefined ? '' : callText(example.name, exampleOf(example)),
    'You are then told its result, and go on. Use one tool at a time, and only if the answer needs it. Never invent a result.',
    tools.map(lineOf).join('\n'),
  ].join('\n')
}

function lineOf({ name, about, schema }: ToolSpec): string {
  const fields = fieldsOf(schema).map(({ key, type, needed }) => `${key} (${type}${needed ? '' : ', may be left out'})`)
  return `- ${name}: ${about.trim()} Input: ${fields.length === 0 ? 'nothing, {}' : fields.join(', ')}.`
}

type Field = { key: string; type: string; needed: boolean; sample: Json }

function fieldsOf(schema: ToolSpec['schema']): Field[] {
  const needed = Array.isArray(schema['required']) ? schema['required'] : []
  return Object.entries(objectOf(schema['properties'])).map(([key, value]) => {
    const field = objectOf(value)
    return { key, type: typeOf(field), needed: needed.includes(key), sample: sampleOf(field) }
  })
}

function typeOf(field: { [key: string]: Json }): string {
  if (Array.isArray(field['enum'])) return field['enum'].map((one) => JSON.stringify(one)).join(' or ')
  const ways = field['anyOf'] ?? field['oneOf']
  if (Array.isArray(ways)) return ways.map((way) => typeOf(objectOf(way))).join(' or ')
  const type = typeof field['type'] === 'string' ? field['type'] : 'anything'
  if (type === 'array') return `list of ${typeOf(objectOf(field['items']))}`
  const inner = Object.keys(objectOf(field['properties']))
  if (type === 'object' && inner.length > 0) return `object with ${inner.join(', ')}`
  return TYPES.get(type) ?? type
}
const TYPES = new Map([
  ['string', 'text'],
  ['integer', 'whole number'],
  ['boolean', 'true or false'],
])

function sampleOf(field: { [key: string]: Json }): Json {
  if (Array.isArray(field['enum'])) return field['enum'][0] ?? null
  const { type } = field
  if (type === 'integer' || type === 'number') return 1
  if (type === 'boolean') return true
  if (type === 'array') return [sampleOf(objectOf(field['items']))]
  return type === 'object' ? {} : '...'
}

const exampleOf = ({ schema }: ToolSpec): Json =>
  Object.fromEntries(fieldsOf(schema).flatMap(({ key, needed, sample }) => (needed ? [[key, sample]] : [])))

const objectOf = (value: Json | undefined): { [key: string]: Json } =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {}
