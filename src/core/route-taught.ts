import type { Agent } from './ports.ts'
import type { Features } from './route-features.ts'
import { movesOf, type Moves } from './route-moves.ts'
import type { Nearest } from './route-near.ts'

/** What one person has taught: what is nearest is in force at once, the moves when they have been learnt. */
export type Taught = { nearest: Nearest; moves: Moves }

/** How sure it is of a message that is nearly the same as one that was corrected. */
const SURE = 0.97
/** By so much at least it must speak for an agent (in log-odds, as the other reasons) to be a reason. */
const SPEAKS = 0.1

/**
 * Shifts `score`, which sums to one, by what was taught, in place; `plain` is what the examples alone say, before it is made to sum to
 * one. Answers with how much more that speaks for each agent.
 */
export function byLessons(
  found: Features,
  plain: Float64Array,
  score: Float64Array,
  agents: readonly Agent[],
  { nearest, moves }: Taught,
): (agent: number) => number {
  const before = Float64Array.from(score)
  // From each only its own share goes; where two would take from the same, the likelier is first.
  for (const { from, to, share } of movesOf(found, plain, moves, agents).sort((a, b) => b.share - a.share)) {
    const taken = Math.min(score[from]!, before[from]! * share)
    score[from] = score[from]! - taken
    score[to] = score[to]! + taken
  }
  const { pull, settled } = nearest(found)
  const place = (name: string) => agents.findIndex((agent) => agent.name === name)
  const toward = (agent: number, share: number) => {
    for (let i = 0; i < score.length; i++) score[i] = score[i]! * (1 - share) + (i === agent ? share : 0)
  }
  const decided = settled === null ? -1 : place(settled)
  if (decided >= 0) toward(decided, SURE)
  else
    for (const [name, share] of [...pull].sort((a, b) => a[1] - b[1])) {
      const agent = place(name)
      if (agent >= 0) toward(agent, share)
    }
  return (agent) => {
    const gain = odds(score[agent]!) - odds(before[agent]!)
    return gain < SPEAKS ? 0 : gain
  }
}

const odds = (p: number) => {
  const bounded = Math.min(0.999, Math.max(0.001, p))
  return Math.log(bounded / (1 - bounded))
}
