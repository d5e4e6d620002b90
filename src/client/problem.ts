import { Problem } from '../wire/api.ts'
import type { FaultCode } from '../wire/fault.ts'
import { Refusal, Unreachable } from './refusal.ts'

/** What a reply that is not a success means: a fault that the server named, or something on the way that is not PKN (a proxy's 502). */
export async function refusalOf(response: Response): Promise<Refusal | Unreachable> {
  try {
    const { code, detail, fix, retry, details } = Problem.parse(await response.json())
    const fault = { code: code as FaultCode, message: detail, fix, retry }
    return new Refusal(details === undefined ? fault : { ...fault, details }, response.status)
  } catch (cause) {
    return new Unreachable({ cause: new Error(`HTTP ${response.status} without a problem`, { cause }) })
  }
}
