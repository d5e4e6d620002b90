import type { Egress, Got } from './egress.ts'

export type Finding = { title: string; url: string; snippet: string }
export type Found = { ok: true; findings: readonly Finding[] } | { ok: false; why: string }

/** One that finds pages. A kind of service is a file `search-*.ts` with one such value. */
export interface SearchService {
  /** What is asked for a query: what a person is shown is exactly what is sent. */
  urlOf(query: string, count: number): URL
  accept: string
  headers: Readonly<Record<string, string>>
  /** What the answer says; `why` for one that is none. `plain` makes words of a few words of HTML. */
  read(status: number, text: string, plain: (html: string) => string): Found
}

/** Which service is asked, where, and with what key. */
export type SearchSetting = { kind: 'searxng' | 'brave' | 'duckduckgo'; url: string | null; key: string | null }

/** Asks it. Never rejects. */
export async function findWith(
  service: SearchService,
  url: URL,
  { egress, signal }: { egress: Egress; signal: AbortSignal },
): Promise<Found> {
  const got: Got = await egress.get(url, {
    signal,
    accept: service.accept,
    headers: service.headers,
    wants: (type) => /json|html/.test(type),
  })
  if (!got.ok) return got
  if (got.body?.cut === true) return { ok: false, why: 'Its answer is too long.' }
  // A parser of HTML is a large thing to hold for who never searches.
  const { plainOf } = await import('./plain-html.ts')
  return service.read(got.status, got.body === null ? '' : got.body.bytes.toString('utf8'), plainOf)
}

/** What JSON of theirs says, or null where it is none. */
export function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return null
  }
}
