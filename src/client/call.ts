import { API, type Reply, type Route, type RouteName, type Sent } from '../wire/api.ts'
import { refusalOf } from './problem.ts'
import { Unreachable } from './refusal.ts'

export type Fetch = (url: string, init: RequestInit) => Promise<Response>
/** `base` is the server's address without a slash at its end; '' for the page's own origin. */
export type Server = { base: string; fetch: Fetch }

/** What a caller of this route has to give: the parts that it has, no others. */
export type Wants<N extends RouteName> = {
  [K in keyof Sent<N> as Sent<N>[K] extends undefined ? never : K]: Sent<N>[K]
}
export type Call = <N extends RouteName>(name: N, sent: Wants<N>, signal?: AbortSignal) => Promise<Reply<N>>

/** Calls any route of the table. Rejects with Refusal, with Unreachable, or with the signal's reason. */
export function caller(server: Server): Call {
  return async (name, sent, signal) => {
    const route: Route = API[name]
    const { params = {}, query = {}, body } = sent as Loose
    const init: RequestInit = { method: route.method, headers: { Accept: 'application/json' }, signal: signal ?? null }
    if (route.body !== undefined) {
      init.headers = { Accept: 'application/json', 'Content-Type': 'application/json' }
      init.body = JSON.stringify(body ?? {})
    }
    let response: Response
    try {
      response = await server.fetch(server.base + pathOf(route.path, params, query), init)
    } catch (cause) {
      signal?.throwIfAborted()
      throw new Unreachable({ cause })
    }
    if (!response.ok) throw await refusalOf(response)
    if (route.reply === null) return undefined as never
    let json: unknown
    try {
      json = await response.json()
    } catch (cause) {
      signal?.throwIfAborted()
      throw new Unreachable({ cause })
    }
    return route.reply.parse(json) as never
  }
}

type Values = Record<string, string | number | boolean | undefined>
type Loose = { params?: Values; query?: Values; body?: unknown }

export function pathOf(path: string, params: Values, query: Values = {}): string {
  const filled = path.replaceAll(/:(\w+)/g, (_, name: string) => encodeURIComponent(String(params[name])))
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) if (value !== undefined) search.set(name, String(value))
  return search.size === 0 ? filled : `${filled}?${search}`
}
