import { Refusal } from '../../client/refusal.ts'
import type { FaultData } from '../../wire/fault.ts'
import type { Reach } from './reach.ts'

export type Answered<T> = { ok: true; value: T } | { ok: false; fault: FaultData }

/** Asks until the server answers; what it refuses is an answer. */
export async function asked<T>({ reach }: { reach: Reach }, call: () => Promise<T>): Promise<Answered<T>> {
  try {
    return { ok: true, value: await reach.surely(call) }
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    return { ok: false, fault: error.fault }
  }
}
