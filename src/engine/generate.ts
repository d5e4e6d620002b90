import type { LlamaContextSequence, LlamaGrammarEvaluationState, Token } from 'node-llama-cpp'
import type { Gate } from './gate.ts'
import { commonPrefix } from './lanes.ts'

export type Sampling = { temperature: number; topP: number; topK: number; minP: number; seed: number; repeat: number }
export type Reading = { total: number; cache: number; processed: number; time_ms: number }
export type Step<Heard> = { type: 'reading'; reading: Reading } | { type: 'heard'; heard: Heard }
export type Ended = 'stop' | 'full' | 'aborted'
/** Who listens to the tokens. Each is heard before the next is chosen, and may be the last; `rule` is asked for each choice. */
export type Listener<Heard> = {
  hear: (token: Token) => { heard: Heard; over: boolean }
  rule: () => LlamaGrammarEvaluationState | undefined
}

/**
 * Reads the prompt in slices and then writes, a token at a time. The signal is looked at between slices and between tokens, since the
 * library can stop nowhere else. A slice is as long as takes about a third of a second, so that a slow machine stops soon as well.
 * Ends when the model ends its turn, the listener has heard enough, or `full` says that the context has.
 */
export async function* generate<Heard>(
  sequence: LlamaContextSequence,
  prompt: Token[],
  sampling: Sampling,
  listener: Listener<Heard>,
  gate: Gate,
  signal: AbortSignal,
): AsyncGenerator<Step<Heard>, Ended> {
  const began = performance.now()
  let cache = Math.min(commonPrefix(sequence.contextTokens, prompt), prompt.length - 1)
  const reading = (processed: number): Step<Heard> => ({
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
    slice = sliceFor(speed * AIM_MS)
    yield reading(at)
  }
  if (signal.aborted) return 'aborted'
  if (sequence.needsCheckpoints) await sequence.takeCheckpoint()
  return yield* write(sequence, prompt, sampling, listener, gate, signal, () => reading(prompt.length))
}

async function* write<Heard>(
  sequence: LlamaContextSequence,
  prompt: Token[],
  { temperature, topP, topK, minP, seed, repeat }: Sampling,
  listener: Listener<Heard>,
  gate: Gate,
  signal: AbortSignal,
  read: () => Step<Heard>,
): AsyncGenerator<Step<Heard>, Ended> {
  const recent: Token[] = []
  const repeatPenalty = { punishTokens: () => recent, penalty: repeat, maxPunishTokens: REMEMBERED }
  const tokens = sequence.evaluate(prompt.slice(sequence.nextTokenIndex), {
    temperature,
    topP,
    topK,
    minP,
    seed,
    grammarEvaluationState: () => listener.rule(),
    ...(repeat === 1 ? {} : { repeatPenalty }),
  })
  const following = () => gate.together(() => tokens.next())
  let next = following()
  let begun = false
  try {
    for (;;) {
      const { value: token, done } = await next
      if (signal.aborted) return 'aborted'
      if (!begun) yield read()
      begun = true
      if (done === true) return 'stop'
      if (repeat !== 1 && token !== sequence.model.tokens.nl) recent.push(token)
      if (recent.length > REMEMBERED) recent.shift()
      const { heard, over } = listener.hear(token)
      const full = sequence.nextTokenIndex >= sequence.contextSize - 1
      if (over || full) {
        yield { type: 'heard', heard }
        return over ? 'stop' : 'full'
      }
      next = following()
      // What is heard is told while the next token is computed: the library begins with that in the next turn of the event loop.
      await turn()
      await turn()
      yield { type: 'heard', heard }
    }
  } finally {
    await next.catch(() => undefined)
    await tokens.return()
  }
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

/**
 * Blocks of 64 are read at full speed (measured, 135M on one thread: 5.9 ms a token, 5.5 with 256), shorter ones a third slower: those are only
 * for machines on which a stop would take too long to be seen otherwise.
 */
function sliceFor(tokens: number): number {
  if (tokens >= 16) return Math.min(LONGEST, Math.max(FIRST, Math.floor(tokens / 64) * 64))
  return tokens >= 8 ? 32 : 16
}
const FIRST = 64
const LONGEST = 256
/** What is left at the end goes in with the first token that is written. */
const LAST = 16
const AIM_MS = 320
/** How many tokens back a repetition is held against a token. */
const REMEMBERED = 64
