import type { PhaseState } from '../../wire/fold.ts'
import type { RunView } from './run-view.ts'
import { count, elapsed, many, percent } from './wording.ts'

export type Status = {
  text: string
  /** 0 to 1 where progress is known. */
  share: number | null
  tone: 'work' | 'wait' | 'lost'
}

/** From when on silence is worth a word. */
const QUIET_MS = 5000

/** The line under an answer that is being made. `now` is Date.now(); something in it changes every second. */
export function statusText(view: RunView, now: number): Status {
  const { draft, line } = view
  const since = Math.max(0, now - view.began)
  if (line.state === 'lost') {
    const heard = draft.at === 0 ? '' : `, ${many(draft.at, 'event')} received`
    const next = line.again === null ? 'trying now' : `next try in ${elapsed(line.again - now + 999)}`
    return { text: `Reconnecting${heard} · ${next} · ${elapsed(now - line.since)}`, share: null, tone: 'lost' }
  }
  if (view.stopping) return { text: `Stopping · ${elapsed(since)}`, share: null, tone: 'wait' }
  const { phase } = draft
  if (phase === null) {
    const text = draft.route === null ? 'Sent to your machine' : `${draft.route.title} will answer`
    return { text: `${text} · ${elapsed(since)}`, share: null, tone: 'work' }
  }
  const status = phaseText(view, phase, since)
  // A place in the line is news that stays true; a lost line to the server is told above.
  const quiet = phase.phase === 'queued' ? 0 : since - draft.t
  return quiet < QUIET_MS ? status : { ...status, text: `${status.text} · no news for ${elapsed(quiet)}` }
}

function phaseText(view: RunView, phase: PhaseState, since: number): Status {
  const inPhase = since - phase.since
  const share = shareOf(phase)
  const timed = (text: string): string => `${text} · ${elapsed(inPhase)}`
  switch (phase.phase) {
    case 'queued': {
      const place = phase.done === undefined ? '' : `: ${count(phase.done)}${of(phase.total)} in line`
      return { text: timed(`Waiting${place}${left(phase, view, since)}`), share: null, tone: 'wait' }
    }
    case 'starting':
      return {
        text: timed(phase.model === undefined ? 'Asking the model' : `Starting the engine for ${phase.model}`),
        share,
        tone: 'work',
      }
    case 'loading': {
      const what = `Loading ${phase.model ?? 'the model'} into memory`
      return {
        text: timed(share === null ? what : `${what} ${percent(share)}${left(phase, view, since)}`),
        share,
        tone: 'work',
      }
    }
    case 'reading': {
      const amount =
        phase.done === undefined || phase.total === undefined
          ? ''
          : ` ${count(phase.done)} of ${count(phase.total)} ${phase.unit ?? 'tokens'}`
      return { text: timed(`Reading your prompt${amount}${left(phase, view, since)}`), share, tone: 'work' }
    }
    case 'thinking':
      return { text: timed('Thinking'), share: null, tone: 'work' }
    case 'answering': {
      const rate = rateOf(view, since)
      return {
        text: `Writing the answer${rate === null ? '' : ` · ${rate}`} · ${elapsed(since)}`,
        share: null,
        tone: 'work',
      }
    }
    case 'calling': {
      const tool = view.draft.parts.findLast((part) => part.kind === 'tool' && part.result === null)
      return { text: timed(`Running ${tool?.kind === 'tool' ? tool.tool : 'a tool'}`), share, tone: 'work' }
    }
    case 'asking':
      return { text: timed('Waiting for your permission'), share: null, tone: 'wait' }
    case 'saving':
      return { text: timed('Saving'), share: null, tone: 'work' }
  }
}

const of = (total: number | undefined): string => (total === undefined ? '' : ` of ${count(total)}`)

function shareOf({ done, total }: PhaseState): number | null {
  return done === undefined || total === undefined || total <= 0 ? null : Math.min(1, done / total)
}

/** What the backend says is left; else, once a twelfth is done, what its pace so far promises. */
function left(phase: PhaseState, { draft }: RunView, since: number): string {
  const share = shareOf(phase)
  const worked = draft.t - phase.since
  const promised =
    share !== null && share > 0.08 && share < 1 && phase.phase !== 'queued' ? (worked / share) * (1 - share) : null
  const ms = phase.etaMs ?? promised
  if (ms === null) return ''
  const rest = ms - (since - draft.t)
  return rest < 500 ? '' : `, about ${elapsed(rest + 999)} left`
}

/** Tokens are only counted by the backend at the end of a step; until then four characters stand for one. */
function rateOf({ draft }: RunView, since: number): string | null {
  const step = draft.steps.at(-1)?.step
  const texts = draft.parts.filter((part) => part.kind === 'text' && part.step === step)
  const from = texts[0]?.from
  if (from === undefined) return null
  const ms = Math.max(draft.t, since) - from
  if (ms < 1500) return null
  const characters = texts.reduce((n, part) => n + (part.kind === 'text' ? part.text.length : 0), 0)
  const rate = characters / 4 / (ms / 1000)
  return `about ${rate < 10 ? rate.toFixed(1) : count(rate)} tok/s`
}
