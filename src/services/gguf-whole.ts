import { open, type FileHandle } from 'node:fs/promises'

const CHUNK = 1 << 20
/** More than any model has; a file that says so is none. */
const MOST = 10_000_000n
const SIZES: Record<number, number> = { 0: 1, 1: 1, 2: 2, 3: 2, 4: 4, 5: 4, 6: 4, 7: 1, 10: 8, 11: 8, 12: 8 }
const [STRING, ARRAY] = [8, 9]
const UINT32 = 4

/**
 * What is wrong with a model file as far as its own words tell: its header says which tensors lie where, so a file that was cut off is
 * shorter than that. Null if nothing is; of a version that is not known nothing can be told.
 * https://github.com/ggml-org/ggml/blob/master/docs/gguf.md
 */
export async function wrongWithGguf(path: string): Promise<string | null> {
  await using file = await open(path)
  const { size } = await file.stat()
  const reader = new Reader(file)
  try {
    if ((await reader.bytes(4)).toString('latin1') !== 'GGUF') return 'it is no model file'
    const version = await reader.uint32()
    if (version !== 2 && version !== 3) return null
    const [tensors, values] = [await reader.count(), await reader.count()]
    let alignment = 32
    for (let i = 0; i < values; i += 1) {
      const key = await reader.text()
      const type = await reader.uint32()
      if (key === 'general.alignment' && type === UINT32) alignment = Math.max(1, await reader.uint32())
      else await reader.skipValue(type)
    }
    let end = 0
    for (let i = 0; i < tensors; i += 1) {
      await reader.text()
      let elements = 1
      for (let dimensions = await reader.uint32(); dimensions > 0; dimensions -= 1)
        elements *= Number(await reader.uint64())
      await reader.uint32()
      // No format takes less than a bit for each.
      end = Math.max(end, Number(await reader.uint64()) + elements / 8)
    }
    const data = Math.ceil(reader.at / alignment) * alignment
    return size < data + end ? 'it is cut off' : null
  } catch (cause) {
    if (cause instanceof Garbled) return cause.message
    throw cause
  }
}

class Garbled extends Error {}

class Reader {
  readonly #file: FileHandle
  #held = Buffer.alloc(0)
  /** Where in the file what is held begins. */
  #from = 0
  at = 0
  constructor(file: FileHandle) {
    this.#file = file
  }

  async bytes(length: number): Promise<Buffer> {
    const start = this.at - this.#from
    if (start < 0 || start + length > this.#held.length) {
      const { buffer, bytesRead } = await this.#file.read(
        Buffer.alloc(Math.max(CHUNK, length)),
        0,
        Math.max(CHUNK, length),
        this.at,
      )
      if (bytesRead < length) throw new Garbled('it is cut off')
      this.#held = buffer.subarray(0, bytesRead)
      this.#from = this.at
    }
    const begin = this.at - this.#from
    this.at += length
    return this.#held.subarray(begin, begin + length)
  }
  async uint32(): Promise<number> {
    return (await this.bytes(4)).readUInt32LE()
  }
  async uint64(): Promise<bigint> {
    return (await this.bytes(8)).readBigUInt64LE()
  }
  async count(): Promise<number> {
    const count = await this.uint64()
    if (count > MOST) throw new Garbled('its header can not be read')
    return Number(count)
  }
  async text(): Promise<string> {
    return (await this.bytes(await this.count())).toString('utf8')
  }

  async skipValue(type: number): Promise<void> {
    if (type === STRING) {
      const length = await this.count()
      this.at += length
      return
    }
    if (type !== ARRAY) return void (this.at += sizeOf(type))
    const of = await this.uint32()
    const length = await this.count()
    if (of !== STRING && of !== ARRAY) return void (this.at += length * sizeOf(of))
    for (let i = 0; i < length; i += 1) await this.skipValue(of)
  }
}

function sizeOf(type: number): number {
  const size = SIZES[type]
  if (size === undefined) throw new Garbled('its header can not be read')
  return size
}
