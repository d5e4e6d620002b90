import { createWriteStream } from 'node:fs'
import { open, type FileHandle } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import { crc32, createInflateRaw } from 'node:zlib'

type Entry = { name: string; method: number; crc: number; packed: number; size: number; at: number }

/** Writes the first file of an archive whose name fits to `to`. Throws if there is none, or it is damaged. Archives below 4 GiB only. */
export async function unzipOne(
  archive: string,
  fits: (name: string) => boolean,
  to: string,
): Promise<{ bytes: number }> {
  await using file = await open(archive)
  const entry = (await entries(file)).find((e) => fits(e.name))
  if (entry === undefined) throw new Error('the archive does not hold what was looked for')
  const local = await bytesAt(file, entry.at, 30)
  const start = entry.at + 30 + local.readUInt16LE(26) + local.readUInt16LE(28)
  if (entry.method !== 0 && entry.method !== 8) throw new Error(`compression ${entry.method} is not known`)
  let crc = 0
  let bytes = 0
  const count = async function* (source: AsyncIterable<Buffer>) {
    for await (const piece of source) {
      crc = crc32(piece, crc)
      bytes += piece.length
      if (bytes > entry.size) throw new Error('the archive is damaged')
      yield piece
    }
  }
  const packed = pieces(file, start, entry.packed)
  if (entry.method === 0) await pipeline(packed, count, createWriteStream(to))
  else await pipeline(packed, createInflateRaw(), count, createWriteStream(to))
  if (bytes !== entry.size || crc !== entry.crc) throw new Error('the archive is damaged')
  return { bytes }
}

/** The directory that stands at the end of every archive. */
async function entries(file: FileHandle): Promise<Entry[]> {
  const { size } = await file.stat()
  const tail = await bytesAt(file, Math.max(0, size - 65_557), Math.min(size, 65_557))
  const end = tail.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'))
  if (end === -1) throw new Error('this is no archive')
  const directory = await bytesAt(file, tail.readUInt32LE(end + 16), tail.readUInt32LE(end + 12))
  const found: Entry[] = []
  for (let at = 0; at + 46 <= directory.length && directory.readUInt32LE(at) === 0x02014b50;) {
    const nameLength = directory.readUInt16LE(at + 28)
    found.push({
      name: directory.toString('utf8', at + 46, at + 46 + nameLength),
      method: directory.readUInt16LE(at + 10),
      crc: directory.readUInt32LE(at + 16),
      packed: directory.readUInt32LE(at + 20),
      size: directory.readUInt32LE(at + 24),
      at: directory.readUInt32LE(at + 42),
    })
    at += 46 + nameLength + directory.readUInt16LE(at + 30) + directory.readUInt16LE(at + 32)
  }
  return found
}

async function* pieces(file: FileHandle, from: number, length: number): AsyncGenerator<Buffer> {
  for (let done = 0; done < length;) {
    const piece = await bytesAt(file, from + done, Math.min(1 << 20, length - done))
    done += piece.length
    yield piece
  }
}

async function bytesAt(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, position)
  if (bytesRead < length) throw new Error('the archive is cut off')
  return buffer
}
