import type { LlamaGrammar, LlamaGrammarEvaluationState, LlamaModel } from 'node-llama-cpp'
import { callGrammar, type Tool } from './call-grammar.ts'
import type { CallForm } from './call-form.ts'
import { literal, schemaRules } from './schema-grammar.ts'

/** By which the next token is chosen. */
export type Rule = LlamaGrammarEvaluationState
export type Rules = {
  /** For a call of one of these tools of which this much is written. Undefined if there is no rule for that. */
  call: (tools: readonly Tool[], form: CallForm, begun: string) => Rule | undefined
  /** For one JSON value of this schema, and nothing else. */
  form: (schema: { [key: string]: unknown }) => Rule | undefined
  /** For saying this text, and then anything. */
  again: (text: string) => Rule | undefined
}

const KEPT = 64

function formGrammar(schema: { [key: string]: unknown }): string {
  const rules = schemaRules()
  return rules.text(rules.of(schema))
}

/** The rules of a model. Grammars are kept as long as they are asked for: to make one takes longer than a token. */
export async function rulesOf(model: LlamaModel): Promise<Rules> {
  const { LlamaGrammar, LlamaGrammarEvaluationState } = await import('node-llama-cpp')
  const made = new Map<string, LlamaGrammar | null>()
  const make = (text: string | null): LlamaGrammar | null => {
    try {
      return text === null ? null : new LlamaGrammar(model.llama, { grammar: text })
    } catch (cause) {
      process.stderr.write(`warn: a grammar could not be made: ${String(cause)}\n`)
      return null
    }
  }
  const begin = (grammar: LlamaGrammar | null) =>
    grammar === null ? undefined : new LlamaGrammarEvaluationState({ model, grammar })
  const keep = (key: string, text: () => string | null): Rule | undefined => {
    const grammar = made.get(key) ?? make(text())
    made.delete(key)
    made.set(key, grammar)
    if (made.size > KEPT) made.delete([...made.keys()][0]!)
    return begin(grammar)
  }
  return {
    call(tools, form, begun) {
      const key = JSON.stringify([
        form.open,
        begun,
        tools.map(({ function: { name, parameters } }) => [name, parameters]),
      ])
      return keep(key, () => callGrammar(tools, form, begun))
    },
    form: (schema) => keep(JSON.stringify(['form', schema]), () => formGrammar(schema)),
    again: (text) => begin(make(`root ::= ${literal(text)} [^\\x00]*`)),
  }
}
