import type { Config } from '../config.ts'
import { findModelFile } from '../services/model-file.ts'
import { onPath } from '../services/on-path.ts'
import { portHolder } from '../services/port-holder.ts'
import { getJson, whoAnswers } from '../services/port.ts'
import type { Service } from '../services/service.ts'
import type { ExitCode } from './command.ts'
import type { Services } from './services.ts'
import { say } from './terminal.ts'

const PRACTICE =
  'The practice model will answer. It only shows how PKN works and knows nothing; `./pkn models catalogue` names real ones.'

/** Everything that there is to start, a model gotten first if there is none, and where to open it. */
export async function startAll(
  { config, settings, services }: Services,
  start: (service: Service) => Promise<boolean>,
): Promise<ExitCode> {
  const { divinenode, llama, ollama } = services
  const good: boolean[] = []
  if (onPath('ollama') !== null) good.push(await start(ollama))
  const elsewhere = await modelElsewhere(config, settings.ollamaUrl)
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
async function modelElsewhere(config: Config, ollamaUrl: string): Promise<string | null> {
  if (!config.engine.enabled) return "PKN's own engine is switched off; what else is there will answer."
  const named = config.endpoints.configured.filter((e) => e.kind !== 'ollama').map((e) => e.name)
  if (named.length > 0) return `What you configured will answer: ${named.join(', ')}.`
  const tags = await getJson<{ models?: { name?: string }[] }>(`${ollamaUrl}/api/tags`)
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
  const [{ getModel }, { openShelfHere }] = await Promise.all([
    import('../services/get-model.ts'),
    import('./local-shelf.ts'),
  ])
  const shelf = await openShelfHere(config)
  const had = await getModel({ shelf, tell: say, signal: stop.signal })
  await shelf.close()
  process.off('SIGINT', leave)
  if (stop.signal.aborted) process.exit(130)
  if (!had.ok) say(`No real model could be had: ${had.why}.`)
}
