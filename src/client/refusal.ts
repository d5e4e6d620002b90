import type { FaultData } from '../wire/fault.ts'

/** The server answered, and said no. `fault` is what it said, in words for a person. */
export class Refusal extends Error {
  readonly fault: FaultData
  readonly status: number
  constructor(fault: FaultData, status: number) {
    super(fault.message)
    this.name = 'Refusal'
    this.fault = fault
    this.status = status
  }
}

/** Nobody answered, or what answered was not PKN. The same call later may succeed; nothing is known about whether it took effect. */
export class Unreachable extends Error {
  constructor(options?: { cause?: unknown }) {
    super('The PKN server does not answer.', options)
    this.name = 'Unreachable'
  }
}
