import { join } from 'node:path'
import type { Agent, Agents, Lessons, Router, Say } from './core/ports.ts'
import { taughtRouter } from './core/route.ts'
import { learn as learnHere, use, type Learned, type Lesson } from './core/route-learn.ts'
import { keyOf, learntApart } from './learn-apart.ts'
import { taughtBy, type Pupil } from './learn-lessons.ts'
import type { OwnerId } from './wire/id.ts'

export type Learning = {
  /**
   * Resolves at once but for the moment in which it learns from the agents. What the owner has taught is in force with the next message:
   * by likeness at once, and by all that it means when that has been learnt beside. Without an owner it goes by the agents alone.
   */
  router: (owner?: OwnerId) => Promise<Router>
  /** The agents have changed. Who asks for the router from now on waits for the new one. */
  again: () => void
  /** Resolves when nothing is being learnt. */
  settled: () => Promise<void>
  close: () => void
}
/** `lessons` null: nobody teaches it anything. */
type Options = { agents: Agents; folder: string; say: Say; lessons?: Lessons | null }

/** What was learnt from the agents; `file` is where it is kept, null if it can't be. */
export type Taken = { agents: readonly Agent[]; learned: Learned; file: string | null }

/**
 * A router that has learnt from the agents as they are now. What was learnt is kept in `folder` until the agents, or the way of learning,
 * change.
 */
export function learnRouter({ agents, folder, say, lessons = null }: Options): Learning {
  const stop = new AbortController()
  const pupils = new Map<OwnerId, Pupil>()
  let newest = held(learn())

  async function learn(): Promise<Taken> {
    const list = agents.list()
    const name = `router-${keyOf(list.map(({ name, source, sampleMessages }) => [name, source, sampleMessages]))}`
    const file = join(folder, name)
    try {
      const lesson = await learntApart<Lesson>({ from: 'examples', agents: list, file }, 'router-', say, stop.signal)
      return { agents: list, learned: use(lesson), file }
    } catch (cause) {
      // Without a router no message could be answered, and a full disk or a lack of processes is no reason for that.
      if (stop.signal.aborted) throw cause
      say({ level: 'warn', text: `What the router learns cannot be kept in ${folder}`, cause })
      return { agents: list, learned: use(learnHere(list)), file: null }
    }
  }

  function pupil(owner: OwnerId, from: Lessons): Pupil {
    const known = pupils.get(owner)
    if (known) return known
    const made = taughtBy(owner, { lessons: from, folder, say, signal: stop.signal })
    pupils.set(owner, made)
    return made
  }

  return {
    router: async (owner) => {
      const taken = await newest
      if (owner === undefined || lessons === null) return taughtRouter(taken.agents, taken.learned, null)
      return pupil(owner, lessons).router(taken)
    },
    again: () => {
      // One after the other: who learns clears away what others have learnt.
      newest = held(newest.then(learn, learn))
    },
    settled: async () => {
      await newest
      for (const one of pupils.values()) await one.settled()
    },
    close: () => stop.abort(),
  }
}

/** Whoever asks is told that it failed; that nobody asks is no bug. */
function held<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => {})
  return promise
}
