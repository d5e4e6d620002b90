import type { Speed } from '../wire/model.ts'

/** What reading a model from a disk brings in a millisecond, and what comes on top, where nothing is remembered: slow rather than fast. */
const LOAD_BYTES = 250_000
const LOAD_MS = 500

/** How long an answer takes that begins with reading so many tokens; null if nothing is remembered to tell it by. */
export function expectMs(speed: Speed | null, tokensToRead: number): number | null {
  if (!speed?.write || speed.answer === null) return null
  const reading = speed.read ? (tokensToRead * 1000) / speed.read : 0
  return reading + (speed.answer * 1000) / speed.write
}

/** How long it takes to load a model: as it did before, else by its size. */
export function expectLoadMs(speed: Speed | null, bytes: number | null): number | null {
  return speed?.loadMs ?? (bytes === null ? null : LOAD_MS + bytes / LOAD_BYTES)
}

/** What is left of the time that was expected. What takes longer than that has a small rest, which grows as it goes on. */
export const restMs = (expected: number, elapsed: number): number => Math.max(expected - elapsed, elapsed / 40)
