import { z } from 'zod'
import type { Tool } from '../core/ports.ts'
import { hostOf, shownAddress } from './address-checked.ts'
import type { Egress } from './egress.ts'
import { material } from './material.ts'
import { brave } from './search-brave.ts'
import { duckduckgo } from './search-duckduckgo.ts'
import { searxng } from './search-searxng.ts'
import { findWith, type Finding, type SearchService, type SearchSetting } from './search-service.ts'

const [USUAL, MOST] = [5, 20]
const [MOST_TITLE, MOST_SNIPPET] = [200, 500]

const Input = z.object({
  query: z.string().min(1).max(500).describe('What to look for, as one would type it into a search engine.'),
  count: z.int().min(1).max(MOST).optional().describe(`How many results; ${USUAL} if it is left out.`),
})

/** `egress` is one that reaches the configured service, wherever that is, and no other private address. */
export function search(parts: { egress: Egress; setting: SearchSetting | null }): Tool<z.infer<typeof Input>> {
  const made = serviceOf(parts.setting)
  return {
    name: 'search',
    about: 'Searches the web. Gives titles, addresses and snippets; read a page with fetch.',
    input: Input,
    effect: 'read',
    reach: 'network',
    limitMs: 45_000,
    together: true,
    why: () => (typeof made === 'string' ? made : null),
    subject: ({ query }) => ({ kind: 'host', host: typeof made === 'string' ? '' : hostOf(made.urlOf(query, USUAL)) }),
    preview: async ({ query, count = USUAL }) => {
      const may =
        typeof made === 'string' ? { ok: false as const, why: made } : parts.egress.check(made.urlOf(query, count).href)
      return may.ok
        ? { ok: true, shown: { kind: 'address', url: shownAddress(may.url) } }
        : { ok: false, output: may.why }
    },
    run: async ({ query, count = USUAL }, { signal }) => {
      if (typeof made === 'string') return { ok: false, output: made }
      const may = parts.egress.check(made.urlOf(query, count).href)
      if (!may.ok) return { ok: false, output: may.why }
      const found = await findWith(made, may.url, { egress: parts.egress, signal })
      if (!found.ok) return { ok: false, output: found.why }
      const findings = found.findings.flatMap(usable).slice(0, count)
      if (findings.length === 0) return { ok: true, output: 'Nothing was found. Try other words, or fewer.' }
      const lines = findings.map(({ title, url, snippet }, i) =>
        `${i + 1}. ${title}\n   ${url}\n   ${snippet}`.trimEnd(),
      )
      return { ok: true, output: material(`a search at ${may.url.host}`, lines.join('\n')) }
    },
  }
}

/** Or why there is none. */
function serviceOf(setting: SearchSetting | null): SearchService | string {
  if (setting === null)
    return 'No search service is configured. In pkn.config.json: "search": {"kind": "searxng", "url": "http://127.0.0.1:8888"}, or {"kind": "brave"} with a key in BRAVE_API_KEY, or {"kind": "duckduckgo"}.'
  switch (setting.kind) {
    case 'searxng':
      return setting.url === null
        ? 'The configured SearXNG has no address. In pkn.config.json: "search": {"kind": "searxng", "url": "http://127.0.0.1:8888"}.'
        : searxng(setting.url)
    case 'brave':
      return setting.key === null
        ? 'Brave wants a key: put it into the environment variable BRAVE_API_KEY, and start PKN again.'
        : brave(setting.url, setting.key)
    case 'duckduckgo':
      return duckduckgo(setting.url)
  }
}

function usable({ title, url, snippet }: Finding): Finding[] {
  const to = url.length > 2000 ? null : URL.parse(url)
  if (to === null || !/^https?:$/.test(to.protocol)) return []
  return [{ title: line(title, MOST_TITLE) || to.hostname, url: to.href, snippet: line(snippet, MOST_SNIPPET) }]
}

const line = (text: string, most: number): string =>
  text
    .replaceAll(/[\p{C}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .trim()
    .slice(0, most)
