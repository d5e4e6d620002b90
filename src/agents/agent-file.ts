import { isNode, LineCounter, parseDocument } from 'yaml'
import { z } from 'zod'
import type { Agent } from '../core/ports.ts'
import { AgentName } from '../wire/id.ts'

/** One message a line, which needs no quoting, or a list of strings. */
const Examples = z
  .union([z.string(), z.array(z.string())], 'must be a list of messages, or a block with one message a line')
  .transform((given) => (typeof given === 'string' ? given.split('\n') : given))
  .transform((texts) => texts.map((text) => text.trim()).filter((text) => text !== ''))

const FrontMatter = z.strictObject({
  name: AgentName,
  title: z.string().trim().min(1).max(60),
  about: z.string().trim().min(1).max(600),
  examples: Examples.default([]),
  models: z.array(z.string()).default([]),
  tools: z.array(z.string()).default([]),
  delegates: z.array(AgentName).default([]),
})

export type ParsedAgent = { ok: true; agent: Agent } | { ok: false; what: string }

/** Reads `---`, YAML, `---`, instructions. What is wrong names the file and the line or the field. */
export function parseAgentFile(file: string, content: string, source: Agent['source']): ParsedAgent {
  const parts = /^\uFEFF?---[ \t]*\r?\n([\s\S]*?\r?\n)---[ \t]*(?:\r?\n([\s\S]*))?$/.exec(content)
  const yaml = parts?.[1]
  if (yaml === undefined)
    return { ok: false, what: `${file}:1: must begin with a line ---, then settings, then a line ---` }
  const lines = new LineCounter()
  const document = parseDocument(yaml, { lineCounter: lines, prettyErrors: false })
  // The first line of the file is the --- above the YAML.
  const lineAt = (at: number) => lines.linePos(at).line + 1
  const broken = document.errors[0]
  if (broken) return { ok: false, what: `${file}:${lineAt(broken.pos[0])}: ${broken.message}` }

  const parsed = FrontMatter.safeParse(document.toJS({ maxAliasCount: 10 }) ?? {})
  if (!parsed.success) {
    const said = parsed.error.issues.map((issue) => {
      const node = document.getIn(issue.path, true)
      const line = isNode(node) && node.range ? `:${lineAt(node.range[0])}` : ''
      return `${file}${line}: ${issue.path.length > 0 ? `${issue.path.join('.')}: ` : ''}${issue.message}`
    })
    return { ok: false, what: said.join('; ') }
  }
  const instructions = (parts?.[2] ?? '').trim()
  if (instructions === '') return { ok: false, what: `${file}: has no instructions below its settings` }
  const { examples, delegates, ...rest } = parsed.data
  return {
    ok: true,
    agent: {
      ...rest,
      mayDelegateTo: delegates,
      examples: examples.length,
      sampleMessages: examples,
      instructions,
      source,
    },
  }
}
