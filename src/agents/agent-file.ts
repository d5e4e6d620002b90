import { isNode, LineCounter, parseDocument } from 'yaml'
import { z } from 'zod'
import type { Agent } from '../core/ports.ts'
import type { AgentProblem } from '../wire/agent.ts'
import { AgentName } from '../wire/id.ts'
import { wrong as wrongText } from '../wire/wrong.ts'

/** One message a line, which needs no quoting, or a list of strings. */
const Examples = z
  .union([z.string(), z.array(z.string())], wrongText('must be a list of messages, or a block with one message a line'))
  .transform((given) => (typeof given === 'string' ? given.split('\n') : given))
  .transform((texts) => texts.map((text) => text.trim()).filter((text) => text !== ''))

const isMissing = ({ input }: { input?: unknown }) => input === undefined
const line = (most: number) =>
  z
    .string({ error: (issue) => (isMissing(issue) ? wrongText('is missing') : wrongText('must be text')) })
    .trim()
    .min(1, wrongText('must not be empty'))
    .max(most, wrongText('must have at most {most} characters', { most }))
const list = <T extends z.ZodType>(of: T) => z.array(of, wrongText('must be a list, such as [one, two]')).default([])
const entry = z.string(wrongText('must be text'))

const FrontMatter = z.strictObject(
  {
    name: z
      .string({ error: (issue) => (isMissing(issue) ? wrongText('is missing') : wrongText('must be text')) })
      .pipe(AgentName),
    title: line(60),
    about: line(600),
    examples: Examples.default([]),
    models: list(entry),
    tools: list(entry),
    delegates: list(AgentName),
  },
  { error: (issue) => (issue.code === 'unrecognized_keys' ? unknownKeys(issue.keys) : undefined) },
)
const unknownKeys = (keys: readonly string[]): string =>
  wrongText('{keys}: there is no such setting; there are name, title, about, examples, models, tools and delegates', {
    keys: keys.join(', '),
  })

export type ParsedAgent = { ok: true; agent: Agent } | { ok: false; problems: readonly AgentProblem[] }

/** A file as it is made up: settings in YAML between two lines of ---, and below them the instructions. Null if it is not. */
export function partsOf(content: string): { head: string; yaml: string; below: string } | null {
  const parts = /^(\uFEFF?---[ \t]*\r?\n)([\s\S]*?\r?\n)---[ \t]*(?:\r?\n([\s\S]*))?$/.exec(content)
  return parts === null ? null : { head: parts[1] ?? '', yaml: parts[2] ?? '', below: parts[3] ?? '' }
}

/** Reads `---`, YAML, `---`, instructions. What is wrong names the file, and the line and the field as far as there are any. */
export function parseAgentFile(file: string, content: string, source: Agent['source']): ParsedAgent {
  const wrong = (what: string, line: number | null = null): ParsedAgent => ({
    ok: false,
    problems: [{ file, line, field: null, what }],
  })
  const parts = partsOf(content)
  if (parts === null) return wrong(wrongText('must begin with a line ---, then settings, then a line ---'), 1)
  const lines = new LineCounter()
  const document = parseDocument(parts.yaml, { lineCounter: lines, prettyErrors: false })
  // The first line of the file is the --- above the YAML.
  const lineAt = (at: number) => lines.linePos(at).line + 1
  const broken = document.errors[0]
  if (broken) return wrong(broken.message, lineAt(broken.pos[0]))

  const parsed = FrontMatter.safeParse(document.toJS({ maxAliasCount: 10 }) ?? {})
  if (!parsed.success) {
    const problems = parsed.error.issues.map((issue) => {
      const at = issue.code === 'unrecognized_keys' ? issue.keys.slice(0, 1) : issue.path
      const node = at.length > 0 ? document.getIn(at, true) : null
      const field = issue.path.length > 0 ? issue.path.join('.') : null
      return { file, line: isNode(node) && node.range ? lineAt(node.range[0]) : null, field, what: issue.message }
    })
    return { ok: false, problems: problems.toSorted((a, b) => (a.line ?? 0) - (b.line ?? 0)) }
  }
  const instructions = parts.below.trim()
  if (instructions === '') return wrong(wrongText('has no instructions below its settings'))
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

/** In one line, for a log. */
export const problemText = ({ file, line, field, what }: AgentProblem): string =>
  `${file}${line === null ? '' : `:${line}`}: ${field === null ? '' : `${field}: `}${what}`
