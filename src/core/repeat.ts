import type { Draft, Part } from '../wire/fold.ts'

type Call = Extract<Part, { kind: 'tool' }>

/** The same call with the same result so often is told to the model, once; one more, and the run ends. */
export const SAME_TOLD = 3
export const SAME_MOST = 4

/** How often this run has made the call that is `call`, with the result that it has: what came of others in between counts not. */
export function timesMade({ parts }: Pick<Draft, 'parts'>, call: Call): number {
  if (call.result === null) return 0
  const key = keyOf(call)
  return parts.filter((part) => part.kind === 'tool' && part.result !== null && keyOf(part) === key).length
}

// What was added to an output, to tell of the repetition, is not of the result.
const keyOf = ({ tool, input, result }: Call): string =>
  JSON.stringify([
    tool,
    sorted(input),
    result?.ok,
    typeof result?.output === 'string' ? bare(result.output) : result?.output,
  ])

const MARK = '\n\n[PKN] '
export const withRemark = (output: string, remark: string): string => output + MARK + remark
const bare = (output: string): string => {
  const at = output.lastIndexOf(MARK)
  return at === -1 ? output : output.slice(0, at)
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, sorted(inner)]),
  )
}
