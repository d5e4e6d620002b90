import { join, resolve } from 'node:path'
import { engineCommand, plainEnvironment, type EngineOptions } from './engine-command.ts'
import { findModelFile } from './model-file.ts'
import { onPath } from './on-path.ts'
import { getJson, whoAnswers } from './port.ts'
import type { Health, Service, ServiceName } from './service.ts'

export type ServiceSettings = {
  home: string
  /** The server's address, and where its output goes beside its log. */
  host: string
  port: number
  engine: EngineOptions & { port?: number | undefined; model?: string | undefined }
  ollamaUrl: string
  /** What the server and Ollama are started with; the engine is given less. */
  env: NodeJS.ProcessEnv
}

const PROJECT = resolve(import.meta.dirname, '../..')

/** The programs that PKN consists of, as background services. */
export function serviceList(settings: ServiceSettings): Record<ServiceName, Service> {
  const { home, port, engine, env } = settings
  const pidFile = (name: string) => join(home, 'run', `${name}.pid`)
  const enginePort = engine.port === undefined || engine.port === 0 ? 8000 : engine.port
  const ollama = new URL(settings.ollamaUrl)
  return {
    divinenode: {
      name: 'divinenode',
      port,
      pidFile: pidFile('divinenode'),
      output: join(home, 'divinenode.out'),
      patience: 30_000,
      command: () =>
        Promise.resolve({
          file: process.execPath,
          // A small young generation, and one arena of glibc's, keep 10 MB; neither costs time that was measured.
          args: ['--max-semi-space-size=1', join(PROJECT, 'src/serve.mjs')],
          env: {
            MALLOC_ARENA_MAX: '1',
            ...Object.fromEntries(Object.entries(env).flatMap(([k, v]) => (v === undefined ? [] : [[k, v]]))),
          },
        }),
      health: () => serverHealth(settings),
    },
    llama: {
      name: 'llama',
      port: enginePort,
      pidFile: pidFile('llama'),
      output: join(home, 'engine.log'),
      patience: 30_000,
      command: async () => {
        const model = await findModelFile({ home, model: engine.model })
        if (model === null)
          return {
            missing: engine.model ? `there is no model file ${engine.model}` : `no model file in ${home}/models`,
          }
        const found = await engineCommand(model, enginePort, { ...engine, home })
        return found?.command ?? { missing: 'llama-server is configured, but it is not on the PATH' }
      },
      health: () => engineHealth(enginePort),
    },
    ollama: {
      name: 'ollama',
      port: Number(ollama.port || 11434),
      pidFile: pidFile('ollama'),
      output: join(home, 'ollama.log'),
      patience: 30_000,
      command: () => {
        const file = onPath('ollama')
        const missing = 'Ollama is not installed (PKN does not need it); see https://ollama.com/download'
        const host = { OLLAMA_HOST: `${ollama.hostname}:${ollama.port || 11434}` }
        return Promise.resolve(
          file === null
            ? { missing }
            : { file, args: ['serve'], env: { ...plainEnvironment(env), ...ollamaOnly(env), ...host } },
        )
      },
      health: () => ollamaHealth(settings.ollamaUrl),
    },
  }
}

const ollamaOnly = (env: NodeJS.ProcessEnv): Record<string, string> =>
  Object.fromEntries(
    Object.entries(env).flatMap(([k, v]) => (k.startsWith('OLLAMA_') && v !== undefined ? [[k, v]] : [])),
  )

async function serverHealth({ host, port }: { host: string; port: number }): Promise<Health> {
  const name = host.includes(':') ? `[${host}]` : host
  const found = await getJson<{ status?: string; version?: string; model?: string | null }>(
    `http://${name}:${port}/health`,
  )
  // An engine says ok under /health as well; only the server tells its version there.
  if (found?.body.status !== 'ok' || found.body.version === undefined) return { state: 'down' }
  const answers = found.body.model ? `, answers with ${found.body.model}` : ''
  return { state: 'ready', text: `PKN ${found.body.version} on port ${port}${answers}`, pid: null }
}

async function engineHealth(port: number): Promise<Health> {
  const found = await whoAnswers(port)
  if (found.what === 'free' || found.what === 'other') return { state: 'down' }
  const model = found.model ?? 'a model'
  if (found.ready) return { state: 'ready', text: `${model} on port ${port}`, pid: found.pid }
  const far =
    found.loading === null ? '' : `, ${Math.round(found.loading.done)} s of about ${Math.ceil(found.loading.total)} s`
  return { state: 'loading', text: `loading ${model}${far}`, pid: found.pid }
}

async function ollamaHealth(url: string): Promise<Health> {
  const found = await getJson<{ version?: string }>(`${url}/api/version`)
  if (found?.body.version === undefined) return { state: 'down' }
  return { state: 'ready', text: `Ollama ${found.body.version} at ${url}`, pid: null }
}
