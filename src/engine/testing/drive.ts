import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { frameReader } from '../../wire/frame.ts'

const PROJECT = join(import.meta.dirname, '../../..')
export const PRACTICE = join(PROJECT, 'models/practice/practice-q8_0.gguf')

export type Chunk = {
  choices: { delta: Delta; finish_reason: string | null }[]
  prompt_progress?: { total: number; cache: number; processed: number; time_ms: number }
  pkn_phase?: { phase: string; done: number; total: number; estimated?: boolean; model?: string }
  usage?: { prompt_tokens: number; completion_tokens: number; prompt_tokens_details: { cached_tokens: number } }
  timings?: { cache_n: number; prompt_n: number; predicted_n: number; predicted_ms: number }
  error?: { code: number; type: string; message: string; n_prompt_tokens?: number; n_ctx?: number }
}
type Delta = {
  content?: string
  reasoning_content?: string
  tool_calls?: { index: number; id: string; function: { name: string; arguments: string } }[]
}
export type Slot = { id: number; is_processing: boolean; n_past: number; params?: { seed: number } }

export const user = (content: string) => ({ role: 'user', content })
export const assistant = (content: string) => ({ role: 'assistant', content })

const page = { type: 'array', minItems: 100, items: { type: 'string', minLength: 600 } }
/** An answer that ends by no chance: its form can't be filled within its context, so it goes on for as long as there is room. */
export const ENDLESS = {
  messages: [user('Tell me a long story.')],
  response_format: { type: 'json_schema', json_schema: { schema: page } },
}

/** The true engine with the practice model. */
export const startEngine = (...flags: string[]) => startWith('--model', PRACTICE, '--practice', ...flags)

/** The true engine in a process of its own, driven over HTTP. */
export async function startWith(...flags: string[]) {
  const main = join(import.meta.dirname, '../main.ts')
  const args = [main, '--port', '0', '--threads', '1', ...flags]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'pipe', 'ipc'] })
  let log = ''
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (log += text))
  // All that it said is there by then.
  const exited = once(child, 'close') as Promise<[number | null, NodeJS.Signals | null]>
  const [first] = (await Promise.race([once(child, 'message'), exited])) as [unknown]
  const port = typeof first === 'object' && first !== null && 'port' in first ? Number(first.port) : 0
  const url = `http://127.0.0.1:${port}`

  const post = (body: object | string, signal?: AbortSignal, headers: Record<string, string> = {}) =>
    fetch(`${url}/v1/chat/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
      ...(signal ? { signal } : {}),
    })
  /** The chunks of a streamed answer at temperature 0. */
  async function* chunks(body: object, signal?: AbortSignal): AsyncGenerator<Chunk> {
    const usage = { stream_options: { include_usage: true } }
    const response = await post({ stream: true, temperature: 0, ...usage, ...body }, signal)
    if (response.body === null || !response.headers.get('content-type')?.includes('event-stream')) {
      yield (await response.json()) as Chunk
      return
    }
    const frames = frameReader()
    for await (const text of response.body.pipeThrough(new TextDecoderStream()))
      for (const frame of frames(text)) if (frame.data !== '[DONE]') yield JSON.parse(frame.data) as Chunk
  }
  return {
    child,
    port,
    url,
    exited,
    log: () => log,
    post,
    chunks,
    ask: async (body: object) => collect(chunks(body)),
    get: async (path: string) => (await fetch(url + path)).json() as Promise<unknown>,
    slots: async () => (await (await fetch(`${url}/slots`)).json()) as Slot[],
    async stop() {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL')
      await exited
    },
  }
}
export type Driven = Awaited<ReturnType<typeof startEngine>>

export async function collect(chunks: AsyncIterable<Chunk>) {
  const all: Chunk[] = []
  for await (const chunk of chunks) all.push(chunk)
  const deltas = all.flatMap((c) => c.choices ?? []).map((c) => c.delta)
  return {
    all,
    text: deltas.map((d) => d.content ?? '').join(''),
    thought: deltas.map((d) => d.reasoning_content ?? '').join(''),
    calls: deltas.flatMap((d) => d.tool_calls ?? []).map((c) => c.function),
    finish: all.flatMap((c) => c.choices ?? []).find((c) => c.finish_reason !== null)?.finish_reason,
    progress: all.flatMap((c) => c.prompt_progress ?? []),
    phases: all.flatMap((c) => c.pkn_phase ?? []),
    usage: all.findLast((c) => c.usage !== undefined)?.usage,
    timings: all.findLast((c) => c.timings !== undefined)?.timings,
    error: all.find((c) => c.error !== undefined)?.error,
  }
}
