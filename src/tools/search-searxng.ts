import { z } from 'zod'
import { jsonOf, type SearchService } from './search-service.ts'

const Answer = z.object({
  results: z.array(
    z.object({ title: z.string().nullish(), url: z.string(), content: z.string().nullish() }).catch({ url: '' }),
  ),
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
    if (status === 429) return { ok: false, why: 'SearXNG says that it was asked too often. Try again later.' }
    const answer = Answer.safeParse(jsonOf(text))
    if (status !== 200 || !answer.success) return { ok: false, why: `What answered is no SearXNG (HTTP ${status}).` }
    const findings = answer.data.results.map(({ title, url, content }) => ({
      title: title ?? '',
      url,
      snippet: content ?? '',
    }))
    return { ok: true, findings }
  },
})
