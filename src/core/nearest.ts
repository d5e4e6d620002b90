/** The names that a wrong one most likely stands for: the nearest by edits, at most `most`, none that is further off than half of its letters. */
export function nearest(wrong: string, names: readonly string[], most = 3): string[] {
  const wanted = plain(wrong)
  return names
    .map((name) => ({ name, off: distance(wanted, plain(name)) }))
    .filter(({ name, off }) => off <= Math.max(2, Math.floor(Math.max(name.length, wrong.length) / 2)))
    .toSorted((a, b) => a.off - b.off || a.name.localeCompare(b.name))
    .slice(0, most)
    .map(({ name }) => name)
}

const plain = (name: string): string =>
  name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]/g, '')
    .slice(0, 80)

/** Levenshtein's edit distance; a name that is a part of the other is a single edit off. */
function distance(a: string, b: string): number {
  if (a === b) return 0
  if (a.length > 2 && b.length > 2 && (a.includes(b) || b.includes(a))) return 1
  let row = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++)
      next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)))
    row = next
  }
  return row[b.length]!
}
