import type { LlamaContextSequence, Token } from 'node-llama-cpp'
import type { Gate } from './gate.ts'
import { commonPrefix } from './lanes.ts'

export type Sampling = { temperature: number; topP: number; topK: number; minP: number; seed: number; repeat: number }
export type Reading = { total: number; cache: number; processed: number; time_ms: number }
export type Step = { type: 'reading'; reading: Reading } | { type: 'token'; token: Token }

/**
 * Reads the prompt in slices and then writes, a token at a time. The signal is looked at between slices and between tokens, since the
 * library can stop nowhere else. A slice is as long as takes about half a second, so that a slow machine stops soon as well.
 * Ends when the model ends its turn, or `full` says that the context has.
 */
export async function* generate(
  sequence: LlamaContextSequence,
  prompt: Token[],
  sampling: Sampling,
  gate: Gate,
  signal: AbortSignal,
): AsyncGenerator<Step, 'stop' | 'full' | 'aborted'> {
  const began = performance.now()
  let cache = Math.min(commonPrefix(sequence.contextTokens, prompt), prompt.length - 1)
  const reading = (processed: number): Step => ({
    type: 'reading',
    reading: { total: prompt.length, cache, processed, time_ms: Math.round(performance.now() - began) },
  })
  yield reading(cache)
  // The last token is always read again: its result is where writing begins.
  await gate.alone(() => sequence.adaptStateToTokens(prompt.slice(0, -1), false))
  // Some kinds of model can't forget a part, and begin again further ahead.
  cache = sequence.nextTokenIndex
  let slice = FIRST
  for (let at = cache; prompt.length - at > LAST;) {
    if (signal.aborted) return 'aborted'
    const part = prompt.slice(at, Math.min(at + slice, prompt.length - 1))
    await gate.pass()
    const from = performance.now()
    await sequence.evaluateWithoutGeneratingNewTokens(part)
    at += part.length
    const speed = part.length / (performance.now() - from)
    slice = Math.min(LONGEST, Math.max(SHORTEST, Math.round((speed * AIM_MS) / 32) * 32))
    yield reading(at)
  }
  if (signal.aborted) return 'aborted'
  if (sequence.needsCheckpoints) await sequence.takeCheckpoint()
  const { temperature, topP, topK, minP, seed, repeat } = sampling
  const recent: Token[] = []
  const repeatPenalty = { punishTokens: () => recent, penalty: repeat, maxPunishTokens: REMEMBERED }
  let begun = false
  await gate.pass()
  const rest = prompt.slice(sequence.nextTokenIndex)
  for await (const token of sequence.evaluate(rest, {
    temperature,
    topP,
    topK,
    minP,
    seed,
    ...(repeat === 1 ? {} : { repeatPenalty }),
  })) {
    if (signal.aborted) return 'aborted'
    if (!begun) yield reading(prompt.length)
    begun = true
    if (token !== sequence.model.tokens.nl) recent.push(token)
    if (recent.length > REMEMBERED) recent.shift()
    yield { type: 'token', token }
    if (signal.aborted) return 'aborted'
    if (sequence.nextTokenIndex >= sequence.contextSize - 1) return 'full'
    await gate.pass()
  }
  return 'stop'
}

const FIRST = 64
const SHORTEST = 32
const LONGEST = 256
/** What is left at the end goes in with the first token that is written. */
const LAST = 16
const AIM_MS = 500
/** How many tokens back a repetition is held against a token. */
const REMEMBERED = 64
