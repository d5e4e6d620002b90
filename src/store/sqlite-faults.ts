import { Fault } from '../wire/fault.ts'
import { failureOf, isFull, type Failure } from './sqlite-protocol.ts'

export function faultOf(path: string, failure: Failure, cause?: unknown): Fault {
  if (isFull(failure)) return new Fault('disk.full', { path }, { cause })
  return new Fault('store.failed', { what: `${path}: ${failure.text}` }, { cause })
}

/** The same table, whose functions throw what SQLite says as a fault. */
export function faulting<T extends object>(path: string, table: T): T {
  const wrap = (call: (...args: unknown[]) => unknown) =>
    function guarded(...args: unknown[]): unknown {
      try {
        return call(...args)
      } catch (cause) {
        const failure = failureOf(cause)
        throw failure === null ? cause : faultOf(path, failure, cause)
      }
    }
  return Object.fromEntries(Object.entries(table).map(([name, call]) => [name, wrap(call)])) as T // same names, same calls
}
