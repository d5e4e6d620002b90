import { isIP } from 'node:net'
import { domainToUnicode } from 'node:url'
import { leadsTo } from './addresses.ts'

export type Checked = { ok: true; url: URL } | { ok: false; why: string }

const MOST = 4000
/** Ports at which what listens would take a request for something else: those that browsers refuse, and two that read lines. */
const REFUSED_PORTS: ReadonlySet<string> = new Set(
  [
    '1 7 9 11 13 15 17 19 20 21 22 23 25 37 42 43 53 69 77 79 87 95 101 102 103 104 109 110 111 113 115 117 119 123 135',
    '137 139 143 161 179 389 427 465 512 513 514 515 526 530 531 532 540 548 554 556 563 587 601 636 989 990 993 995 1719',
    '1720 1723 2049 3659 4045 4190 5060 5061 6000 6379 6566 6665 6666 6667 6668 6669 6679 6697 10080 11211',
  ].flatMap((ports) => ports.split(' ')),
)

/**
 * An address that may be asked for, in the one spelling that is dialled and shown; without its fragment. A name says nothing yet about
 * where it leads: that is judged when it is dialled.
 */
export function checked(text: string, allowPrivate: readonly string[], base?: URL): Checked {
  const no = (why: string): Checked => ({ ok: false, why })
  if (text.length > MOST) return no(`The address is longer than ${MOST} characters.`)
  // A parser of addresses drops some of them silently, and two parsers not the same ones.
  if (/[\p{Cc}\\]/u.test(text)) return no('There are control characters or backslashes in the address.')
  const url = URL.parse(text, base)
  if (url === null)
    return no(`${JSON.stringify(text.slice(0, 200))} is no address. One looks like https://example.org/page.`)
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    return no('Only http and https addresses can be asked for.')
  if (url.username !== '' || url.password !== '')
    return no('There is a name or a password in the address; leave it out.')
  if (url.hostname.endsWith('.')) url.hostname = url.hostname.slice(0, -1)
  if (url.hostname === '' || /[%\s]/.test(url.hostname)) return no('The address names no host.')
  if (REFUSED_PORTS.has(`${portOf(url)}`)) return no(`Port ${portOf(url)} is not one for pages.`)
  url.hash = ''
  const host = hostOf(url)
  if (isIP(host) === 0) return { ok: true, url }
  const why = refusal(url, [host], allowPrivate)
  return why === null ? { ok: true, url } : no(why)
}

/** Why these addresses, which the host of the URL has, are not dialled; null if they may be. */
export function refusal(url: URL, addresses: readonly string[], allowPrivate: readonly string[]): string | null {
  for (const address of addresses) {
    const leads = leadsTo(address)
    if (leads === 'public') continue
    const named = hostOf(url) === address ? address : `${hostOf(url)} (${address})`
    if (leads === 'never') return `${named} is not an address that tools may ask anything of.`
    if (!isAllowed(url, allowPrivate))
      return `${named} is within this machine or its network, where tools may not look. Who runs PKN can allow it: "network": {"allowPrivate": [${JSON.stringify(hostOf(url))}]} in pkn.config.json.`
  }
  return null
}

/** Where a redirect leads, if it is one that is followed: within the host that was asked, and never to less safety. */
export function redirected(from: URL, to: string, allowPrivate: readonly string[]): Checked {
  const next = checked(to, allowPrivate, from)
  if (!next.ok) return { ok: false, why: `It leads to another address, which is refused: ${next.why}` }
  if (from.protocol === 'https:' && next.url.protocol === 'http:')
    return { ok: false, why: `It leads from https to http, to ${next.url.href}: that is not followed.` }
  if (next.url.hostname !== from.hostname)
    return {
      ok: false,
      why: `It leads to another host: ${next.url.href}\nAsk for that address if it is what you want.`,
    }
  return next
}

/** Without brackets, as policy and resolvers have it. */
export const hostOf = ({ hostname }: URL): string => hostname.replace(/^\[(.*)\]$/, '$1')
export const portOf = (url: URL): number => Number(url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : url.port)

const isAllowed = (url: URL, allowPrivate: readonly string[]): boolean =>
  [hostOf(url), url.hostname, `${url.hostname}:${portOf(url)}`].some((name) => allowPrivate.includes(name))

/** What will be dialled, as a person is shown it: to the letter, and beside it what letters of other scripts a name is in truth spelled with. */
export function shownAddress(url: URL): string {
  if (!/(?:^|\.)xn--/.test(url.hostname)) return url.href
  const reads = domainToUnicode(url.hostname).replaceAll(
    /[^\p{L}\p{N}.-]/gu,
    (c) => `⟨U+${c.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}⟩`,
  )
  return `${url.href}\n(the host is written "${reads}")`
}
