import type { Turn, TurnMessage } from '../core/ports.ts'
import { asObject, toolList } from './openai-request.ts'
import { calledByFormat } from './called-by-format.ts'

/** How finely it can be stopped while it reads. A changed value makes Ollama load the model anew: so always this one. */
const BATCH = 256

/** The body of /api/chat. `num_ctx` is left to the server, for another one would load the model anew too. With `goesOn`, it is given what was said to go on from. */
export function ollamaRequest(turn: Turn, think: boolean, goesOn = false): string {
  const options: { [name: string]: number | readonly string[] } = { num_batch: BATCH }
  if (turn.maxTokens !== undefined) options['num_predict'] = turn.maxTokens
  if (turn.temperature !== undefined) options['temperature'] = turn.temperature
  if (turn.stops !== undefined && turn.stops.length > 0) options['stop'] = turn.stops
  const names = new Map<string, string>()
  for (const said of turn.messages)
    if (said.role === 'assistant') for (const { id, tool } of said.calls ?? []) names.set(id, tool)
  // Ollama knows no choice of a tool: the call is asked for in words, and held to its form.
  const forced = calledByFormat(turn)
  const { messages } = forced ?? turn
  const format = forced?.schema ?? turn.format?.schema
  return JSON.stringify({
    model: turn.model,
    messages: [
      ...messages.map((said) => message(said, names)),
      ...(turn.said && goesOn ? [{ role: 'assistant', content: turn.said.text }] : []),
    ],
    stream: true,
    ...(turn.tools.length > 0 && forced === null ? { tools: toolList(turn) } : {}),
    ...(format === undefined ? {} : { format }),
    // Models that can't think answer 400 to it, even to `false`.
    ...(think ? { think: true } : {}),
    options,
  })
}

function message(said: TurnMessage, names: ReadonlyMap<string, string>): object {
  switch (said.role) {
    case 'system':
      return { role: 'system', content: said.text }
    case 'user': {
      const images = said.images?.map(({ data }) => data) ?? []
      return { role: 'user', content: said.text, ...(images.length > 0 ? { images } : {}) }
    }
    case 'assistant': {
      const tool_calls = said.calls?.map(({ tool, input }) => ({
        function: { name: tool, arguments: asObject(input) },
      }))
      const thinking = said.thought === undefined ? {} : { thinking: said.thought }
      return { role: 'assistant', content: said.text, ...thinking, ...(tool_calls?.length ? { tool_calls } : {}) }
    }
    case 'tool':
      return { role: 'tool', content: said.text, tool_name: names.get(said.call) ?? said.call }
  }
}
