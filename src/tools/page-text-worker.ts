import { convert } from 'html-to-text'
import { parentPort, workerData } from 'node:worker_threads'
import { flatHtml } from './flat-html.ts'
import type { PageText, Wanted } from './page-text.ts'

const [MOST_LINKS, MOST_LINK, MOST_TITLE] = [2000, 1000, 300]
/** A main part that says less than this is not what the page is about. */
const LITTLE = 200
const SKIPPED = [
  'script style noscript template svg math iframe object canvas audio video nav footer aside dialog button select',
  'textarea input title [hidden] [aria-hidden=true] [role=navigation] [role=banner] [role=contentinfo]',
  // What a person would not see is nothing that a model should be told.
  '[style*="display:none"i] [style*="visibility:hidden"i]',
].flatMap((selectors) => selectors.split(' '))
SKIPPED.push('[style*="display: none"i]', '[style*="visibility: hidden"i]')

function pageText({ html, base }: Wanted): PageText {
  const flat = flatHtml(html)
  const title = textOf(flat, ['title'], [], base, false).replaceAll(/\s+/g, ' ').trim().slice(0, MOST_TITLE)
  const within = baseOf(flat, base)
  for (const selectors of [['main', '[role=main]'], ['article'], ['body']]) {
    const links: string[] = []
    const text = tidy(textOf(flat, selectors, links, within, selectors[0] === 'body'))
    if (selectors[0] === 'body' || text.length >= LITTLE)
      return { ok: true, title: tidy(title), text: `${text}${leadsOn(flat, within, links)}`.trim(), links }
  }
  return { ok: false, why: 'There is nothing in it.' }
}

function textOf(html: string, selectors: string[], links: string[], base: string, whole: boolean): string {
  const numbers = new Map<string, number>()
  return convert(html, {
    wordwrap: false,
    baseElements: { selectors, orderBy: 'occurrence', returnDomByDefault: whole },
    limits: { maxDepth: 200, maxInputLength: html.length, ...(selectors[0] === 'title' ? { maxBaseElements: 1 } : {}) },
    formatters: {
      note: (element, walk, builder) => {
        walk(element.children, builder)
        const to = absolute(element.attribs?.['href'] ?? '', base)
        if (to === null) return
        const number = numbers.get(to) ?? links.length + 1
        if (number > MOST_LINKS) return
        if (!numbers.has(to)) links.push(to)
        numbers.set(to, number)
        builder.addInline(` [${number}]`)
      },
      alternative: (element, _walk, builder) => {
        const text = (element.attribs?.['alt'] ?? '').trim()
        if (text !== '') builder.addInline(`(picture: ${text.slice(0, 300)})`)
      },
    },
    selectors: [
      { selector: 'a', format: 'note' },
      { selector: 'img', format: 'alternative' },
      ...['h1', 'h2', 'h3', 'h4', 'h5', 'h6'].map((selector) => ({ selector, options: { uppercase: false } })),
      ...(selectors[0] === 'title' ? [] : SKIPPED.map((selector) => ({ selector, format: 'skip' }))),
    ],
  })
}

function absolute(href: string, base: string): string | null {
  if (href === '' || href.startsWith('#') || href.length > MOST_LINK) return null
  const url = URL.parse(href, base)
  return url !== null && /^https?:$/.test(url.protocol) && url.href.length <= MOST_LINK ? url.href : null
}

/** Where a page sends whoever reads it, as those do that say nothing themselves: told as a footnote, and not followed. */
function leadsOn(html: string, base: string, links: string[]): string {
  const tag =
    /<meta\s[^<>]{0,300}?http-equiv\s*=\s*["']?refresh\b[^<>]{0,1500}>/i.exec(html.slice(0, 100_000))?.[0] ?? ''
  const to = absolute(/\burl\s*=\s*["']?([^"'\s<>]{1,1000})/i.exec(tag)?.[1]?.replaceAll('&amp;', '&') ?? '', base)
  if (to === null || links.length >= MOST_LINKS) return ''
  if (!links.includes(to)) links.push(to)
  return `\n\nThis page sends its reader on to [${links.indexOf(to) + 1}].`
}

function baseOf(html: string, base: string): string {
  const href = /<base\s[^<>]{0,200}?href\s*=\s*["']?([^"'\s<>]{1,1000})/i.exec(html.slice(0, 100_000))?.[1]
  return (href === undefined ? null : absolute(href, base)) ?? base
}

/** Without what nobody could see, and with no more empty lines than one. */
const tidy = (text: string): string =>
  text
    .replaceAll(/[ \t\u00a0]+$/gm, '')
    .replaceAll(/\n{3,}/g, '\n\n')
    .trim()

// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
parentPort?.postMessage(pageText(workerData as Wanted))
