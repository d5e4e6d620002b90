import { existsSync, readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { z } from 'zod'
import { AgentName } from './wire/id.ts'
import { CloudProvider } from './wire/model.ts'
import { Effect } from './wire/shown.ts'

const seconds = z.number().positive().max(86_400)
const url = z.url({ protocol: /^https?$/ })

const EndpointConfig = z.strictObject({
  name: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,59}$/, 'letters, digits and ._- only'),
  kind: z.enum(['openai', 'llama', 'ollama']).default('openai'),
  url,
  /** The name of the environment variable that holds the key, never the key itself. */
  keyEnv: z
    .string()
    .regex(/^[A-Za-z_][A-Za-z0-9_]*$/)
    .optional(),
  /** Only these models are offered; without it, all that the endpoint lists. */
  models: z.array(z.string()).optional(),
  slots: z.int().min(1).max(1024).optional(),
  context: z.int().min(256).optional(),
})

/** A provider of the cloud whose models the user wants to be able to ask. Without an entry here nothing is ever sent there. */
const CloudConfig = z.strictObject({
  provider: CloudProvider,
  models: z.array(z.string().min(1)).min(1),
  /** Where its key is, if not in the variable that the provider itself names, or set by `pkn config key`. */
  keyEnv: z
    .string()
    .regex(/^[A-Za-z_][A-Za-z0-9_]*$/)
    .optional(),
  /** Another address than the provider's own, such as a gateway. */
  url: url.optional(),
})
const envName = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/)
const mcpName = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,23}$/, 'a small letter, then small letters, digits and -, 24 at most')
/** A server of tools. A program named here is run on this machine as the user: it is named like any software is installed, by hand. */
const McpConfig = z.union([
  z.strictObject({
    name: mcpName,
    command: z.string().min(1),
    args: z.array(z.string()).default([]),
    /** The names of environment variables that it is given beside PATH, HOME and LANG. */
    env: z.array(envName).default([]),
    cwd: z.string().min(1).optional(),
  }),
  z.strictObject({ name: mcpName, url, tokenEnv: envName.optional() }),
])
const KEY_ENV: Record<CloudProvider, readonly string[]> = {
  anthropic: ['ANTHROPIC_API_KEY'],
  openai: ['OPENAI_API_KEY'],
  google: ['GOOGLE_GENERATIVE_AI_API_KEY', 'GEMINI_API_KEY'],
  groq: ['GROQ_API_KEY'],
  openrouter: ['OPENROUTER_API_KEY'],
  mistral: ['MISTRAL_API_KEY'],
}

export const ConfigFile = z.strictObject({
  port: z.int().min(0).max(65_535).optional(),
  host: z.string().optional(),
  /** Host names beside this machine's own loopback names under which the page may be opened. */
  hosts: z.array(z.string()).default([]),
  endpoints: z.array(EndpointConfig).default([]),
  cloud: z.array(CloudConfig).default([]),
  engine: z
    .strictObject({
      enabled: z.boolean().default(true),
      port: z.int().min(0).max(65_535).optional(),
      model: z.string().optional(),
      threads: z.int().min(1).optional(),
      context: z.int().min(256).optional(),
      sequences: z.int().min(1).max(64).optional(),
      gpu: z.enum(['auto', 'off']).optional(),
      /** How much of a model is put on the GPU. */
      gpuLayers: z.union([z.enum(['auto', 'off']), z.int().min(0).max(10_000)]).optional(),
      /** The precision of what it remembers of a conversation: eight bits take half the memory of sixteen. */
      kv: z.enum(['auto', 'f16', 'q8_0']).optional(),
      /** Without a request for so long, the model is given up; 0 is never. */
      idleMinutes: z.number().min(0).max(43_200).default(20),
      /** PKN's own engine or a llama-server; `auto` takes a llama-server where that has a GPU which the own one can't use. */
      program: z.enum(['auto', 'own', 'llama-server']).default('auto'),
    })
    .prefault({}),
  /** Servers of tools; each is started when an agent needs it. */
  mcp: z.array(McpConfig).max(32).default([]),
  /** Who may do what without being asked; the first rule that fits decides. Without one that fits: looking in the workspace is allowed, all else is asked. */
  policy: z
    .array(
      z.strictObject({
        tool: z.string().min(1).optional(),
        effect: Effect.optional(),
        reach: z.enum(['none', 'workspace', 'machine', 'network']).optional(),
        agent: AgentName.optional(),
        path: z.string().min(1).optional(),
        host: z.string().min(1).optional(),
        decision: z.enum(['allow', 'ask', 'deny']),
      }),
    )
    .default([]),
  /** The model by which documents are also found by meaning; without it, one that is found on this machine or in its network. */
  embedding: z
    .strictObject({
      /** The name of an endpoint, or an address. */
      endpoint: z.string().min(1),
      model: z.string().min(1).optional(),
    })
    .optional(),
  /** Whom the search tool asks; without it there is none. Its `url` may be in the own network; `fetch` does not reach it by that. */
  search: z
    .discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('searxng'), url }),
      z.strictObject({ kind: z.literal('brave'), url: url.optional() }),
      z.strictObject({ kind: z.literal('duckduckgo'), url: url.optional() }),
    ])
    .optional(),
  network: z
    .strictObject({
      /** Hosts, with or without a port, which tools may ask although they are in the own network, or on this machine. */
      allowPrivate: z
        .array(z.string().regex(/^[a-z0-9.:[\]_-]{1,260}$/, 'a host in small letters, or host:port'))
        .default([]),
    })
    .prefault({}),
  routing: z
    .strictObject({
      /** What you say by "ask X instead" is kept and gone by; false: neither, and messages go by the agents' examples alone. */
      learn: z.boolean().default(true),
    })
    .prefault({}),
  limits: z
    .strictObject({
      connectSeconds: seconds.default(10),
      firstSeconds: seconds.default(600),
      betweenSeconds: seconds.default(120),
      runs: z.int().min(1).max(10_000).default(500),
      steps: z.int().min(1).max(1000).default(24),
      /** Tokens that a run may read and write, what is cached aside. */
      tokens: z.int().min(1000).default(2_000_000),
      /** Minutes that a run may work, waiting for a person aside. */
      runMinutes: z.number().positive().max(10_000).default(240),
      /** How often a task may be handed on from agent to agent, and how many a run may hand on. */
      deepest: z.int().min(0).max(10).default(3),
      children: z.int().min(0).max(100).default(8),
      /** How long a question waits for a person before it counts as refused; 0 is for as long as it takes. */
      askHours: z.number().min(0).max(8760).default(24),
    })
    .prefault({}),
})
type ConfigFile = z.infer<typeof ConfigFile>
export type EndpointConfig = z.infer<typeof EndpointConfig> & { key?: string | undefined }

export type CloudSetting = Pick<z.infer<typeof CloudConfig>, 'provider' | 'models' | 'url'> & { key: string | null }

export type McpSetting = { name: string } & (
  | { kind: 'stdio'; command: string; args: string[]; env: Record<string, string>; cwd: string }
  | { kind: 'http'; url: string; token: string | null }
)

export type Config = Pick<
  ConfigFile,
  'routing' | 'engine' | 'limits' | 'hosts' | 'policy' | 'network' | 'embedding'
> & {
  home: string
  port: number
  host: string
  logFile: string
  /** `configured` were named by the user, in the file or the environment; `usual` are looked for because they are where such servers are. */
  endpoints: { configured: EndpointConfig[]; usual: EndpointConfig[] }
  /** `key` is the one of the environment. */
  cloud: CloudSetting[]
  search: { kind: 'searxng' | 'brave' | 'duckduckgo'; url: string | null; key: string | null } | null
  mcp: McpSetting[]
  /** Where Hugging Face is reached, and with what. */
  hub: { url: string; token?: string | undefined }
}

/** A setting that can't be used: says which, where it stands and why. */
export class ConfigError extends Error {}

const PROJECT = resolve(import.meta.dirname, '..')

/** The only reader of the environment: flags > environment > file > defaults. Throws ConfigError. */
export function loadConfig(
  env: Record<string, string | undefined> = process.env,
  flags: { port?: number | undefined; host?: string | undefined; home?: string | undefined; file?: 'ignored' } = {},
): Config {
  const home = resolve(flags.home ?? text(env, 'PKN_HOME') ?? join(homedir(), '.pkn'))
  const file = flags.file === 'ignored' ? ConfigFile.parse({}) : readFile(join(home, 'pkn.config.json'))
  const port = flags.port ?? number(env, 'PKN_PORT') ?? file.port ?? 8010
  const host = flags.host ?? text(env, 'PKN_HOST') ?? file.host ?? '127.0.0.1'
  const enginePort = number(env, 'PKN_ENGINE_PORT') ?? file.engine.port ?? 8000
  const engineOff = text(env, 'PKN_ENGINE') === 'off'
  const configured: EndpointConfig[] = file.endpoints.map((e) => ({ ...e, key: keyOf(e.keyEnv, env) }))
  const usual: EndpointConfig[] = []

  const llama = text(env, 'LLAMA_BASE_URL')
  if (llama !== undefined) configured.push({ name: 'llama.cpp', kind: 'llama', url: link('LLAMA_BASE_URL', llama) })
  else
    for (const p of new Set([enginePort === 0 ? 8000 : enginePort, 8080, 9931]))
      usual.push({ name: `llama.cpp:${p}`, kind: 'llama', url: `http://127.0.0.1:${p}/v1` })

  const ollama = text(env, 'OLLAMA_BASE_URL') ?? text(env, 'OLLAMA_HOST')
  const ollamaUrl =
    ollama === undefined ? 'http://127.0.0.1:11434' : link('OLLAMA_BASE_URL or OLLAMA_HOST', ollamaAddress(ollama))
  const from = text(env, 'OLLAMA_BASE_URL') === undefined ? usual : configured
  from.push({ name: 'ollama', kind: 'ollama', url: ollamaUrl })

  const openai = text(env, 'OPENAI_BASE_URL')
  if (openai !== undefined)
    configured.push({
      name: 'openai',
      kind: 'openai',
      url: link('OPENAI_BASE_URL', openai),
      keyEnv: 'OPENAI_API_KEY',
      key: text(env, 'OPENAI_API_KEY'),
    })

  const names = [...configured.map((e) => e.name), ...file.cloud.map((c) => c.provider)]
  const twice = names.find((name, i) => names.indexOf(name) !== i)
  if (twice !== undefined)
    throw new ConfigError(`two endpoints are named "${twice}"; give each its own name in pkn.config.json`)
  const measures = file.embedding?.endpoint
  if (measures !== undefined && !url.safeParse(measures).success && !names.includes(measures) && measures !== 'ollama')
    throw new ConfigError(`embedding.endpoint is "${measures}", but must be the name of an endpoint or an address`)
  const servers = file.mcp.map((server) => server.name)
  const double = servers.find((name, i) => servers.indexOf(name) !== i)
  if (double !== undefined) throw new ConfigError(`two MCP servers are named "${double}"; give each its own name`)
  return {
    home,
    port,
    host,
    logFile: resolve(text(env, 'PKN_LOG_FILE') ?? join(PROJECT, 'divinenode.log')),
    hosts: file.hosts,
    policy: file.policy,
    network: file.network,
    routing: file.routing,
    embedding: file.embedding,
    search:
      file.search === undefined
        ? null
        : { kind: file.search.kind, url: file.search.url ?? null, key: text(env, 'BRAVE_API_KEY') ?? null },
    engine: {
      ...file.engine,
      enabled: file.engine.enabled && !engineOff,
      port: enginePort,
      model: text(env, 'PKN_MODEL') ?? file.engine.model,
      threads: number(env, 'PKN_ENGINE_THREADS') ?? file.engine.threads,
    },
    limits: file.limits,
    mcp: file.mcp.map((server) => mcpSetting(server, env, home)),
    endpoints: { configured, usual },
    hub: {
      url: link('HF_ENDPOINT', text(env, 'HF_ENDPOINT') ?? 'https://huggingface.co'),
      token: text(env, 'HF_TOKEN'),
    },
    cloud: file.cloud.map(({ provider, models, url: address, keyEnv }) => ({
      provider,
      models,
      url: address,
      key:
        (keyEnv === undefined ? KEY_ENV[provider] : [keyEnv]).map((name) => text(env, name)).find((key) => key) ?? null,
    })),
  }
}

function readFile(path: string): ConfigFile {
  if (!existsSync(path)) return ConfigFile.parse({})
  let json: unknown
  try {
    json = JSON.parse(readFileSync(path, 'utf8'))
  } catch (cause) {
    throw new ConfigError(`${path} is not valid JSON: ${cause instanceof Error ? cause.message : String(cause)}`, {
      cause,
    })
  }
  const parsed = ConfigFile.safeParse(json)
  if (!parsed.success) throw new ConfigError(`${path}:\n${z.prettifyError(parsed.error)}`)
  return parsed.data
}

const text = (env: Record<string, string | undefined>, name: string): string | undefined => {
  const value = env[name]?.trim()
  return value === '' ? undefined : value
}

function number(env: Record<string, string | undefined>, name: string): number | undefined {
  const value = text(env, name)
  if (value === undefined) return undefined
  if (!/^\d{1,5}$/.test(value) || Number(value) > 65_535)
    throw new ConfigError(`${name} is "${value}", but must be a whole number up to 65535`)
  return Number(value)
}

function link(name: string, value: string): string {
  if (!url.safeParse(value).success)
    throw new ConfigError(`${name} is "${value}", but must be an address such as http://127.0.0.1:8000/v1`)
  return value.replace(/\/+$/, '')
}

/** OLLAMA_HOST may be host, host:port or a URL, and 0.0.0.0 when it tells the server where to listen. */
function ollamaAddress(value: string): string {
  const full = /^https?:\/\//.test(value) ? value : `http://${value}`
  const port = /:\d+\/?$/.test(full) ? '' : ':11434'
  return full.replace(/\/+$/, '').replace('//0.0.0.0', '//127.0.0.1') + port
}

const keyOf = (name: string | undefined, env: Record<string, string | undefined>) =>
  name === undefined ? undefined : text(env, name)

/** With the values of the variables that are named, and of no other. */
function mcpSetting(
  server: ConfigFile['mcp'][number],
  env: Record<string, string | undefined>,
  home: string,
): McpSetting {
  const { name } = server
  if ('url' in server) return { name, kind: 'http', url: server.url, token: keyOf(server.tokenEnv, env) ?? null }
  const given = ['PATH', 'HOME', 'LANG', ...server.env].flatMap((key) => {
    const value = env[key]
    return value === undefined ? [] : [[key, value] as const]
  })
  const { command, args, cwd } = server
  return {
    name,
    kind: 'stdio',
    command,
    args,
    env: Object.fromEntries(given),
    cwd: resolve(cwd ?? text(env, 'HOME') ?? home),
  }
}
