import { Readable } from 'node:stream'
import type { FastifyReply } from 'fastify'

/** What is in a file; what is made while it is sent is cut off, visibly, where that fails. */
type Body = string | Uint8Array | AsyncIterable<string>

/** A reply that is a file. */
export class Download {
  readonly name: string
  readonly type: string
  readonly body: Body
  /** Whether a page may show it where it is, instead of saving it. */
  readonly inline: boolean
  constructor(file: { name: string; type: string; body: Body; inline?: boolean }) {
    this.name = file.name
    this.type = file.type
    this.body = file.body
    this.inline = file.inline ?? false
  }
}

/** Whatever the file holds: it is never taken for a page of this server, runs nothing and loads nothing. */
export function sendDownload(reply: FastifyReply, status: number, file: Download): FastifyReply {
  return reply
    .code(status)
    .headers({
      'content-type': file.type,
      'content-disposition': disposition(file.inline ? 'inline' : 'attachment', file.name),
      'content-security-policy': "sandbox; default-src 'none'",
      'cache-control': file.inline ? 'private, max-age=31536000, immutable' : 'no-store',
    })
    .send(
      typeof file.body === 'string' || file.body instanceof Uint8Array
        ? Buffer.from(file.body)
        : Readable.from(file.body),
    )
}

/** RFC 6266: a name that every program can read, and the true one beside it. */
export function disposition(how: 'inline' | 'attachment', name: string): string {
  const safe = name.toWellFormed()
  const ascii = safe.normalize('NFKD').replaceAll(/[^A-Za-z0-9 ._()-]/g, '_')
  const coded = encodeURIComponent(safe).replaceAll(/['()*!]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`)
  return `${how}; filename="${ascii}"; filename*=UTF-8''${coded}`
}

/** A title as the name of a file: no separators, no dots at its beginning, not too long. */
export function fileCalled(title: string, extension: string): string {
  const name = title
    .replaceAll(/[\p{Cc}\p{Cf}<>:"/\\|?*]+/gu, ' ')
    .replaceAll(/\s+/g, ' ')
    .replace(/^[.\s]+/, '')
    .slice(0, 80)
    .replace(/[.\s]+$/, '')
    .toWellFormed()
  return `${name === '' ? 'PKN' : name}.${extension}`
}
