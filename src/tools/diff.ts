import type { Shown } from '../wire/shown.ts'

type DiffShown = Extract<Shown, { kind: 'diff' }>
type Line = { mark: ' ' | '-' | '+'; text: string }
const AROUND = 3
/** Beyond so many cells the changed middle is shown as taken out and put in, without looking for what it has in common. */
const MOST_CELLS = 4_000_000

/** A change of a file, as a unified diff that a person can read. */
export function diffOf(path: string, before: string | null, after: string): DiffShown {
  const lines = compare(before === null ? [] : linesOf(before), linesOf(after))
  const added = lines.filter(({ mark }) => mark === '+').length
  const removed = lines.filter(({ mark }) => mark === '-').length
  return { kind: 'diff', path, diff: hunks(lines), added, removed, created: before === null }
}

const linesOf = (text: string): string[] => {
  if (text === '') return []
  const lines = text.split('\n')
  if (lines.at(-1) === '') lines.pop()
  return lines
}

function compare(a: readonly string[], b: readonly string[]): Line[] {
  let head = 0
  while (head < a.length && head < b.length && a[head] === b[head]) head++
  let tail = 0
  while (tail < a.length - head && tail < b.length - head && a[a.length - 1 - tail] === b[b.length - 1 - tail]) tail++
  const same = (lines: readonly string[]): Line[] => lines.map((text) => ({ mark: ' ', text }))
  return [
    ...same(a.slice(0, head)),
    ...middle(a.slice(head, a.length - tail), b.slice(head, b.length - tail)),
    ...same(a.slice(a.length - tail)),
  ]
}

/** The longest common lines stay, the rest is taken out and put in. */
function middle(a: readonly string[], b: readonly string[]): Line[] {
  const out = (texts: readonly string[], mark: '-' | '+'): Line[] => texts.map((text) => ({ mark, text }))
  const width = b.length + 1
  if (a.length * width > MOST_CELLS) return [...out(a, '-'), ...out(b, '+')]
  const common = new Uint32Array((a.length + 1) * width)
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--)
      common[i * width + j] =
        a[i] === b[j]
          ? common[(i + 1) * width + j + 1]! + 1
          : Math.max(common[(i + 1) * width + j]!, common[i * width + j + 1]!)
  const lines: Line[] = []
  let [i, j] = [0, 0]
  while (i < a.length && j < b.length) {
    if (a[i] === b[j]) {
      lines.push({ mark: ' ', text: a[i]! })
      i++
      j++
    } else if (common[(i + 1) * width + j]! >= common[i * width + j + 1]!) lines.push({ mark: '-', text: a[i++]! })
    else lines.push({ mark: '+', text: b[j++]! })
  }
  return [...lines, ...out(a.slice(i), '-'), ...out(b.slice(j), '+')]
}

function hunks(lines: readonly Line[]): string {
  const shown = new Set<number>()
  for (const [i, { mark }] of lines.entries())
    if (mark !== ' ')
      for (let k = Math.max(0, i - AROUND); k <= Math.min(lines.length - 1, i + AROUND); k++) shown.add(k)
  const text: string[] = []
  let [old, now, open] = [1, 1, -2]
  for (const [i, { mark, text: line }] of lines.entries()) {
    if (shown.has(i)) {
      if (open !== i - 1) text.push(header(lines, shown, i, old, now))
      text.push(mark + line)
      open = i
    }
    if (mark !== '+') old++
    if (mark !== '-') now++
  }
  return text.join('\n')
}

function header(lines: readonly Line[], shown: ReadonlySet<number>, from: number, old: number, now: number): string {
  let [was, is] = [0, 0]
  for (let i = from; shown.has(i); i++) {
    if (lines[i]!.mark !== '+') was++
    if (lines[i]!.mark !== '-') is++
  }
  return `@@ -${was === 0 ? old - 1 : old},${was} +${is === 0 ? now - 1 : now},${is} @@`
}
