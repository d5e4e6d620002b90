import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Agent } from '../core/ports.ts'
import { wrong as wrongText } from '../wire/wrong.ts'
import type { AgentProblem } from '../wire/agent.ts'
import { parseAgentFile } from './agent-file.ts'

export type Folder = {
  agents: readonly Agent[]
  /** By the name of its agent, the file that it comes from. */
  files: ReadonlyMap<string, { file: string; text: string }>
  /** What can't be used and why. */
  problems: readonly AgentProblem[]
}

/** Every `*.md` of a folder in the order of their names. A folder that is not there is empty. */
export async function readFolder(folder: string, source: Agent['source']): Promise<Folder> {
  const agents: Agent[] = []
  const files = new Map<string, { file: string; text: string }>()
  const problems: AgentProblem[] = []
  const names = (await listed(folder)).filter((name) => name.endsWith('.md') && !name.startsWith('.')).sort()
  const texts = await Promise.all(
    names.map((name) => readFile(join(folder, name), 'utf8').catch((cause: unknown) => cause)),
  )
  for (const [i, name] of names.entries()) {
    const file = join(folder, name)
    const text = texts[i]
    const wrong = (what: string, field: string | null = null) => problems.push({ file, line: null, field, what })
    if (typeof text !== 'string') {
      if (!missing(text)) wrong(text instanceof Error ? text.message : wrongText('cannot be read'))
      continue
    }
    const parsed = parseAgentFile(file, text, source)
    const other = parsed.ok ? files.get(parsed.agent.name) : undefined
    if (!parsed.ok) problems.push(...parsed.problems)
    else if (other)
      wrong(wrongText('{name} is already the name of {file}', { name: parsed.agent.name, file: other.file }), 'name')
    else {
      agents.push(parsed.agent)
      files.set(parsed.agent.name, { file, text })
    }
  }
  return { agents, files, problems }
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
