import { Refusal } from '../../client/refusal.ts'
import type { App } from '../live/app.ts'
import { ANSWERS, type Given } from '../live/asks.ts'
import { own } from '../live/own.ts'

/** What is kept for a server that is away: neither a reload nor its end loses it. */
type Letter = Pick<Given, 'ask' | 'run' | 'answer'>

/**
 * Says it to the server, however long that takes. The same answer may arrive twice and changes nothing then; the first that arrives counts,
 * wherever it was given.
 */
export function answer(app: App, letter: Letter): void {
  const there = app.asks.given.get().get(letter.ask)
  if (there !== undefined && there.state !== 'refused') return
  keep([...kept().filter(({ ask }) => ask !== letter.ask), letter])
  own(carry(app, letter))
}

/** What an earlier visit could not deliver. */
export function resumeAnswers(app: App): void {
  for (const letter of kept()) answer(app, letter)
}

async function carry(app: App, letter: Letter): Promise<void> {
  const { client, reach, asks } = app
  const { ask, run } = letter
  const tell = (state: Given['state'], fault: Given['fault'] = null) =>
    asks.given.set(new Map(asks.given.get()).set(ask, { ...letter, state, fault }))
  tell(reach.server.get().state === 'lost' ? 'waiting' : 'sending')
  try {
    await reach.surely(
      () => client.call('asksAnswer', { params: { run, ask }, body: letter.answer }),
      () => tell('waiting'),
    )
    tell('there')
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    tell('refused', error.fault)
  }
  keep(kept().filter((each) => each.ask !== ask))
  asks.look()
}

function kept(): Letter[] {
  try {
    const read: unknown = JSON.parse(localStorage.getItem(ANSWERS) ?? '[]')
    return Array.isArray(read) ? (read as Letter[]) : []
  } catch {
    return []
  }
}

function keep(letters: readonly Letter[]): void {
  try {
    if (letters.length === 0) localStorage.removeItem(ANSWERS)
    else localStorage.setItem(ANSWERS, JSON.stringify(letters))
  } catch {
    // Full or forbidden: it is still in the page's memory.
  }
}
