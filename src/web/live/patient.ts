import type { Call } from '../../client/call.ts'
import type { Client } from '../../client/client.ts'
import { Unreachable } from '../../client/refusal.ts'
import type { RouteName } from '../../wire/api.ts'
import { cell, type Cell } from './cell.ts'
import type { Reach } from './reach.ts'

/** From when on a person should be told what is waited for, and from when on it is doubtful whether the server is there. */
const TOLD_MS = 250
const DOUBT_MS = 4000
/** What nobody waits for: looked at again and again in the background, or told where it was asked. */
const QUIET = new Set<RouteName>([
  'health',
  'models',
  'agents',
  'catalogue',
  'installedList',
  'pullsList',
  'sessionsCreate',
  'messagesSubmit',
  'runsCancel',
  'attachmentsAdd',
  'pullsBegin',
  'pullsCancel',
  'pullsForget',
  'installedUse',
  'installedRemove',
  'modelsLook',
  'servicesStart',
  'asksList',
  'toolsList',
  'asksAnswer',
])

/**
 * The same client, whose calls tell what they wait for when that takes longer than a moment. A call that is unanswered when the server was
 * away and is back is given up as unreachable: a connection that died without a word would never say so.
 */
export function patient(client: Client, reach: Reach): { client: Client; waiting: Cell<RouteName | null> } {
  const waiting = cell<RouteName | null>(null)
  const long = new Map<symbol, RouteName>()
  const tell = () => waiting.set([...long.values()].at(-1) ?? null)
  const call: Call = async (name, sent, signal) => {
    const me = Symbol(name)
    const gone = new AbortController()
    const timers = [
      setTimeout(() => {
        if (QUIET.has(name)) return
        long.set(me, name)
        tell()
      }, TOLD_MS),
      setTimeout(reach.doubt, DOUBT_MS),
    ]
    const off = reach.onReturn(() => gone.abort())
    try {
      return await client.call(name, sent, signal === undefined ? gone.signal : AbortSignal.any([signal, gone.signal]))
    } catch (cause) {
      if (gone.signal.aborted && signal?.aborted !== true) throw new Unreachable({ cause })
      throw cause
    } finally {
      for (const timer of timers) clearTimeout(timer)
      off()
      if (long.delete(me)) tell()
    }
  }
  return { client: { ...client, call }, waiting }
}
