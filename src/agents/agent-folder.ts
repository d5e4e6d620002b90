import { createHash, randomUUID } from 'node:crypto'
import { mkdir, open, readFile, realpath, rename, rm, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import type { Agent, AgentFiles } from '../core/ports.ts'
import type { AgentDetail } from '../wire/agent.ts'
import { wrong } from '../wire/wrong.ts'
import { Fault } from '../wire/fault.ts'
import { parseAgentFile } from './agent-file.ts'
import { tidied, wrongsOf } from './agent-rules.ts'
import type { Folder } from './read-folder.ts'
import { agentFile } from './write-agent.ts'

type Given = {
  folder: string
  builtIn: Folder
  /** The user's own, as it was read last. */
  user: () => Folder
  agents: () => readonly Agent[]
  malformed: (wish: string) => boolean
  /** Reads the user's folder; what was written before is in force once it resolves. */
  read: () => Promise<void>
}

/** Changes the user's folder, one thing after another, each file whole or not at all. What is removed is kept until the next of its name is. */
export function agentFolder({ folder, builtIn, user, agents, malformed, read }: Given): AgentFiles {
  const inOrder = makeOrder()
  const pathOf = (name: string) => join(folder, `${name}.md`)
  const removedOf = (name: string) => join(folder, `${name}.md.removed`)
  const missing = (name: string) =>
    new Fault('agent.missing', {
      agent: name.slice(0, 60),
      agents: agents()
        .map((a) => a.name)
        .join(', '),
    })

  const detail = (name: string): AgentDetail => {
    const agent = agents().find((one) => one.name === name)
    if (agent === undefined) throw missing(name)
    const own = agent.source === 'user' ? user().files.get(name) : undefined
    return {
      ...agent,
      sampleMessages: [...agent.sampleMessages],
      overBuiltIn: own !== undefined && builtIn.files.has(name),
      file: own?.file ?? null,
      version: own === undefined ? null : versionOf(own.text),
      problems: user().problems.filter(({ file }) => file === pathOf(name)),
    }
  }

  return {
    folder,
    problems: () => user().problems,
    read: detail,

    write: (name, given, version) =>
      inOrder(async () => {
        await read()
        const own = user().files.get(name)
        if (version !== undefined && version !== null && version !== (own === undefined ? '' : versionOf(own.text)))
          throw new Fault('agent.changed', { agent: name })
        const text = tidied(given)
        const names = new Set<string>(agents().map((agent) => agent.name))
        const wrongs = wrongsOf(name, text, { names, malformed })
        const what = Object.entries(wrongs).map(([field, said]) => `${field}: ${said}`)
        if (what.length > 0)
          throw new Fault('agent.invalid', { agent: name.slice(0, 60), what: what.join('; '), ...wrongs })
        const path = own?.file ?? pathOf(name)
        if (own === undefined) await refuseIfThere(path, wrong('it is there, and PKN cannot use it as this agent.'))
        const before = own?.text ?? builtIn.files.get(name)?.text ?? null
        const content = agentFile(name, text, before, names)
        if (!parseAgentFile(path, content, 'user').ok) throw new Error(`${path} would not be readable`)
        await writable(folder, () => replace(path, content))
        await read()
        return detail(name)
      }),

    remove: (name) =>
      inOrder(async () => {
        await read()
        const own = user().files.get(name)
        if (own === undefined)
          throw builtIn.files.has(name) ? new Fault('agent.builtin', { agent: name }) : missing(name)
        await writable(folder, () => rename(own.file, removedOf(name)))
        await read()
      }),

    restore: (name) =>
      inOrder(async () => {
        await read()
        const kept = await readFile(removedOf(name), 'utf8').catch(() => null)
        if (kept === null || !/^[a-z][\w-]*$/.test(name)) throw new Fault('agent.gone', { agent: name.slice(0, 60) })
        const there = user().files.get(name)
        const why = wrong('there is such an agent again.')
        if (there !== undefined) throw new Fault('agent.blocked', { file: basename(there.file), why })
        await refuseIfThere(pathOf(name), why)
        await writable(folder, () => rename(removedOf(name), pathOf(name)))
        await read()
        return detail(name)
      }),
  }
}

const versionOf = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 20)

/** Each begins when the one before has ended, however that ended. */
function makeOrder() {
  let last: Promise<unknown> = Promise.resolve()
  return <T>(work: () => Promise<T>): Promise<T> => {
    const next = last.then(work, work)
    last = next.catch(() => {})
    return next
  }
}

async function refuseIfThere(path: string, why: string): Promise<void> {
  const there = await stat(path).catch(() => null)
  if (there !== null) throw new Fault('agent.blocked', { file: basename(path), why })
}

/** Whole or not at all; a link stays one, and its file keeps its rights. */
async function replace(path: string, content: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  const target = await realpath(path).catch(() => path)
  const { mode } = await stat(target).catch(() => ({ mode: 0o644 }))
  const fresh = join(dirname(target), `.${basename(target)}.${randomUUID().slice(0, 8)}`)
  try {
    const file = await open(fresh, 'wx', mode & 0o777)
    try {
      await file.writeFile(content)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(fresh, target)
  } catch (cause) {
    await rm(fresh, { force: true })
    throw cause
  }
}

async function writable<T>(folder: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : null
    if (code === null) throw cause
    if (code === 'ENOSPC' || code === 'EDQUOT') throw new Fault('disk.full', { path: folder }, { cause })
    throw new Fault('shelf.unwritable', { path: folder, why: code }, { cause })
  }
}
