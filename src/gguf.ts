import { open, stat, type FileHandle } from 'node:fs/promises'

/** What a model's file says of it: the context that it was trained for, and the template of its conversations. */
export type Head = { context: number | null; template: string | null }

const CHUNK = 1 << 20
/** Most of a header is the vocabulary, of which the largest have some ten megabytes. */
const LONGEST = 256 * 1024 * 1024
/** More than any model has; a file that says so is none. */
const MOST = 10_000_000n
const SIZES: Record<number, number> = { 0: 1, 1: 1, 2: 2, 3: 2, 4: 4, 5: 4, 6: 4, 7: 1, 10: 8, 11: 8, 12: 8 }
const [UINT32, STRING, ARRAY] = [4, 8, 9]

/** Opens a file, and nothing else: to open a pipe would wait for whoever writes to it, on one of the few threads that all files share. */
export async function openFile(path: string): Promise<FileHandle> {
  if (!(await stat(path)).isFile()) throw new Error('it is no file')
  return await open(path)
}

/** Reads the head of a model's file, without the model. What is not said there, or can't be read, is null. */
export async function readHead(path: string): Promise<Head> {
  try {
    await using file = await openFile(path)
    return await new Reader(file).values()
  } catch {
    // Whoever wants to load it is told why that fails.
    return { context: null, template: null }
  }
}

/**
 * What is wrong with a model file as far as its own words tell: its header says which tensors lie where, so a file that was cut off is
 * shorter than that. Null if nothing is; of a version that is not known nothing can be told. Whatever the file says, it costs no more
 * memory than a piece of its header.
 * https://github.com/ggml-org/ggml/blob/master/docs/gguf.md
 */
export async function wrongWithGguf(path: string): Promise<string | null> {
  await using file = await openFile(path)
  const { size } = await file.stat()
  const reader = new Reader(file)
  try {
    const { tensors, alignment } = await reader.values()
    if (tensors === null) return null
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
    return tensors > 0 && size < data + end ? 'it is cut off' : null
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

  /** The values that stand at the beginning; `tensors` are described behind them, and null if the version is not known. */
  async values(): Promise<Head & { tensors: number | null; alignment: number }> {
    const head = { context: null as number | null, template: null as string | null, alignment: 32 }
    if ((await this.#bytes(4)).toString('latin1') !== 'GGUF') throw new Garbled('it is no model file')
    const version = await this.uint32()
    if (version !== 2 && version !== 3) return { ...head, tensors: null }
    const tensors = await this.#count()
    for (let left = await this.#count(); left > 0; left -= 1) {
      const key = await this.text()
      const type = await this.uint32()
      if (key === 'tokenizer.chat_template' && type === STRING) head.template = await this.text()
      else if (key.endsWith('.context_length') && type === UINT32) head.context = await this.uint32()
      else if (key === 'general.alignment' && type === UINT32) head.alignment = Math.max(1, await this.uint32())
      else await this.#skip(type)
    }
    return { ...head, tensors }
  }

  async uint32(): Promise<number> {
    return (await this.#bytes(4)).readUInt32LE()
  }
  async uint64(): Promise<bigint> {
    return (await this.#bytes(8)).readBigUInt64LE()
  }
  async text(): Promise<string> {
    return (await this.#bytes(await this.#count())).toString('utf8')
  }

  async #count(): Promise<number> {
    return countIn(await this.uint64())
  }

  async #skip(type: number): Promise<void> {
    if (type === STRING) return await this.#skipStrings(1)
    if (type !== ARRAY) return void (this.at += sizeOf(type))
    const of = await this.uint32()
    const length = await this.#count()
    // An array of arrays is in no model, and could be as deep as the file is long.
    if (of === STRING) await this.#skipStrings(length)
    else this.at += length * sizeOf(of)
  }

  /** Hundreds of thousands, in a vocabulary: none of them is waited for that is there already. */
  async #skipStrings(count: number): Promise<void> {
    for (let i = 0; i < count; i += 1) {
      if (!this.#holds(8)) await this.#fill(8)
      const length = countIn(this.#held.readBigUInt64LE(this.at - this.#from))
      this.at += 8 + length
    }
  }

  async #bytes(length: number): Promise<Buffer> {
    if (!this.#holds(length)) await this.#fill(length)
    const begin = this.at - this.#from
    this.at += length
    return this.#held.subarray(begin, begin + length)
  }
  #holds(length: number): boolean {
    return this.at + length <= this.#from + this.#held.length
  }
  async #fill(length: number): Promise<void> {
    if (this.at > LONGEST) throw new Garbled('its header cannot be read')
    const most = Math.max(CHUNK, length)
    const { buffer, bytesRead } = await this.#file.read(Buffer.allocUnsafe(most), 0, most, this.at)
    if (bytesRead < length) throw new Garbled('it is cut off')
    this.#held = buffer.subarray(0, bytesRead)
    this.#from = this.at
  }
}

function countIn(count: bigint): number {
  if (count > MOST) throw new Garbled('its header cannot be read')
  return Number(count)
}

function sizeOf(type: number): number {
  const size = SIZES[type]
  if (size === undefined) throw new Garbled('its header cannot be read')
  return size
}
