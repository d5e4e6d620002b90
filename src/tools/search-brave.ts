import { z } from 'zod'
import { jsonOf, type SearchService } from './search-service.ts'

const Answer = z.object({
  web: z
    .object({
      results: z.array(
        z
          .object({ title: z.string().nullish(), url: z.string(), description: z.string().nullish() })
          .catch({ url: '' }),
      ),
    })
    .nullish(),
})

/** https://api-dashboard.search.brave.com/app/documentation/web-search/get-started */
export const brave = (base: string | null, key: string): SearchService => ({
  urlOf: (query, count) => {
    const url = new URL(base ?? 'https://api.search.brave.com/res/v1/web/search')
    // The longest query that it takes.
    url.search = new URLSearchParams({ q: query.slice(0, 400), count: `${count}` }).toString()
    return url
  },
  accept: 'application/json',
  headers: { 'X-Subscription-Token': key },
  read: (status, text, plain) => {
    if (status === 401 || status === 403 || status === 422)
      return { ok: false, why: `Brave refuses the key that is in BRAVE_API_KEY, or the query (HTTP ${status}).` }
    if (status === 429) return { ok: false, why: 'Brave says that it was asked too often. Try again later.' }
    const answer = Answer.safeParse(jsonOf(text))
    if (status !== 200 || !answer.success)
      return { ok: false, why: `Brave did not answer as it should (HTTP ${status}).` }
    const findings = (answer.data.web?.results ?? []).map(({ title, url, description }) => ({
      title: plain(title ?? ''),
      url,
      snippet: plain(description ?? ''),
    }))
    return { ok: true, findings }
  },
})
