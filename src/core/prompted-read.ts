import type { Json } from '../wire/event.ts'
import { asJson } from './fit.ts'
import { CLOSE, OPEN } from './prompted-turn.ts'

export type Written = { tool: string; input: Json }
/** `opens`: a call is being written most likely, so that it is quiet for a while. */
/** `alone`: in a form in which models write one call and then guess what comes of it. */
export type Heard = { kind: 'text'; text: string } | { kind: 'call'; call: Written; alone: boolean } | { kind: 'opens' }
type Options = {
  known: ReadonlySet<string>
  /** Whether a tagged call of a tool that is not known is one too, and so is one that can't be read: both are answered then. */
  strict: boolean
}

/** How a call may begin: tagged anywhere, in a block of code or between the tags of the list of tools, or bare at the beginning of a line. */
const OPENS =
  /<tool_call>|(?<=\n)[ \t]*(?:```(?:tool_call|tool|json)|<tools>)[ \t]*\n|(?<=\n)[ \t]*(?=\{\s*"(?:tool|name|type"\s*:\s*"function)"\s*[:,])/
/** What may yet become one of those. */
const HALF =
  /(?:<[a-z_]{0,9}|(?<=\n)[ \t]*(?:`{1,3}|```[a-z_]{1,9}[ \t]*|<tools>[ \t]*|\{\s*(?:"(?:[a-z]{1,4}(?:"\s*(?::\s*(?:"(?:[a-z]{1,8}"?\s*)?)?)?)?)?)?)?)$/
/** A line that ends in a bracket, and does not go on in the next one. */
const LINE = /^([^\n]*\})[ \t]*\n\s*[^\s,\]}"]/
const NAMES = ['tool', 'name', 'function']
const CLOSES = [CLOSE, '```', '</tools>']
const INPUTS = ['input', 'arguments', 'parameters', 'args', 'params']

type Open = { mark: string; close: string | null; sure: boolean }

/**
 * Finds calls in what a model writes, wherever it is cut into pieces. All that is no call comes as the text that it is, letter for letter.
 * `end` tells that no more will come; `whole` is whether the model wanted to end there, so that brackets which it forgot are meant.
 */
export function callReader({ known, strict }: Options): {
  push: (text: string) => Heard[]
  end: (whole: boolean) => Heard[]
  /** Whether a call was read, of which at most the closing mark is still to come. */
  readonly closing: boolean
} {
  let rest = ''
  let lineStart = true
  let open: Open | null = null
  let closing = false

  const emit = (text: string, out: Heard[]) => {
    if (text === '') return
    out.push({ kind: 'text', text })
    lineStart = text.endsWith('\n')
  }
  const look = (out: Heard[], last: boolean): boolean => {
    if (closing) {
      const text = rest.trimStart()
      const mark = CLOSES.find((one) => text.startsWith(one))
      if (mark === undefined && !last && CLOSES.some((one) => one.startsWith(text))) return false
      if (mark !== undefined) rest = text.slice(mark.length)
      closing = false
      lineStart = true
      return rest !== ''
    }
    if (open !== null) return within(open, out, last)
    // The sentinel stands for the end of the line before, so that a line's beginning can be told.
    const seen = (lineStart ? '\n' : ' ') + rest
    const found = OPENS.exec(seen)
    if (found !== null) {
      emit(rest.slice(0, found.index - 1), out)
      const mark = found[0]
      rest = seen.slice(found.index + mark.length)
      open = mark === OPEN ? tagged : { mark, close: closeOf(mark), sure: /`tool/.test(mark) }
      if (open.sure) out.push({ kind: 'opens' })
      return true
    }
    const half = last ? null : HALF.exec(seen)
    const from = half === null ? rest.length : Math.max(0, half.index - 1)
    const tail = rest.slice(from)
    emit(rest.slice(0, from), out)
    rest = tail
    return false
  }
  const within = (at: Open, out: Heard[], last: boolean): boolean => {
    const end = !at.sure && isOther(rest) ? 0 : endOf(rest, at.close)
    const read = (text: string) => callsIn(text, at.sure, { known, strict })
    let body = end === -1 ? rest : rest.slice(0, end)
    let calls = end === 0 || (end === -1 && !last) ? null : read(body)
    if (calls === null && end !== 0 && !at.sure) {
      // A line that lacks a bracket, and does not go on in the next one, ended there.
      const line = LINE.exec(rest)?.[1] ?? ''
      calls = line === '' ? null : read(line)
      if (calls !== null) body = line
    }
    if (calls === null && end === -1 && !last) return false
    open = null
    if (calls === null) {
      // It only looked like one: what opened it is text, and what follows may open another.
      const [text, left] = at.close === null ? [at.mark + rest.slice(0, 1), rest.slice(1)] : [at.mark, rest]
      emit(text, out)
      rest = left
      return rest !== ''
    }
    for (const call of calls) out.push({ kind: 'call', call, alone: at !== tagged })
    rest = rest.slice(body.length)
    closing = true
    return true
  }
  return {
    push(text) {
      rest += text
      const out: Heard[] = []
      while (look(out, false));
      return out
    },
    end(whole) {
      const out: Heard[] = []
      // Half a call that was cut off is nothing.
      if (!whole && open?.sure === true) rest = ''
      else while (look(out, true));
      return out
    },
    get closing() {
      return closing
    },
  }
}
/** JSON whose first field names no tool. */
const isOther = (text: string): boolean => {
  const first = /^\s*[[{]\s*(?:\{\s*)?"([^"]*)"/.exec(text)
  return first !== null && !NAMES.includes(first[1] ?? '') && first[1] !== 'type'
}
const closeOf = (mark: string): string | null =>
  mark.includes('```') ? '\n```' : mark.includes('<tools>') ? '\n</tools>' : null
const tagged: Open = { mark: OPEN, close: CLOSE, sure: true }

/** Where the JSON of a call ends, or the mark that closes it stands outside of its texts: 0 where no JSON begins, -1 if neither has come yet. */
function endOf(text: string, close: string | null): number {
  const from = text.search(/\S/)
  if (from === -1) return -1
  if (text[from] !== '{' && text[from] !== '[') return 0
  let depth = 0
  for (let i = from; i < text.length; i++) {
    const c = text[i]
    if (c === '"') {
      for (i++; i < text.length && text[i] !== '"'; i++) if (text[i] === '\\') i++
      if (i >= text.length) return -1
    } else if (c === '{' || c === '[') depth++
    else if ((c === '}' || c === ']') && --depth === 0) return i + 1
    else if (close !== null && c === close[0] && text.startsWith(close, i)) return i
  }
  return -1
}

function callsIn(body: string, sure: boolean, { known, strict }: Options): Written[] | null {
  const json = asJson(body)
  const list = Array.isArray(json) ? json : [json]
  const calls = list.map((one) => (one === undefined ? null : callOf(one, sure)))
  const all = calls.filter((call) => call !== null)
  if (all.length === list.length && all.length > 0 && ((sure && strict) || all.every(({ tool }) => known.has(tool))))
    return all
  if (!sure || !strict || !/^\s*[[{]\s*["'{[]/.test(body)) return null
  // It was meant as a call: what is wrong with it is told to the model, who gets it as the tool's input.
  const name = /"(?:tool|name)"\s*:\s*"([^"\\]{1,100})"/.exec(body)?.[1] ?? 'tool_call'
  return [{ tool: name, input: body.trim() }]
}

function callOf(json: Json, sure: boolean): Written | null {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) return null
  const nameKey = NAMES.find((key) => Object.hasOwn(json, key))
  if (nameKey === undefined) return null
  const given = json[nameKey] ?? null
  // As OpenAI writes it.
  if (typeof given === 'object') return nameKey === 'function' ? callOf(given, sure) : null
  if (typeof given !== 'string' || given === '') return null
  const inputKey = INPUTS.find((key) => Object.hasOwn(json, key))
  const { [nameKey]: _, type, ...rest } = json
  const others = type === 'function' || type === undefined ? rest : { type, ...rest }
  if (inputKey === undefined) return sure ? { tool: given, input: others } : null
  if (!sure && Object.keys(others).length > 1) return null
  return { tool: given, input: json[inputKey] ?? null }
}
