import { PHASES, type Entry, type RunEvent } from '../../../wire/event.ts'
import { fault } from '../../../wire/fault.ts'
import { newAskId, newCallId, newRunId, offset, type AskId, type CallId } from '../../../wire/id.ts'

/** The same numbers for the same seed. Mulberry32. */
export function random(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let n = Math.imul(state ^ (state >>> 15), state | 1)
    n = (n + Math.imul(n ^ (n >>> 7), n | 61)) ^ n
    return ((n ^ (n >>> 14)) >>> 0) / 2 ** 32
  }
}

/** A log that no server would write, and that a page must show nevertheless: any event may follow any other. */
export function randomLog(seed: number, length = 60): Entry[] {
  const next = random(seed)
  const below = (n: number) => Math.floor(next() * n)
  const calls: CallId[] = []
  const asks: AskId[] = []
  let step = 1
  const call = () => calls[below(calls.length)] ?? newCallId()
  const asked = () => ({ step, model: `model-${below(3)}`, endpoint: `end-${below(3)}` })
  const makers: (() => RunEvent)[] = [
    () => ({ type: 'phase', phase: PHASES[below(PHASES.length)]!, ...(below(2) ? { done: below(9), total: 9 } : {}) }),
    () => ({ type: 'thought.delta', text: 'hm ' }),
    () => ({ type: 'text.delta', text: 'word ' }),
    () => ({ type: 'text.delta', text: 'another ' }),
    () => {
      if (below(2)) step++
      return { type: 'step.start', ...asked() }
    },
    () => ({ type: 'step.continue', ...asked(), by: 'shown', kept: below(50) }),
    () => ({ type: 'step.end', step, finish: (['stop', 'length', 'tools'] as const)[below(3)]! }),
    () => ({ type: 'step.end', step, finish: 'failed', fault: fault('engine.cut', { endpoint: 'end' }) }),
    () => {
      calls.push(newCallId())
      return { type: 'tool.call', call: calls.at(-1)!, tool: 'grep', input: { for: 'it' } }
    },
    () => ({ type: 'tool.delta', call: call(), text: 'line\n' }),
    () => ({ type: 'tool.end', call: call(), ok: below(3) > 0, output: null }),
    () => {
      asks.push(newAskId())
      return { type: 'ask.start', ask: asks.at(-1)!, call: call() }
    },
    () => ({ type: 'ask.end', ask: asks[below(asks.length)] ?? newAskId(), allow: below(2) > 0 }),
    () => ({ type: 'child.start', run: newRunId(), agent: 'coder' as never }),
    () => ({ type: 'usage', input: below(900), cached: 0, output: below(90) }),
    () => ({ type: 'endpoint.skip', endpoint: 'gone', why: 'down' }),
    () => ({ type: 'context.cut', left: 3, context: 4096 }),
    () => ({ type: 'run.resume', epoch: 2, step }),
  ]
  let t = 0
  const log: Entry[] = []
  const add = (event: RunEvent) => {
    t += below(3) === 0 ? 0 : below(400)
    log.push({ at: offset(log.length + 1), t, event })
  }
  while (log.length < length) add(makers[below(makers.length)]!())
  const stopped = below(2) ? { stopped: { ms: below(t * 1.2 + 1), upstream: 'idle' as const } } : {}
  add({ type: 'run.end', reason: (['done', 'cancelled', 'failed'] as const)[below(3)]!, ...stopped })
  return log
}
