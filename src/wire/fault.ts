import { z } from 'zod'
import { FAILURES } from './failures.ts'
import { REFUSALS } from './refusals.ts'

/** Every fault that PKN can report. `docs/faults.md` says the same, and a test keeps the two equal. */
export const FAULTS = { ...REFUSALS, ...FAILURES }

export type FaultCode = keyof typeof FAULTS

/** A fault as it travels: in `run.end`, in `step.end`, and in the body of a refused request. */
export const FaultData = z.object({
  code: z.string() as unknown as z.ZodType<FaultCode>, // an older reader may meet a newer code; it is shown, never switched on
  message: z.string(),
  fix: z.string(),
  retry: z.boolean(),
  details: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).optional(),
})
export type FaultData = z.infer<typeof FaultData>
export type Details = Record<string, string | number | boolean>

/** A known refusal. `message` is safe to show to a person; the `cause` is only for the log. */
export class Fault extends Error {
  readonly code: FaultCode
  readonly details: Details
  constructor(code: FaultCode, details: Details = {}, options?: { cause?: unknown }) {
    super(fill(FAULTS[code].text, details), options)
    this.name = 'Fault'
    this.code = code
    this.details = details
  }
  get fix(): string {
    return fill(FAULTS[this.code].fix, this.details)
  }
  get status(): number {
    return FAULTS[this.code].status
  }
  toData(): FaultData {
    const kind = FAULTS[this.code]
    const data = { code: this.code, message: this.message, fix: this.fix, retry: kind.retry }
    return Object.keys(this.details).length > 0 ? { ...data, details: this.details } : data
  }
}

function fill(text: string, details: Details): string {
  return text.replaceAll(/\{(\w+)\}/g, (_, name: string, at: number) => {
    const value = details[name]
    // The endpoints that a user named are called by their names; PKN's own is no name.
    if (name === 'endpoint' && value === 'engine') return at === 0 ? 'The engine' : 'the engine'
    return typeof value === 'number' ? value.toLocaleString('en-US') : String(value ?? '?')
  })
}

export const fault = (code: FaultCode, details: Details = {}): FaultData => new Fault(code, details).toData()
