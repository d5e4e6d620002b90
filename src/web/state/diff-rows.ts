/** A line of a change: where it stood, where it stands; `gap` is where lines are left out that stay as they are. */
export type DiffRow =
  | { kind: 'same' | 'out' | 'in'; old: number | null; now: number | null; text: string }
  | { kind: 'gap'; old: null; now: null; text: string }

/** Pure. What is not a unified diff is shown as it is, as lines that stay: nothing of it is lost. */
export function diffRows(diff: string): DiffRow[] {
  const rows: DiffRow[] = []
  let [old, now] = [1, 1]
  for (const line of diff === '' ? [] : diff.split('\n')) {
    const head = /^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/.exec(line)
    if (head !== null) {
      const [, from, were, to, are] = head
      // What begins with nothing tells the line before it.
      old = Number(from) + (were === '0' ? 1 : 0)
      now = Number(to) + (are === '0' ? 1 : 0)
      if (rows.length > 0 || old > 1 || now > 1) rows.push({ kind: 'gap', old: null, now: null, text: line })
    } else if (line.startsWith('+')) rows.push({ kind: 'in', old: null, now: now++, text: line.slice(1) })
    else if (line.startsWith('-')) rows.push({ kind: 'out', old: old++, now: null, text: line.slice(1) })
    else rows.push({ kind: 'same', old: old++, now: now++, text: line.startsWith(' ') ? line.slice(1) : line })
  }
  return rows
}
