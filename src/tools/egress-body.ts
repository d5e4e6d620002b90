import type { IncomingMessage } from 'node:http'
import { pipeline, Readable, type Transform } from 'node:stream'
import { constants, createBrotliDecompress, createGunzip, createInflate } from 'node:zlib'

/** `cut`: there is more, or would have been; it was not read. */
export type Body = { bytes: Buffer; cut: boolean }

/** The bytes of an answer, unpacked; no more than `most`, on the wire or unpacked. Null if they are packed in an unknown way. */
export async function bodyOf(
  answer: IncomingMessage,
  { most, heard }: { most: number; heard: () => void },
): Promise<Body | null> {
  const encoding = (answer.headers['content-encoding'] ?? '').trim().toLowerCase()
  const unpack = unpacker(encoding)
  if (unpack === undefined) return null
  const wire = { cut: false }
  const packed = Readable.from(wireOf(answer, wire, most, heard), { objectMode: false })
  const bytes: Buffer[] = []
  let length = 0
  let cut = false
  // What breaks is thrown by the loop below.
  const plain = unpack === null ? packed : pipeline(packed, unpack, () => {})
  for await (const chunk of plain as AsyncIterable<Buffer>) {
    bytes.push(chunk)
    length += chunk.byteLength
    if (length > most) {
      cut = true
      break
    }
  }
  return { bytes: Buffer.concat(bytes).subarray(0, most), cut: cut || wire.cut }
}

async function* wireOf(answer: IncomingMessage, wire: { cut: boolean }, most: number, heard: () => void) {
  let length = 0
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    heard()
    length += chunk.byteLength
    yield chunk
    if (length <= most) continue
    wire.cut = true
    return
  }
}

/** Null for what is not packed. What ends too early gives what there is of it. */
function unpacker(encoding: string): Transform | null | undefined {
  if (encoding === '' || encoding === 'identity') return null
  if (encoding === 'gzip' || encoding === 'x-gzip') return createGunzip({ finishFlush: constants.Z_SYNC_FLUSH })
  if (encoding === 'deflate') return createInflate({ finishFlush: constants.Z_SYNC_FLUSH })
  if (encoding === 'br') return createBrotliDecompress({ finishFlush: constants.BROTLI_OPERATION_FLUSH })
  return undefined
}
