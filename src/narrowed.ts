/** A vector in bytes: one for each number, and what they are to be multiplied by. It costs less than a hundredth of a cosine. */
export function narrowed(vector: Float32Array): { scale: number; bytes: Uint8Array } {
  let most = 0
  for (const value of vector) most = Math.max(most, Math.abs(value))
  const scale = most === 0 ? 1 : most / 127
  const narrow = new Int8Array(vector.length)
  for (let i = 0; i < vector.length; i++) narrow[i] = Math.round(vector[i]! / scale)
  return { scale, bytes: new Uint8Array(narrow.buffer) }
}
