import type { Pace, Speed } from '../wire/model.ts'
import type { Measured, Speeds } from './measured.ts'
import { Reading } from './reading.ts'

/** How many answers of a model are shown one by one. */
const PACES = 20
/** How many models are remembered: those that were used last. */
const MOST = 500
/** How much a new answer counts beside all before it, for what has no tokens to weigh it by. */
const NEW = 0.3
/** One answer counts as no longer than so: a model that once did not find an end is not expected to do so again. */
const longest = (usual: number | null): number => (usual === null ? Infinity : usual * 4 + 50)
/** A rate is weighed by the tokens that it was measured over; of what was before, no more than so many count, so that it follows the machine. */
const WINDOW = { read: 3000, write: 600 }
/** Measured over fewer tokens in all, a rate says more of the clock than of the model: to read has a cost that is not the tokens'. */
const LEAST = { read: 8, write: 2 }

type Rate = { perSecond: number; tokens: number }
type Memory = {
  read: Rate | null
  write: Rate | null
  loadMs: number | null
  answer: number | null
  answers: number
  paces: readonly Pace[]
}
/** What is kept of a model. */
export type KeptSpeed = Speed & { paces?: readonly Pace[] | undefined }

/**
 * What was measured, as it is remembered: `known` is what was remembered before, the one used last at the end; `changed` is told how to get
 * what is to be kept, each time that it is something else.
 */
export function rememberedSpeeds(
  known: Readonly<Record<string, KeptSpeed>> = {},
  changed: (all: () => Record<string, KeptSpeed>) => void = () => {},
): Speeds {
  // A map keeps its order whatever the keys are.
  const memories = new Map(Object.entries(known).map(([key, speed]) => [key, recalled(speed)]))
  const keyOf = (endpoint: string, model: string) => `${endpoint} ${model}`
  /** Where each model that is known to write was asked last. */
  const writes = new Map<string, string>()
  for (const [key, { write }] of memories) if (write) writes.set(key.slice(key.indexOf(' ') + 1), key)
  const reading = new Reading()
  const all = () => Object.fromEntries(Array.from(memories, ([key, memory]) => [key, kept(memory)]))
  return {
    paces: (endpoint, model) => memories.get(keyOf(endpoint, model))?.paces ?? [],
    of(endpoint, model) {
      const memory = memories.get(keyOf(endpoint, model))
      return memory ? shown(memory) : null
    },
    near(endpoint, model) {
      const here = this.of(endpoint, model)
      if (here?.write) return here
      const elsewhere = memories.get(writes.get(model) ?? '')
      return elsewhere ? shown(elsewhere) : here
    },
    toRead: (endpoint, model, prompt) => reading.expect(keyOf(endpoint, model), prompt),
    learnRead: (endpoint, model, prompt, tokens) => reading.learn(keyOf(endpoint, model), prompt, tokens),
    learn(endpoint, model, measured) {
      const key = keyOf(endpoint, model)
      const next = learnt(memories.get(key) ?? NOTHING, measured)
      if (next.write) writes.set(model, key)
      memories.delete(key)
      memories.set(key, next)
      for (const oldest of memories.keys()) {
        if (memories.size <= MOST) break
        memories.delete(oldest)
        for (const [name, at] of writes) if (at === oldest) writes.delete(name)
      }
      changed(all)
    },
  }
}

const NOTHING: Memory = { read: null, write: null, loadMs: null, answer: null, answers: 0, paces: [] }

function learnt(before: Memory, { read, write, loadMs }: Measured): Memory {
  const mix = (old: number | null, fresh: number | undefined) =>
    fresh === undefined || !Number.isFinite(fresh) || fresh < 0
      ? old
      : old === null
        ? fresh
        : old * (1 - NEW) + fresh * NEW
  return {
    read: rated(before.read, read, WINDOW.read),
    write: rated(before.write, write, WINDOW.write),
    loadMs: mix(before.loadMs, loadMs),
    answer: mix(before.answer, write && Math.min(write.tokens, longest(before.answer))),
    answers: before.answers + (write === undefined ? 0 : 1),
    paces: [...before.paces, ...paceOf(read, write)].slice(-PACES),
  }
}

/** An answer counts for what it wrote; a few tokens say nothing of how fast they were read or written. */
function paceOf(read: Measured['read'], write: Measured['write']): Pace[] {
  const rate = (one: Measured['read'], least: number) => {
    const perSecond = one === undefined ? 0 : (one.tokens * 1000) / one.ms
    return one !== undefined && one.tokens >= least && Number.isFinite(perSecond) && perSecond > 0 ? perSecond : null
  }
  const pace = { read: rate(read, LEAST.read), write: rate(write, LEAST.write) }
  return pace.write === null ? [] : [pace]
}

function rated(before: Rate | null, fresh: Measured['read'], window: number): Rate | null {
  const perSecond = fresh ? (fresh.tokens * 1000) / fresh.ms : 0
  if (!fresh || !Number.isFinite(perSecond) || perSecond <= 0 || fresh.tokens <= 0) return before
  const old = before?.tokens ?? 0
  const tokens = old + fresh.tokens
  return {
    perSecond: ((before?.perSecond ?? 0) * old + perSecond * fresh.tokens) / tokens,
    tokens: Math.min(tokens, window),
  }
}

const kept = (memory: Memory): KeptSpeed => ({ ...shown(memory), paces: memory.paces })
const shown = ({ read, write, loadMs, answer, answers }: Memory): Speed => ({
  read: rateOf(read, LEAST.read),
  write: rateOf(write, LEAST.write),
  loadMs,
  answer,
  answers,
})
const rateOf = (rate: Rate | null, least: number): number | null =>
  rate && rate.tokens >= least ? rate.perSecond : null

/** What was kept does not say by how many tokens; it gives way soon, but not to a few. */
function recalled({ read, write, paces = [], ...rest }: KeptSpeed): Memory {
  const rate = (perSecond: number | null, window: number) =>
    perSecond === null ? null : { perSecond, tokens: window / 4 }
  return { read: rate(read, WINDOW.read), write: rate(write, WINDOW.write), paces: paces.slice(-PACES), ...rest }
}
