import type { IncomingMessage } from 'node:http'
import { Fault } from '../wire/fault.ts'

const LOOPBACK = ['127.0.0.1', 'localhost', '[::1]']

/**
 * Refuses what a web page of somebody else could send: a foreign Host (DNS rebinding), a foreign Origin, a cross-site fetch. Programs on
 * this machine send no Origin and are let in. Called before anything else for every request, streams included.
 */
export function makeGuard(hosts: readonly string[], port: () => number): (request: IncomingMessage) => void {
  const names = new Set([...LOOPBACK, ...hosts.map((h) => h.toLowerCase())])
  const known = (authority: string): boolean => {
    const at = /^(\[[^\]]+\]|[^:]+)(?::(\d+))?$/.exec(authority.toLowerCase())
    if (!at) return false
    const [, name = '', p] = at
    if (!names.has(name)) return false
    // A name that the user listed may stand behind a proxy on another port; the loopback names may not.
    return !LOOPBACK.includes(name) || Number(p ?? 80) === port()
  }
  return ({ headers }) => {
    const { host = '', origin } = headers
    if (!known(host)) throw new Fault('host.refused', { host: host.slice(0, 200) })
    if (origin !== undefined) {
      const authority = /^https?:\/\/([^/]+)$/.exec(origin)?.[1]
      if (authority === undefined || !known(authority))
        throw new Fault('origin.refused', { origin: origin.slice(0, 200) })
    }
    const site = headers['sec-fetch-site']
    // Opening the page from a link elsewhere is a navigation and harmless; anything else that crosses sites is not.
    if ((site === 'cross-site' || site === 'same-site') && headers['sec-fetch-mode'] !== 'navigate')
      throw new Fault('origin.refused', { origin: origin ?? 'another site' })
  }
}
