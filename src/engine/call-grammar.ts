import type { Ask } from './ask.ts'
import type { CallForm } from './call-form.ts'
import { literal, schemaRules } from './schema-grammar.ts'

export type Tool = NonNullable<Ask['tools']>[number]

/**
 * What can follow on `begun` in a call of one of the tools: its name, and its input by its schema. Null if no call begins like that.
 */
export function callGrammar(tools: readonly Tool[], form: CallForm, begun: string): string | null {
  const rules = schemaRules()
  const calls = tools.map(({ function: { name, parameters } }) => {
    const schema = rules.of(parameters ?? { type: 'object' })
    return `${literal(JSON.stringify(name).slice(1))} ws "," ws ${literal(`"${form.input}"`)} ws ":" ws ${schema} ws "}"`
  })
  const call = `(${calls.join(' | ')})`
  const head = [...(form.list ? ['['] : []), '{', '"name"', ':', '"']
  const left = after(head, begun)
  if (left === null || calls.length === 0) return null
  const begin = left.map((sign) => `ws ${literal(sign)}`).join(' ')
  const more = form.list ? `(ws "," ws "{" ws "\\"name\\"" ws ":" ws "\\"" ${call})* ws "]"` : ''
  const end = form.close === null ? '' : `ws ${literal(form.close)}`
  return rules.text(`${begin} ${call} ${more} ${end}`)
}

/** What is left of these signs after a text that begins with some of them, or null if it begins otherwise. */
function after(signs: string[], text: string): string[] | null {
  const [sign, ...others] = signs
  const rest = text.trimStart()
  if (rest === '') return signs
  if (sign === undefined) return null
  if (rest.startsWith(sign)) return after(others, rest.slice(sign.length))
  return sign.startsWith(rest) ? [sign.slice(rest.length), ...others] : null
}
