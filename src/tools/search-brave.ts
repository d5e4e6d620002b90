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

const OneError = z.object({ code: z.string().catch(''), meta: z.unknown().optional() })
/** Its pages tell of a list, its answers hold one. */
const Refused = z.union([
  z.object({ error: OneError }).transform(({ error }) => error),
  z.object({ errors: z.array(OneError).min(1) }).transform(({ errors }) => errors[0]!),
])

/** A wrong key, a wrong query and a plan that is used up may all be 422 or 429: the code in the answer tells them apart. */
function refusal(status: number, answer: unknown): string {
  const { code, meta } = Refused.safeParse(answer).data ?? { code: '', meta: null }
  if (code === 'QUOTA_LIMITED')
    return 'What the plan of your key at Brave allows in a month is used up. Its dashboard shows until when; another search service can be set in pkn.config.json.'
  if (status === 429 || code === 'RATE_LIMITED')
    return 'Brave was asked more often than the plan of your key allows, which may be once in a second. Wait a moment, and search again one at a time.'
  const keyless = code === 'VALIDATION' && /x-subscription-token/i.test(JSON.stringify(meta ?? ''))
  if (code.startsWith('SUBSCRIPTION_') || keyless || status === 401 || status === 403)
    return `Brave refuses the key that is in BRAVE_API_KEY (HTTP ${status}). It must be one of a plan for web search, whole and without spaces; start PKN again once it is set.`
  if (status === 422 || status === 400)
    return `Brave refuses the query (HTTP ${status}): it takes up to 50 words and 400 characters. Use fewer words.`
  if (status >= 500) return `Brave has trouble of its own (HTTP ${status}). Try again later.`
  return `Brave did not answer as it should (HTTP ${status}).`
}

/** https://api-dashboard.search.brave.com/app/documentation/web-search/get-started */
export const brave = (base: string | null, key: string): SearchService => ({
  urlOf: (query, count) => {
    const url = new URL(base ?? 'https://api.search.brave.com/res/v1/web/search')
    // The longest query that it takes.
    const words = query.trim().split(/\s+/).slice(0, 50).join(' ').slice(0, 400)
    url.search = new URLSearchParams({ q: words, count: `${count}` }).toString()
    return url
  },
  accept: 'application/json',
  headers: { 'X-Subscription-Token': key },
  read: (status, text, plain) => {
    if (status !== 200) return { ok: false, why: refusal(status, jsonOf(text)) }
    const answer = Answer.safeParse(jsonOf(text))
    if (!answer.success) return { ok: false, why: 'What Brave answered cannot be read.' }
    const findings = (answer.data.web?.results ?? []).map(({ title, url, description }) => ({
      title: plain(title ?? ''),
      url,
      snippet: plain(description ?? ''),
    }))
    return { ok: true, findings }
  },
})
