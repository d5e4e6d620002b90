import { decoded } from './source.ts'

/** What the hub says of a file before it sends to where the file lies: its length and, for a large one, its hash. */
export type Linked = { size: number | null; sha256: string | null }
export type Answer = { response: Response; linked: Linked; url: URL }
export type Asking = {
  url: string
  /** Goes to the host of `url` and to nobody else. */
  token?: string | undefined
  method?: 'GET' | 'HEAD'
  /** More headers, by what is known so far. */
  headers?: (linked: Linked) => Record<string, string>
  signal: AbortSignal
}

const HOPS = 8

/** Asks for a file, through redirects: each of them is looked at, so that a token stays with the host that it is for. Throws as fetch does. */
export async function ask({ url: given, token, method = 'GET', headers, signal }: Asking): Promise<Answer> {
  const first = new URL(given)
  const authorization = authorized(first, token)
  const linked: Linked = { size: null, sha256: null }
  let url = first
  for (let hop = 0; hop < HOPS; hop += 1) {
    const own = url.origin === first.origin
    const response = await fetch(url, {
      method,
      headers: {
        'accept-encoding': 'identity',
        'user-agent': 'pkn',
        ...headers?.(linked),
        ...(own && authorization !== null ? { authorization } : {}),
      },
      redirect: 'manual',
      signal,
    })
    if (own) {
      const size = Number(response.headers.get('x-linked-size') ?? Number.NaN)
      if (Number.isSafeInteger(size) && size > 0) linked.size = size
      linked.sha256 =
        /^(?:W\/)?"?([0-9a-f]{64})"?$/.exec(response.headers.get('x-linked-etag') ?? '')?.[1] ?? linked.sha256
    }
    const to = response.headers.get('location')
    if (![301, 302, 303, 307, 308].includes(response.status) || to === null) return { response, linked, url }
    await response.body?.cancel()
    const next = new URL(to, url)
    if (next.protocol !== 'https:' && (next.protocol !== 'http:' || url.protocol === 'https:'))
      throw new Error(`${url.host} sends to ${next.protocol}//${next.host}, which is not followed`)
    withoutPassword(next)
    url = next
  }
  throw new Error(`${first.host} sends from one place to the next without end`)
}

/** A name and password in an address belong to its host alone. They are taken out of it, as fetch wants it: its own refusal would repeat them. */
function authorized(url: URL, token: string | undefined): string | null {
  const { username, password } = url
  withoutPassword(url)
  if (token !== undefined) return `Bearer ${token}`
  if (username === '' && password === '') return null
  return `Basic ${Buffer.from(`${decoded(username)}:${decoded(password)}`).toString('base64')}`
}

function withoutPassword(url: URL): void {
  url.username = ''
  url.password = ''
}

/** The body of an answer as text. Throws if it is longer than any that is meant. */
export async function textOf({ body }: Response, most: number): Promise<string> {
  const pieces: Uint8Array[] = []
  let length = 0
  for await (const piece of body ?? []) {
    length += piece.length
    if (length > most) throw new Error(`the answer has more than ${most} bytes`)
    pieces.push(piece)
  }
  return Buffer.concat(pieces).toString('utf8')
}

/** What went wrong, with what lies behind it: fetch hides the reason in a cause. */
export function whyOf(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause)
  const inner = cause.cause instanceof Error ? cause.cause : null
  if (inner === null) return cause.message
  const code = 'code' in inner && typeof inner.code === 'string' ? inner.code : ''
  const said = inner.message === '' ? code : inner.message
  return cause.message === 'fetch failed' || cause.message === 'terminated' ? said : `${cause.message}: ${said}`
}

/** What there is to say of a file before it is gotten; null if its source can't be asked now. */
export async function describe(
  url: string,
  token: string | undefined,
  signal: AbortSignal,
): Promise<{ bytes: number | null; sha256: string | null } | null> {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(15_000)])
  try {
    const { response, linked } = await ask({ url, token, method: 'HEAD', signal: limit })
    await response.body?.cancel()
    const length = Number(response.headers.get('content-length') ?? Number.NaN)
    if (!response.ok) return null
    return { bytes: linked.size ?? (Number.isNaN(length) ? null : length), sha256: linked.sha256 }
  } catch {
    return null
  }
}
