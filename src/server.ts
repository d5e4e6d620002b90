import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { openAgents } from './agents/read-agents.ts'
import { systemClock } from './clock.ts'
import type { Config } from './config.ts'
import { Admission } from './core/admit.ts'
import { expireAsks } from './core/expire-asks.ts'
import { openMeaning } from './core/meaning.ts'
import { untilQuiet } from './core/quiet.ts'
import { toolsOf } from './core/offer.ts'
import type { Say } from './core/ports.ts'
import { keptOutputs, keptVersions } from './core/versions.ts'
import { purge } from './core/purge.ts'
import { sweep } from './core/sweep.ts'
import { rememberedSpeeds } from './core/speeds.ts'
import { Tasks } from './core/tasks.ts'
import { work } from './core/worker.ts'
import { openDocuments } from './documents/open-documents.ts'
import { learnRouter } from './learning.ts'
import { makeApp } from './http/app.ts'
import { readAssets } from './http/static.ts'
import { openBackends } from './models/backends.ts'
import { openEmbedder } from './models/embed.ts'
import { sharedQuestions } from './models/embed-shared.ts'
import { isMalformed } from './models/wish.ts'
import { openBlobs } from './services/blobs.ts'
import { openLocalEngine } from './services/engine-process.ts'
import { openMcpSeen } from './services/mcp-seen.ts'
import { openSpeedsFile } from './services/speeds-file.ts'
import { openKeys } from './services/keys.ts'
import { keepOutputsBounded } from './services/output-bounds.ts'
import { openShelf } from './services/shelf.ts'
import { startable } from './services/start-service.ts'
import { openWorkspaces } from './services/workspaces.ts'
import { openSqlite } from './store/sqlite.ts'
import { builtInTools } from './tools/built-in.ts'
import { material } from './tools/material.ts'
import { openWeb } from './tools/web.ts'
import { openMcp } from './tools/mcp.ts'
import { openShells } from './tools/shells.ts'
import { undoing } from './tools/undo.ts'
import { Fault } from './wire/fault.ts'
import { newWorkerId } from './wire/id.ts'

const PROJECT = resolve(import.meta.dirname, '..')

export type Server = { port: number; close: () => Promise<void> }

/** Puts the parts together and listens. `close` makes durable what is under way and resolves when nothing runs any more. */
export async function startServer(config: Config, say: Say): Promise<Server> {
  mkdirSync(config.home, { recursive: true, mode: 0o700 })
  const clock = systemClock
  const started = clock.now()
  const version = String(JSON.parse(readFileSync(join(PROJECT, 'package.json'), 'utf8')).version)
  const tasks = new Tasks(say)
  const stopping = new AbortController()

  const [store, agents, assets, measured] = await Promise.all([
    openSqlite({ path: join(config.home, 'pkn.db'), clock, say }),
    openAgents({ builtIn: join(PROJECT, 'agents'), user: join(config.home, 'agents'), malformed: isMalformed, say }),
    readAssets(join(PROJECT, 'dist', 'web')),
    openSpeedsFile({ path: join(config.home, 'cache', 'speeds.json'), clock, say }),
  ])
  const learning = learnRouter({
    agents,
    folder: join(config.home, 'cache'),
    say,
    lessons: config.routing.learn ? store.mind : null,
  })
  agents.onChange(learning.again)

  const engine = openLocalEngine({ ...config.engine, home: config.home, say, clock })
  const keys = openKeys(config.home)
  const cloud = config.cloud.map(({ key, ...spec }) => ({ ...spec, key: () => key ?? keys.get(spec.provider) }))
  const backends = openBackends({ endpoints: config.endpoints, cloud, engine, clock, say })
  const admission = new Admission({ clock })
  const speeds = rememberedSpeeds(measured.known, measured.keep)
  const ollama = [...config.endpoints.configured, ...config.endpoints.usual].find((e) => e.kind === 'ollama')
  const ollamaUrl = ollama?.url ?? 'http://127.0.0.1:11434'
  const shelf = await openShelf({
    home: config.home,
    model: config.engine.model,
    hub: config.hub,
    ollama: ollamaUrl,
    clock,
    say,
  })
  const limits = {
    connectMs: config.limits.connectSeconds * 1000,
    firstMs: config.limits.firstSeconds * 1000,
    betweenMs: config.limits.betweenSeconds * 1000,
    steps: config.limits.steps,
    tokens: config.limits.tokens,
    runMs: config.limits.runMinutes * 60_000,
    askMs: config.limits.askHours === 0 ? null : config.limits.askHours * 3_600_000,
    deepest: config.limits.deepest,
    children: config.limits.children,
  }
  const blobs = openBlobs(join(config.home, 'blobs'))
  const bound = { port: config.port }
  const web = openWeb({ ...config, clock, version, ownPort: () => bound.port })
  const shells = openShells({ clock, store, say, egress: web.egress })
  const ownTools = toolsOf(builtInTools({ store, blobs, shells, clock, web }))
  const seen = openMcpSeen({ path: join(config.home, 'mcp-tools.json'), say })
  const mcp = openMcp(ownTools, config.mcp, { clock, say, version, seen })
  const { tools } = mcp
  const quiet = untilQuiet(async () => (await store.counts()).active > 0, clock, stopping.signal)
  const embedder = sharedQuestions(openEmbedder({ embedding: config.embedding, endpoints: config.endpoints, clock }))
  const documents = openDocuments({
    home: config.home,
    clock,
    say,
    embedder,
    hasProject: (owner, project) =>
      store.mind.project(owner, project).then(
        () => true,
        (cause: unknown) => {
          if (cause instanceof Fault && cause.code === 'project.missing') return false
          throw cause
        },
      ),
    quiet,
  })
  const deps = {
    store,
    blobs,
    backends,
    agents,
    router: learning.router,
    tools,
    policy: config.policy,
    outputs: keptOutputs({ store, blobs }),
    versions: keptVersions({ store, blobs }),
    documents,
    meaning: openMeaning({ embedder, mind: store.mind, quiet, clock, say, tasks, stop: stopping.signal }),
    material,
    workspaces: openWorkspaces({
      folder: join(config.home, 'work'),
      own: { home: config.home, program: PROJECT },
      places: store.mind,
    }),
    admission,
    speeds,
    clock,
    say,
  }
  const app = makeApp({
    ...deps,
    agentFiles: agents.files,
    learns: config.routing.learn,
    idleMinutes: config.engine.idleMinutes,
    shelf,
    undoing: undoing({ store, blobs }),
    services: startable({ ...config, ollamaUrl, env: process.env }),
    tasks,
    version,
    started,
    stopping: stopping.signal,
    // An address that it listens on by the user's wish, such as 127.0.0.2, is a name of its own.
    hosts: [...config.hosts, config.host],
    port: () => bound.port,
    assets,
  })
  await app.listen({ host: config.host, port: config.port })
  const address = app.server.address()
  if (address !== null && typeof address !== 'string') bound.port = address.port
  if (!existsSync(join(PROJECT, 'dist', 'web')))
    say({ level: 'warn', text: 'The page is not built; run npm run build' })
  tasks.run('worker', () => work(newWorkerId(), config.limits.runs, stopping.signal, tasks, { ...deps, limits }))
  tasks.run('purge', () => purge(stopping.signal, { store, clock, say }))
  tasks.run('questions', () => expireAsks(stopping.signal, { store, clock, say }))
  tasks.run('sweep', () => sweep(stopping.signal, { store, blobs, clock, say }))
  const letOutputsBe = keepOutputsBounded({ home: config.home, clock, say })
  return {
    port: bound.port,
    close: async () => {
      stopping.abort()
      letOutputsBe()
      await app.close()
      await tasks.settled()
      await shells.close()
      await mcp.close()
      await documents.close()
      await measured.close()
      await agents.close()
      learning.close()
      await shelf.close()
      await backends.close()
      await engine.close()
      await store.close()
    },
  }
}
