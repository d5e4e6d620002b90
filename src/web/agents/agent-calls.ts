import { useEffect, useState } from 'react'
import type { AgentDetail } from '../../wire/agent.ts'
import type { Reply } from '../../wire/api.ts'
import type { FaultData } from '../../wire/fault.ts'
import { useApp, type App } from '../live/app.ts'
import { asked, type Answered } from '../live/asked.ts'
import { cell } from '../live/cell.ts'
import { own } from '../live/own.ts'

const windows = new BroadcastChannel('pkn.agents')
const bells = new Set<() => void>()
const ring = () => {
  for (const bell of bells) bell()
}
windows.addEventListener('message', ring)

/** An agent was changed here: other windows may show it too. */
export function changed(app: App): void {
  app.look()
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a channel reaches this origin only
  windows.postMessage(null)
  ring()
}

/** Calls when agents may be others: after a change here or in another window, of a file, or when the page is looked at again. */
export function onAgents({ machine }: App, call: () => void): () => void {
  const stop = new AbortController()
  let was = JSON.stringify(machine.get().agents)
  const end = machine.on(() => {
    const now = JSON.stringify(machine.get().agents)
    if (now === was) return
    was = now
    call()
  })
  bells.add(call)
  const seen = () => {
    if (document.visibilityState === 'visible') call()
  }
  document.addEventListener('visibilitychange', seen, { signal: stop.signal })
  return () => {
    end()
    bells.delete(call)
    stop.abort()
  }
}

/** What the server says, again whenever the agents may be others. Null while it is not known yet. */
function useAnswer<T>(read: (app: App, name: string) => Promise<T>, name: string): Answered<T> | null {
  const app = useApp()
  const [answer, setAnswer] = useState<{ name: string; answered: Answered<T> } | null>(null)
  useEffect(() => {
    let left = false
    const look = async () => {
      const answered = await asked(app, () => read(app, name))
      if (!left) setAnswer({ name, answered })
    }
    own(look())
    const end = onAgents(app, () => own(look()))
    return () => {
      left = true
      end()
    }
  }, [app, read, name])
  return answer?.name === name ? answer.answered : null
}

const readOne = ({ client }: App, agent: string) => client.call('agentsRead', { params: { agent } })
const readAstray = ({ client }: App, agent: string) => client.call('agentsAstray', { params: { agent } })
const readFiles = ({ client }: App) => client.call('agentFiles', {})

export const useAgent = (name: string): Answered<AgentDetail> | null => useAnswer(readOne, name)
export const useAstray = (name: string): Answered<Reply<'agentsAstray'>> | null => useAnswer(readAstray, name)
export const useFiles = (): Answered<Reply<'agentFiles'>> | null => useAnswer(readFiles, '')

/** What was removed last, for as long as that can be taken back with a click. */
export type Removed = { name: string; title: string; overBuiltIn: boolean; fault: FaultData | null }
export const removed = cell<Removed | null>(null)

export async function remove(app: App, { name, title, overBuiltIn }: AgentDetail): Promise<FaultData | null> {
  const answer = await asked(app, () => app.client.call('agentsRemove', { params: { agent: name } }))
  if (!answer.ok) return answer.fault
  removed.set({ name, title, overBuiltIn, fault: null })
  changed(app)
  return null
}

export async function bringBack(app: App): Promise<string | null> {
  const was = removed.get()
  if (was === null) return null
  const answer = await asked(app, () => app.client.call('agentsRestore', { params: { agent: was.name }, body: {} }))
  removed.set(answer.ok ? null : { ...was, fault: answer.fault })
  if (!answer.ok) return null
  changed(app)
  return was.name
}
