import { existsSync, readFileSync, realpathSync } from 'node:fs'
import { join } from 'node:path'
import { ConfigError, ConfigFile, loadConfig, type Config } from '../config.ts'
import { livingProcess } from '../services/pid-file.ts'
import { serviceList } from '../services/service-list.ts'
import { writeWhole } from '../services/whole-file.ts'
import type { Json } from '../wire/event.ts'
import { Failed, readArgs, UsageError, type ExitCode } from './command.ts'
import { configKey } from './config-key.ts'
import { nearest } from './nearest.ts'
import { judged, settingNames, valueAt, withValue, type Tree } from './settings.ts'
import { grey, say, sayJson, table } from './terminal.ts'

/** What holds where neither the file nor the schema says anything. */
const USUAL: Record<string, Json> = { port: 8010, host: '127.0.0.1', 'engine.port': 8000 }
/** Where the environment says otherwise, it wins. */
const FROM_ENVIRONMENT: Record<string, string> = {
  port: 'PKN_PORT',
  host: 'PKN_HOST',
  'engine.enabled': 'PKN_ENGINE',
  'engine.port': 'PKN_ENGINE_PORT',
  'engine.model': 'PKN_MODEL',
  'engine.threads': 'PKN_ENGINE_THREADS',
}

export async function config(args: string[]): Promise<ExitCode> {
  const { values, positionals } = readArgs(dashed(args), { json: { type: 'boolean' }, remove: { type: 'boolean' } }, 3)
  const [verb = 'list', name, value] = positionals
  // The file may be broken, and is to be mended; where it lies is known all the same.
  const { home } = loadConfig(process.env, { file: 'ignored' })
  const path = join(home, 'pkn.config.json')
  switch (verb) {
    case 'path':
      say(path)
      return 0
    case 'list':
      return list(read(path), values.json === true)
    case 'get':
      return get(read(path), known(name))
    case 'set': {
      if (value === undefined) throw new UsageError('set takes a name and a value')
      const next = judged(read(path), known(name), value)
      if (!next.ok) throw new Failed(`${name} was not set to ${value}; the file stays as it is.\n${next.why}`)
      return write(path, next.tree, `${name} = ${shown(valueAt(next.tree, name ?? ''))}`, known(name))
    }
    case 'unset': {
      const tree = read(path)
      if (valueAt(tree, known(name)) === undefined) {
        say(`${name} is not set`)
        return 0
      }
      const next = withValue(tree, known(name), undefined)
      const parsed = ConfigFile.safeParse(next)
      if (!parsed.success) throw new Failed(`${name} can't be taken out: without it the file is not valid`)
      return write(path, next, `${name} is not set any more`, known(name))
    }
    case 'key': {
      if (value !== undefined)
        throw new UsageError('a key is not given as a word, where others can see it: it is asked for')
      const { json = false, remove = false } = values
      return await configKey({ home, provider: name, remove, json, file: read(path) })
    }
    default:
      throw new UsageError(`"${verb}" is none of list, get, set, unset, path, key`)
  }
}

/** A value may begin with a dash; what stands after the name is no option, unless it is one of ours. */
function dashed(args: string[]): string[] {
  if (args[0] !== 'set' || args.length !== 3 || !/^-\d/.test(args[2] ?? '')) return args
  return ['--', ...args]
}

function known(name: string | undefined): string {
  if (name === undefined) throw new UsageError('name a setting; `pkn config` shows them')
  const names = settingNames()
  if (names.some((one) => one === name || name.startsWith(`${one}.`) || one.startsWith(`${name}.`))) return name
  const meant = nearest(name, names)
  throw new UsageError(
    `there is no setting "${name}"${meant.length > 0 ? `; did you mean ${meant.join(' or ')}?` : '; `pkn config` shows them'}`,
  )
}

function list(tree: Tree, json: boolean): ExitCode {
  const rows = settingNames().map((name) => {
    const variable = FROM_ENVIRONMENT[name]
    const word = variable === undefined ? undefined : process.env[variable]?.trim()
    const inFile = valueAt(tree, name)
    if (variable !== undefined && word) return { name, value: word, from: variable }
    return { name, value: inFile ?? usualOf(tree, name) ?? null, from: inFile === undefined ? 'default' : 'file' }
  })
  if (json) sayJson(rows)
  else
    for (const line of table(
      rows.map(({ name, value, from }) => [
        name,
        value === null ? grey('(chosen by itself)') : shown(value),
        grey(from),
      ]),
    ))
      say(line)
  return 0
}

function get(tree: Tree, name: string): ExitCode {
  const value = valueAt(tree, name) ?? usualOf(tree, name)
  if (value === undefined) throw new Failed(`${name} is not set`)
  say(typeof value === 'string' ? value : JSON.stringify(value, null, 2))
  return 0
}

function usualOf(tree: Tree, name: string): Json | undefined {
  const whole = ConfigFile.safeParse(tree)
  const usual = whole.success ? valueAt(whole.data as Tree, name) : undefined // parsed JSON is JSON
  return usual ?? USUAL[name]
}

function read(path: string): Tree {
  if (!existsSync(path)) return {}
  try {
    const json = JSON.parse(readFileSync(path, 'utf8')) as Json // JSON.parse gives nothing but Json
    if (typeof json === 'object' && json !== null && !Array.isArray(json)) return json
  } catch (cause) {
    throw new ConfigError(`${path} is not valid JSON: ${cause instanceof Error ? cause.message : String(cause)}`, {
      cause,
    })
  }
  throw new ConfigError(`${path} must hold one JSON object`)
}

function write(path: string, tree: Tree, told: string, name: string): ExitCode {
  const real = existsSync(path) ? realpathSync(path) : path // a link stays one
  writeWhole(real, `${JSON.stringify(tree, null, 2)}\n`)
  say(told)
  const variable = FROM_ENVIRONMENT[name]
  if (variable !== undefined && process.env[variable])
    say(`${variable} is set in the environment, and wins over the file.`)
  const restart = needsRestart(loadConfig(process.env, { file: 'ignored' }), name)
  if (restart !== null) say(`What runs goes on as before until: ./pkn restart ${restart}`)
  return 0
}

function needsRestart(config: Config, name: string): string | null {
  const services = serviceList({ ...config, ollamaUrl: 'http://127.0.0.1:11434', env: {} })
  const runs = (which: 'divinenode' | 'llama') => livingProcess(services[which].pidFile) !== null
  if (name.startsWith('engine') && runs('llama')) return runs('divinenode') ? 'all' : 'llama'
  return runs('divinenode') ? 'divinenode' : null
}

const shown = (value: Json | undefined): string => (typeof value === 'string' ? value : JSON.stringify(value))
