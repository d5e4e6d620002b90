import type { EventOf, Json } from '../wire/event.ts'
import type { FaultData } from '../wire/fault.ts'
import type { Backend } from '../wire/message.ts'
import type { EndpointInfo } from '../wire/model.ts'

/** A picture that a message brings; `data` is base64. */
export type Picture = { type: string; data: string }
export type TurnMessage =
  | { role: 'system'; text: string }
  | { role: 'user'; text: string; images?: readonly Picture[] }
  | {
      role: 'assistant'
      text: string
      calls?: readonly { id: string; tool: string; input: Json }[]
      /** What it thought before its calls, for models that go on thinking from there. */
      thought?: string
    }
  | { role: 'tool'; call: string; text: string }
export type ToolSpec = { name: string; about: string; schema: { [key: string]: Json } }
/** What a model is shown, and how it is to answer. */
export type Turn = {
  model: string
  messages: readonly TurnMessage[]
  tools: readonly ToolSpec[]
  maxTokens?: number
  temperature?: number
  /** The answer is one JSON value of this schema. A backend that can't be held to it is only asked for it: what comes is checked by who asked. */
  format?: { name: string; schema: { [key: string]: Json } }
  /** The one of `tools` that it must call now, and nothing else; as far as the backend can be held to it. */
  must?: string
  /** Where it says one of these it has said enough; they are no part of the answer. */
  stops?: readonly string[]
  /** Stays the same over a session, so that a backend can find its cache. */ thread?: string
  /** What the model has said of this answer already, for it to go on from in the middle of a word. Only for backends that can (`Chosen.continues`). */
  said?: { thought: string; text: string }
}

/**
 * `model.open`: the backend accepted the request. `model.end` and `model.fail` are last. A tool call comes whole and its input is parsed
 * JSON. A phase feeds the deadlines if it says something new: another phase, or another `done`.
 */
export type ModelEvent =
  | { type: 'model.open' }
  | EventOf<'phase'>
  | EventOf<'thought.delta'>
  | EventOf<'text.delta'>
  | EventOf<'usage'>
  | { type: 'tool.call'; id: string; tool: string; input: Json }
  | { type: 'model.end'; finish: 'stop' | 'length' | 'tools' }
  | { type: 'model.fail'; fault: FaultData }

export interface Model {
  /**
   * One answer. Events come in batches, as the network brought them, so that a fast model costs one hop per packet and not one per token.
   * Failures are events, never throws. Aborting closes the upstream connection and ends the iteration quietly; it has closed once the
   * iteration has ended.
   */
  stream(turn: Turn, signal: AbortSignal): AsyncIterable<readonly ModelEvent[]>
}

/** What a backend can go on from, if it is given an answer that is not finished: text, a thought, both or nothing. */
export type Continues = { text: boolean; thought: boolean }

/** A model at an endpoint, ready to be asked. */
export type Chosen = {
  model: Model
  name: string
  endpoint: string
  context: number | null
  slots: number
  practice: boolean
  /** Whether it can read pictures; null where the backend doesn't tell. */
  sees?: boolean | null
  /** Whether calls of tools come from it as such. Where they don't, it is told in words how to write one. Null where the backend doesn't tell. */
  calls?: boolean | null
  local: boolean
  /** The host that the words go to where it is neither this machine nor in its network. */
  remote: string | null
  /** Bytes of the model, where they are known: what loading takes is guessed by them. */
  bytes: number | null
  /** Found out from the backend the first time that it is asked, and remembered; nothing if it can't be found out before `signal` aborts. */
  continues: (signal: AbortSignal) => Promise<Continues>
  /**
   * After a stream of this model was closed: resolves with `idle` once the backend was seen to have let go of the work, with `busy` if it
   * was not by the time that `signal` aborts, with `unknown` at once where it can't tell.
   */
  idle: (signal: AbortSignal) => Promise<'idle' | 'busy' | 'unknown'>
}
export type Wanted = {
  /**
   * In the order of preference: a model by name, or endpoint/name; or what it must be able to do, as capabilities joined by `+`: `tools`,
   * `thinking`, `vision`, `context>=32k`, `size<=4GB`. A model of the cloud is asked only if it is named here, or `backend` is 'cloud'.
   */
  models: readonly string[]
  backend: Backend
  /** What the user named: it is asked even if it could not be loaded a while ago. */
  named?: string | null
  /** There is a picture to look at: what sees comes before what doesn't, whatever else is preferred. */
  pictures?: boolean
  /** Endpoints that failed in this step already: used again only if there is nothing else. */
  failed: ReadonlySet<string>
  /** How taken an endpoint is: runs that are there or wait for it, for each slot. */
  load: (endpoint: string) => number
}
/** What would have come first, and why it was passed over. */
export type Skipped = { endpoint: string; model: string | null; why: string }
/** `chosen[0]` is the best; the others serve the very same model as well as that, so that whichever is free first may be taken. */
export type Choice =
  | { ok: true; chosen: readonly [Chosen, ...Chosen[]]; skipped: readonly Skipped[] }
  | { ok: false; fault: FaultData; skipped: readonly Skipped[] }
export interface Backends {
  /** `busy` and `waiting` of each are 0 here: admission knows them. */
  list(): readonly EndpointInfo[]
  /**
   * The best that there is for what is wanted, in the order: preferred models where they are; what the user configured; a running
   * llama.cpp or Ollama; the embedded engine with a downloaded model; the practice model. Starts the engine if that is what it takes, and
   * says so through `report`.
   */
  choose(wanted: Wanted, report: (phase: EventOf<'phase'>) => void, signal: AbortSignal): Promise<Choice>
  /**
   * Tells that an endpoint failed, so that it is looked at again before it is chosen again; one that fails again and again is left alone for
   * a while. Resolves with the fault as it is to be reported: a crash of PKN's own engine is told as one (`engine.crashed`), whatever its
   * reader saw of it.
   */
  failed(endpoint: string, fault: FaultData): Promise<FaultData>
  /** Tells that an endpoint answered to the end. */
  worked(endpoint: string): void
  /** Looks at every endpoint now; resolves once it is known how they are. */
  look(): Promise<void>
  close(): Promise<void>
}
