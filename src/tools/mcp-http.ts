import type { StreamableHTTPClientTransport } from '@modelcontextprotocol/client'

/** What one answer of a server may be. */
const MOST = 32 << 20

/** A server that is reached over HTTP. It is the operator who named the address; where it leads elsewhere, that is not followed. */
export function httpPipe(
  { url, token }: { url: string; token: string | null },
  {
    StreamableHTTPClientTransport: Pipe,
  }: Pick<typeof import('@modelcontextprotocol/client'), 'StreamableHTTPClientTransport'>,
): StreamableHTTPClientTransport {
  return new Pipe(new URL(url), {
    requestInit: token === null ? {} : { headers: { authorization: `Bearer ${token}` } },
    redirectPolicy: 'same-origin',
    fetch: async (address, init) => bounded(await fetch(address, init)),
  })
}

function bounded(response: Response): Response {
  if (response.body === null) return response
  let bytes = 0
  const counted = response.body.pipeThrough(
    new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
      transform: (chunk, control) => {
        bytes += chunk.length
        if (bytes > MOST) control.error(new Error(`it wrote more than ${MOST >> 20} MB in one answer`))
        else control.enqueue(chunk)
      },
    }),
  )
  const { status, statusText, headers } = response
  return new Response(counted, { status, statusText, headers })
}
