import { findModelFile } from '../services/model-file.ts'
import { alsoFound, statusOf, type ServiceStatus } from '../services/service-status.ts'
import { parentOf } from '../services/pid-file.ts'
import { readArgs, type ExitCode } from './command.ts'
import { openServices } from './services.ts'
import { duration } from '../services/in-words.ts'
import { green, grey, red, say, sayJson } from './terminal.ts'

export async function status(args: string[]): Promise<ExitCode> {
  const { values } = readArgs(args, { json: { type: 'boolean' } }, 0)
  const { config, services } = openServices()
  const [found, model, others] = await Promise.all([
    Promise.all(Object.values(services).map(statusOf)),
    findModelFile({ home: config.home, model: config.engine.model }),
    alsoFound(services.llama.port),
  ])
  if (values.json === true) {
    sayJson({ services: found, model, home: config.home, log: config.logFile, alsoFound: others })
    return 0
  }
  const server = found.find(({ name }) => name === 'divinenode')?.pid ?? null
  for (const one of found) say(statusLine(one, server))
  const named =
    model === null ? 'none' : `${model.name}${model.practice ? ' (practice: knows nothing)' : ` (${model.path})`}`
  say(`\nmodel file   ${named}`)
  say(`home         ${config.home}`)
  say(`log          ${config.logFile}`)
  for (const { model: name, url } of others) say(`also found   ${name} at ${url}`)
  return 0
}

function statusLine({ name, state, port, pid, since, ours, text }: ServiceStatus, server: number | null): string {
  const about = () => [
    `port ${port}`,
    ...(pid === null ? [] : [`pid ${pid}`]),
    ...(since === null ? [] : [`for ${duration(Math.max(0, Date.now() - Date.parse(since)) / 1000)}`]),
  ]
  const line = (mark: string, words: string[]) =>
    `${mark} ${name.padEnd(11)} ${state.padEnd(12)} ${words.filter((word) => word !== '').join('  ')}`.trimEnd()
  switch (state) {
    case 'running':
    case 'loading':
      return line(green('●'), [...about(), text, ours ? '' : startedBy(pid, server)])
    case 'no answer':
      return line(red('●'), [...about(), text])
    case 'not running':
      return line(grey('○'), [text])
    case 'not installed':
      return line(grey('○'), [`(${text})`])
  }
}

/** The server starts an engine by itself when it needs one. */
const startedBy = (pid: number | null, server: number | null): string =>
  pid !== null && server !== null && parentOf(pid) === server
    ? '(started by divinenode)'
    : '(not started by this script)'
