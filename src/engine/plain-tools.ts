import type { Ask } from './ask.ts'

type Said = Ask['messages'][number]

/**
 * The same conversation for a template that knows nothing of tools: they are described in the system message, and calls and results are
 * written out as text, in the form that most models were shown.
 */
export function plainTools(messages: Ask['messages'], tools: readonly object[]): Ask['messages'] {
  const about = [
    '# Tools',
    'You may call one or more functions to answer. They are described between <tools> and </tools>, each as JSON:',
    `<tools>\n${tools.map((tool) => JSON.stringify(tool)).join('\n')}\n</tools>`,
    'To call one, answer with its name and arguments as JSON between these tags:',
    '<tool_call>\n{"name": <function-name>, "arguments": <args-json-object>}\n</tool_call>',
  ].join('\n\n')
  const [first] = messages
  const said = messages.map(plain)
  if (tools.length === 0) return said
  if (first?.role !== 'system') return [{ role: 'system', content: about }, ...said]
  return [{ role: 'system', content: `${first.content}\n\n${about}` }, ...said.slice(1)]
}

function plain(message: Said): Said {
  switch (message.role) {
    case 'system':
    case 'user':
      return message
    case 'tool':
      return { role: 'user', content: `<tool_response>\n${message.content}\n</tool_response>` }
    case 'assistant': {
      const calls = (message.tool_calls ?? []).map(({ function: call }) => {
        const given = typeof call.arguments === 'string' ? call.arguments : JSON.stringify(call.arguments)
        return `<tool_call>\n{"name": ${JSON.stringify(call.name)}, "arguments": ${given}}\n</tool_call>`
      })
      return { role: 'assistant', content: [message.content, ...calls].filter((text) => text !== '').join('\n') }
    }
  }
}
