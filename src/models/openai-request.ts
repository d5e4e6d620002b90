import type { Json } from '../wire/event.ts'
import type { Turn, TurnMessage } from '../core/ports.ts'
import { isStrict } from './unheld.ts'

/** `engine` is PKN's own, `llama` is llama.cpp's server; `openai` any other that speaks the dialect. */
export type OpenaiKind = 'openai' | 'llama' | 'engine'

/**
 * The body that asks for a turn. Fields that only llama.cpp and PKN's engine know go to those alone: others refuse what they don't know.
 * `goOn` are the fields by which this server goes on from what was said; null if it is not known to.
 */
export function openaiRequest(
  turn: Turn,
  kind: OpenaiKind,
  url: string,
  { seed, goOn = null }: { seed?: number; goOn?: Readonly<Record<string, unknown>> | null } = {},
): string {
  const body: { [field: string]: unknown } = {
    model: turn.model,
    messages: [
      ...turn.messages.map((said) => message(said, kind)),
      ...(turn.said && goOn ? [begun(turn.said, kind)] : []),
    ],
    stream: true,
    stream_options: { include_usage: true },
  }
  if (turn.tools.length > 0) body['tools'] = toolList(turn)
  // llama.cpp and LM Studio take no choice by name: it is the only tool there is, and one is required.
  if (turn.must !== undefined) body['tool_choice'] = 'required'
  if (turn.format !== undefined) body['response_format'] = formatOf(turn.format)
  if (turn.stops !== undefined && turn.stops.length > 0) body['stop'] = turn.stops
  // OpenAI's newer models refuse max_tokens; other servers know nothing else.
  if (turn.maxTokens !== undefined)
    body[/^https:\/\/api\.openai\.com[:/]/.test(url) ? 'max_completion_tokens' : 'max_tokens'] = turn.maxTokens
  if (turn.temperature !== undefined) body['temperature'] = turn.temperature
  if (kind !== 'openai') {
    body['return_progress'] = true
    body['cache_prompt'] = true
    if (seed !== undefined) body['seed'] = seed
  }
  if (turn.said && goOn) Object.assign(body, goOn)
  return JSON.stringify(body)
}

/** Of a turn that must call one tool, that one alone. */
export const toolList = ({ tools, must }: Turn) =>
  tools
    .filter(({ name }) => must === undefined || name === must)
    .map(({ name, about, schema }) => ({
      type: 'function',
      function: { name, description: about, parameters: schema },
    }))

const formatOf = ({ name, schema }: NonNullable<Turn['format']>) => ({
  type: 'json_schema',
  json_schema: { name, strict: isStrict(schema), schema },
})

const begun = ({ thought, text }: NonNullable<Turn['said']>, kind: OpenaiKind): object => ({
  role: 'assistant',
  content: text,
  ...(thought === '' || kind === 'openai' ? {} : { reasoning_content: thought }),
})

function message(said: TurnMessage, kind: OpenaiKind): object {
  switch (said.role) {
    case 'system':
      return { role: 'system', content: said.text }
    case 'user': {
      if (!said.images?.length) return { role: 'user', content: said.text }
      const images = said.images.map(({ type, data }) => ({
        type: 'image_url',
        image_url: { url: `data:${type};base64,${data}` },
      }))
      return { role: 'user', content: [{ type: 'text', text: said.text }, ...images] }
    }
    case 'assistant': {
      if (said.calls === undefined || said.calls.length === 0) return { role: 'assistant', content: said.text }
      const tool_calls = said.calls.map(({ id, tool, input }) => ({
        id,
        type: 'function',
        function: { name: tool, arguments: JSON.stringify(asObject(input)) },
      }))
      const thought = said.thought && kind !== 'openai' ? { reasoning_content: said.thought } : {}
      return { role: 'assistant', content: said.text === '' ? null : said.text, ...thought, tool_calls }
    }
    case 'tool':
      return { role: 'tool', tool_call_id: said.call, content: said.text }
  }
}

/** Templates read arguments as an object; a call whose arguments were broken had none. */
export const asObject = (input: Json): { [key: string]: Json } =>
  typeof input === 'object' && input !== null && !Array.isArray(input) ? input : {}
