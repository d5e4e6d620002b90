import { z } from 'zod'
import type { Part } from './fold.ts'

/** Which tools an answer called and how often, in the order of their first calls; `failed` of the calls were refused or came to nothing. */
export const Did = z.array(z.object({ tool: z.string(), calls: z.int().min(1), failed: z.int().min(0) }))
export type Did = z.infer<typeof Did>

const MOST = 50

export function didOf(parts: readonly Part[]): Did {
  const tools = new Map<string, Did[number]>()
  for (const part of parts) {
    if (part.kind !== 'tool') continue
    const one = tools.get(part.tool) ?? { tool: part.tool, calls: 0, failed: 0 }
    one.calls++
    if (part.result?.ok === false) one.failed++
    tools.set(part.tool, one)
  }
  return [...tools.values()].slice(0, MOST)
}
