import type { LanguageModelV4CallOptions, LanguageModelV4Prompt } from '@ai-sdk/provider'
import type { Turn, TurnMessage } from '../core/ports.ts'
import { asObject } from './openai-request.ts'

type Said = LanguageModelV4Prompt[number]

/** A turn as the AI SDK's language models take it. https://ai-sdk.dev/providers/community-providers/custom-providers */
export function callOptions(turn: Turn, abortSignal: AbortSignal): LanguageModelV4CallOptions {
  const names = new Map<string, string>()
  for (const said of turn.messages)
    if (said.role === 'assistant') for (const { id, tool } of said.calls ?? []) names.set(id, tool)
  return {
    prompt: turn.messages.map((said) => message(said, names)),
    ...(turn.stops === undefined ? {} : { stopSequences: [...turn.stops] }),
    ...(turn.tools.length === 0
      ? spentTools(names)
      : {
          tools: turn.tools.map(({ name, about, schema }) => ({
            type: 'function' as const,
            name,
            description: about,
            inputSchema: schema,
          })),
          ...(turn.must === undefined ? {} : { toolChoice: { type: 'tool' as const, toolName: turn.must } }),
        }),
    ...(turn.format === undefined
      ? {}
      : { responseFormat: { type: 'json' as const, name: turn.format.name, schema: turn.format.schema } }),
    ...(turn.maxTokens === undefined ? {} : { maxOutputTokens: turn.maxTokens }),
    ...(turn.temperature === undefined ? {} : { temperature: turn.temperature }),
    abortSignal,
  }
}

/** Providers refuse a history with calls where no tools are named; what may be called no more is named, and forbidden. */
function spentTools(names: ReadonlyMap<string, string>): Pick<LanguageModelV4CallOptions, 'tools' | 'toolChoice'> {
  const called = [...new Set(names.values())]
  if (called.length === 0) return {}
  const inputSchema = { type: 'object', properties: {} } as const
  return {
    tools: called.map((name) => ({ type: 'function', name, description: 'Can not be called any more.', inputSchema })),
    toolChoice: { type: 'none' },
  }
}

function message(said: TurnMessage, names: ReadonlyMap<string, string>): Said {
  switch (said.role) {
    case 'system':
      return { role: 'system', content: said.text }
    case 'user':
      return {
        role: 'user',
        content: [
          { type: 'text', text: said.text },
          ...(said.images ?? []).map(({ type, data }) => ({
            type: 'file' as const,
            mediaType: type,
            data: { type: 'data' as const, data },
          })),
        ],
      }
    case 'assistant':
      return {
        role: 'assistant',
        content: [
          // Providers refuse an empty text.
          ...(said.text === '' ? [] : [{ type: 'text' as const, text: said.text }]),
          ...(said.calls ?? []).map(({ id, tool, input }) => ({
            type: 'tool-call' as const,
            toolCallId: id,
            toolName: tool,
            input: asObject(input),
          })),
        ],
      }
    case 'tool':
      return {
        role: 'tool',
        content: [
          {
            type: 'tool-result',
            toolCallId: said.call,
            toolName: names.get(said.call) ?? said.call,
            output: { type: 'text', value: said.text },
          },
        ],
      }
  }
}
