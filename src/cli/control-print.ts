import type { Config } from '../config.ts'
import { findModelFile } from '../services/model-file.ts'
import { onPath } from '../services/on-path.ts'
import { livingProcess } from '../services/pid-file.ts'
import { portHolder } from '../services/port-holder.ts'
import { accepts, whoAnswers } from '../services/port.ts'
import type { Outcome, Service, ServiceName } from '../services/service.ts'

export const say = (line: string): void => console.log(line)

const paint = (code: number, text: string) =>
  process.stdout.isTTY && !process.env['NO_COLOR'] ? `\u001B[${code}m${text}\u001B[0m` : text
const GREEN = 32
const RED = 31
const GREY = 90

export function printOutcome(name: ServiceName, { ok, text }: Outcome): void {
  say(`${ok ? paint(GREEN, '✓') : paint(RED, '✗')} ${name.padEnd(11)} ${text}`)
}

export async function printStatus(config: Config, services: Record<ServiceName, Service>): Promise<void> {
  for (const service of Object.values(services)) say(await statusLine(service))
  const model = await findModelFile({ home: config.home, model: config.engine.model })
  const named =
    model === null ? 'none' : `${model.name}${model.practice ? ' (practice: knows nothing)' : ` (${model.path})`}`
  say(`\nmodel file   ${named}`)
  say(`home         ${config.home}`)
  say(`log          ${config.logFile}`)
  for (const line of await alsoFound(services.llama.port)) say(`also found   ${line}`)
}

async function statusLine(service: Service): Promise<string> {
  const { name, port } = service
  const health = await service.health()
  const kept = livingProcess(service.pidFile)
  const holder = kept === null ? portHolder(port) : null
  const pid = kept?.pid ?? (health.state === 'down' ? null : health.pid) ?? holder?.pid
  const about = [`port ${port}`, ...(pid ? [`pid ${pid}`] : []), ...(kept ? [`for ${age(kept.since)}`] : [])].join('  ')
  const line = (mark: string, state: string, text: string) =>
    `${mark} ${name.padEnd(11)} ${state.padEnd(12)} ${text}`.trimEnd()
  if (kept?.port !== undefined && kept.port !== port)
    return line(
      paint(GREEN, '●'),
      'running',
      `port ${kept.port}, and not ${port}  pid ${kept.pid}  for ${age(kept.since)}`,
    )
  if (health.state !== 'down') {
    const more = kept === null ? '  (not started by this script)' : ''
    return line(paint(GREEN, '●'), health.state === 'ready' ? 'running' : 'loading', `${about}  ${health.text}${more}`)
  }
  if (kept !== null) return line(paint(RED, '●'), 'no answer', `${about}  see ${service.output}`)
  if (name === 'ollama' && onPath('ollama') === null) return line(paint(GREY, '○'), 'not installed', '(not needed)')
  if (await accepts(port)) {
    const who = holder === null ? 'another program' : `pid ${holder.pid} (${holder.command})`
    return line(paint(GREY, '○'), 'not running', `port ${port} is held by ${who}`)
  }
  return line(paint(GREY, '○'), 'not running', '')
}

/** Model servers at the usual places that are none of our services. */
async function alsoFound(ours: number): Promise<string[]> {
  const ports = [8000, 8080, 9931, 1234].filter((port) => port !== ours)
  const found = await Promise.all(
    ports.map(async (port) => {
      const there = await whoAnswers(port)
      if (there.what === 'free' || there.what === 'other') return []
      return [`${there.model ?? 'llama.cpp'} at http://127.0.0.1:${port}/v1`]
    }),
  )
  return found.flat()
}

function age(since: string): string {
  const seconds = Math.max(0, (Date.now() - Date.parse(since)) / 1000)
  if (seconds < 90) return `${Math.round(seconds)} s`
  if (seconds < 5400) return `${Math.round(seconds / 60)} min`
  return seconds < 172_800 ? `${Math.round(seconds / 3600)} h` : `${Math.round(seconds / 86_400)} days`
}
