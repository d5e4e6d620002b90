import type { Entry } from '../wire/event.ts'
import { encodeFrame } from '../wire/frame.ts'

const encoded = new WeakMap<readonly Entry[], string>()

/** Entries as server-sent events: `id` is the offset, `data` the entry. Readers at the same place share one encoding. */
export function nativeFrames(entries: readonly Entry[]): string {
  const known = encoded.get(entries)
  if (known !== undefined) return known
  let text = ''
  for (const entry of entries) text += encodeFrame({ id: String(entry.at), data: JSON.stringify(entry) })
  encoded.set(entries, text)
  return text
}
