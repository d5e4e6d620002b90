import { extname } from 'node:path'

/** What the lines of a document are to each other; the first line is 0. */
export type Structure = {
  isHeading: (line: number) => boolean
  /** Something begins here that stands for itself, such as a function. */
  isPart: (line: number) => boolean
  /** The headings above a line, or the function that it stands in. */
  trailAt: (line: number) => string
}

const PROSE = new Set(['', '.md', '.markdown', '.mdx', '.txt', '.rst', '.adoc', '.org', '.tex', '.pdf', '.log'])
const PART =
  /^(?:(?:export|default|public|private|protected|internal|static|abstract|final|async|unsafe|pub(?:\(\w+\))?|inline|override|open|sealed)\s+)*(?:function|class|interface|type|enum|struct|trait|impl|def|fn|func|fun|module|namespace|object|record|sub|proc|macro_rules!|const\s+\w+\s*=\s*(?:async\s*)?(?:\(|function|<)|(?:CREATE|create)\s+\w+)\b/
const LONGEST = 120

export function structureOf(lines: readonly string[], path: string): Structure {
  return PROSE.has(extname(path).toLowerCase()) ? prose(lines) : code(lines)
}

function prose(lines: readonly string[]): Structure {
  const levels = new Map<number, { level: number; title: string }>()
  let fence: string | null = null
  for (const [i, line] of lines.entries()) {
    const mark = /^ {0,3}(`{3,}|~{3,})/.exec(line)?.[1]
    if (mark !== undefined && (fence === null || mark.startsWith(fence))) fence = fence === null ? mark : null
    if (fence !== null) continue
    const hashes = /^(#{1,6}|={1,6})\s+(\S.*?)\s*[#=]*$/.exec(line)
    if (hashes) levels.set(i, { level: hashes[1]!.length, title: hashes[2]!.slice(0, LONGEST) })
    const under = /^(={3,}|-{3,})\s*$/.exec(line)?.[1]
    const above = lines[i - 1]?.trim() ?? ''
    if (under && above !== '' && above.length <= LONGEST && !levels.has(i - 1) && (lines[i - 2] ?? '').trim() === '')
      levels.set(i - 1, { level: under.startsWith('=') ? 1 : 2, title: above })
  }
  const starts = [...levels.keys()]
  const trails = new Map<number, string>()
  const open: { level: number; title: string }[] = []
  for (const start of starts) {
    const heading = levels.get(start)!
    while (open.length > 0 && open.at(-1)!.level >= heading.level) open.pop()
    open.push(heading)
    trails.set(start, open.map(({ title }) => title).join(' › '))
  }
  return {
    isHeading: (line) => levels.has(line),
    isPart: () => false,
    trailAt: (line) => trails.get(lastAtMost(starts, line) ?? -1) ?? '',
  }
}

function code(lines: readonly string[]): Structure {
  const starts = lines.flatMap((line, i) => (PART.test(line) ? [i] : []))
  const parts = new Set(starts)
  return {
    isHeading: () => false,
    isPart: (line) => parts.has(line),
    trailAt: (line) => {
      const start = lastAtMost(starts, line)
      return start === null ? '' : lines[start]!.trim().slice(0, LONGEST)
    },
  }
}

function lastAtMost(sorted: readonly number[], most: number): number | null {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (sorted[middle]! <= most) low = middle + 1
    else high = middle
  }
  return low === 0 ? null : sorted[low - 1]!
}
