/** How a model was taught to write a call of a tool. */
export type CallForm = {
  /** What opens a call, wherever it stands. */
  open: string
  /** What opens one at the beginning of what is said, and belongs to it. */
  bare: string | null
  /** What closes it; without that, it ends where its JSON does. */
  close: string | null
  /** Whether one opening is followed by a list of calls. */
  list: boolean
  /** The name that its input has. */
  input: 'arguments' | 'parameters'
  /** What is put between the opening and the JSON when a call is forced. */
  gap: string
}

/** Hermes, Qwen and many others; also what models are asked to write whose template knows nothing of tools. */
export const TAGGED: CallForm = {
  open: '<tool_call>',
  bare: null,
  close: '</tool_call>',
  list: false,
  input: 'arguments',
  gap: '\n',
}
const LLAMA: CallForm = {
  open: '<|python_tag|>',
  bare: '{"name"',
  close: null,
  list: false,
  input: 'parameters',
  gap: '',
}
const MISTRAL: CallForm = {
  open: '[TOOL_CALLS]',
  bare: null,
  close: null,
  list: true,
  input: 'arguments',
  gap: '',
}

/** The form that a template shows. */
export function callForm(template: string): CallForm {
  if (template.includes('<tool_call>')) return TAGGED
  if (template.includes('[TOOL_CALLS]')) return MISTRAL
  if (/\\?"parameters\\?"/.test(template) && /ipython|python_tag/.test(template)) return LLAMA
  return TAGGED
}

/** Where the first JSON value of a text ends that is an object or a list; -1 if it has not ended yet. */
export function jsonEnd(text: string): number {
  let depth = 0
  let inside = false
  for (let i = 0; i < text.length; i++) {
    const c = text[i]
    if (inside) {
      if (c === '\\') i += 1
      else if (c === '"') inside = false
    } else if (c === '"') inside = true
    else if (c === '{' || c === '[') depth += 1
    else if ((c === '}' || c === ']') && --depth <= 0) return i + 1
  }
  return -1
}

export type Call = { kind: 'call'; name: string; input: Record<string, unknown> }

/** The calls that a text is, or null if it isn't any. */
export function readCalls(body: string): Call[] | null {
  try {
    const json: unknown = JSON.parse(body)
    const calls = (Array.isArray(json) ? json : [json]).map(callOf)
    return calls.length > 0 && calls.every((call) => call !== null) ? calls : null
  } catch {
    return null
  }
}

function callOf(json: unknown): Call | null {
  if (typeof json !== 'object' || json === null || !('name' in json) || typeof json.name !== 'string') return null
  const given: unknown = 'arguments' in json ? json.arguments : 'parameters' in json ? json.parameters : {}
  const input: unknown = typeof given === 'string' ? JSON.parse(given) : given
  if (typeof input !== 'object' || input === null || Array.isArray(input)) return null
  return { kind: 'call', name: json.name, input: input as Record<string, unknown> }
}
