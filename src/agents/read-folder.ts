import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Agent } from '../core/ports.ts'
import { parseAgentFile } from './agent-file.ts'

export type Folder = {
  agents: readonly Agent[]
  /** What can't be used and why, a sentence each. */
  problems: readonly string[]
}

/** Every `*.md` of a folder in the order of their names. A folder that is not there is empty. */
export async function readFolder(folder: string, source: Agent['source']): Promise<Folder> {
  const agents = new Map<string, { agent: Agent; file: string }>()
  const problems: string[] = []
  const names = (await listed(folder)).filter((name) => name.endsWith('.md') && !name.startsWith('.')).sort()
  const texts = await Promise.all(
    names.map((name) => readFile(join(folder, name), 'utf8').catch((cause: unknown) => cause)),
  )
  for (const [i, name] of names.entries()) {
    const file = join(folder, name)
    const text = texts[i]
    if (typeof text !== 'string') {
      if (!missing(text)) problems.push(`${file}: ${text instanceof Error ? text.message : 'can not be read'}`)
      continue
    }
    const parsed = parseAgentFile(file, text, source)
    const other = parsed.ok ? agents.get(parsed.agent.name) : undefined
    if (!parsed.ok) problems.push(parsed.what)
    else if (other) problems.push(`${file}: name: ${parsed.agent.name} is already the name of ${other.file}`)
    else agents.set(parsed.agent.name, { agent: parsed.agent, file })
  }
  return { agents: [...agents.values()].map(({ agent }) => agent), problems }
}

async function listed(folder: string): Promise<string[]> {
  try {
    return await readdir(folder)
  } catch (cause) {
    if (missing(cause)) return []
    throw cause
  }
}

const missing = (cause: unknown) => cause instanceof Error && 'code' in cause && cause.code === 'ENOENT'
