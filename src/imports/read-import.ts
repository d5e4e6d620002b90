import { SessionArchive } from '../wire/archive.ts'
import { chatgpt, isChatgpt } from './chatgpt.ts'
import { grow } from './grow.ts'
import { isLibrechat, librechat } from './librechat.ts'
import { isObject, listOf, type Loose } from './loose.ts'
import { isOpenWebui, openWebui } from './open-webui.ts'
import { renew, type Renewed } from './renew.ts'
import { called, LeftOut, type Skipped } from './skipped.ts'

/** A session that nobody could open, or wait for. */
const MOST_MESSAGES = 100_000

/** One after the other: whoever stores them can let others have a turn in between. */
export type Imported = { session: Renewed | null; skipped: readonly Skipped[] }

/**
 * What is in a file that PKN, ChatGPT, Open WebUI or LibreChat exported; by what it holds, never by its name. Never throws: what can't be
 * read is told.
 */
export function* readImport(name: string, text: string, now: string): Generator<Imported> {
  const file = called(name, 'the file')
  const refuse = (why: string): Imported => ({ session: null, skipped: [{ what: file, why }] })
  if (text.startsWith('PK\u0003\u0004') || text.startsWith('PK\ufffd'))
    return yield refuse('it is a ZIP archive; unpack it and import the conversations.json in it')
  let json: unknown
  try {
    json = JSON.parse(text.replace(/^\ufeff/, ''))
  } catch {
    return yield refuse('it is not valid JSON')
  }
  const items = Array.isArray(json) ? json : [json]
  if (items.length === 0) return yield refuse('it holds nothing')
  for (const [i, item] of items.entries()) {
    const fallback = items.length === 1 ? file : `number ${i + 1} of ${file}`
    const what = isObject(item) ? called(titleOf(item), fallback) : fallback
    try {
      yield one(item, what, now)
    } catch {
      yield { session: null, skipped: [{ what, why: 'it is damaged' }] }
    }
  }
}

const titleOf = (item: Loose): unknown => {
  const inner = item['session'] ?? item['chat']
  return item['title'] ?? (isObject(inner) ? inner['title'] : undefined)
}

function one(item: unknown, what: string, now: string): Imported {
  const left = new LeftOut()
  const refuse = (why: string): Imported => ({ session: null, skipped: [{ what, why }, ...left.told(what)] })
  if (!isObject(item)) return refuse('it is no conversation')
  if (item['pkn'] === 'run') return refuse('it is a single run; export its session to import it again')
  const archive = item['pkn'] === 'session' ? own(item, left) : foreign(item, left, now)
  if (typeof archive === 'string') return refuse(archive)
  if (archive === null || archive.turns.length === 0) return refuse('there is no message in it')
  const messages = archive.turns.reduce((sum, { answers }) => sum + 1 + answers.length, 0)
  if (messages > MOST_MESSAGES) return refuse(`it holds more than ${MOST_MESSAGES.toLocaleString('en-US')} messages`)
  return { session: renew(archive, left), skipped: left.told(what) }
}

function own(item: Loose, left: LeftOut): SessionArchive | string {
  if (typeof item['version'] === 'number' && item['version'] > 1) return 'a newer PKN wrote it; update this one'
  const parsed = SessionArchive.safeParse(item)
  if (parsed.success) return parsed.data
  // The words are worth more than how they came about.
  const bare = SessionArchive.safeParse({ ...item, turns: listOf(item['turns']).map(withoutLogs) })
  if (bare.success) {
    left.add('the logs of its answers cannot be read, and were made anew from their words')
    return bare.data
  }
  const [issue] = parsed.error.issues
  return `it is damaged${issue ? ` at ${issue.path.join('.')}: ${issue.message}` : ''}`.slice(0, 300)
}

const withoutLogs = (turn: unknown): unknown =>
  isObject(turn)
    ? { ...turn, answers: listOf(turn['answers']).map((one) => (isObject(one) ? { ...one, entries: undefined } : one)) }
    : turn

function foreign(item: Loose, left: LeftOut, now: string): SessionArchive | null | string {
  if (isChatgpt(item)) return grow(chatgpt(item, left), left, now)
  if (isOpenWebui(item)) return grow(openWebui(item, left), left, now)
  if (isLibrechat(item)) return grow(librechat(item, left), left, now)
  return 'it is none of the formats that PKN knows: its own, ChatGPT, Open WebUI, LibreChat'
}
