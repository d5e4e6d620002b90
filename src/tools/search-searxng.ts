import { z } from 'zod'
import { jsonOf, type SearchService } from './search-service.ts'

const Answer = z.object({
  results: z.array(
    z.object({ title: z.string().nullish(), url: z.string(), content: z.string().nullish() }).catch({ url: '' }),
  ),
  /** Pairs of a name and a reason, at best. */
  unresponsive_engines: z.array(z.unknown()).catch([]).optional(),
})

/** A SearXNG of one's own, or of others. https://docs.searxng.org/dev/search_api */
export const searxng = (base: string): SearchService => ({
  urlOf: (query) => {
    const url = new URL('search', base.endsWith('/') ? base : `${base}/`)
    url.search = new URLSearchParams({ q: query, format: 'json' }).toString()
    return url
  },
  accept: 'application/json',
  headers: {},
  read: (status, text) => {
    if (status === 403)
      return { ok: false, why: 'SearXNG gives no JSON. Its settings.yml must name json under search: formats.' }
    if (status === 429)
      return {
        ok: false,
        why: 'SearXNG says that it was asked too often. Its limiter takes whoever asks for JSON for a robot: in a SearXNG of your own, set server: limiter: false in settings.yml. Else try again later.',
      }
    const answer = Answer.safeParse(jsonOf(text))
    if (status === 200 && !answer.success && /<html/i.test(text) && /searxng/i.test(text))
      return {
        ok: false,
        why: 'SearXNG answers with a page, and not with JSON. Its settings.yml must name json under search: formats.',
      }
    if (status !== 200 || !answer.success) return { ok: false, why: `What answered is no SearXNG (HTTP ${status}).` }
    const findings = answer.data.results.map(({ title, url, content }) => ({
      title: title ?? '',
      url,
      snippet: content ?? '',
    }))
    const silent = (answer.data.unresponsive_engines ?? []).flatMap(engineOf)
    // Nothing found and nothing asked look the same but for this.
    if (findings.length === 0 && silent.length > 0)
      return {
        ok: false,
        why: `Nothing came back, but that says little: of the engines that SearXNG asks, these did not answer: ${silent.slice(0, MOST_ENGINES).join(', ')}. Try again later; its settings.yml can name others.`,
      }
    return { ok: true, findings }
  },
})

const MOST_ENGINES = 8
const engineOf = (pair: unknown): string[] => {
  if (!Array.isArray(pair) || typeof pair[0] !== 'string') return []
  const [name, reason] = pair.map((word: unknown) => (typeof word === 'string' ? plainWords(word) : ''))
  return [reason ? `${name} (${reason})` : (name ?? '')]
}
const plainWords = (text: string): string => text.replaceAll(/[^\p{L}\p{N} .:-]/gu, '').slice(0, 40)
