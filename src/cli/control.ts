import { spawnSync } from 'node:child_process'
import { ConfigError, loadConfig, type Config } from '../config.ts'
import { getModel } from '../services/get-model.ts'
import { findModelFile } from '../services/model-file.ts'
import { onPath } from '../services/on-path.ts'
import { portHolder } from '../services/port-holder.ts'
import { getJson, whoAnswers } from '../services/port.ts'
import { serviceList, type ServiceSettings } from '../services/service-list.ts'
import { startService, stopService, type Outcome, type Service } from '../services/service.ts'
import { printOutcome, printStatus, say } from './control-print.ts'

const PRACTICE =
  'The practice model will answer. It only shows how PKN works and knows nothing; put a .gguf file into PKN_HOME/models, or start Ollama, for a real one.'

async function main(verb: string): Promise<number> {
  let config: Config
  try {
    config = loadConfig()
  } catch (cause) {
    if (!(cause instanceof ConfigError)) throw cause
    say(cause.message)
    if (!verb.startsWith('stop-')) return 2
    // What runs must be stoppable although its file can't be read any more; a pid file names each process.
    const plain = plainConfig()
    if (plain === null) return 2
    config = plain
  }
  const settings: ServiceSettings = { ...config, ollamaUrl: ollamaOf(config), env: process.env }
  const services = serviceList(settings)
  const start = (service: Service) =>
    step(
      service,
      startService(service, (line) => say(`  ${line}`)),
    )
  const stop = (service: Service) => step(service, stopService(service))
  const { divinenode, llama, ollama } = services
  switch (verb) {
    case 'start-divinenode':
      return config.port === 0 ? noPort() : await codeOf([start(divinenode)])
    case 'stop-divinenode':
      return await codeOf([stop(divinenode)])
    case 'restart-divinenode':
      return (await codeOf([stop(divinenode)])) || (await codeOf([start(divinenode)]))
    case 'start-llama':
      return await codeOf([start(llama)])
    case 'stop-llama':
      return await codeOf([stop(llama)])
    case 'start-ollama':
      return await codeOf([start(ollama)])
    case 'stop-ollama':
      return await codeOf([stop(ollama)])
    case 'stop-all':
      // The server first: what it is in the middle of is put down in order, and not cut off.
      return Math.max(await codeOf([stop(divinenode)]), await codeOf([stop(llama), stop(ollama)]))
    case 'start-all':
      return config.port === 0 ? noPort() : await startAll(config, settings, start)
    case 'status':
      await printStatus(config, services)
      return 0
    case 'logs':
      return showLog(config.logFile)
    default:
      say(`There is no verb "${verb}"; ./pkn_control.sh without one names them all.`)
      return 2
  }
}

function plainConfig(): Config | null {
  try {
    return loadConfig(process.env, { file: 'ignored' })
  } catch (cause) {
    if (!(cause instanceof ConfigError)) throw cause
    return null
  }
}

type Step = (service: Service) => Promise<boolean>

async function startAll(config: Config, settings: ServiceSettings, start: Step): Promise<number> {
  const { divinenode, llama, ollama } = serviceList(settings)
  const ollamaThere = onPath('ollama') !== null
  const good: boolean[] = []
  if (ollamaThere) good.push(await start(ollama))
  const elsewhere = await modelElsewhere(config, settings)
  // Port 8000 is a favourite of others; the server then starts its engine on a free port, so that nobody need stop anything.
  const taken = elsewhere === null && (await whoAnswers(llama.port)).what === 'other'
  if (elsewhere === null) {
    await ensureModel(config, taken)
    if (!taken) good.push(await start(llama))
  }
  good.push(await start(divinenode))
  if (!good.every(Boolean)) return 1
  say('')
  if (taken) {
    const { pid, command } = portHolder(llama.port) ?? { pid: null, command: 'another program' }
    say(`Port ${llama.port} is held by ${pid === null ? command : `pid ${pid} (${command})`}.`)
    say('So the engine takes a free port with the first message; PKN_ENGINE_PORT names another one for good.')
  } else if (elsewhere === null) {
    const there = await whoAnswers(llama.port)
    if (there.what === 'engine' || there.what === 'llama')
      say(there.practice ? PRACTICE : `${there.model ?? 'The model of llama.cpp'} will answer.`)
  } else say(elsewhere)
  say(`Open http://${config.host === '127.0.0.1' ? 'localhost' : config.host}:${config.port}/pkn.html`)
  return 0
}

/** What would answer without an engine of our own, as a sentence, or null. */
async function modelElsewhere(config: Config, settings: ServiceSettings): Promise<string | null> {
  if (!config.engine.enabled) return "PKN's own engine is switched off; what else is there will answer."
  const named = config.endpoints.configured.filter((e) => e.kind !== 'ollama').map((e) => e.name)
  if (named.length > 0) return `What you configured will answer: ${named.join(', ')}.`
  const tags = await getJson<{ models?: { name?: string }[] }>(`${settings.ollamaUrl}/api/tags`)
  const name = tags?.body.models?.[0]?.name
  return name === undefined ? null : `Ollama will answer, with ${name} or another of its models.`
}

/** Gets a first real model, unless there is one, or the user wants none. What can't be had is told, and is no failure. */
async function ensureModel(config: Config, taken: boolean): Promise<void> {
  const model = await findModelFile({ home: config.home, model: config.engine.model })
  const wanted = config.engine.model === undefined && process.env['PKN_MODEL_SOURCE'] !== 'practice'
  const port = config.engine.port ?? 8000
  if ((model !== null && !model.practice) || !wanted || (!taken && (await whoAnswers(port)).what !== 'free')) return
  const stop = new AbortController()
  const leave = () => stop.abort()
  process.once('SIGINT', leave)
  const had = await getModel({
    home: config.home,
    hub: process.env['HF_ENDPOINT'] ?? 'https://huggingface.co',
    tell: say,
    signal: stop.signal,
  })
  process.off('SIGINT', leave)
  if (stop.signal.aborted) process.exit(130)
  if (!had.ok) say(`No real model could be had: ${had.why}.`)
}

async function step(service: Service, doing: Promise<Outcome>): Promise<boolean> {
  const outcome = await doing
  printOutcome(service.name, outcome)
  return outcome.ok
}

const codeOf = async (steps: Promise<boolean>[]): Promise<number> => ((await Promise.all(steps)).every(Boolean) ? 0 : 1)

function noPort(): number {
  say('PKN_PORT is 0, but a server in the background needs a port that can be found again.')
  return 2
}

const ollamaOf = ({ endpoints }: Config): string =>
  [...endpoints.configured, ...endpoints.usual].find((e) => e.kind === 'ollama')?.url ?? 'http://127.0.0.1:11434'

/** The end of the log; on a terminal also what comes, until Ctrl-C. */
function showLog(path: string): number {
  const follow = process.stdout.isTTY ? ['-F'] : []
  return spawnSync('tail', ['-n', '50', ...follow, path], { stdio: 'inherit' }).status ?? 0
}

// Whoever reads may leave early: `status | head -1`.
process.stdout.on('error', (cause: NodeJS.ErrnoException) => {
  if (cause.code !== 'EPIPE') throw cause
  process.exit(0)
})
process.exitCode = await main(process.argv[2] ?? '')
