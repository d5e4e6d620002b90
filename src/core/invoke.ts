import type { Json } from '../wire/event.ts'
import { fault } from '../wire/fault.ts'
import type { Say, Tool, ToolUse } from './ports.ts'

export type Invoked = { ok: boolean; output: Json }

/** One tool call: the input is checked against the tool's schema, the tool runs, and whatever happens is a value that the model is told. */
export async function invoke(
  tool: Tool | undefined,
  call: { tool: string; input: Json },
  use: ToolUse,
  say: Say,
): Promise<Invoked> {
  if (!tool) return { ok: false, output: { ...fault('tool.missing', { tool: call.tool }) } as unknown as Json } // FaultData is JSON
  const parsed = tool.input.safeParse(call.input)
  if (!parsed.success) {
    const what = parsed.error.issues.map((issue) => `${issue.path.join('.') || 'input'}: ${issue.message}`).join('; ')
    return { ok: false, output: `The input does not fit: ${what}` }
  }
  try {
    return await tool.run(parsed.data, use)
  } catch (cause) {
    say({ level: 'error', text: `the tool ${tool.name} threw`, run: use.run, session: use.session, cause })
    return { ok: false, output: fault('tool.failed', { tool: tool.name, what: 'an internal error' }).message }
  }
}
