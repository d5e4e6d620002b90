/** What one place of a pattern for paths takes: one sign; any within a name; any; whole folders. */
export type Token = { takes: 'one'; is: RegExp } | { takes: 'name' | 'all' | 'folders' }

/**
 * Whether a whole path fits, told sign by sign. All ways in which it could are gone at once, so that looking takes no longer than the length of
 * the path times that of the pattern.
 */
export function fits(tokens: readonly Token[], signs: Iterable<string>): boolean {
  let at = new Set<number>()
  // Folders are left where one ends, and may be none at all.
  const come = (place: number, begins: boolean, to: Set<number>) => {
    for (let next = place; !to.has(next); next++) {
      to.add(next)
      const token = tokens[next]
      if (token === undefined || token.takes === 'one' || (token.takes === 'folders' && !begins)) return
    }
  }
  come(0, true, at)
  for (const sign of signs) {
    const after = new Set<number>()
    for (const place of at) {
      const token = tokens[place]
      if (token === undefined) continue
      if (token.takes === 'one') {
        if (token.is.test(sign)) come(place + 1, sign === '/', after)
      } else if (token.takes !== 'name' || sign !== '/') come(place, sign === '/', after)
    }
    if (after.size === 0) return false
    at = after
  }
  return at.has(tokens.length)
}
