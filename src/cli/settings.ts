import { z } from 'zod'
import { ConfigFile } from '../config.ts'
import type { Json } from '../wire/event.ts'
import { Failed, UsageError } from './command.ts'

export type Tree = { [name: string]: Json }

/** Every single setting that the file may hold, by its dotted name; of a list its whole. */
export function settingNames(schema: z.ZodType = ConfigFile, before = ''): string[] {
  const inner = bareSchema(schema)
  if (!(inner instanceof z.ZodObject)) return [before]
  return Object.entries(inner.shape as Record<string, z.ZodType>).flatMap(([name, part]) =>
    settingNames(part, before === '' ? name : `${before}.${name}`),
  )
}

function bareSchema(schema: z.ZodType): z.ZodType {
  let inner = schema
  while (inner instanceof z.ZodOptional || inner instanceof z.ZodDefault || inner instanceof z.ZodPrefault)
    inner = inner.unwrap() as z.ZodType // the wrapped type is not told
  return inner
}

/** What stands under a dotted name. One of a list is named by its place or by its `name`. */
export function valueAt(tree: Json | undefined, name: string): Json | undefined {
  let here = tree
  for (const word of name.split('.')) {
    if (Array.isArray(here)) here = here[placeOf(here, word)]
    else if (isTree(here)) here = Object.hasOwn(here, word) ? here[word] : undefined
    else return undefined
  }
  return here
}

/** The same tree with another value under a name; undefined takes it out. Everything else stays as it was, in its order. */
export function withValue(tree: Tree, name: string, value: Json | undefined): Tree {
  return changed(tree, name.split('.'), value, name) as Tree // a tree is changed into a tree
}

function changed(here: Json | undefined, [word = '', ...rest]: string[], value: Json | undefined, name: string): Json {
  if (Array.isArray(here)) {
    const place = placeOf(here, word)
    if (here[place] === undefined) throw new UsageError(`there is no "${word}" in the list that ${name} means`)
    if (rest.length === 0 && value === undefined) return here.filter((_, i) => i !== place)
    return here.map((one, i) =>
      i !== place ? one : rest.length === 0 ? (value ?? null) : changed(one, rest, value, name),
    )
  }
  if (here !== undefined && !isTree(here)) throw new UsageError(`${name} lies within something that holds no names`)
  const copy: Tree = { ...here }
  if (rest.length > 0) {
    if (value === undefined && copy[word] === undefined) return copy
    copy[word] = changed(copy[word], rest, value, name)
  } else if (value === undefined) delete copy[word]
  else copy[word] = value
  return copy
}

const placeOf = (list: readonly Json[], word: string): number => {
  const named = list.findIndex((one) => isTree(one) && one['name'] === word)
  return named === -1 && /^\d{1,4}$/.test(word) ? Number(word) : named
}

const isTree = (value: Json | undefined): value is Tree =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** What a person typed: JSON where the setting takes it as such, else the word itself. Or why the schema takes neither. */
export function judged(tree: Tree, name: string, typed: string): { ok: true; tree: Tree } | { ok: false; why: string } {
  lookAtList(tree, name)
  let why = ''
  for (const value of readings(typed)) {
    const next = withValue(tree, name, value)
    const parsed = ConfigFile.safeParse(next)
    if (parsed.success) return { ok: true, tree: next }
    why ||= isList(name) && !Array.isArray(value) ? listHint(name) : z.prettifyError(parsed.error)
  }
  return { ok: false, why }
}

/** A name below a list must name one that is in it. */
function lookAtList(tree: Tree, name: string): void {
  const list = settingNames().find((one) => name.startsWith(`${one}.`) && isList(one))
  const word = list === undefined ? undefined : name.slice(list.length + 1).split('.')[0]
  if (list === undefined || word === undefined) return
  const there = valueAt(tree, list)
  const items = Array.isArray(there) ? there : []
  if (items[placeOf(items, word)] !== undefined) return
  const names = items.map((one, i) => (isTree(one) && typeof one['name'] === 'string' ? one['name'] : String(i)))
  throw new Failed(
    `${list} has none of the name "${word}"; there ${names.length === 0 ? 'is none yet' : `are ${names.join(', ')}`}.`,
  )
}

const isList = (name: string): boolean => listOf(name) !== null
function listOf(name: string): z.ZodArray | null {
  let schema: z.ZodType = ConfigFile
  for (const word of name.split('.')) {
    const inner = bareSchema(schema)
    const part = inner instanceof z.ZodObject ? (inner.shape as Record<string, z.ZodType>)[word] : undefined
    if (part === undefined) return null
    schema = part
  }
  const inner = bareSchema(schema)
  return inner instanceof z.ZodArray ? inner : null
}

/** How a list is written on the command line. */
function listHint(name: string): string {
  const one =
    listOf(name)?.element instanceof z.ZodString
      ? '"pkn.example.org"'
      : '{"name":"workstation","url":"http://192.168.1.9:8080/v1"}'
  return `${name} wants a list, such as: pkn config set ${name} '[${name === 'cloud' ? '{"provider":"anthropic","models":["MODEL"]}' : one}]'`
}

function readings(typed: string): Json[] {
  try {
    return [JSON.parse(typed) as Json, typed] // JSON.parse gives nothing but Json
  } catch {
    return [typed]
  }
}
