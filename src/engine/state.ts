import type { EnginePhase } from './answer.ts'
import { refusal, type Ask, type Refusal } from './ask.ts'
import { Gate } from './gate.ts'
import { Lanes } from './lanes.ts'
import type { Loaded } from './model.ts'
import { prompter, type Prompt } from './prompt.ts'
import type { Served } from './served.ts'
import { expectedLoadMs } from './sizing.ts'

/** A model in memory. */
export type Ready = { file: Served; loaded: Loaded; lanes: Lanes; gate: Gate; prompt: (ask: Ask) => Prompt }
/** A model to answer with, until `leave` is called: as long as somebody sits there it is not taken away. */
export type Seat = { ok: true; ready: Ready; leave: () => void } | { ok: false; error: Refusal | null }
/** Seconds. */
export type Loading = { done: number; total: number; etaMs: number }
export type Loader = {
  /** Resolves once models can be loaded at all. */
  library: Promise<unknown>
  load: (file: Served, signal: AbortSignal) => Promise<Loaded>
  /** What happened, for the log. */
  told: (line: string) => void
  /** The library is in a state that nobody knows: this process can't go on. */
  broken: (cause: unknown) => void
}

type Waiter = { file: Served; tell: (phase: EnginePhase) => void; sit: (seat: Seat) => void }
/** What was learnt of a model when it was loaded. */
export type Known = { loadMs: number; context: number; sequences: number }
type Work = { file: Served; began: number; expected: number; leave: AbortController }

/** A file that could not be loaded is not tried again for so long, as long as it is the same. */
const BAD_MS = 20_000
/** While others wait for another model, so many more may sit down at the one in memory before it is given up. */
const TURN = 8
const EACH_MS = 950

/**
 * Which model is in memory: one at a time. Who asks for it sits down at once; who asks for another one waits, is told so each second, and is
 * served in order: those at work are let finish, some more who want the same model are let in, then the model that was asked for first of
 * the others takes its place.
 */
export class EngineState {
  readonly #loader: Loader
  #held: Ready | null = null
  #seats = 0
  #left = TURN
  #waiting: Waiter[] = []
  #loading: Work | null = null
  #freeing = false
  /** The library is not there yet, so that it is still open what is loaded first. */
  #opening = true
  #started = false
  #known = new Map<string, Known>()
  #bad: { file: Served; why: string } | null = null
  /** By key, until when a file is not tried again. */
  readonly #refused = new Map<string, { why: string; until: number }>()
  #timer: NodeJS.Timeout | null = null
  #idleSince = performance.now()

  constructor(loader: Loader) {
    this.#loader = loader
  }

  /** Loads the model that is asked for first, and `file` if none is by the time that anything can be loaded. Resolves when that is done. */
  async start(file: Served): Promise<void> {
    const { began } = this.#begin(file)
    await this.#loader.library
    this.#opening = false
    await this.#load(this.#begin(this.#waiting[0]?.file ?? file, began))
    this.#started = true
    this.#next()
  }

  now(): Ready | null {
    return this.#held
  }
  /** How far the model is that is being loaded. */
  loading(): ({ file: Served; first: boolean } & Loading) | null {
    if (this.#loading === null) return null
    return { file: this.#loading.file, first: !this.#started, ...farOf(this.#loading) }
  }
  /** The model that could not be loaded last, if nothing was since. */
  bad(): { file: Served; why: string } | null {
    return this.#bad
  }
  known(file: Served): Known | null {
    return this.#known.get(file.key) ?? null
  }
  /** Milliseconds without an answer under way or a request that waits; 0 while there is one. */
  idleMs(): number {
    return this.#seats > 0 || this.#waiting.length > 0 || this.#loading !== null
      ? 0
      : performance.now() - this.#idleSince
  }

  /** Waits until the model can answer, and says each second what it waits for. No error if the signal aborted: then it leaves no trace. */
  seat(file: Served, tell: Waiter['tell'], signal: AbortSignal): Promise<Seat> {
    if (signal.aborted) return Promise.resolve({ ok: false, error: null })
    const refused = this.#refused.get(file.key)
    if (refused !== undefined && performance.now() < refused.until)
      return Promise.resolve({ ok: false, error: unloadable(file, refused.why) })
    return new Promise((resolve) => {
      const leave = () => {
        this.#waiting = this.#waiting.filter((w) => w !== waiter)
        waiter.sit({ ok: false, error: null })
        this.#idleSince = performance.now()
        this.#letGo()
        this.#next()
      }
      const waiter: Waiter = {
        file,
        tell,
        sit: (seat) => {
          signal.removeEventListener('abort', leave)
          resolve(seat)
        },
      }
      signal.addEventListener('abort', leave, { once: true })
      this.#waiting.push(waiter)
      this.#letGo()
      this.#next()
    })
  }

  /** Gives the memory of the model back, unless somebody is at work or waits. */
  async unload(why: string): Promise<boolean> {
    const held = this.#held
    if (held === null || this.idleMs() === 0) return false
    await this.#free(held)
    this.#loader.told(`gave up ${held.file.name}: ${why}`)
    this.#next()
    return true
  }

  /** Lets sit down who may, and begins the change to another model once nobody sits any more. */
  #next(): void {
    const held = this.#held
    const first = this.#waiting[0]
    if (this.#opening && this.#loading !== null && first !== undefined) this.#begin(first.file, this.#loading.began)
    if (this.#loading === null && !this.#freeing && held !== null) {
      for (const waiter of this.#waiting) {
        if (waiter.file.key !== held.file.key) continue
        if (!this.#waiting.some((w) => w.file.key !== held.file.key)) this.#left = TURN
        else if (this.#left === 0) break
        else this.#left -= 1
        this.#waiting = this.#waiting.filter((w) => w !== waiter)
        this.#seats += 1
        waiter.sit({ ok: true, ready: held, leave: this.#leaver() })
      }
    }
    const next = this.#waiting.find((w) => w.file.key !== held?.file.key)
    if (this.#loading === null && !this.#freeing && this.#started && this.#seats === 0 && next !== undefined) {
      const work = this.#begin(next.file)
      this.#freeing = held !== null
      const change = async () => {
        if (held !== null) await this.#free(held)
        await this.#load(work)
        this.#next()
      }
      change().catch((cause: unknown) => this.#loader.broken(cause))
    }
    this.#tellAll()
  }

  #leaver(): () => void {
    let here = true
    return () => {
      if (!here) return
      here = false
      this.#seats -= 1
      this.#idleSince = performance.now()
      this.#next()
    }
  }

  #begin(file: Served, began = performance.now()): Work {
    const expected = this.#known.get(file.key)?.loadMs ?? expectedLoadMs(file.bytes, this.#started)
    this.#loading = { file, began, expected, leave: new AbortController() }
    return this.#loading
  }

  /** Nobody waits for the model that is being loaded, but others do for another one. */
  #letGo(): void {
    const work = this.#loading
    if (work === null || this.#opening || this.#waiting.length === 0) return
    if (this.#waiting.every((w) => w.file.key !== work.file.key)) work.leave.abort()
  }

  async #load(work: Work): Promise<void> {
    const { file, began } = work
    try {
      const loaded = await this.#loader.load(file, work.leave.signal)
      const lanes = new Lanes(loaded.sequences)
      this.#held = { file, loaded, lanes, gate: new Gate(), prompt: prompter(loaded.speech) }
      this.#left = TURN
      this.#bad = null
      this.#refused.delete(file.key)
      const loadMs = performance.now() - began
      this.#known.set(file.key, { loadMs, context: loaded.context, sequences: lanes.all.length })
      this.#loader.told(`ready after ${(loadMs / 1000).toFixed(1)} s: ${file.name}, ${described(loaded)}`)
    } catch (cause) {
      if (work.leave.signal.aborted) return this.#loader.told(`nobody waits for ${file.name} any more`)
      const why = cause instanceof Error ? cause.message : String(cause)
      this.#bad = { file, why }
      const now = performance.now()
      for (const [key, { until }] of this.#refused) if (until <= now) this.#refused.delete(key)
      this.#refused.set(file.key, { why, until: now + BAD_MS })
      this.#loader.told(`error: ${file.name} cannot be loaded: ${why}`)
      const error = unloadable(file, why)
      const gone = this.#waiting.filter((w) => w.file.key === file.key)
      this.#waiting = this.#waiting.filter((w) => w.file.key !== file.key)
      for (const waiter of gone) waiter.sit({ ok: false, error })
    } finally {
      this.#loading = null
      this.#idleSince = performance.now()
    }
  }

  async #free(held: Ready): Promise<void> {
    this.#freeing = true
    this.#held = null
    try {
      await held.loaded.free()
    } finally {
      this.#freeing = false
    }
  }

  /** Everyone who waits is told at once what for, and again each second. */
  #tellAll(): void {
    if (this.#timer !== null) clearInterval(this.#timer)
    this.#timer = this.#waiting.length === 0 ? null : setInterval(() => this.#say(), EACH_MS)
    this.#say()
  }

  #say(): void {
    const work = this.#loading
    const queued = this.#waiting.filter((w) => w.file.key !== work?.file.key)
    for (const waiter of this.#waiting) {
      const model = waiter.file.name
      const place = queued.indexOf(waiter) + 1
      if (place > 0) waiter.tell({ phase: 'queued', done: place, total: queued.length, model })
      else if (work !== null) waiter.tell({ phase: 'loading', ...farOf(work), unit: 's', estimated: true, model })
    }
  }
}

/** A mapped file gives no better measure than the time that it takes. */
function farOf({ began, expected }: Work): Loading {
  const elapsed = performance.now() - began
  const total = Math.max(expected, elapsed * 1.05)
  const seconds = (ms: number) => Math.round(ms / 100) / 10
  return { done: seconds(elapsed), total: seconds(total), etaMs: Math.round(total - elapsed) }
}

const unloadable = (file: Served, why: string) =>
  refusal(500, 'server_error', `The model ${file.name} cannot be loaded: ${why}`)

function described({ parameters }: Loaded): string {
  const { sequences, context, kv, threads, gpu, gpuLayers, batch, why } = parameters
  const on = gpu === 'none' ? 'no gpu' : `${gpuLayers} layers on ${gpu}`
  return `${sequences} x ${context} tokens in ${kv} (${why}), ${threads} ${threads === 1 ? 'thread' : 'threads'}, ${on}, batches of ${batch}`
}
