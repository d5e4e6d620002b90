import type { PhaseState } from './fold.ts'

/** What a run is at, in words; `named` is its model, as it may be shown. */
export function phaseWords({ phase, done, total, unit, estimated, model }: PhaseState, named: string): string {
  const about = estimated === true ? 'about ' : ''
  const share = done === undefined || total === undefined || total <= 0 ? null : Math.min(1, done / total)
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
