import type { Line } from '../client/line.ts'
import type { Draft, Part } from '../wire/fold.ts'
import { elapsed, phaseWords } from '../wire/phase-words.ts'
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
    phaseWords(phase, phase.model === undefined ? 'the model' : cleanLine(phase.model)),
    elapsed(phase.phase === 'answering' ? since : since - phase.since),
    ...(quiet < QUIET_MS ? [] : [`no news for ${elapsed(quiet)}`]),
  ].join(' · ')
}
