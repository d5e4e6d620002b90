import type { CSSProperties } from 'react'
import type { TraceRow } from '../state/trace-rows.ts'

const TINTS: Record<TraceRow['kind'], string> = {
  run: 'var(--rule)',
  route: 'var(--who-consultant)',
  gone: 'var(--bad)',
  choosing: 'var(--faint)',
  queued: 'var(--faint)',
  starting: 'var(--soft)',
  loading: 'var(--warn)',
  reading: 'var(--who-researcher)',
  thinking: 'var(--who-reasoner)',
  answering: 'var(--accent)',
  calling: 'var(--who-executor)',
  asking: 'var(--warn)',
  saving: 'var(--soft)',
  stop: 'var(--bad)',
  tool: 'var(--good)',
  ask: 'var(--warn)',
  child: 'var(--who-coder)',
  moment: 'var(--warn)',
}

export const tintOf = ({ kind, state, name }: TraceRow): string => {
  if (kind === 'child') return `var(--who-${name}, var(--who-general))`
  if (kind === 'moment') return state === 'failed' ? 'var(--warn)' : 'var(--soft)'
  return state === 'failed' ? 'var(--bad)' : TINTS[kind]
}

/** A bar from here to there. One without an end has the class `on`, and grows by its own `--to` as time goes on: see `useScale`. */
export const barStyle = (row: TraceRow, now: number): CSSProperties =>
  ({ '--from': row.from, '--to': row.to ?? now, '--tint': tintOf(row) }) as CSSProperties

const BROKEN = new Set<TraceRow['state']>(['failed', 'discarded', 'unfinished', 'denied'])
export const barClass = (row: TraceRow): string =>
  `trace-bar bar${row.to === null ? ' on' : ''}${BROKEN.has(row.state) ? ' broken' : ''}`
