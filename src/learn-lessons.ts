import { createHash } from 'node:crypto'
import { join } from 'node:path'
import type { Lessons, Router, Say } from './core/ports.ts'
import { taughtRouter } from './core/route.ts'
import { learnMoves, NO_MOVES, type Moves } from './core/route-moves.ts'
import { nearestOf, standing, type Correction } from './core/route-near.ts'
import { clearLearnt, keyOf, learntApart } from './learn-apart.ts'
import type { Taken } from './learning.ts'
import type { OwnerId } from './wire/id.ts'

/** The router of one person: nobody else's corrections reach it, and theirs reach nobody else's. */
export type Pupil = {
  router: (taken: Taken) => Promise<Router>
  settled: () => Promise<void>
}
type Options = { lessons: Lessons; folder: string; say: Say; signal: AbortSignal }

/** So many corrections count, the newest. */
const MOST = 500

type Known = {
  stamp: string
  taken: Taken
  corrections: readonly Correction[]
  moves: Moves
  learnt: boolean
  router: Router
}

/**
 * What stands in the store is asked for with every message (a number, as long as it is the same), so that a lesson is in force, and one that was
 * removed forgotten, with the next one. While what it means is being learnt, what was learnt before goes on; but nothing that rests on a lesson that is gone.
 */
export function taughtBy(owner: OwnerId, { lessons, folder, say, signal }: Options): Pupil {
  const mine = `lessons-${createHash('sha256').update(owner).digest('hex').slice(0, 16)}-`
  let known: Known | null = null
  let learning: Promise<void> | null = null

  async function router(taken: Taken): Promise<Router> {
    const stamp = await lessons.lessonsStamp(owner)
    if (known?.stamp === stamp && known.taken === taken) return known.router
    const { rows } = await lessons.lessons(owner, { limit: MOST })
    const there = new Set(taken.agents.map(({ name }) => name))
    const corrections = standing(rows).filter(({ agent }) => there.has(agent))
    const moves = known !== null && isWithin(known.corrections, corrections) ? known.moves : NO_MOVES
    const now = { stamp, taken, corrections, moves, learnt: false, router: routerOf(taken, corrections, moves) }
    known = now
    study()
    return now.router
  }

  /** Learns what stands, once more if it has changed meanwhile, and never twice at a time. */
  function study(): void {
    if (learning !== null || known === null || known.learnt || signal.aborted) return
    const of = known
    const learnt = (moves: Moves) => {
      learning = null
      if (known === of) known = { ...of, moves, learnt: true, router: routerOf(of.taken, of.corrections, moves) }
      study()
    }
    learning = movesOf(of.taken, of.corrections).then(learnt)
  }

  async function movesOf({ agents, learned, file: examples }: Taken, corrections: readonly Correction[]) {
    const taught = corrections.map(({ text, agent }) => ({ text, agent }))
    try {
      if (taught.length === 0) {
        clearLearnt(folder, mine, null)
        return NO_MOVES
      }
      if (examples === null) return learnMoves(agents, learned, taught)
      const file = join(folder, `${mine}${keyOf([examples, taught])}`)
      return await learntApart<Moves>(
        { from: 'corrections', agents, examples, corrections: taught, file },
        mine,
        say,
        signal,
      )
    } catch (cause) {
      if (signal.aborted) return NO_MOVES
      say({ level: 'warn', text: 'What was corrected is looked up but cannot be learnt', cause })
      return NO_MOVES
    }
  }

  async function settled(): Promise<void> {
    await learning
    if (learning !== null) await settled()
  }

  return { router, settled }
}

function routerOf({ agents, learned }: Taken, corrections: readonly Correction[], moves: Moves): Router {
  if (corrections.length === 0) return taughtRouter(agents, learned, null)
  return taughtRouter(agents, learned, { nearest: nearestOf(corrections, learned.read), moves })
}

/** Whether all that was taught before is taught still. */
function isWithin(before: readonly Correction[], now: readonly Correction[]): boolean {
  const key = ({ text, agent }: Correction) => `${agent} ${text}`
  const there = new Set(now.map(key))
  return before.every((one) => there.has(key(one)))
}
