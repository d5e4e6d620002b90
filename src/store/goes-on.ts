import { FaultData } from '../wire/fault.ts'

const UNPLANNED: readonly string[] = ['plan.refused', 'plan.late']

/** Whether there is something to go on with: words, or a plan that nobody approved, which is made anew. */
export function goesOn(answer: { text: string; fault: string | null } | undefined): boolean {
  if (answer === undefined) return false
  if (answer.text.trim() !== '') return true
  return answer.fault !== null && UNPLANNED.includes(FaultData.parse(JSON.parse(answer.fault)).code)
}
