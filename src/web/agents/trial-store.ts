import { Refusal, Unreachable } from '../../client/refusal.ts'
import type { RouteDecision } from '../../wire/event.ts'
import type { FaultData } from '../../wire/fault.ts'
import type { App } from '../live/app.ts'
import { cell } from '../live/cell.ts'

export type Trial = { text: string; decision: RouteDecision | null; fault: FaultData | null }

const KEY = 'pkn.trial'
/** What is being tried stays when one goes from agent to agent, and over a reload. */
export const trial = cell<Trial>({ text: kept(), decision: null, fault: null })
let asking = new AbortController()

/** Who would answer is asked with every letter: it costs the server less than a millisecond. */
export async function tryText(app: App, text: string): Promise<void> {
  asking.abort()
  asking = new AbortController()
  const { signal } = asking
  keep(text)
  trial.set({ ...trial.get(), text, ...(text.trim() === '' ? { decision: null, fault: null } : {}) })
  if (text.trim() === '') return
  try {
    const decision = await app.client.call('route', { body: { text } }, signal)
    if (!signal.aborted) trial.set({ text, decision, fault: null })
  } catch (error) {
    if (signal.aborted) return
    if (error instanceof Refusal) trial.set({ text, decision: null, fault: error.fault })
    else if (error instanceof Unreachable) app.reach.lost()
    else throw error
  }
}

function kept(): string {
  try {
    return localStorage.getItem(KEY) ?? ''
  } catch {
    return ''
  }
}

function keep(text: string): void {
  try {
    if (text === '') localStorage.removeItem(KEY)
    else localStorage.setItem(KEY, text)
  } catch {
    // Full or forbidden: the text is still in the box.
  }
}
