import type { Line } from '../client/line.ts'
import type { Draft, Part, PhaseState } from '../wire/fold.ts'
import { cleanLine } from './clean.ts'

export type Seen = {
  draft: Draft
  line: Line
  stopping: boolean
  /** When the run began, by this clock. */ began: number
}
export type ToolPart = Extract<Part, { kind: 'tool' }>

/** The call that waits for a person now. */
export const askedOf = ({ parts, end }: Draft): (ToolPart & { ask: NonNullable<ToolPart['ask']> }) | null => {
  const isOpen = (part: Part): part is ToolPart & { ask: NonNullable<ToolPart['ask']> } =>
    part.kind === 'tool' && part.ask !== null && part.ask.allow === null && part.result === null
  return end === null ? (parts.find((part) => isOpen(part)) ?? null) : null
}

const QUIET_MS = 5000

/** What is going on, in one line that is another one every second. */
export function statusOf({ draft, line, stopping, began }: Seen, now: number): string {
  const since = Math.max(0, now - began)
  if (line.state === 'lost') {
    const next = line.again === null ? 'trying now' : `next try in ${elapsed(line.again - now + 999)}`
    return `The server is away; reconnecting · ${next} · ${elapsed(now - line.since)}`
  }
  if (stopping) return `Stopping… · ${elapsed(since)} · Ctrl-C leaves`
  const asked = askedOf(draft)
  if (asked !== null) return `Waits for you: ${cleanLine(asked.tool)} · ${elapsed(since - asked.ask.from)}`
  const made = draft.parts.findLast((p) => p.kind === 'tool' && p.began !== null && p.result === null)
  if (made?.kind === 'tool') return `At work: ${cleanLine(made.tool)} · ${elapsed(since - (made.began ?? made.from))}`
  const { phase } = draft
  if (phase === null)
    return `${draft.route === null ? 'Sent' : `${cleanLine(draft.route.title)} will answer`} · ${elapsed(since)}`
  const quiet = phase.phase === 'queued' ? 0 : since - draft.t
  return [
    phaseWords(phase),
    elapsed(phase.phase === 'answering' ? since : since - phase.since),
    ...(quiet < QUIET_MS ? [] : [`no news for ${elapsed(quiet)}`]),
  ].join(' · ')
}

export function phaseWords({ phase, done, total, unit, estimated, model }: PhaseState): string {
  const about = estimated === true ? 'about ' : ''
  const share = done === undefined || total === undefined || total <= 0 ? null : Math.min(1, done / total)
  const named = model === undefined ? 'the model' : cleanLine(model)
  switch (phase) {
    case 'queued':
      if (done === undefined) return 'Waiting in line'
      return total === undefined ? `Waiting: ${done} in line` : `Waiting: ${done} of ${total} in line`
    case 'starting':
      return model === undefined ? 'Asking the model' : `Starting ${named}`
    case 'loading':
      return share === null || unit === 's'
        ? `Loading ${named} into memory`
        : `Loading ${named} into memory, ${about}${Math.round(share * 100)} %`
    case 'reading':
      return done === undefined || total === undefined
        ? 'Reading your prompt'
        : `Reading your prompt, ${about}${count(done)} of ${count(total)} tokens`
    case 'thinking':
      return 'Thinking'
    case 'answering':
      return 'Writing'
    case 'calling':
      return 'Using tools'
    case 'asking':
      return 'Waits for you'
    case 'saving':
      return 'Saving'
  }
}

const count = (n: number): string => Math.round(n).toLocaleString('en-US')

export function elapsed(ms: number): string {
  const s = Math.max(0, Math.floor(ms / 1000))
  return s < 60
    ? `${s} s`
    : s < 3600
      ? `${Math.floor(s / 60)} min ${s % 60} s`
      : `${Math.floor(s / 3600)} h ${Math.floor(s / 60) % 60} min`
}
