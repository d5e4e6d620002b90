import type { Rows } from './route-train.ts'

/** Below `FAR` (cosine) two examples have nothing to do with each other; above `NEAR` they ask for the same thing. */
const FAR = 0.1
const NEAR = 0.28
/** So many of an agent's examples are enough to know its ground. */
const MOST = 200

/**
 * A user who adds an agent beside the built-in ones takes ground from them: a built-in example that is like one of the user's counts for
 * little, or an agent with six examples would never be heard on ground where another has hundreds. Changes `share` in place.
 */
export function yieldGround(rows: Rows, label: Uint16Array, share: Float32Array, users: readonly boolean[]): void {
  const { start, feature, value, width } = rows
  if (!users.includes(true)) return
  const given = new Float32Array(width)
  const taken = new Uint16Array(users.length)
  for (let u = 0; u < label.length; u++) {
    const agent = label[u]!
    if (!users[agent] || taken[agent]! >= MOST) continue
    taken[agent] = taken[agent]! + 1
    given.fill(0)
    let size = 0
    for (let n = start[u]!; n < start[u + 1]!; n++) {
      given[feature[n]!] = given[feature[n]!]! + value[n]!
      size += value[n]! * value[n]!
    }
    for (let row = 0; row < label.length; row++) {
      if (users[label[row]!]) continue
      let alike = 0
      let other = 0
      for (let n = start[row]!; n < start[row + 1]!; n++) {
        alike += given[feature[n]!]! * value[n]!
        other += value[n]! * value[n]!
      }
      const cosine = alike / Math.sqrt(Math.max(1e-9, size * other))
      const keeps = Math.min(1, Math.max(0.02, (NEAR - cosine) / (NEAR - FAR)))
      share[row] = Math.min(share[row]!, keeps)
    }
  }
}
