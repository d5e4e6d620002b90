import type { Entry } from '../../wire/event.ts'
import type { FaultData } from '../../wire/fault.ts'
import type { RunId } from '../../wire/id.ts'

const LAST = 20
/** What people and models said, and what tools were given and gave back. */
const WORDS = new Set(['text', 'input', 'output', 'message', 'why', 'what', 'feature'])

/** What one needs to look into a fault. Without `words` nothing of it was said by anybody: a text stands there as its length. */
export function reportOf(given: {
  fault: FaultData
  run: RunId | null
  entries: readonly Entry[]
  versions: { server: string | null; browser: string }
  at: string
  words: boolean
}): string {
  const { fault, run, entries, versions, at, words } = given
  const events = entries.slice(-LAST).map((entry) => (words ? entry : plain(entry)))
  return [
    `PKN ${versions.server ?? '(version not known)'}`,
    `Browser: ${versions.browser}`,
    `Time: ${at}`,
    `Fault: ${fault.code}`,
    words ? fault.message : null,
    fault.details === undefined ? null : `Details: ${JSON.stringify(words ? fault.details : plain(fault.details))}`,
    run === null ? null : `Run: ${run}`,
    events.length === 0 ? null : `The last ${events.length} of ${entries.length} events:`,
    ...events.map((entry) => JSON.stringify(entry)),
  ]
    .filter((line) => line !== null)
    .join('\n')
}

/** The same without words. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [name, WORDS.has(name) ? lengthOf(inner) : plain(inner)]),
  )
}

const lengthOf = (value: unknown): string => {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '')
  return `(${text.length} characters)`
}
