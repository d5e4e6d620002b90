/** A generator of numbers below 1 that is the same for the same seed. https://en.wikipedia.org/wiki/Xorshift */
export function numbers(seed: number): () => number {
  let x = seed * 2654435761 + 1
  return () => {
    x ^= x << 13
    x ^= x >>> 17
    x ^= x << 5
    return (x >>> 0) / 2 ** 32
  }
}
