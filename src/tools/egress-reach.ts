import type { LookupFunction } from 'node:net'
import { isIP } from 'node:net'
import { hostOf, portOf, refusal } from './address-checked.ts'
import { isHere } from './addresses.ts'

export type Resolve = (host: string) => Promise<readonly { address: string; family: number }[]>
export type Reached = { ok: true; lookup: LookupFunction } | { ok: false; why: string }

/**
 * Judges where a URL leads now. What is dialled with `lookup` are the addresses that were judged, and no others. PKN's own port on this
 * machine is refused also where the machine as a whole is allowed: who reaches it could answer what a person is asked.
 */
export async function reach(
  url: URL,
  parts: {
    resolve: Resolve
    allowPrivate: readonly string[]
    ownPort: () => number | null
    signal: AbortSignal
  },
): Promise<Reached> {
  const host = hostOf(url)
  const named = isIP(host) === 0
  const addresses = named ? await before(parts.resolve(host), parts.signal) : []
  const judged = named ? addresses.map(({ address }) => address) : [host]
  const why = refusal(url, judged, parts.allowPrivate)
  if (why !== null) return { ok: false, why }
  if (portOf(url) === parts.ownPort() && judged.some((address) => isHere(address)))
    return { ok: false, why: `${url.host} is PKN itself, which nothing that an agent does may ask.` }
  if (named && addresses.length === 0) return { ok: false, why: `There is no host named ${host}.` }
  return { ok: true, lookup: only(addresses) }
}

const only =
  (addresses: Awaited<ReturnType<Resolve>>): LookupFunction =>
  (_host, wanted, done) => {
    const [one] = addresses
    if (one === undefined) done(new Error('no address'), '')
    else if (wanted.all === true) done(null, [...addresses])
    else done(null, one.address, one.family)
  }

/** What a resolver is asked can't be taken back, but need not be waited for. */
function before<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const over = () => reject(new Error('over'))
    if (signal.aborted) over()
    signal.addEventListener('abort', over, { once: true })
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', over))
  })
}
