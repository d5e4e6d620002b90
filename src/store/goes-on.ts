import type { FaultData } from '../wire/fault.ts'

const UNPLANNED: readonly string[] = ['plan.refused', 'plan.late']

/** Whether there is something to go on with: words, or a plan that nobody approved, which is made anew. */
export function goesOn(answer: { text: string; fault: string | null } | undefined): boolean {
  if (answer === undefined) return false
  if (answer.text.trim() !== '') return true
  // The store wrote it itself; what would check its form takes the writing thread longer to load than all that it needs.
  return answer.fault !== null && UNPLANNED.includes((JSON.parse(answer.fault) as FaultData).code)
}
