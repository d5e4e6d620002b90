import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { numbers } from '../../core/testing/numbers.ts'

export type Served = { method: string; path: string; from: number; sent: number; headers: IncomingMessage['headers'] }
export type Conduct = {
  /** Where a connection is dropped, counted in bytes of the file; each once. */
  drops?: number[]
  ranges?: boolean
  tag?: string | null
  /** Bytes after which the file becomes another one. */
  changes?: { after: number; content: Buffer; tag: string }
  /** Waits for this before each piece. */
  slowly?: (sent: number) => Promise<void>
  /** Answers instead, if it returns true. */
  instead?: (request: IncomingMessage, response: ServerResponse) => boolean
}
const PIECE = 64 * 1024

/** A model file of so many bytes: no two places of it are alike, so that what is put in the wrong one is noticed. */
export function modelOf(bytes: number, seed = 1): Buffer {
  const next = numbers(seed)
  const block = Buffer.alloc(Math.min(bytes, 1 << 20))
  for (let i = 0; i + 4 <= block.length; i += 4) block.writeUInt32LE(Math.floor(next() * 2 ** 32), i)
  const content = Buffer.alloc(bytes)
  for (let at = 0; at < bytes; at += block.length) block.copy(content, at)
  for (let at = 0; at + 8 <= bytes; at += 4096) content.writeDoubleLE(at + seed, at)
  // A header of one tensor that takes up all the rest.
  const header = Buffer.alloc(65)
  header.write('GGUF', 0, 'latin1')
  header.writeUInt32LE(3, 4)
  header.writeBigUInt64LE(1n, 8)
  header.writeBigUInt64LE(1n, 24)
  header.write('t', 32, 'latin1')
  header.writeUInt32LE(1, 33)
  header.writeBigUInt64LE(BigInt((bytes - 96) * 8), 37)
  header.copy(content)
  return content
}
export const hashOf = (content: Buffer): string => createHash('sha256').update(content).digest('hex')

/** A server of one file, that may behave as badly as real ones do. `close` when done. */
export async function serveFile(file: Buffer, conduct: Conduct = {}) {
  const served: Served[] = []
  let content = file
  let tag = conduct.tag === undefined ? '"one"' : conduct.tag
  let total = 0
  const server = createServer((request, response) => {
    const range = /^bytes=(\d+)-$/.exec(request.headers.range ?? '')
    const same = request.headers['if-range'] === undefined || request.headers['if-range'] === tag
    const from = range && same && conduct.ranges !== false ? Number(range[1]) : 0
    const line: Served = {
      method: request.method ?? '',
      path: request.url ?? '',
      from,
      sent: 0,
      headers: request.headers,
    }
    served.push(line)
    if (conduct.instead?.(request, response)) return
    if (from >= content.length)
      return void response.writeHead(416, { 'content-range': `bytes */${content.length}` }).end()
    response.writeHead(from > 0 ? 206 : 200, {
      ...(tag === null ? {} : { etag: tag }),
      'content-length': content.length - from,
      ...(from > 0 ? { 'content-range': `bytes ${from}-${content.length - 1}/${content.length}` } : {}),
    })
    if (request.method === 'HEAD') response.end()
    else void send(response, line, content)
  })
  async function send(response: ServerResponse, line: Served, whole: Buffer): Promise<void> {
    for (let at = line.from; at < whole.length;) {
      if (response.destroyed) return
      await conduct.slowly?.(line.sent)
      const end = Math.min(whole.length, at + PIECE)
      const drop = conduct.drops?.find((place) => place > at && place <= end)
      const piece = whole.subarray(at, drop ?? end)
      at += piece.length
      line.sent += piece.length
      total += piece.length
      const changed = conduct.changes && total >= conduct.changes.after && content !== conduct.changes.content
      if (changed && conduct.changes) ({ content, tag } = conduct.changes)
      if (drop !== undefined) conduct.drops?.splice(conduct.drops.indexOf(drop), 1)
      await new Promise<void>((resolve) => {
        response.once('close', resolve)
        response.write(piece, () => {
          response.off('close', resolve)
          resolve()
        })
      })
      if (changed || drop !== undefined) return void response.destroy()
    }
    response.end()
  }
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    served,
    close: () => {
      server.close()
      server.closeAllConnections()
    },
  }
}
