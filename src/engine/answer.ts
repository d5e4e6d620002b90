import type { Piece } from './answer-reader.ts'
import { asHeld } from './as-held.ts'
import { formOf, refusal, type Ask, type Refusal } from './ask.ts'
import { generate, type Reading, type Sampling } from './generate.ts'
import type { Lane } from './lanes.ts'
import type { Manner } from './model.ts'
import { callable, type Prompt } from './prompt.ts'
import type { Ready } from './state.ts'
import { timingsOf, type Timings, type Usage } from './timings.ts'
import { writing } from './writing.ts'

export type EnginePhase = {
  phase: 'queued' | 'loading'
  done: number
  total: number
  unit?: string
  etaMs?: number
  estimated?: boolean
  model?: string
}
export type Finish = 'stop' | 'length' | 'tool_calls'
export type Out =
  | { type: 'phase'; phase: EnginePhase }
  | { type: 'reading'; reading: Reading }
  | { type: 'piece'; piece: Piece }
  | { type: 'end'; finish: Finish; usage: Usage; timings: Timings }
  | { type: 'error'; error: Refusal }
/** Resolves when the reader can take more. */
export type Tell = (out: Out) => Promise<void> | void

/** One answer, told as it comes to be. The last thing told is `end` or `error`, unless the signal aborts: then it ends in silence. */
export async function answer(ask: Ask, ready: Ready, tell: Tell, signal: AbortSignal): Promise<void> {
  try {
    if (formOf(ask) !== null && callable(ask).length > 0) {
      const message = 'An answer is held to a form (response_format) only where no tool can be called.'
      await tell({ type: 'error', error: refusal(400, 'invalid_request_error', message) })
      return
    }
    const prompt = ready.prompt(ask)
    const context = ready.loaded.context
    if (prompt.tokens.length >= context) {
      const message = `The prompt has ${prompt.tokens.length} tokens, but the context only holds ${context}.`
      const error = refusal(400, 'exceed_context_size_error', message)
      await tell({ type: 'error', error: { ...error, n_prompt_tokens: prompt.tokens.length, n_ctx: context } })
      return
    }
    const lane = await waitForLane(ready, prompt, tell, signal)
    try {
      await write(ask, ready, prompt, lane, tell, signal)
    } finally {
      ready.lanes.give(lane)
    }
  } catch (cause) {
    if (signal.aborted) return
    const why = cause instanceof Error ? cause.message : String(cause)
    process.stderr.write(`error: ${cause instanceof Error ? cause.stack : why}\n`)
    await tell({ type: 'error', error: refusal(500, 'server_error', why) })
  }
}

async function write(ask: Ask, ready: Ready, prompt: Prompt, lane: Lane, tell: Tell, signal: AbortSignal) {
  const { vocabulary, rules, manner } = ready.loaded
  const tools = callable(ask)
  const form = formOf(ask)
  const { listener, counts, rest, why } = writing({
    vocabulary,
    prompt,
    tools: tools.length > 0,
    stops: [ask.stop ?? []].flat(),
    most: ask.max_completion_tokens ?? ask.max_tokens ?? Number.POSITIVE_INFINITY,
    callRule: (begun) => rules.call(tools, prompt.form, begun),
    againRule: rules.again,
    // What is begun already fits no rule that begins anew.
    formRule: form === null || prompt.resumes !== null ? undefined : rules.form(form),
  })
  const began = performance.now()
  let first: number | null = null
  let cached = 0
  const tellAll = async (pieces: Piece[]) => {
    for (const piece of pieces) await tell({ type: 'piece', piece })
  }
  const tokens = asHeld(lane.sequence.contextTokens, prompt.tokens, vocabulary)
  const sampling = samplingOf(ask, manner)
  lane.seed = sampling.seed
  const steps = generate(lane.sequence, tokens, sampling, listener, ready.gate, signal)
  let finish: 'stop' | 'length' | null = null
  try {
    while (finish === null) {
      const next = await steps.next()
      if (next.done === true) {
        if (next.value === 'aborted') return
        finish = next.value === 'full' ? 'length' : (why() ?? 'stop')
      } else if (next.value.type === 'reading') {
        cached = next.value.reading.cache
        await tell(next.value)
      } else {
        first ??= performance.now()
        await tellAll(next.value.heard)
      }
    }
  } finally {
    await steps.return('aborted')
  }
  first ??= performance.now()
  await tellAll(rest(finish === 'length'))
  const took = { readMs: first - began, writeMs: performance.now() - first }
  const done = timingsOf({ prompt: tokens.length, cached, written: counts.tokens }, took)
  await tell({ type: 'end', finish: counts.calls > 0 && finish === 'stop' ? 'tool_calls' : finish, ...done })
}

function samplingOf(ask: Ask, manner: Manner): Sampling {
  const seed = ask.seed ?? -1
  const temperature = ask.temperature ?? manner.temperature
  return {
    temperature,
    repeat: ask.repeat_penalty ?? (temperature === 0 ? 1 : manner.repeat),
    topP: ask.top_p ?? manner.topP,
    topK: ask.top_k ?? 40,
    minP: ask.min_p ?? 0.05,
    seed: seed === -1 ? Math.floor(Math.random() * 2 ** 32) : seed,
  }
}

async function waitForLane(ready: Ready, prompt: Prompt, tell: Tell, signal: AbortSignal): Promise<Lane> {
  let last: EnginePhase | null = null
  const lane = ready.lanes.take(
    prompt.tokens,
    (done, total) => {
      last = { phase: 'queued', done, total }
      void tell({ type: 'phase', phase: last })
    },
    signal,
  )
  return last === null ? lane : everySecond(lane, () => void tell({ type: 'phase', phase: last! }))
}

async function everySecond<T>(wait: Promise<T>, call: () => void): Promise<T> {
  const timer = setInterval(call, 950)
  try {
    call()
    return await wait
  } finally {
    clearInterval(timer)
  }
}
