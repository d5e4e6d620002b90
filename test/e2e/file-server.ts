import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

export type FileServer = {
  url: string
  /** Answers for this path from now on: whole, half until `letGo`, or not at all. */
  serve: (path: string, bytes: Buffer | null, how?: 'whole' | 'half') => void
  letGo: () => void
  close: () => Promise<void>
}

/** A server of files that knows ranges, and can stop in the middle of one until it is let go. */
export async function startFiles(): Promise<FileServer> {
  const files = new Map<string, { bytes: Buffer | null; how: 'whole' | 'half' }>()
  const held = new Set<() => void>()
  const server = createServer((request, response) => {
    const file = files.get(new URL(request.url ?? '', 'http://here').pathname)
    if (file?.bytes == null) return void response.writeHead(404).end('not here')
    const { bytes, how } = file
    const from = Number(/^bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1] ?? 0)
    const headers = { 'Accept-Ranges': 'bytes', ETag: '"one"', 'Content-Length': String(bytes.length - from) }
    if (request.headers.range === undefined) response.writeHead(200, headers)
    else response.writeHead(206, { ...headers, 'Content-Range': `bytes ${from}-${bytes.length - 1}/${bytes.length}` })
    if (request.method === 'HEAD') return void response.end()
    const half = Math.max(from, Math.floor(bytes.length / 2))
    if (how === 'whole') return void response.end(bytes.subarray(from))
    response.write(bytes.subarray(from, half))
    held.add(() => response.end(bytes.subarray(half)))
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    serve: (path, bytes, how = 'whole') => files.set(path, { bytes, how }),
    letGo: () => {
      for (const file of files.values()) file.how = 'whole'
      for (const end of held) end()
      held.clear()
    },
    close: () =>
      new Promise((closed) => {
        server.close(() => closed())
        server.closeAllConnections()
      }),
  }
}
