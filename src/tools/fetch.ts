import { STATUS_CODES } from 'node:http'
import { z } from 'zod'
import type { Clock, Tool, ToolResult, ToolUse } from '../core/ports.ts'
import { hostOf, shownAddress } from './address-checked.ts'
import { decoded } from './decoded.ts'
import type { Egress, Got } from './egress.ts'
import { material } from './material.ts'
import { pageText } from './page-text.ts'

/** Characters of a page, and of its footnotes, that are told at a time. */
const [PAGE, MOST_NOTES] = [8000, 4000]
const MOST_HTML = 3_000_000

const Input = z.object({
  url: z.string().min(1).max(4000).describe('An http or https address.'),
  from: z.int().min(1).optional().describe('The first character wanted, to read on in a long page.'),
})
type Input = z.infer<typeof Input>

export const fetch = ({ egress, clock }: { egress: Egress; clock: Clock }): Tool<Input> => ({
  name: 'fetch',
  about: 'Gets a page or a text file from the web by its address and gives back its text, with links as footnotes.',
  input: Input,
  effect: 'read',
  reach: 'network',
  limitMs: 60_000,
  together: true,
  subject: ({ url }) => {
    const may = egress.check(url)
    // One that is refused is never asked for; whoever judges it is still told something.
    return { kind: 'host', host: may.ok ? hostOf(may.url) : '' }
  },
  preview: async ({ url }) => {
    const may = egress.check(url)
    return may.ok
      ? { ok: true, shown: { kind: 'address', url: shownAddress(may.url) } }
      : { ok: false, output: may.why }
  },
  run: async ({ url, from = 1 }, use) => {
    const may = egress.check(url)
    if (!may.ok) return { ok: false, output: may.why }
    const got = await egress.get(may.url, { signal: use.signal, accept: ACCEPT, wants: isText })
    return got.ok ? await told(got, from, use, clock) : { ok: false, output: got.why }
  },
})

const ACCEPT = 'text/html, text/markdown, text/plain, application/json, application/xhtml+xml, */*;q=0.1'
const isHtml = (type: string): boolean => type === 'text/html' || type === 'application/xhtml+xml'
const isText = (type: string): boolean =>
  type === '' ||
  (/^text\/|[/+](?:json|xml|yaml|x-yaml|javascript|x-ndjson|ndjson|toml|x-sh|sql)$/.test(type) &&
    type !== 'text/event-stream')

async function told(got: Extract<Got, { ok: true }>, from: number, use: ToolUse, clock: Clock): Promise<ToolResult> {
  const ok = got.status >= 200 && got.status < 300
  const where = got.redirects === 0 ? '' : `, at ${got.url.href}`
  const head = `HTTP ${got.status} ${STATUS_CODES[got.status] ?? ''}${where}`.trim()
  const size = got.length === null ? 'of unknown size' : `${got.length} bytes`
  if (got.body === null)
    return { ok: false, output: `${head}: it is ${got.type} (${size}), which is no text. Nothing of it was read.` }
  const { bytes, cut } = got.body
  if (bytes.includes(0) && !/^utf-?16/i.test(got.charset ?? '') && !isWide(bytes))
    return { ok: false, output: `${head}: it is no text, though it is said to be ${got.type || 'nothing'} (${size}).` }
  const { text: raw, told: charset } = decoded(bytes, got.charset, isHtml(got.type))
  const html = isHtml(got.type) || (got.type === '' && /^\s*<(?:!doctype|html)/i.test(raw))
  const page = html
    ? await pageText({ html: raw.slice(0, MOST_HTML), base: got.url.href }, { clock, signal: use.signal })
    : { ok: true as const, title: '', text: raw, links: [] }
  if (!page.ok) return { ok: false, output: `${head}: ${page.why}` }
  const notes = [
    ...(cut || (html && raw.length > MOST_HTML) ? ['only its beginning was read, since it is too long'] : []),
    ...(charset === null ? [] : [charset]),
  ]
  const line = `${head}, ${got.type || 'of no type'}${notes.map((note) => `; ${note}`).join('')}`
  return paged(line, got.url.href, page, { ok, from })
}

const isWide = (bytes: Uint8Array): boolean =>
  (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)

function paged(
  line: string,
  source: string,
  page: { title: string; text: string; links: readonly string[] },
  { ok, from }: { ok: boolean; from: number },
): ToolResult {
  const { title, text, links } = page
  if (text === '' && title === '') return { ok, output: `${line}\nThere is no text in it.` }
  if (from > 1 && from > text.length) return { ok: false, output: `${line}\nIt has ${text.length} characters only.` }
  const part = text.slice(from - 1, from - 1 + PAGE)
  const notes = links.flatMap((link, i) => (part.includes(`[${i + 1}]`) ? [`[${i + 1}] ${link}`] : []))
  const last = from - 1 + part.length
  const more =
    last < text.length ? `\n(characters ${from} to ${last} of ${text.length}; read on with "from": ${last + 1})` : ''
  const whole = [
    ...(title === '' || from > 1 ? [] : [`Title: ${title}`, '']),
    part,
    ...(notes.length === 0 ? [] : ['', 'Links:', ...within(notes, MOST_NOTES)]),
  ].join('\n')
  return { ok, output: `${line}\n${material(source, whole)}${more}` }
}

/** Those that have room, and how many have not. */
function within(notes: readonly string[], room: number): string[] {
  let used = 0
  const some = notes.filter((note) => (used += note.length + 1) <= room)
  return some.length === notes.length ? some : [...some, `(${notes.length - some.length} more are left out)`]
}
