import { AskId } from '../../wire/id.ts'
import type { App } from '../live/app.ts'
import { ASK_DRAFTS } from '../live/asks.ts'
import { cell, useCell, type Cell } from '../live/cell.ts'

export type PlanStep = { key: number; text: string }
/** What was typed into the card of a question, and not sent. */
export type AskDraft = {
  mode?: 'ways' | 'deny' | 'change'
  reason?: string
  words?: string
  change?: string
  steps?: readonly PlanStep[]
}
/** `at` is when it was written last, in milliseconds since 1970. */
type Kept = { ask: AskId; at: number; draft: AskDraft }
export type AskDrafts = {
  all: Cell<ReadonlyMap<AskId, Kept>>
  write: (ask: AskId, change: AskDraft) => void
  /** Those questions are open, as of `asked`: what was typed for others before that is forgotten. */
  open: (asks: readonly AskId[], asked: number) => void
}

/** What is kept over a reload; more is only in the page's memory. */
export const MOST_DRAFTS = 50
export const MOST_CHARS = 400_000

/** Drafts of answers, which a reload doesn't lose. */
export function askDraftsOf(storage: Storage, now: () => number): AskDrafts {
  const all = cell<ReadonlyMap<AskId, Kept>>(new Map(kept(storage).map((one) => [one.ask, one])))
  const set = (next: ReadonlyMap<AskId, Kept>) => {
    all.set(next)
    keep(storage, [...next.values()])
  }
  return {
    all,
    write: (ask, change) => {
      const draft = { ...all.get().get(ask)?.draft, ...change }
      set(new Map(all.get()).set(ask, { ask, at: now(), draft }))
    },
    open: (asks, asked) => {
      const left = [...all.get()].filter(([ask, { at }]) => at >= asked || asks.includes(ask))
      if (left.length < all.get().size) set(new Map(left))
    },
  }
}

let opened: AskDrafts | null = null

/** Those of this page, which forget what has ended. */
export function openAskDrafts({ asks }: Pick<App, 'asks'>): AskDrafts {
  if (opened !== null) return opened
  const drafts = askDraftsOf(localStorage, Date.now)
  const look = () => {
    const { whole, asked } = asks.listed.get()
    if (whole) drafts.open(asks.open.get().map(({ ask }) => ask), asked) // prettier-ignore
  }
  asks.listed.on(look)
  look()
  return (opened = drafts)
}

const NOTHING: AskDraft = {}

export function useAskDraft(app: App, ask: AskId): [AskDraft, (change: AskDraft) => void] {
  const { all, write } = openAskDrafts(app)
  return [useCell(all).get(ask)?.draft ?? NOTHING, (change) => write(ask, change)]
}

function kept(storage: Storage): Kept[] {
  try {
    const read: unknown = JSON.parse(storage.getItem(ASK_DRAFTS) ?? '[]')
    return Array.isArray(read) ? read.filter(isKept) : []
  } catch {
    return []
  }
}

/** Only `keep` writes these; but another version of the page may have. */
const isKept = (one: unknown): one is Kept =>
  typeof one === 'object' &&
  one !== null &&
  'ask' in one &&
  AskId.safeParse(one.ask).success &&
  'at' in one &&
  typeof one.at === 'number' &&
  'draft' in one &&
  typeof one.draft === 'object' &&
  one.draft !== null

function keep(storage: Storage, all: Kept[]): void {
  let room = MOST_CHARS
  const newest = all.toSorted((a, b) => b.at - a.at).slice(0, MOST_DRAFTS)
  const fitting = newest.filter((one) => (room -= JSON.stringify(one).length) >= 0)
  try {
    if (fitting.length === 0) storage.removeItem(ASK_DRAFTS)
    else storage.setItem(ASK_DRAFTS, JSON.stringify(fitting))
  } catch {
    // Full or forbidden: it is still in the card.
  }
}
