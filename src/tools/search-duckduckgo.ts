import type { Finding, SearchService } from './search-service.ts'

const [MOST, MOST_FINDING] = [40, 8000]

/** The page that DuckDuckGo has for browsers without scripts. It is no interface: it may change, and refuse those who ask much. */
export const duckduckgo = (base: string | null): SearchService => ({
  urlOf: (query) => {
    const url = new URL(base ?? 'https://html.duckduckgo.com/html/')
    url.search = new URLSearchParams({ q: query }).toString()
    return url
  },
  accept: 'text/html',
  headers: {},
  read: (status, text, plain) => {
    const findings = findingsIn(text, plain)
    if (findings.length > 0) return { ok: true, findings }
    // It answers 202 also where there is nothing to be found; and a query that names these words stands in the page too, but not as such.
    const challenged = /\b(?:class|id|action)="[^"]{0,200}(?:anomaly-modal|challenge-form|\/anomaly\.js)/.test(text)
    if (!challenged && /\bclass="[^"]{0,200}(?:no-results|result--no-result)/.test(text))
      return { ok: true, findings: [] }
    if (challenged || status === 202 || status === 403 || status === 429)
      return {
        ok: false,
        why: 'DuckDuckGo wants to know that a person asks. To try again at once makes it last longer; later may do. A SearXNG of your own, or Brave with a key, does not do that.',
      }
    if (status !== 200) return { ok: false, why: `DuckDuckGo did not answer as it should (HTTP ${status}).` }
    return { ok: false, why: 'The page of DuckDuckGo is not as it was: nothing could be read from it.' }
  },
})

function findingsIn(page: string, plain: (html: string) => string): Finding[] {
  const parts = page.split(/(?=<a\b[^<>]{0,500}\bclass="result__a")/).slice(1, MOST + 1)
  return parts.flatMap((whole) => {
    const part = whole.slice(0, MOST_FINDING)
    const url = addressIn(/^<a\b[^<>]{0,3000}?\bhref="([^"]{1,3000})"/.exec(part)?.[1] ?? '')
    const end = part.indexOf('</a>')
    if (url === null || end < 0) return []
    const snippet = /\bclass="result__snippet"[^<>]{0,3000}>([\s\S]{0,3000}?)<\/(?:a|div|td)>/.exec(
      part.slice(end),
    )?.[1]
    return [{ title: plain(part.slice(0, end)), url, snippet: plain(snippet ?? '') }]
  })
}

/** Its links lead through itself; advertisements lead elsewhere in it, and are left out. */
function addressIn(href: string): string | null {
  const url = URL.parse(href.replaceAll('&amp;', '&'), 'https://duckduckgo.com')
  if (url === null) return null
  return /(?:^|\.)duckduckgo\.com$/.test(url.hostname) ? url.searchParams.get('uddg') : url.href
}
