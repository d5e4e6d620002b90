import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'

/** How the upstream answers: what it reads, thinks and says, and how long each piece takes. */
export type Reply = {
  text: string
  /** Characters to a piece; a word or so if it is left out. */
  size?: number
  everyMs?: number
  thought?: string
  /** Reads a prompt of so many tokens, in steps of a tenth. */
  reading?: { tokens: number; everyMs: number }
  /** Before the piece of this number it waits for what this gives, if it gives anything, or until nobody listens any more. */
  hold?: (what: Told, nth: number) => Promise<void> | undefined
  /** Breaks the connection after so many pieces. */
  cutAfter?: number
  status?: number
  /** Asks for these calls after its words; their results are given to `reply` then. */
  calls?: readonly { tool: string; input: unknown }[]
}
export type Told = 'reading' | 'thought' | 'text'
export type Upstream = {
  url: string
  /** How many answers are under way. */
  readonly open: number
  /** Resolves once no answer is under way. */
  quiet: () => Promise<void>
  readonly asked: readonly string[]
  close: () => Promise<void>
}

/** A model that stops at these places, as `hold` has it, until it is let go from there. */
export function stopsAt(...places: readonly `${Told} ${number}`[]): {
  hold: NonNullable<Reply['hold']>
  letGo: (place: (typeof places)[number]) => void
} {
  const stops = new Map<string, PromiseWithResolvers<void>>(places.map((place) => [place, Promise.withResolvers()]))
  return {
    hold: (what, nth) => stops.get(`${what} ${nth}`)?.promise,
    letGo: (place) => stops.get(place)?.resolve(),
  }
}

/**
 * A model server in llama.cpp's dialect whose answers the test writes: `reply` is given the newest message of the user. `others` are listed
 * after the first model; a row may say what its model can.
 */
export async function startUpstream(
  reply: (question: string, results: readonly string[]) => Reply,
  model = 'qwen3-8b-q4',
  others: readonly { id: string; vision?: boolean }[] = [],
): Promise<Upstream> {
  const asked: string[] = []
  const under = new Set<Promise<void>>()
  const answer = async ({ question, said, results }: Asked, response: ServerResponse): Promise<void> => {
    const gone = new AbortController()
    response.on('close', () => gone.abort())
    const play = reply(question, results)
    if (play.status !== undefined) {
      response.writeHead(play.status, { 'Content-Type': 'application/json' })
      return void response.end(JSON.stringify({ error: { message: 'the test wants it so', code: play.status } }))
    }
    response.writeHead(200, { 'Content-Type': 'text/event-stream' })
    const send = (fields: object) =>
      response.write(`data: ${JSON.stringify({ object: 'chat.completion.chunk', model, ...fields })}\n\n`)
    const say = (delta: object) => send({ choices: [{ index: 0, delta, finish_reason: null }] })
    const pause = (ms = play.everyMs ?? 0) => (ms > 0 ? wait(ms, undefined, { signal: gone.signal }) : undefined)
    const left = once(response, 'close')
    const held = async (what: Told, nth: number) => {
      await Promise.race([left, play.hold?.(what, nth)])
      gone.signal.throwIfAborted()
    }
    for (let tenth = 0; play.reading !== undefined && tenth <= 10; tenth++) {
      await held('reading', tenth)
      const { tokens, everyMs } = play.reading
      send({
        choices: [],
        prompt_progress: { total: tokens, cache: 0, processed: (tokens * tenth) / 10, time_ms: tenth * everyMs },
      })
      await pause(everyMs)
    }
    for (const [nth, piece] of pieces(play.thought ?? '', play.size).entries()) {
      await held('thought', nth)
      say({ reasoning_content: piece })
      await pause()
    }
    let count = 0
    for (const piece of pieces(play.text.slice(said.length), play.size)) {
      await held('text', count)
      if (count++ === play.cutAfter) return void response.destroy()
      say({ content: piece })
      await pause()
    }
    const calls = play.calls ?? []
    for (const [index, { tool, input }] of calls.entries()) {
      const made = { name: tool, arguments: JSON.stringify(input) }
      say({ tool_calls: [{ index, id: `call-${results.length}-${index}`, type: 'function', function: made }] })
      await pause()
    }
    const usage = { prompt_tokens: 412, completion_tokens: count, prompt_tokens_details: { cached_tokens: 96 } }
    const timings = {
      prompt_n: 316,
      prompt_ms: 240,
      predicted_n: count,
      predicted_ms: Math.max(1, count * (play.everyMs ?? 1)),
    }
    send({ choices: [{ index: 0, delta: {}, finish_reason: calls.length > 0 ? 'tool_calls' : 'stop' }] })
    send({ choices: [], usage, timings })
    response.end('data: [DONE]\n\n')
  }
  const server = createServer((request, response) => {
    const json = (body: object) =>
      response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(body))
    switch (request.url ?? '') {
      case '/health':
        return json({ status: 'ok' })
      case '/props':
        return json({ total_slots: 4, default_generation_settings: { n_ctx: 8192 } })
      case '/v1/models':
        return json({
          object: 'list',
          data: [{ id: model }, ...others].map((row) => ({ object: 'model', owned_by: 'local', ...row })),
        })
      case '/v1/chat/completions': {
        let body = ''
        request.setEncoding('utf8').on('data', (piece: string) => (body += piece))
        request.on('end', () => {
          const what = questionIn(JSON.parse(body) as Body, (question, results) => reply(question, results).text)
          asked.push(what.question)
          const one = answer(what, response)
            .catch(() => void response.destroy())
            .finally(() => under.delete(one))
          under.add(one)
        })
        return
      }
      default:
        response.writeHead(404).end('{}')
    }
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    asked,
    get open() {
      return under.size
    },
    quiet: async () => {
      await Promise.all(under)
    },
    close: () =>
      new Promise((closed) => {
        server.close(() => closed())
        server.closeAllConnections()
      }),
  }
}

type Body = { messages: { role: string; content: string | { text?: string }[] | null }[] }

/** `said` of the answer stands already, and is gone on from. */
type Asked = { question: string; said: string; results: readonly string[] }

/** The newest question; or the one before, if its answer is shown so far and is to be gone on with. */
function questionIn({ messages }: Body, textFor: (question: string, results: readonly string[]) => string): Asked {
  const users = messages.flatMap(({ role }, i) => (role === 'user' ? [i] : []))
  const word = (i: number | undefined) => wordsOf(messages[i ?? -1]?.content ?? '')
  // Taken up as its own words, or shown to it and followed by a wish to go on, which is no question of these tests.
  const asked = word(users.at(-1)).startsWith('Your answer was cut off') ? [-1, -2] : [-1]
  for (const nth of asked) {
    const at = users.at(nth)
    const said = at !== undefined && messages[at + 1]?.role === 'assistant' ? word(at + 1) : ''
    const results = resultsAfter(messages, at)
    const text = textFor(word(at), results)
    if (results.length === 0 && said !== '' && said !== text && text.startsWith(said))
      return { question: word(at), said, results }
  }
  return { question: word(users.at(-1)), said: '', results: resultsAfter(messages, users.at(-1)) }
}

const resultsAfter = (messages: Body['messages'], at = -1): string[] =>
  messages.slice(at + 1).flatMap(({ role, content }) => (role === 'tool' ? [wordsOf(content)] : []))

const wordsOf = (content: Body['messages'][number]['content']): string =>
  typeof content === 'string' ? content : (content ?? []).map((part) => part.text ?? '').join('')

/** Words with the space before them, or pieces of a size. Nothing of the text is lost. */
const pieces = (text: string, size?: number): string[] =>
  text.match(size === undefined ? /\s*\S+\s*$|\s*\S+/g : new RegExp(`[^]{1,${size}}`, 'gu')) ?? []
