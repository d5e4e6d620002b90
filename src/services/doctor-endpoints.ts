import { bad, ok, warn, type Endpoint, type Finding, type Patient } from './finding.ts'
import { KeysUnreadable, openKeys } from './keys.ts'
import { onPath } from './on-path.ts'

const LIMIT_MS = 4000

/** Where models may come from. One that was only looked for need not be there. */
export async function checkEndpoints({ endpoints }: Pick<Patient, 'endpoints'>): Promise<Finding[]> {
  const findings = await Promise.all(endpoints.map(checkEndpoint))
  const silent = endpoints.filter((_, i) => findings[i] === null).map(({ url }) => new URL(url).port)
  return [
    ...findings.filter((finding) => finding !== null),
    ...(silent.length > 0 ? [ok('model servers', `none at the usual ports ${silent.join(', ')}`)] : []),
  ]
}

/** Providers of the cloud are not asked anything: nothing leaves this machine for a check. */
export function checkCloud({ cloud, home }: Pick<Patient, 'cloud' | 'home'>): Finding[] {
  return cloud.map(({ provider, key }) => {
    const check = `cloud ${provider}`
    if (key !== null) return ok(check, 'there is a key in the environment')
    const set = `./pkn config key ${provider}`
    try {
      return openKeys(home).get(provider) === null
        ? bad(check, 'named in the settings, but it has no key', set)
        : ok(check, 'there is a key')
    } catch (cause) {
      if (cause instanceof KeysUnreadable) return bad(check, cause.message, set)
      throw cause
    }
  })
}

/** Null is a usual place where nobody is. */
export async function checkEndpoint(endpoint: Endpoint): Promise<Finding | null> {
  const { name, kind, url, configured, keyEnv } = endpoint
  const check = `endpoint ${name}`
  const root = url.replace(/\/+$/, '')
  const list = await ask(endpoint, kind === 'ollama' ? `${root}/api/tags` : `${root}/models`)
  if ('why' in list) {
    if (!configured) return null
    return bad(check, `${url} cannot be reached: ${list.why}`, howToReach(endpoint))
  }
  if (list.status === 401 || list.status === 403)
    return bad(check, `${url} refuses the key (${list.status})`, `export ${keyEnv ?? 'OPENAI_API_KEY'}=...`)
  if (list.status === 503) return configured ? ok(check, `${url}: loading its model`) : null
  const names = namesIn(list.body)
  if (list.status !== 200 || names === null)
    return configured
      ? bad(check, `${url} answers ${list.status}, and not as a model server does`, howToReach(endpoint))
      : null
  const slots = kind === 'llama' ? await slotsOf(endpoint, root) : null
  const about = `${url}${slots === null ? '' : `, ${slots} slot${slots === 1 ? '' : 's'}`}`
  const few = names.slice(0, 4).join(', ') + (names.length > 4 ? `, and ${names.length - 4} more` : '')
  if (names.length > 0) return ok(check, `${about}: ${few}`)
  return warn(
    check,
    `${about}: it has no models`,
    kind === 'ollama' ? './pkn models pull ollama:qwen3:1.7b' : './pkn models catalogue',
  )
}

async function slotsOf(endpoint: Endpoint, root: string): Promise<number | null> {
  const props = await ask(endpoint, `${root.replace(/\/v1$/, '')}/props`)
  const slots = 'why' in props ? null : (props.body as { total_slots?: unknown } | null)?.total_slots
  return typeof slots === 'number' ? slots : null
}

function howToReach({ name, kind }: Endpoint): string {
  if (kind === 'ollama' && onPath('ollama') !== null) return './pkn start ollama'
  const fromEnvironment: Record<string, string> = {
    'llama.cpp': 'unset LLAMA_BASE_URL',
    ollama: 'unset OLLAMA_BASE_URL',
    openai: 'unset OPENAI_BASE_URL',
  }
  return fromEnvironment[name] ?? `./pkn config unset endpoints.${name}`
}

type Said = { status: number; body: unknown } | { why: string }

async function ask({ key }: Endpoint, url: string): Promise<Said> {
  try {
    const response = await fetch(url, {
      headers: key === undefined ? {} : { authorization: `Bearer ${key}` },
      signal: AbortSignal.timeout(LIMIT_MS),
      redirect: 'manual',
    })
    const text = (await response.text()).slice(0, 4_000_000)
    return { status: response.status, body: parsed(text) }
  } catch (cause) {
    if (!(cause instanceof Error)) throw cause
    if (cause.name === 'TimeoutError') return { why: `no answer within ${LIMIT_MS / 1000} s` }
    return {
      why:
        cause.cause instanceof Error
          ? cause.cause.message || String((cause.cause as NodeJS.ErrnoException).code)
          : cause.message,
    }
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

/** OpenAI's list has `data` with ids, Ollama's `models` with names. */
function namesIn(body: unknown): string[] | null {
  if (typeof body !== 'object' || body === null) return null
  const list = 'data' in body ? body.data : 'models' in body ? body.models : null
  if (!Array.isArray(list)) return null
  return list.flatMap((one: { id?: unknown; name?: unknown } | null) => {
    const name = one?.id ?? one?.name
    return typeof name === 'string' ? [name] : []
  })
}
