type Fields = { [key: string]: unknown }

const fields = (value: unknown): Fields | null =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : null
const list = (value: unknown): unknown[] | null => (Array.isArray(value) && value.length > 0 ? value : null)
const count = (value: unknown): number | null => (Number.isInteger(value) && Number(value) >= 0 ? Number(value) : null)

/** More repetitions than this are not counted. */
const MOST = 200
const MOST_CHARS = 600
const DEEPEST = 24
const MANY = 32
/** Rules of which all others are made. What stands between two signs is kept short: a model that is unsure would go on with it for ever. */
const BASE: { [name: string]: string } = {
  ws: '| " " | "\\n" [ \\t]{0,12}',
  char: '[^"\\\\\\x00-\\x1F\\x7F] | "\\\\" (["\\\\/bfnrt] | "u" [0-9a-fA-F]{4})',
  string: '"\\"" char* "\\""',
  integer: '"-"? ("0" | [1-9] [0-9]{0,14})',
  number: '"-"? ("0" | [1-9] [0-9]{0,14}) ("." [0-9]{1,15})? ([eE] [-+]? [0-9]{1,2})?',
  boolean: '"true" | "false"',
  null: '"null"',
  pair: 'string ws ":" ws value',
  object: '"{" ws (pair (ws "," ws pair)*)? ws "}"',
  array: '"[" ws (value (ws "," ws value)*)? ws "]"',
  value: 'object | array | string | number | boolean | null',
}

/** Text as it stands in a grammar. */
export const literal = (text: string): string =>
  `"${text.replaceAll(/[\\"]/g, '\\$&').replaceAll('\n', '\\n').replaceAll('\r', '\\r').replaceAll('\t', '\\t')}"`

/**
 * Collects the rules of a grammar for JSON by schema. What a grammar can't say (patterns, bounds of numbers, formats) is not asked for, and a
 * schema that can't be understood allows any JSON: a rule that is too wide costs nothing, since whoever takes the call looks at it again.
 * Required fields come first, in their order, then the others.
 */
export function schemaRules(): { of: (schema: unknown) => string; text: (root: string) => string } {
  const rules = new Map<string, string>()
  const named = new Map<unknown, string>()

  const add = (body: string): string => {
    for (const [name, known] of rules) if (known === body) return name
    const name = `r${rules.size}`
    rules.set(name, body)
    return name
  }
  const of = (schema: unknown, top: Fields = fields(schema) ?? {}, depth = 0): string => {
    const given = fields(schema)
    if (given === null || depth > DEEPEST) return 'value'
    if ('const' in given) return add(literal(JSON.stringify(given['const'])))
    const values = list(given['enum'])
    if (values !== null) return add(values.map((value) => literal(JSON.stringify(value))).join(' | '))
    if (typeof given['$ref'] === 'string') return referred(given['$ref'], top, depth)
    const choices = list(given['anyOf']) ?? list(given['oneOf'])
    if (choices !== null) return add(choices.map((choice) => of(choice, top, depth + 1)).join(' | '))
    const all = list(given['allOf'])
    if (all !== null) return all.length === 1 ? of(all[0], top, depth + 1) : 'value'
    const types = list(given['type'])
    if (types !== null) return add(types.map((type) => of({ ...given, type }, top, depth + 1)).join(' | '))
    switch (given['type']) {
      case 'string':
        return text(given)
      case 'integer':
        return Number(given['minimum'] ?? -1) >= 0 ? add('"0" | [1-9] [0-9]{0,14}') : 'integer'
      case 'number':
      case 'boolean':
      case 'null':
        return given['type']
      case 'array':
        return items(given, top, depth)
      case 'object':
        return object(given, top, depth)
      default:
        return fields(given['properties']) === null ? 'value' : object(given, top, depth)
    }
  }
  const text = (given: Fields): string => {
    const least = Math.min(count(given['minLength']) ?? 0, MOST_CHARS)
    const most = count(given['maxLength'])
    if (least === 0 && (most === null || most > MOST_CHARS)) return 'string'
    return add(`"\\"" char{${least},${most === null || most > MOST_CHARS ? '' : Math.max(most, least)}} "\\""`)
  }
  const items = (given: Fields, top: Fields, depth: number): string => {
    const item = of(given['items'], top, depth + 1)
    const least = Math.min(count(given['minItems']) ?? 0, MOST)
    const most = count(given['maxItems'])
    if (most === 0) return add('"[" ws "]"')
    const more = `{${Math.max(0, least - 1)},${most === null || most > MOST ? '' : Math.max(most, least) - 1}}`
    const some = `${item} (ws "," ws ${item})${more}`
    return add(`"[" ws ${least === 0 ? `(${some})?` : some} ws "]"`)
  }
  const object = (given: Fields, top: Fields, depth: number): string => {
    const properties = fields(given['properties'])
    if (properties === null || Object.keys(properties).length === 0)
      return given['additionalProperties'] === false ? add('"{" ws "}"') : 'object'
    const must = new Set(list(given['required']) ?? [])
    const keys = Object.keys(properties)
    const pair = (key: string) =>
      add(`${literal(JSON.stringify(key))} ws ":" ws ${of(properties[key], top, depth + 1)}`)
    const first = keys.filter((key) => must.has(key)).map(pair)
    const others = keys.filter((key) => !must.has(key)).slice(0, MANY)
    const may = others.map(pair)
    const then = (pairs: string[]) => pairs.map((rule) => `(ws "," ws ${rule})?`).join(' ')
    const inside =
      first.length > 0
        ? `${first.join(' ws "," ws ')} ${then(may)}`
        : `(${may.map((rule, i) => `${rule} ${then(may.slice(i + 1))}`).join(' | ')})?`
    return add(`"{" ws ${inside} ws "}"`)
  }
  /** A schema may refer to itself; its rule is named before it is made. */
  const referred = (path: string, top: Fields, depth: number): string => {
    let found: unknown = path.startsWith('#') ? top : undefined
    for (const part of path.split('/').slice(1))
      found = fields(found)?.[part.replaceAll('~1', '/').replaceAll('~0', '~')]
    if (found === undefined) return 'value'
    const known = named.get(found)
    if (known !== undefined) return known
    const name = `d${named.size}`
    named.set(found, name)
    rules.set(name, of(found, top, depth + 1))
    return name
  }
  return {
    of: (schema) => of(schema),
    text: (root) =>
      [['root', root], ...Object.entries(BASE), ...rules].map(([name, body]) => `${name} ::= ${body}`).join('\n'),
  }
}
