import { open } from 'node:fs/promises'

/** What a model's file says of it: the context that it was trained for, and the template of its conversations. */
export type Head = { context: number | null; template: string | null }

/** Most of a head is the vocabulary, of which the largest have some ten megabytes. */
const LONGEST = 96 * 1024 * 1024
const STEP = 8 * 1024 * 1024
const NOTHING: Head = { context: null, template: null }

/** Reads the head of a model's file, without the model. What is not said there, or can't be read, is null. */
export async function readHead(path: string): Promise<Head> {
  try {
    await using file = await open(path)
    for (let length = STEP; length <= LONGEST; length *= 2) {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, 0)
      const found = parse(buffer.subarray(0, bytesRead))
      if (found !== 'short' || bytesRead < length) return found === 'short' ? NOTHING : found
    }
  } catch {
    // Whoever wants to load it is told why that fails.
  }
  return NOTHING
}

/** Reads each file once, as long as it is the same. */
export function rememberedHeads(): (file: { key: string; path: string }) => Promise<Head> {
  const known = new Map<string, Promise<Head>>()
  return ({ key, path }) => {
    const head = known.get(key) ?? readHead(path)
    known.set(key, head)
    return head
  }
}

/** What the template lets a model do: one that was trained to call tools, or to think, speaks of it there. Null if nothing is known. */
export function abilities({ template, context }: Head): { tools: boolean | null; thinking: boolean | null } {
  if (template === null && context === null) return { tools: null, thinking: null }
  const text = template ?? ''
  return {
    tools: /\btools\b/.test(text),
    thinking: /<think>|enable_thinking|reasoning_content|<\|channel\|>/.test(text),
  }
}

/** https://github.com/ggml-org/ggml/blob/master/docs/gguf.md: magic, version, counts, then key, kind and value of each. */
function parse(bytes: Buffer): Head | 'short' {
  const head = { ...NOTHING }
  let at = 16
  const u64 = () => Number(bytes.readBigUInt64LE((at += 8) - 8))
  const text = () => {
    const length = u64()
    if (at + length > bytes.length) throw new RangeError('short')
    return bytes.toString('utf8', at, (at += length))
  }
  const skip = (kind: number): void => {
    const size = SIZES[kind]
    if (size !== undefined) at += size
    else if (kind === STRING) {
      // First the length: it is behind this place.
      const length = u64()
      at += length
    } else if (kind === LIST) {
      const inner = bytes.readUInt32LE((at += 4) - 4)
      const count = u64()
      const each = SIZES[inner]
      if (each !== undefined) at += count * each
      else for (let i = 0; i < count; i += 1) skip(inner)
    } else throw new TypeError(`a value of kind ${kind}`)
  }
  try {
    for (let left = u64(); left > 0; left -= 1) {
      const key = text()
      const kind = bytes.readUInt32LE((at += 4) - 4)
      if (key === 'tokenizer.chat_template' && kind === STRING) head.template = text()
      else if (key.endsWith('.context_length') && kind === UINT32) head.context = bytes.readUInt32LE((at += 4) - 4)
      else skip(kind)
    }
  } catch (cause) {
    if (cause instanceof RangeError) return 'short'
    throw cause
  }
  return head
}

const [UINT32, STRING, LIST] = [4, 8, 9]
/** Bytes of a value, by its kind. */
const SIZES: { readonly [kind: number]: number } = {
  0: 1,
  1: 1,
  2: 2,
  3: 2,
  4: 4,
  5: 4,
  6: 4,
  7: 1,
  10: 8,
  11: 8,
  12: 8,
}
