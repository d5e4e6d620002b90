import type { AgentName } from '../wire/id.ts'
import type { Pace, Speed } from '../wire/model.ts'

/** One answer, as it was measured; what is not known is left out. */
export type Measured = {
  /** Tokens that were really read, and how long that took. */
  read?: { tokens: number; ms: number }
  write?: { tokens: number; ms: number }
  loadMs?: number
}
/**
 * What a model is to be shown, in tokens as they are guessed: what is `fresh`, and the rest, which a backend may hold from before. `begins` if
 * nothing was said yet.
 */
export type Prompt = { agent: AgentName; begins: boolean; fresh: number; rest: number }
/** What this machine remembers of how fast each model is at each endpoint. Survives a restart, but for what is read of a prompt. */
export interface Speeds {
  /** The last answers, at most twenty, the newest last. */
  paces(endpoint: string, model: string): readonly Pace[]
  of(endpoint: string, model: string): Speed | null
  /** The same; where it is not known how fast it writes there, what the model of the same name does elsewhere. */
  near(endpoint: string, model: string): Speed | null
  learn(endpoint: string, model: string, measured: Measured): void
  /** How many tokens of a prompt will really be read, as it was with the like of it. */
  toRead(endpoint: string, model: string, prompt: Prompt): number
  learnRead(endpoint: string, model: string, prompt: Prompt, tokens: number): void
}
