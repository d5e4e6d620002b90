import type { PhaseState } from '../../wire/fold.ts'
import { askedOf, workedOn } from './asking.ts'
import { callWords } from './call-words.ts'
import type { RunView } from './run-view.ts'
import { say, sayCount } from '../words/say.ts'
import { agentTitle } from '../words/titles.ts'
import { about, count, elapsed, percent, tenth } from './wording.ts'

export type Status = {
  text: string
  /** 0 to 1 where progress is known. */
  share: number | null
  /** The share is a guess by what was usual before. */
  guessed?: boolean
  tone: 'work' | 'wait' | 'ask' | 'lost'
}

/** From when on silence is worth a word. */
const QUIET_MS = 5000

/** The line under an answer that is being made. `now` is Date.now(); something in it changes every second. */
export function statusText(view: RunView, now: number): Status {
  const { draft, line } = view
  const since = Math.max(0, now - view.began)
  if (line.state === 'lost') {
    const heard =
      draft.at === 0
        ? say('Reconnecting')
        : sayCount(draft.at, 'Reconnecting, 1 event received', 'Reconnecting, {n} events received')
    const next =
      line.again === null ? say('trying now') : say('next try in {time}', { time: elapsed(line.again - now + 999) })
    return { text: `${heard} · ${next} · ${elapsed(now - line.since)}`, share: null, tone: 'lost' }
  }
  if (view.stopping) return { text: `${say('Stopping…')} · ${elapsed(since)}`, share: null, tone: 'wait' }
  const asked = askedOf(draft)
  if (asked !== null) {
    const input = asked.ask.input ?? asked.input
    const text =
      asked.tool === 'ask_user'
        ? say('Waits for your answer')
        : say('Waits for you: {what}?', { what: callWords(asked.tool, input).replace(/\?$/, '') })
    return { text: `${text} · ${elapsed(since - asked.ask.from)}`, share: null, tone: 'ask' }
  }
  const made = workedOn(draft)
  if (made !== null) {
    const text = say('At work: {what}', { what: callWords(made.tool, made.ask?.input ?? made.input) })
    return { text: `${text} · ${elapsed(since - (made.began ?? made.from))}`, share: null, tone: 'work' }
  }
  const { phase } = draft
  if (phase === null) {
    const text =
      draft.route === null
        ? say('Sent to your machine')
        : say('{agent} will answer', { agent: agentTitle(draft.route.title) })
    return { text: `${text} · ${elapsed(since)}`, share: null, tone: 'work' }
  }
  const status = phaseText(view, phase, since)
  // A place in the line is news that stays true; a lost line to the server is told above.
  const quiet = phase.phase === 'queued' ? 0 : since - draft.t
  return quiet < QUIET_MS
    ? status
    : { ...status, text: `${status.text} · ${say('no news for {time}', { time: elapsed(quiet) })}` }
}

function phaseText(view: RunView, phase: PhaseState, since: number): Status {
  const inPhase = since - phase.since
  const share = shareOf(phase, view)
  const guessed = phase.estimated === true
  const timed = (text: string): string => `${text} · ${elapsed(inPhase)}`
  switch (phase.phase) {
    case 'queued': {
      const rest = restOf(view, since)
      const text = rest === null ? place(phase) : `${place(phase)}, ${say('about {time}', { time: rest })}`
      return { text: timed(text), share: null, tone: 'wait' }
    }
    case 'starting':
      return {
        text: timed(
          phase.model === undefined
            ? say('Asking the model')
            : say('Starting the engine for {model}', { model: phase.model }),
        ),
        share,
        tone: 'work',
      }
    case 'loading': {
      const what =
        phase.model === undefined
          ? say('Loading the model into memory')
          : say('Loading {model} into memory', { model: phase.model })
      if (phase.unit === 's' && phase.total !== undefined) {
        const time = loadTime(phase.total, view, since)
        return { text: `${what}${time.text}`, share: time.share, guessed: true, tone: 'work' }
      }
      if (share === null) return { text: timed(`${what}${left(view, since)}`), share, tone: 'work' }
      const far = guessed ? say('about {share}', { share: percent(share) }) : percent(share)
      return { text: timed(`${what} ${far}${left(view, since)}`), share, guessed, tone: 'work' }
    }
    case 'reading':
      return {
        text: timed(`${readingText(phase, view)}${left(view, since)}`),
        share,
        guessed,
        tone: 'work',
      }
    case 'thinking':
      return { text: timed(say('Thinking')), share: null, tone: 'work' }
    case 'answering': {
      const rate = rateOf(view, since)
      return {
        text: [say('Writing the answer'), ...(rate === null ? [] : [rate]), elapsed(since)].join(' · '),
        share: null,
        tone: 'work',
      }
    }
    case 'calling': {
      const tool = view.draft.parts.findLast((part) => part.kind === 'tool' && part.result === null)
      return {
        text: timed(tool?.kind === 'tool' ? say('Running {tool}', { tool: tool.tool }) : say('Running a tool')),
        share,
        tone: 'work',
      }
    }
    case 'asking':
      return { text: timed(say('Waiting for your permission')), share: null, tone: 'wait' }
    case 'saving':
      return { text: timed(say('Saving')), share: null, tone: 'work' }
  }
}

function place({ done, total }: PhaseState): string {
  if (done === undefined) return say('Waiting')
  return total === undefined
    ? say('Waiting: {place} in line', { place: done })
    : say('Waiting: {place} of {total} in line', { place: done, total })
}

function shareOf({ total, estimated }: PhaseState, { pace }: RunView): number | null {
  if (pace.done === null || total === undefined || total <= 0) return null
  // What is only guessed is never shown as finished.
  return Math.min(estimated === true ? 0.95 : 1, pace.done / total)
}

/** How much, and "about" where that is an estimate. */
function readingText({ done, total, estimated }: PhaseState, { pace }: RunView): string {
  if (done === undefined || total === undefined) return say('Reading your prompt')
  const so = Math.min(total, pace.done ?? done)
  return estimated === true
    ? say('Reading your prompt, about {done} of {total} tokens', { done: count(rough(so)), total: count(total) })
    : say('Reading your prompt {done} of {total} tokens', { done: count(so), total: count(total) })
}
const rough = (n: number): number => (n < 100 ? Math.round(n / 10) * 10 : Math.round(n / 50) * 50)

/** "3 of about 7 s", and what it usually takes once it takes longer than that. */
function loadTime(total: number, { pace }: RunView, since: number): { text: string; share: number } {
  const gone = Math.max(0, total * 1000 - ((pace.due ?? since) - since))
  const usual = about(total * 1000)
  if (gone > total * 1000)
    return { text: ` · ${say('{time}, usually about {usual}', { time: elapsed(gone), usual })}`, share: 0.95 }
  const whole = Math.floor(gone / 1000)
  return {
    text: ` · ${say('{time} of about {usual}', { time: whole < 60 ? whole : elapsed(gone), usual })}`,
    share: Math.min(0.95, gone / 1000 / total),
  }
}

function restOf({ pace }: RunView, since: number): string | null {
  const rest = pace.due === null ? 0 : pace.due - since
  return rest < 500 ? null : about(rest)
}
function left(view: RunView, since: number): string {
  const rest = restOf(view, since)
  return rest === null ? '' : `, ${say('about {time} left', { time: rest })}`
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
  return say('about {rate} tokens/s', { rate: rate < 10 ? tenth(rate) : count(rate) })
}
