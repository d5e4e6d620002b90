import { overlap } from './stop-strings.ts'

export type Piece =
  | { kind: 'text'; text: string }
  | { kind: 'thought'; text: string }
  | { kind: 'call'; name: string; input: Record<string, unknown> }

type State = 'start' | 'thought' | 'gap' | 'text' | 'call'
const MARK = {
  start: '<think>',
  thought: '</think>',
  call: '</tool_call>',
} as const

/**
 * Tells thoughts, text and tool calls of an answer apart while it is written, wherever it is cut into pieces. A thought can only stand
 * first. A call that isn't one, because its JSON isn't valid, comes as the text that it was. White space around thoughts, before calls
 * and at the end is dropped.
 */
export function answerReader(options: { thinking: boolean; tools: boolean }): {
  push: (text: string) => Piece[]
  flush: () => Piece[]
} {
  let state: State = options.thinking ? 'thought' : 'start'
  let said = false
  let rest = ''

  const step = (out: Piece[]): boolean => {
    switch (state) {
      case 'start': {
        const text = rest.trimStart()
        if (text === '' || (text.length < MARK.start.length && MARK.start.startsWith(text))) return false
        const thinks = text.startsWith(MARK.start)
        rest = thinks ? text.slice(MARK.start.length) : text
        state = thinks ? 'thought' : 'text'
        return true
      }
      case 'thought':
        return upTo(MARK.thought, 'thought', 'gap', out)
      case 'gap':
        rest = rest.trimStart()
        if (rest === '') return false
        state = 'text'
        return true
      case 'text':
        if (options.tools) return upTo('<tool_call>', 'text', 'call', out)
        emit('text', rest, out)
        return false
      case 'call': {
        const end = rest.indexOf(MARK.call)
        if (end === -1) return false
        const body = rest.slice(0, end)
        rest = rest.slice(end + MARK.call.length)
        const call = readCall(body)
        if (call !== null) out.push(call)
        else out.push({ kind: 'text', text: `${said ? '\n' : ''}<tool_call>${body}${MARK.call}` })
        said = said || call === null
        state = call === null ? 'text' : 'gap'
        return true
      }
    }
  }
  /** Gives out what stands before the mark; goes on behind it if it is there. */
  const upTo = (mark: string, kind: 'thought' | 'text', next: State, out: Piece[]): boolean => {
    const at = rest.indexOf(mark)
    const end = at === -1 ? rest.length - overlap(rest, mark) : at
    const tail = rest.slice(end)
    emit(kind, rest.slice(0, end), out)
    if (at === -1) {
      rest += tail
      return false
    }
    rest = tail.slice(mark.length)
    said = kind === 'text' && said
    state = next
    return true
  }
  /** Gives text out up to its trailing white space, which waits in `rest` until something follows it. */
  const emit = (kind: 'thought' | 'text', text: string, out: Piece[]): void => {
    const from = said ? text : text.trimStart()
    const body = from.trimEnd()
    rest = from.slice(body.length)
    if (body === '') return
    out.push({ kind, text: body })
    said = true
  }
  return {
    push(text) {
      rest += text
      const out: Piece[] = []
      while (step(out));
      return out
    },
    flush() {
      const out: Piece[] = []
      const call = state === 'call' ? readCall(rest) : null
      if (call !== null) out.push(call)
      else {
        const text = (state === 'call' ? `${said ? '\n' : ''}<tool_call>${rest}` : rest).trimEnd()
        if (text.trim() !== '') out.push({ kind: state === 'thought' ? 'thought' : 'text', text })
      }
      rest = ''
      return out
    },
  }
}

function readCall(body: string): Piece | null {
  try {
    const json: unknown = JSON.parse(body)
    if (typeof json !== 'object' || json === null || !('name' in json) || typeof json.name !== 'string') return null
    const given: unknown = 'arguments' in json ? json.arguments : 'parameters' in json ? json.parameters : {}
    const input: unknown = typeof given === 'string' ? JSON.parse(given) : given
    if (typeof input !== 'object' || input === null || Array.isArray(input)) return null
    return { kind: 'call', name: json.name, input: input as Record<string, unknown> }
  } catch {
    return null
  }
}
