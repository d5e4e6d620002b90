import { request as plain } from 'node:http'
import { request as secure } from 'node:https'
import { Readable } from 'node:stream'

/**
 * A `fetch` for the providers of the AI SDK that keeps our promises: no time limit of its own (the one built into Node drops a stream that
 * was silent for five minutes), no redirect followed (a body holds what the user said, which is for the named host alone), and a socket
 * that was seen to close.
 */
export function openFetch(): { fetch: typeof fetch; connected: Promise<void>; closed: () => Promise<unknown> } {
  const sockets: Promise<void>[] = []
  const connected = Promise.withResolvers<void>()
  return {
    connected: connected.promise,
    closed: () => Promise.all(sockets),
    fetch: async (input, init) => {
      const url = new URL(input instanceof Request ? input.url : input)
      const body = init?.body
      if (body !== undefined && body !== null && typeof body !== 'string')
        throw new TypeError('only a text can be sent')
      const signal = init?.signal
      signal?.throwIfAborted()
      return new Promise<Response>((resolve, reject) => {
        const open = url.protocol === 'https:' ? secure : plain
        const headers = Object.fromEntries(new Headers(init?.headers))
        const request = open(url, { method: init?.method ?? 'GET', headers, agent: false })
        const onAbort = () => request.destroy(new DOMException('It was stopped', 'AbortError'))
        signal?.addEventListener('abort', onAbort, { once: true })
        sockets.push(
          new Promise((closed) =>
            request.once('close', () => {
              signal?.removeEventListener('abort', onAbort)
              closed()
            }),
          ),
        )
        request.once('socket', (socket) => {
          socket.once(url.protocol === 'https:' ? 'secureConnect' : 'connect', () => connected.resolve())
        })
        request.once('error', reject)
        request.once('response', (answer) => {
          const status = answer.statusCode ?? 0
          const head = new Headers()
          for (const [name, value] of Object.entries(answer.headers))
            if (value !== undefined) head.set(name, Array.isArray(value) ? value.join(', ') : value)
          const empty = status === 204 || status === 304 || status < 200
          // Node's stream of the web is the web's, but for a name in their types.
          const stream = empty ? null : (Readable.toWeb(answer) as unknown as ReadableStream)
          resolve(new Response(stream, { status, headers: head }))
        })
        request.end(body ?? undefined)
      })
    },
  }
}
