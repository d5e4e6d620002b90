import { MOST_BYTES } from '../wire/attachment.ts'

/** No model reads as much; what is beyond it is left out, and that is said. */
export const MOST_INPUT = 1_000_000

export type Input = {
  bytes: Uint8Array
  text: string | null
  /** Of how many bytes it is the beginning. */ cut: boolean
}

/** All of standard input, as far as it is taken; null where it is a terminal, or empty. The rest is not read: whoever writes it is told by its end. */
export async function readInput(stdin: NodeJS.ReadStream, signal: AbortSignal): Promise<Input | null> {
  if (stdin.isTTY) return null
  const pieces: Buffer[] = []
  let size = 0
  const leave = () => stdin.destroy()
  signal.addEventListener('abort', leave, { once: true })
  try {
    for await (const piece of stdin) {
      const bytes = piece as Buffer // no encoding is set
      pieces.push(bytes)
      size += bytes.length
      if (size > MOST_BYTES) break
    }
  } catch (cause) {
    signal.throwIfAborted()
    // A standard input that is closed or a folder holds nothing.
    if (!['EISDIR', 'EBADF', 'EAGAIN', 'ENXIO'].includes((cause as NodeJS.ErrnoException).code ?? '')) throw cause
  } finally {
    signal.removeEventListener('abort', leave)
  }
  signal.throwIfAborted()
  if (size === 0) return null
  const all = Buffer.concat(pieces)
  // What is no text is a picture or nothing that can be taken; the server tells which.
  if (all.subarray(0, 8192).includes(0)) return { bytes: all, text: null, cut: false }
  const cut = all.length > MOST_INPUT
  const text = new TextDecoder().decode(all.subarray(0, MOST_INPUT))
  return { bytes: Buffer.from(text), text, cut }
}
