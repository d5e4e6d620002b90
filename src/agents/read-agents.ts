import { watch } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import type { Agent, AgentFiles, Agents, Say } from '../core/ports.ts'
import type { AgentName } from '../wire/id.ts'
import { problemText } from './agent-file.ts'
import { agentFolder } from './agent-folder.ts'
import { readFolder, type Folder } from './read-folder.ts'

export type AgentFolders = {
  builtIn: string
  /** The user's own; it is made if it isn't there. */
  user: string
  /** Which entries of an agent's `models` mean nothing; without it none is judged. */
  malformed?: (wish: string) => boolean
  say: Say
}
export type OpenAgents = Agents & {
  files: AgentFiles
  /** Calls after what `list()` returns has changed; the result ends that. */
  onChange(call: () => void): () => void
  close(): Promise<void>
}

/**
 * The built-in agents and the user's own, which are read again whenever their folder changes. A user's agent replaces the built-in one of
 * its name; a user's file that can't be used is told and left out. Throws if a built-in one can't be used.
 */
export async function openAgents({ builtIn, user, say, malformed = () => false }: AgentFolders): Promise<OpenAgents> {
  const [own, first] = await Promise.all([readFolder(builtIn, 'built-in'), readFolder(user, 'user')])
  const wrong = [...own.problems.map(problemText), ...(own.agents.length === 0 ? [`${builtIn}: has no agents`] : [])]
  if (wrong.length > 0) throw new Error(wrong.join('; '))

  const told = new Set<string>()
  const tell = ({ problems, agents: read }: Folder) => {
    const wishes = read.flatMap(({ name, models }) =>
      models
        .filter(malformed)
        .map((wish) => `The agent ${name} wishes for "${wish}", which is neither a model nor a condition`),
    )
    const all = [...problems.map((one) => `An agent is left out: ${problemText(one)}`), ...wishes]
    for (const text of all) if (!told.has(text)) say({ level: 'warn', text })
    told.clear()
    for (const text of all) told.add(text)
  }
  let latest = first
  let agents = joined(own.agents, first.agents)
  tell(first)

  const listeners = new Set<() => void>()
  const rereading = makeRereading(async () => {
    const now = await readFolder(user, 'user')
    latest = now
    tell(now)
    const next = joined(own.agents, now.agents)
    if (JSON.stringify(next) === JSON.stringify(agents)) return
    agents = next
    say({ level: 'info', text: `Agents: ${agents.map(({ name }) => name).join(', ')}` })
    for (const call of listeners) call()
  }, say)
  const stopWatching = await watched(user, rereading.ask, say)
  // What was written between the first reading and the watch would be missed.
  rereading.ask()

  return {
    list: () => agents,
    find: (name: AgentName) => agents.find((agent) => agent.name === name) ?? null,
    files: agentFolder({
      folder: user,
      builtIn: own,
      user: () => latest,
      agents: () => agents,
      malformed,
      read: () => {
        rereading.ask()
        return rereading.settled()
      },
    }),
    onChange: (call) => {
      listeners.add(call)
      return () => listeners.delete(call)
    },
    close: async () => {
      stopWatching()
      await rereading.settled()
    },
  }
}

function joined(builtIn: readonly Agent[], user: readonly Agent[]): readonly Agent[] {
  const replaced = new Set<string>(user.map(({ name }) => name))
  const all = [...builtIn.filter(({ name }) => !replaced.has(name)), ...user]
  const names = new Set<string>(all.map(({ name }) => name))
  return all.map((agent) => ({ ...agent, mayDelegateTo: agent.mayDelegateTo.filter((name) => names.has(name)) }))
}

/** Runs `read` for every ask, never two at once; what is asked for during a reading is met by one more. */
function makeRereading(read: () => Promise<void>, say: Say) {
  let running: Promise<void> | null = null
  let again = false
  const run = async () => {
    do {
      again = false
      await read().catch((cause: unknown) => say({ level: 'error', text: 'The agents could not be read again', cause }))
    } while (again)
    running = null
  }
  return {
    ask: () => {
      if (running) again = true
      else running = run()
    },
    settled: async () => {
      await running
    },
  }
}

async function watched(folder: string, changed: () => void, say: Say): Promise<() => void> {
  try {
    await mkdir(folder, { recursive: true })
    const watcher = watch(folder, { persistent: false }, changed)
    watcher.on('error', (cause) => say({ level: 'warn', text: `${folder} is no longer watched`, cause }))
    return () => watcher.close()
  } catch (cause) {
    say({ level: 'warn', text: `${folder} cannot be watched; restart after you change an agent`, cause })
    return () => undefined
  }
}
