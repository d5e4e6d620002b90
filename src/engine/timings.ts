export type Usage = {
  prompt_tokens: number
  completion_tokens: number
  total_tokens: number
  prompt_tokens_details: { cached_tokens: number }
}
export type Timings = {
  cache_n: number
  prompt_n: number
  prompt_ms: number
  prompt_per_second: number
  predicted_n: number
  predicted_ms: number
  predicted_per_second: number
}

/** What an answer took, under the names that llama.cpp's server gives it. `prompt_n` are the tokens that really were read. */
export function timingsOf(
  counts: { prompt: number; cached: number; written: number },
  took: { readMs: number; writeMs: number },
): { usage: Usage; timings: Timings } {
  const read = counts.prompt - counts.cached
  const perSecond = (n: number, ms: number) => (ms > 0 ? round((n * 1000) / ms) : 0)
  return {
    usage: {
      prompt_tokens: counts.prompt,
      completion_tokens: counts.written,
      total_tokens: counts.prompt + counts.written,
      prompt_tokens_details: { cached_tokens: counts.cached },
    },
    timings: {
      cache_n: counts.cached,
      prompt_n: read,
      prompt_ms: round(took.readMs),
      prompt_per_second: perSecond(read, took.readMs),
      predicted_n: counts.written,
      predicted_ms: round(took.writeMs),
      predicted_per_second: perSecond(counts.written, took.writeMs),
    },
  }
}

const round = (n: number) => Math.round(n * 1000) / 1000
