import type { Clock } from '../core/ports.ts'
import { openEgress, type Egress } from './egress.ts'
import type { SearchSetting } from './search-service.ts'

/** How tools reach the web. */
export type Web = {
  egress: Egress
  /** Reaches the configured service of the search as well, where that is a private address. Nothing else asks by it. */
  service: Egress
  setting: SearchSetting | null
}

export function openWeb(parts: {
  clock: Clock
  version: string
  network: { allowPrivate: readonly string[] }
  /** Of PKN itself, which no tool may ask. */
  ownPort: () => number | null
  search: SearchSetting | null
}): Web {
  const { clock, version, network, ownPort, search } = parts
  const { allowPrivate } = network
  const own = search?.url ?? null
  const host =
    own === null
      ? []
      : [new URL(own)].map((url) => `${url.hostname}:${url.port || (url.protocol === 'https:' ? 443 : 80)}`)
  return {
    egress: openEgress({ clock, version, ownPort, allowPrivate }),
    service: openEgress({ clock, version, ownPort, allowPrivate: [...allowPrivate, ...host] }),
    setting: search,
  }
}
