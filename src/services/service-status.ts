import { onPath } from './on-path.ts'
import { livingProcess } from './pid-file.ts'
import { portHolder } from './port-holder.ts'
import { accepts, whoAnswers } from './port.ts'
import type { Service, ServiceName } from './service.ts'

export type ServiceStatus = {
  name: ServiceName
  state: 'running' | 'loading' | 'no answer' | 'not running' | 'not installed'
  /** The port that it answers on, or would. */
  port: number
  pid: number | null
  since: string | null
  /** Whether `start` started it, so that `stop` stops it. */
  ours: boolean
  text: string
}

/** How a service does, as it and the system tell. */
export async function statusOf(service: Service): Promise<ServiceStatus> {
  const { name, port } = service
  const health = await service.health()
  const kept = livingProcess(service.pidFile)
  const holder = kept === null ? portHolder(port) : null
  const pid = kept?.pid ?? (health.state === 'down' ? null : health.pid) ?? holder?.pid ?? null
  const about = { name, port, pid, since: kept?.since ?? null, ours: kept !== null }
  if (kept?.port !== undefined && kept.port !== port)
    return { ...about, state: 'running', port: kept.port, text: `and not on port ${port}; restart it to have it there` }
  if (health.state !== 'down')
    return { ...about, state: health.state === 'ready' ? 'running' : 'loading', text: health.text }
  if (kept !== null) return { ...about, state: 'no answer', text: `see ${service.output}` }
  const none = { ...about, pid: null }
  if (name === 'ollama' && onPath('ollama') === null) return { ...none, state: 'not installed', text: 'not needed' }
  if (!(await accepts(port))) return { ...none, state: 'not running', text: '' }
  const who = holder === null ? 'another program' : `pid ${holder.pid} (${holder.command})`
  return { ...none, state: 'not running', text: `port ${port} is held by ${who}` }
}

/** Model servers at the usual places that are none of our services. */
export async function alsoFound(ours: number): Promise<{ model: string; url: string }[]> {
  const ports = [8000, 8080, 9931, 1234].filter((port) => port !== ours)
  const found = await Promise.all(
    ports.map(async (port) => {
      const there = await whoAnswers(port)
      if (there.what === 'free' || there.what === 'other') return []
      return [{ model: there.model ?? 'llama.cpp', url: `http://127.0.0.1:${port}/v1` }]
    }),
  )
  return found.flat()
}
