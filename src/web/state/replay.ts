import type { Entry } from '../../wire/event.ts'
import { hear, NOTHING_HEARD, type Heard } from './run-view.ts'
import { NO_TRACE, traced, type Trace } from './trace.ts'

/** Everything that is known of a run at a moment. */
export type Scene = Heard & { trace: Trace }
export const NO_SCENE: Scene = { ...NOTHING_HEARD, trace: NO_TRACE }

/** Pure. An entry that was seen before changes nothing. */
export function see(scene: Scene, entry: Entry): Scene {
  if (entry.at <= scene.draft.at) return scene
  // A newer server's log may hold events that this page doesn't know: nothing changes by them but the time.
  const trace: Trace | undefined = traced(scene.trace, entry)
  return { ...hear(scene, entry), trace: trace ?? { ...scene.trace, t: entry.t } }
}

/** How many entries of a log are no later than `ms`. */
export function entriesBy(log: readonly Entry[], ms: number): number {
  let [low, high] = [0, log.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (log[middle]!.t <= ms) low = middle + 1
    else high = middle
  }
  return low
}

/** However long a log is, a jump folds no more than so many entries. */
const EVERY = 256

/** A log that may still grow, to be played forwards and backwards. */
export class Reel {
  readonly #log: readonly Entry[]
  readonly #marks: Scene[] = [NO_SCENE]
  #last = { at: 0, scene: NO_SCENE }
  constructor(log: readonly Entry[]) {
    this.#log = log
  }

  /** The fold of the first `at` entries. */
  scene(at: number): Scene {
    const mark = Math.min(this.#marks.length - 1, Math.floor(at / EVERY))
    const near = this.#last.at <= at && this.#last.at >= mark * EVERY
    let from = near ? this.#last.at : mark * EVERY
    let scene = near ? this.#last.scene : this.#marks[mark]!
    for (; from < at; from++) {
      if (from === this.#marks.length * EVERY) this.#marks.push(scene)
      scene = see(scene, this.#log[from]!)
    }
    this.#last = { at, scene }
    return scene
  }

  sceneBy(ms: number): Scene {
    return this.scene(entriesBy(this.#log, ms))
  }
}
