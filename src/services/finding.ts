import type { Service, ServiceName } from './service.ts'

/** A command for a shell in the project's folder. `safe`: it takes nothing away that a person made, and may be run without asking. */
export type Mend = { command: string; safe: boolean }
export type Finding = { check: string } & (
  { level: 'ok'; text: string } | { level: 'warn' | 'bad'; text: string; mend: Mend | null }
)

/** What is looked at. */
export type Patient = {
  home: string
  project: string
  services: Record<ServiceName, Service>
  endpoints: readonly Endpoint[]
  /** Providers that the settings name; `key` is the one of the environment. */
  cloud: readonly { provider: string; key: string | null }[]
  engine: { enabled: boolean; model?: string | undefined }
  env: NodeJS.ProcessEnv
  /** Where the system's unit for this user would lie, and what would be in it. */
  unit: { path: string; wanted: string }
  /** An address under which the server is reached, through a proxy maybe; null looks at none. */
  url: string | null
  /** The names under which the configuration lets it be reached. */
  hosts: readonly string[]
}
export type Endpoint = {
  name: string
  kind: 'openai' | 'llama' | 'ollama'
  url: string
  key?: string | undefined
  keyEnv?: string | undefined
  /** Named by the user, and not only looked for. */
  configured: boolean
}

export const ok = (check: string, text: string): Finding => ({ check, level: 'ok', text })
export const warn = (check: string, text: string, command?: string, safe = false): Finding => ({
  check,
  level: 'warn',
  text,
  mend: command === undefined ? null : { command, safe },
})
export const bad = (check: string, text: string, command?: string, safe = false): Finding => ({
  check,
  level: 'bad',
  text,
  mend: command === undefined ? null : { command, safe },
})

/** A word for a shell, whatever it holds. */
export const quoted = (word: string): string =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`
