import { complaints } from '../complaints.ts'
import type { Measured, MeasuredMemory } from './mind-ports.ts'
import { ASKED_ANYWAY, KNOWN_ELSEWHERE } from './meaning-texts.ts'
import type { Clock, Embedder, Memories, Say } from './ports.ts'
import type { Tasks } from './tasks.ts'

/** A question waits no longer than this for its vector: words find what they find. */
const QUESTION_MS = 600
const LONGEST = 4000
/** Memories that were written just now are measured beside the question; more than these are measured when nothing else goes on. */
const FEW = 4
const AT_ONCE = 8
const BATCH_MS = 60_000
/** So long after the start, and after it failed. */
const SETTLE_MS = 3000
const AGAIN_MS = 60_000

type Options = {
  embedder: Embedder
  mind: Pick<Memories, 'unmeasured' | 'keepMeasured'>
  /** What can wait does so for this. */
  quiet: () => Promise<void>
  clock: Clock
  say: Say
  tasks: Tasks
  stop: AbortSignal
}
type Text = { memory: MeasuredMemory['memory']; text: string }
/** How the model that there is measures: what any vector of it is compared with. */
type Scale = {
  name: string
  /** What is kept under it is worth something only beside vectors of the same width. */
  key: string
  anyway: readonly Float32Array[]
  elsewhere: readonly { vector: Float32Array; middle: number; spread: number }[]
}

export type Meaning = ReturnType<typeof openMeaning>

/** Has an embedding model measure memories and what is asked. Where there is no such model, or nothing to be found, nothing is asked of any. */
export function openMeaning({ embedder, mind, quiet, clock, say, tasks, stop }: Options) {
  let scale: Scale | null = null
  let working = false
  let triedAt = -Infinity

  const complain = complaints(say, stop)
  const limited = (ms: number) => AbortSignal.any([stop, AbortSignal.timeout(ms)])
  const passages = async (texts: readonly string[], what: 'question' | 'passage') => {
    const vectors: Float32Array[] = []
    for (let i = 0; i < texts.length; i += AT_ONCE) {
      await quiet()
      vectors.push(...(await embedder.embed(texts.slice(i, i + AT_ONCE), what, limited(BATCH_MS))))
    }
    return vectors
  }
  const scaleOf = async (name: string): Promise<Scale> => {
    const anyway = await passages(ASKED_ANYWAY, 'question')
    const elsewhere = await passages(KNOWN_ELSEWHERE, 'passage')
    return {
      name,
      key: `${name} ${anyway[0]!.length}`,
      anyway,
      elsewhere: elsewhere.map((vector) => ({ vector, ...usual(vector, anyway) })),
    }
  }
  const measure = async (by: Scale, some: readonly Text[], signal: AbortSignal) => {
    const texts = some.map(({ text }) => text)
    const vectors = await embedder.embed(texts, 'passage', signal)
    const rows = some.map((one, i) => ({ ...one, vector: vectors[i]!, ...usual(vectors[i]!, by.anyway) }))
    if (await isStill(by, vectors[0]!)) await mind.keepMeasured(by.key, rows)
  }
  /** Another may have come in its place, whose measures say nothing beside these. */
  const isStill = async ({ name, anyway }: Scale, vector: Float32Array): Promise<boolean> =>
    vector.length === anyway[0]!.length && (await embedder.model(stop))?.name === name
  const work = async () => {
    try {
      const name = (await embedder.model(stop))?.name
      if (name === undefined) return void (scale = null)
      if (scale?.name !== name) scale = await scaleOf(name)
      while (!stop.aborted) {
        const some = await mind.unmeasured(scale.key, AT_ONCE)
        if (some.length === 0) break
        await quiet()
        await measure(scale, some, limited(BATCH_MS))
        const left = await mind.unmeasured(scale.key, 1)
        // What cannot be measured would be tried for ever.
        if (left[0]?.memory === some[0]!.memory) break
      }
      complain.isWell()
    } catch (cause) {
      complain.of(cause, 'Memories are found by their words alone for now')
    }
  }
  const begin = () => {
    if (working || stop.aborted || clock.now() - triedAt < AGAIN_MS) return
    working = true
    triedAt = clock.now()
    tasks.run('measuring memories', () => work().finally(() => (working = false)))
  }
  const cancel = clock.after(SETTLE_MS, () =>
    tasks.run('looking for memories to be measured', async () => {
      if ((await mind.unmeasured('', 1)).length > 0) begin()
    }),
  )
  stop.addEventListener('abort', cancel, { once: true })

  return {
    /** Null where words alone decide: there is no model, it is not ready yet, or too slow. */
    async question(text: string, signal: AbortSignal): Promise<Measured | null> {
      const by = scale
      if (by === null) {
        begin()
        return null
      }
      const bound = AbortSignal.any([stop, signal, AbortSignal.timeout(QUESTION_MS)])
      try {
        const some = await mind.unmeasured(by.key, FEW + 1)
        if (some.length > FEW) begin()
        const fresh = some.length > 0 && some.length <= FEW ? measure(by, some, bound) : null
        const [[vector]] = await Promise.all([
          embedder.embed([text.slice(0, LONGEST)], 'question', bound),
          fresh?.catch((cause: unknown) => complain.of(cause, 'New memories are found by their words alone for now')),
        ])
        if (vector === undefined) return null
        if (!(await isStill(by, vector))) {
          if (scale === by) scale = null
          triedAt = -Infinity
          begin()
          return null
        }
        return { model: by.key, vector, others: by.elsewhere.map((one) => above(vector, one)) }
      } catch (cause) {
        if (!signal.aborted) complain.of(cause, 'Memories were looked up by words alone')
        return null
      }
    },
  }
}

const above = (question: Float32Array, { vector, middle, spread }: Scale['elsewhere'][number]): number =>
  (product(question, vector) - middle) / spread

/** How near a text is to what anybody might ask. */
function usual(vector: Float32Array, anyway: readonly Float32Array[]): { middle: number; spread: number } {
  const near = anyway.map((question) => product(question, vector))
  const middle = near.reduce((sum, one) => sum + one, 0) / near.length
  const spread = Math.sqrt(near.reduce((sum, one) => sum + (one - middle) ** 2, 0) / near.length)
  // A model that measures all alike says nothing.
  return { middle, spread: Math.max(spread, 1e-6) }
}

function product(a: Float32Array, b: Float32Array): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!
  return sum
}
