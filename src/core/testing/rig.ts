import { createHash } from 'node:crypto'
import { openMemory } from '../../store/memory.ts'
import { systemClock } from '../../clock.ts'
import { material } from '../../tools/material.ts'
import type { Entry, RouteDecision } from '../../wire/event.ts'
import { EMPTY, foldAll, type Draft } from '../../wire/fold.ts'
import {
  AgentName,
  LOCAL,
  newMessageId,
  newWorkerId,
  START,
  type MessageId,
  type RunId,
  type SessionId,
} from '../../wire/id.ts'
import type { EndpointInfo } from '../../wire/model.ts'
import { fault } from '../../wire/fault.ts'
import { Admission } from '../admit.ts'
import { rememberedSpeeds } from '../speeds.ts'
import type { Deps } from '../deps.ts'
import type { Documents } from '../mind-ports.ts'
import { noDocuments } from './no-documents.ts'
import type { Agent, Backends, Blobs, Chosen, Clock, LogLine, Model, RunLog, Store, Workspaces } from '../ports.ts'
import { toolsOf } from '../offer.ts'
import type { Tool, Undoing } from '../tool-ports.ts'
import { keptOutputs, keptVersions } from '../versions.ts'
import type { Speeds } from '../measured.ts'
import { Tasks } from '../tasks.ts'
import { work } from '../worker.ts'

export const agentNamed = (name: string, over: Partial<Agent> = {}): Agent => ({
  name: AgentName.parse(name),
  title: name[0]!.toUpperCase() + name.slice(1),
  about: `The ${name}.`,
  tools: [],
  models: [],
  mayDelegateTo: [],
  examples: 0,
  source: 'built-in',
  instructions: `You are the ${name}.`,
  sampleMessages: [],
  ...over,
})

export const chosen = (model: Model, over: Partial<Chosen> = {}): Chosen => ({
  model,
  name: 'scripted',
  endpoint: 'here',
  context: 4096,
  slots: 4,
  practice: false,
  local: true,
  remote: null,
  bytes: null,
  continues: async () => ({ text: false, thought: false }),
  idle: async () => 'unknown',
  ...over,
})

/**
 * Backends that are just a list: the first is chosen but those that failed in the step come
 * last, and one that is not there is gone for good.
 */
export function listed(...list: Chosen[]): Backends & { failures: string[] } {
  const failures: string[] = []
  return {
    failures,
    list: (): readonly EndpointInfo[] => [],
    choose: async ({ failed }) => {
      const there = list.filter((c) => !failures.includes(c.endpoint))
      const next = there.find((c) => !failed.has(c.endpoint)) ?? there[0]
      const before = next === undefined ? list : list.slice(0, list.indexOf(next))
      const skipped = before.map((c) => ({ endpoint: c.endpoint, model: c.name, why: 'failed just now' }))
      return next
        ? { ok: true, chosen: [next], skipped }
        : { ok: false, fault: fault('model.none', { what: 'all failed' }), skipped }
    },
    failed: async (endpoint, failure) => {
      if (failure.code === 'engine.unreachable') failures.push(endpoint)
      return failure
    },
    worked: () => {},
    look: async () => {},
    close: async () => {},
  }
}

const toGeneral = (agents: readonly Agent[], forced: AgentName | null): RouteDecision => {
  const agent = agents.find((a) => a.name === forced) ?? agents[0]!
  return {
    agent: agent.name,
    title: agent.title,
    confidence: 1,
    scores: [{ agent: agent.name, score: 1 }],
    because: [],
    complexity: 'simple',
    requiresTools: true,
    forced: forced !== null,
  }
}

/** Blobs that are gone with the test. */
export function memoryBlobs(): Blobs {
  const kept = new Map<string, Uint8Array>()
  return {
    put: async (bytes) => {
      const hash = createHash('sha256').update(bytes).digest('hex')
      kept.set(hash, bytes)
      return hash
    },
    get: async (hash) => kept.get(hash) ?? null,
    sweep: async (_, isUsed) => [...kept.keys()].filter((hash) => !isUsed(hash) && kept.delete(hash)).length,
  }
}

export type Rig = Awaited<ReturnType<typeof openRig>>

/** The true worker over the memory store (or the one given), with the models given. */
export async function openRig(options: {
  backends: Backends
  agents?: Agent[]
  tools?: Tool[]
  /** What the router says of a text; it needs tools, if this says nothing. */
  route?: (text: string) => Partial<RouteDecision>
  /** A true router, in its place. */
  router?: Deps['router']
  policy?: Deps['policy']
  undoing?: Undoing
  /** The workspace of every session. */
  folder?: string
  workspaces?: Workspaces
  store?: RunLog & Store
  blobs?: Blobs
  documents?: Documents
  meaning?: Deps['meaning']
  limits?: Partial<Deps['limits']>
  runs?: number
  idle?: boolean
  clock?: Clock
  speeds?: Speeds
}) {
  const lines: LogLine[] = []
  const say = (line: LogLine) => void lines.push(line)
  const clock = options.clock ?? systemClock
  const store = options.store ?? openMemory({ clock, say })
  const agents = options.agents ?? [agentNamed('general'), agentNamed('coder')]
  const blobs = options.blobs ?? memoryBlobs()
  const tasks = new Tasks(say)
  const stopping = new AbortController()
  const deps: Deps = {
    store,
    blobs,
    backends: options.backends,
    agents: { list: () => agents, find: (name) => agents.find((a) => a.name === name) ?? null },
    router:
      options.router ??
      (async () => ({ route: ({ text, forced }) => ({ ...toGeneral(agents, forced), ...options.route?.(text) }) })),
    tools: toolsOf(options.tools ?? []),
    policy: options.policy ?? [{ decision: 'allow' }],
    outputs: keptOutputs({ store, blobs }),
    versions: keptVersions({ store, blobs }),
    documents: options.documents ?? noDocuments,
    meaning: options.meaning ?? null,
    material,
    workspaces: options.workspaces ?? {
      folderOf: async () => options.folder ?? process.cwd(),
      projectFolder: async (path) => path,
    },
    admission: new Admission({ clock }),
    speeds: options.speeds ?? rememberedSpeeds(),
    clock,
    say,
    limits: {
      connectMs: 5000,
      firstMs: 5000,
      betweenMs: 5000,
      steps: 8,
      tokens: 1e9,
      runMs: 1e9,
      askMs: null,
      deepest: 3,
      children: 8,
      ...options.limits,
    },
  }
  const start = () => tasks.run('worker', () => work(newWorkerId(), options.runs ?? 16, stopping.signal, tasks, deps))
  if (!options.idle) start()
  const session = (await store.createSession(LOCAL, null)).id
  const none = new AbortController().signal
  return {
    ...deps,
    undoing: options.undoing ?? { undo: async () => ({ restored: [], kept: [] }) },
    session,
    owner: LOCAL,
    lines,
    start,
    say: async (text: string, over: { session?: SessionId; agent?: string; id?: MessageId } = {}): Promise<RunId> => {
      const agent = over.agent === undefined ? null : AgentName.parse(over.agent)
      const { run } = await store.submit(LOCAL, {
        id: over.id ?? newMessageId(),
        session: over.session ?? session,
        text,
        agent,
        backend: 'local',
        model: null,
        priority: 'interactive',
      })
      return run.id
    },
    entries: async (run: RunId): Promise<Entry[]> => {
      const all: Entry[] = []
      for await (const batch of store.read(run, START, none)) all.push(...batch)
      return all
    },
    draft: async (run: RunId): Promise<Draft> => {
      let draft = EMPTY
      for await (const batch of store.read(run, START, none)) draft = foldAll(draft, batch)
      return draft
    },
    /** Resolves with the draft as soon as it is as asked. */
    until: async (run: RunId, is: (draft: Draft) => boolean): Promise<Draft> => {
      let draft = EMPTY
      for await (const batch of store.read(run, START, none))
        for (const entry of batch) {
          draft = foldAll(draft, [entry])
          if (is(draft)) return draft
        }
      throw new Error('the run ended before that')
    },
    stop: async () => {
      stopping.abort()
      await tasks.settled()
    },
    close: async () => {
      stopping.abort()
      await tasks.settled()
      await store.close()
    },
  }
}

/** A promise and the function that fulfils it: how a test holds an interleaving. */
export function gate(): { opened: Promise<void>; open: () => void } {
  const { promise, resolve } = Promise.withResolvers<void>()
  return { opened: promise, open: resolve }
}
