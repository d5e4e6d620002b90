import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { z } from 'zod'
import type { Say } from '../core/ports.ts'

const Marks = z.record(z.string(), z.string())

/** What the tools of MCP servers were when they were first met, or allowed since: kept in a file, so that a change shows after a restart too. */
export function openMcpSeen({ path, say }: { path: string; say: Say }): {
  get: (tool: string) => string | undefined
  set: (tool: string, mark: string) => void
} {
  const marks = new Map<string, string>()
  try {
    for (const [tool, mark] of Object.entries(Marks.parse(JSON.parse(readFileSync(path, 'utf8')))))
      marks.set(tool, mark)
  } catch (cause) {
    if (!(cause instanceof Error && 'code' in cause && cause.code === 'ENOENT'))
      say({ level: 'warn', text: `${path} can't be read; what MCP servers' tools were is not known`, cause })
  }
  let waiting = false
  const write = () => {
    waiting = false
    try {
      writeFileSync(`${path}.new`, JSON.stringify(Object.fromEntries(marks), null, 1), { mode: 0o600 })
      renameSync(`${path}.new`, path)
    } catch (cause) {
      say({
        level: 'warn',
        text: `${path} can't be written; what MCP servers' tools were is forgotten at the end`,
        cause,
      })
    }
  }
  return {
    get: (tool) => marks.get(tool),
    set: (tool, mark) => {
      if (marks.get(tool) === mark) return
      marks.set(tool, mark)
      if (waiting) return
      waiting = true
      // Many are met at once.
      queueMicrotask(write)
    },
  }
}
