import { join, resolve } from 'node:path'
import { z } from 'zod'
import { readFolder } from '../../src/agents/read-folder.ts'
import type { Agent } from '../../src/core/ports.ts'
import { AgentName } from '../../src/wire/id.ts'

/** A message, what it followed, and the agent that a person would give it to. */
const Prompt = z.strictObject({
  text: z.string().min(1),
  agent: AgentName,
  language: z.string(),
  recent: z
    .array(z.object({ role: z.enum(['user', 'assistant']), text: z.string(), agent: AgentName.nullable() }))
    .default([]),
})
export type Prompt = z.infer<typeof Prompt>

export const readPrompts = (jsonl: string): Prompt[] =>
  jsonl
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => Prompt.parse(JSON.parse(line)))

export async function builtInAgents(): Promise<readonly Agent[]> {
  const folder = resolve(import.meta.dirname, '..', '..', 'agents')
  const { agents, problems } = await readFolder(join(folder), 'built-in')
  if (problems.length > 0) throw new Error(problems.map(({ file, what }) => `${file}: ${what}`).join('; '))
  return agents
}
