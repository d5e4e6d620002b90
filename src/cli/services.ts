import { ConfigError, loadConfig, type Config } from '../config.ts'
import { livingProcess } from '../services/pid-file.ts'
import { serviceList, type ServiceSettings } from '../services/service-list.ts'
import { startService, stopService, type Outcome, type Service, type ServiceName } from '../services/service.ts'
import { Failed, oneOf, readArgs, type ExitCode } from './command.ts'
import { startAll } from './start-all.ts'
import { green, progressLine, red, say } from './terminal.ts'

export type Services = { config: Config; settings: ServiceSettings; services: Record<ServiceName, Service> }

const WHICH = ['divinenode', 'llama', 'ollama', 'all'] as const
export type Which = (typeof WHICH)[number]

const GRACE_MS = 10_000

export function openServices(config: Config = loadConfig()): Services {
  const settings: ServiceSettings = { ...config, ollamaUrl: ollamaOf(config), env: process.env }
  return { config, settings, services: serviceList(settings) }
}

export const whichOf = (args: string[]): Which => oneOf(readArgs(args, {}, 1).positionals[0] ?? 'all', WHICH, 'service')

export const start = async (which: Which): Promise<ExitCode> => await startThese(which, openServices())

async function startThese(which: Which, open: Services): Promise<ExitCode> {
  if (open.config.port === 0 && (which === 'all' || which === 'divinenode'))
    throw new Failed('PKN_PORT is 0, but a server in the background needs a port that can be found again.')
  if (which === 'all') return await startAll(open, startOne)
  return (await startOne(open.services[which])) ? 0 : 1
}

/** What runs must be stoppable although its file can't be read any more; a pid file names each process. */
export async function stop(which: Which): Promise<ExitCode> {
  try {
    return await stopThese(which, openServices())
  } catch (cause) {
    if (!(cause instanceof ConfigError)) throw cause
    say(cause.message)
    return await stopThese(which, openServices(loadConfig(process.env, { file: 'ignored' })))
  }
}

async function stopThese(which: Which, { services }: Services): Promise<ExitCode> {
  const { divinenode, llama, ollama } = services
  if (which !== 'all') return (await stopOne(services[which])) ? 0 : 1
  // The server first: what it is in the middle of is put down in order, and not cut off.
  const first = await stopOne(divinenode)
  const others = await Promise.all([stopOne(llama), stopOne(ollama)])
  return first && others.every(Boolean) ? 0 : 1
}

/** What can't be read, or is not there to be started, is known before anything is stopped. */
export async function restart(which: Which): Promise<ExitCode> {
  const open = openServices()
  const stopped = await stopThese(which, open)
  if (stopped !== 0) return stopped
  const { name, health } = open.services[which === 'all' ? 'divinenode' : which]
  if ((await health()).state !== 'down')
    throw new Failed(
      `${name} was not started by this script, so it goes on as it was; restart it where it was started.`,
    )
  return await startThese(which, open)
}

async function startOne(service: Service): Promise<boolean> {
  const line = progressLine()
  const left = () => {
    line.clear()
    say(
      livingProcess(service.pidFile) === null
        ? `Stopped; ${service.name} was not started.`
        : `Not waited for any longer; ${service.name} goes on starting. ./pkn status tells how it does, ./pkn stop ${service.name} ends it.`,
    )
    process.exit(130)
  }
  process.once('SIGINT', left)
  try {
    const outcome = await startService(service, (text) => line.show(`  ${service.name}: ${text}`))
    line.clear()
    return told(service.name, outcome)
  } finally {
    line.clear()
    process.off('SIGINT', left)
  }
}

async function stopOne(service: Service): Promise<boolean> {
  const line = progressLine()
  const tell = (text: string) => line.show(`  ${service.name}: ${text}`)
  return told(service.name, await stopService(service, GRACE_MS, tell).finally(line.clear))
}

function told(name: ServiceName, { ok, text }: Outcome): boolean {
  say(`${ok ? green('✓') : red('✗')} ${name.padEnd(11)} ${text}`)
  return ok
}

export const ollamaOf = ({ endpoints }: Config): string =>
  [...endpoints.configured, ...endpoints.usual].find((e) => e.kind === 'ollama')?.url ?? 'http://127.0.0.1:11434'
