import type { z } from 'zod'
import type { Json } from '../wire/event.ts'

export type Fitted<I> = { ok: true; input: I; mended: string[] } | { ok: false; what: string }

/** The names under which models wrap the input that is asked of them. */
const WRAPPERS = ['arguments', 'parameters', 'input', 'args', 'params']
const MOST_ROUNDS = 6

/**
 * The input of a call as its tool wants it. What a small model often gets wrong is mended, and told in `mended`: JSON within a text, an
 * input that is wrapped, numbers and truths written as texts, a single value for a list, null for what may be left out. Nothing is ever
 * guessed: a value stays what it says, or is refused.
 */
export function fit<I>(schema: z.ZodType<I>, given: Json): Fitted<I> {
  const mended: string[] = []
  let value = given
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const parsed = schema.safeParse(value)
    if (parsed.success) return { ok: true, input: parsed.data, mended }
    const better = unwrapped(value, mended) ?? repaired(value, parsed.error.issues, mended)
    if (better === undefined) return { ok: false, what: told(parsed.error.issues) }
    value = better
  }
  const parsed = schema.safeParse(value)
  return parsed.success ? { ok: true, input: parsed.data, mended } : { ok: false, what: told(parsed.error.issues) }
}

const told = (issues: readonly z.core.$ZodIssue[]): string =>
  issues
    .slice(0, 8)
    .map((issue) => `${issue.path.join('.') || 'the input'}: ${issue.message}`)
    .join('; ')

function unwrapped(value: Json, mended: string[]): Json | undefined {
  if (typeof value === 'string') {
    const json = asJson(value)
    if (json === undefined || typeof json === 'string') return undefined
    mended.push('the input was a text that holds JSON')
    return json
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined
  const keys = Object.keys(value)
  const wrapper = keys.find((key) => WRAPPERS.includes(key))
  const inner = wrapper === undefined ? undefined : value[wrapper]
  // Other keys may only name the call itself.
  if (inner === undefined || !keys.every((key) => key === wrapper || key === 'name' || key === 'type' || key === 'id'))
    return undefined
  if (typeof inner !== 'object' && typeof inner !== 'string') return undefined
  mended.push(`the input was wrapped in "${wrapper}"`)
  return inner
}

function repaired(value: Json, issues: readonly z.core.$ZodIssue[], mended: string[]): Json | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  const copy = structuredClone(value)
  let changed = false
  for (const issue of issues) {
    const at = place(copy, issue.path)
    if (at === null) continue
    const now = at.value()
    if (issue.code === 'unrecognized_keys') {
      if (typeof now !== 'object' || now === null || Array.isArray(now)) continue
      for (const key of issue.keys) delete now[key]
      mended.push(`left out ${issue.keys.map((key) => `"${key}"`).join(', ')}, which it does not know`)
      changed = true
      continue
    }
    const better = issue.code === 'invalid_type' ? asType(now, issue.expected) : undefined
    if (better === undefined) continue
    at.set(better.value)
    mended.push(`${issue.path.join('.')} was ${better.was}`)
    changed = true
  }
  return changed ? copy : undefined
}

type Container = { [key: string]: Json | undefined } | Json[]
function place(
  root: Json,
  path: readonly PropertyKey[],
): { value: () => Json | undefined; set: (to: Json | undefined) => void } | null {
  const last = path.at(-1)
  if (last === undefined) return { value: () => root, set: () => {} }
  let holder: Json | undefined = root
  for (const key of path.slice(0, -1)) {
    if (typeof holder !== 'object' || holder === null) return null
    holder = (holder as { [key: string]: Json })[String(key)]
  }
  if (typeof holder !== 'object' || holder === null) return null
  const there = holder as Container & { [key: string]: Json | undefined }
  const key = String(last)
  return {
    value: () => (Object.hasOwn(there, key) ? there[key] : undefined),
    set: (to) => {
      if (to === undefined) delete there[key]
      else there[key] = to
    },
  }
}

function asType(value: Json | undefined, expected: string): { value: Json | undefined; was: string } | undefined {
  if (value === null) return { value: undefined, was: 'null, and is left out' }
  if (value === undefined) return undefined
  if (expected === 'array') {
    const list = typeof value === 'string' ? asJson(value) : undefined
    return Array.isArray(list)
      ? { value: list, was: 'a text that holds a list' }
      : { value: [value], was: 'a single value, not a list' }
  }
  if (expected === 'string' && (typeof value === 'number' || typeof value === 'boolean'))
    return { value: String(value), was: `a ${typeof value}, not a text` }
  if (typeof value !== 'string') return undefined
  const text = value.trim()
  if ((expected === 'number' || expected === 'int') && /^-?\d+(?:\.\d+)?(?:e[+-]?\d+)?$/i.test(text))
    return { value: Number(text), was: 'a text, not a number' }
  if (expected === 'boolean' && /^(?:true|false)$/i.test(text))
    return { value: text.toLowerCase() === 'true', was: 'a text, not a truth' }
  if (expected === 'object') {
    const json = asJson(text)
    if (typeof json === 'object' && json !== null && !Array.isArray(json))
      return { value: json, was: 'a text that holds an object' }
  }
  return undefined
}

/** JSON as it should be, or with what models put around it or forget: a fence, a comma too many, an end that is missing. */
export function asJson(text: string): Json | undefined {
  const bare = text
    .trim()
    .replace(/^```(?:json)?\s*\n?/i, '')
    .replace(/\n?```$/, '')
    .trim()
  for (const attempt of [bare, bare.replaceAll(/,(\s*[}\]])/g, '$1'), closed(bare)])
    if (attempt !== null)
      try {
        return JSON.parse(attempt) as Json
      } catch {
        // The next way of reading it is tried; what no way can read is told to the model.
      }
  return undefined
}

/** With the brackets and quotes closed that the text leaves open; null if it has none that could be closed. */
function closed(text: string): string | null {
  const open: string[] = []
  let quoted = false
  for (let i = 0; i < text.length; i++) {
    const c = text[i]!
    if (quoted) {
      if (c === '\\') i++
      else if (c === '"') quoted = false
    } else if (c === '"') quoted = true
    else if (c === '{') open.push('}')
    else if (c === '[') open.push(']')
    else if (c === '}' || c === ']') {
      if (open.pop() !== c) return null
    }
  }
  // A text that was cut in a quoted value says less than was meant: that is not mended.
  if (quoted || open.length === 0) return null
  return text.replace(/,\s*$/, '') + open.toReversed().join('')
}
