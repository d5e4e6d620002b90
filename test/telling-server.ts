import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'

export type Said = { role: string; content: string | null }
export type TellingServer = {
  /** The base of the OpenAI dialect, ending in /v1. */
  url: string
  /** How the model was asked to tell on, one for each answer. */
  asked: ('anew' | 'prefill' | 'shown')[]
  /** What it was told, one for each answer. */
  prompts: (readonly Said[])[]
  /** Answers that are under way. */
  readonly open: number
  close: () => Promise<void>
}

/** Where the nth answer, which begins at `from`, is held. */
export type HoldAt = (nth: number, from: number) => number
const neverHeld: HoldAt = () => Infinity

/**
 * A llama.cpp server as it looks from outside whose model knows one text and tells it, some characters each `ms`. It goes on from a last message
 * of the assistant, unless `prefill` is off: then, shown what it said, it says it all again. `cutAfter` breaks each connection after so many
 * characters; `holdAt` says how far the text is told in the nth answer, which begins at `from`: there it waits until nobody listens any more.
 */
export async function startTelling(
  text: string,
  { ms = 2, size = 4, prefill = true, cutAfter = Infinity, name = 'teller', holdAt = neverHeld } = {},
): Promise<TellingServer> {
  const asked: TellingServer['asked'] = []
  const prompts: TellingServer['prompts'] = []
  let open = 0
  const tell = async (messages: readonly Said[], response: ServerResponse) => {
    const last = messages.at(-1)
    const from =
      prefill && last?.role === 'assistant' && text.startsWith(last.content ?? '') ? (last.content ?? '').length : 0
    const held = holdAt(prompts.length, from)
    prompts.push(messages)
    asked.push(from > 0 ? 'prefill' : messages.at(-2)?.role === 'assistant' ? 'shown' : 'anew')
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    const say = (delta: object, finish_reason: string | null = null) =>
      response.write(`data: ${JSON.stringify({ choices: [{ index: 0, delta, finish_reason }] })}\n\n`)
    for (let at = from; at < text.length && !response.destroyed; at += size) {
      if (at - from >= cutAfter) return void response.destroy()
      if (at >= held) return void (await once(response, 'close'))
      say({ content: text.slice(at, at + size) })
      await wait(ms)
    }
    say({}, 'stop')
    response.end('data: [DONE]\n\n')
  }
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const path = new URL(request.url ?? '/', 'http://localhost').pathname
    const json = (body: object, status = 200) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
    if (path === '/health') return json({ status: 'ok' })
    if (path === '/props') return json({ total_slots: 4, default_generation_settings: { n_ctx: 65_536 } })
    if (path === '/v1/models') return json({ object: 'list', data: [{ id: name, object: 'model' }] })
    if (path === '/slots') return json(Array.from({ length: 4 }, (_, id) => ({ id, is_processing: id < open })))
    const body: unknown = request.method === 'POST' ? JSON.parse(await textOf(request)) : {}
    const { messages = [] } = body as { messages?: readonly Said[] } // what PKN sends, and nobody else
    if (path === '/apply-template') {
      const turns = messages.map(({ role, content }) => `<${role}>${content}`).join('\n')
      return json({ prompt: prefill && messages.at(-1)?.role === 'assistant' ? turns : `${turns}\n<assistant>` })
    }
    if (path !== '/v1/chat/completions') return json({ error: { code: 404, message: 'File Not Found' } }, 404)
    open++
    response.once('close', () => open--)
    await tell(messages, response)
  }
  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy())
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return {
    url: `http://127.0.0.1:${address.port}/v1`,
    asked,
    prompts,
    get open() {
      return open
    },
    close: async () => {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = ''
  for await (const part of request.setEncoding('utf8')) text += String(part)
  return text
}
