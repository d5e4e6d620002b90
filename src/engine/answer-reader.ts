import { jsonEnd, readCalls, TAGGED, type Call, type CallForm } from './call-form.ts'
import { overlap } from './stop-strings.ts'

export type Piece = { kind: 'text'; text: string } | { kind: 'thought'; text: string } | Call
export type Resumes = 'thought' | 'text' | null
export type ReaderOptions = {
  /** The prompt has begun a thought; by this tag, or by the usual one. */
  thinking: boolean
  tools: boolean
  /** The answer goes on from a text or a thought of which something is said already. */
  resumes?: Resumes
  form?: CallForm
}
/** A call that is being written: which one it is of this answer, and how much of it is there. */
export type Calling = { nth: number; body: string }

type State = 'start' | 'thought' | 'gap' | 'text' | 'call'
const THOUGHTS = [
  ['<think>', '</think>'],
  ['<thinking>', '</thinking>'],
  ['[THINK]', '[/THINK]'],
  ['<|channel|>analysis<|message|>', '<|start|>assistant<|channel|>final<|message|>'],
  ['<|channel|>final<|message|>', ''],
] as const

/**
 * Tells thoughts, text and tool calls of an answer apart while it is written, wherever it is cut into pieces. A thought can only stand
 * first. A call that isn't one, because its JSON isn't valid, comes as the text that it was. White space around thoughts, before calls
 * and at the end is dropped.
 */
export function answerReader({ thinking, tools, resumes = null, form = TAGGED }: ReaderOptions): {
  push: (text: string) => Piece[]
  flush: (cut?: boolean) => Piece[]
  calling: () => Calling | null
} {
  let state: State = resumes ?? (thinking ? 'thought' : 'start')
  let said = resumes !== null
  /** Nothing but calls stands before. */
  let fresh = resumes !== 'text'
  let end: string = THOUGHTS[0][1]
  let opened = 0
  let rest = ''

  const step = (out: Piece[]): boolean => {
    switch (state) {
      case 'start': {
        const text = rest.trimStart()
        if (text === '' || THOUGHTS.some(([open]) => text.length < open.length && open.startsWith(text))) return false
        const thought = THOUGHTS.find(([open]) => text.startsWith(open))
        rest = thought === undefined ? text : text.slice(thought[0].length)
        end = thought?.[1] ?? ''
        state = end === '' ? 'text' : 'thought'
        return true
      }
      case 'thought':
        return upTo(end, 'thought', 'gap', out)
      case 'gap':
        rest = rest.trimStart()
        if (rest === '') return false
        state = 'text'
        return true
      case 'text':
        if (tools) return bare() ?? upTo(form.open, 'text', 'call', out)
        emit('text', rest, out)
        return false
      case 'call': {
        const end = callEnd()
        if (end === null) return false
        const body = rest.slice(0, end.at)
        rest = rest.slice(end.after)
        const calls = readCalls(body)
        if (calls !== null) out.push(...calls)
        else out.push({ kind: 'text', text: `${said ? '\n' : ''}${unread(body)}${form.close ?? ''}` })
        said = said || calls === null
        fresh = calls !== null
        state = calls === null ? 'text' : 'gap'
        return true
      }
    }
  }
  /** A call that stands first, without anything that opens it: null if there is none. */
  const bare = (): boolean | null => {
    if (form.bare === null || !fresh) return null
    const text = rest.replace(/^[\s;]*/, '')
    if (text === '' || (text.length < form.bare.length && form.bare.startsWith(text))) return false
    fresh = false
    if (!text.startsWith(form.bare)) return null
    rest = text
    begin()
    return true
  }
  const begin = () => {
    state = 'call'
    opened += 1
  }
  const callEnd = (): { at: number; after: number } | null => {
    const json = jsonEnd(rest)
    if (json === -1) return null
    if (form.close === null) return { at: json, after: json }
    const at = rest.indexOf(form.close, json)
    return at === -1 ? null : { at, after: at + form.close.length }
  }
  const unread = (body: string) => (form.bare !== null && body.startsWith(form.bare) ? body : form.open + body)
  /** Gives out what stands before the mark; goes on behind it if it is there. */
  const upTo = (mark: string, kind: 'thought' | 'text', next: State, out: Piece[]): boolean => {
    const at = rest.indexOf(mark)
    const stop = at === -1 ? rest.length - overlap(rest, mark) : at
    const tail = rest.slice(stop)
    emit(kind, rest.slice(0, stop), out)
    if (at === -1) {
      rest += tail
      return false
    }
    rest = tail.slice(mark.length)
    said = kind === 'text' && said
    if (next === 'call') begin()
    else state = next
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
    if (kind === 'text') fresh = false
  }
  return {
    push(text) {
      rest += text
      const out: Piece[] = []
      while (step(out));
      return out
    },
    /** Half a call that the limit has cut is nothing; any other is the text that it was. */
    flush(cut = false) {
      const out: Piece[] = []
      const calls = state === 'call' ? readCalls(rest) : null
      if (calls !== null) out.push(...calls)
      else if (state !== 'call' || !cut) {
        const text = (state === 'call' ? `${said ? '\n' : ''}${unread(rest)}` : rest).trimEnd()
        if (text.trim() !== '') out.push({ kind: state === 'thought' ? 'thought' : 'text', text })
      }
      rest = ''
      state = 'text'
      return out
    },
    calling: () => (state === 'call' ? { nth: opened, body: rest } : null),
  }
}
