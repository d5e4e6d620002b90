import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { Refusal, Unreachable } from '../client/refusal.ts'
import { ConfigError } from '../config.ts'
import { Fault } from '../wire/fault.ts'
import { Failed, UsageError, withFix, type ExitCode } from './command.ts'
import { COMMANDS } from './commands.ts'
import { helpOf, helpText } from './help.ts'
import { nearest } from './nearest.ts'
import { say } from './terminal.ts'

const PACKAGE = z.object({ version: z.string() })
const VERSION = PACKAGE.parse(JSON.parse(readFileSync(join(import.meta.dirname, '../../package.json'), 'utf8'))).version

/** One command, as the words after `pkn` ask for it. What is said of a failure goes to standard error. */
export async function run(args: string[]): Promise<ExitCode> {
  const [verb, ...rest] = args
  if (verb === undefined) {
    complain(helpText())
    return 2
  }
  if (verb === 'help' || verb === '-h' || verb === '--help') return help(rest)
  if (verb === '--version' || verb === '-v') {
    say(`PKN ${VERSION}`)
    return 0
  }
  const command = COMMANDS[verb]
  if (command === undefined) return unknown(verb)
  if (rest.includes('--help') || rest.includes('-h')) return help([verb])
  try {
    return await command.run(rest)
  } catch (cause) {
    if (cause instanceof UsageError) {
      complain(`pkn ${verb}: ${cause.message}\nusage: pkn ${verb} ${command.usage}`.trimEnd())
      return 2
    }
    if (cause instanceof ConfigError) {
      complain(`${cause.message}\n`)
      return 2
    }
    const told = sentenceOf(cause)
    if (told === null) throw cause
    complain(`pkn ${verb}: ${told}`)
    return 1
  }
}

function help([verb]: string[]): ExitCode {
  if (verb === undefined) {
    say(helpText())
    return 0
  }
  const text = helpOf(verb)
  if (text === null) return unknown(verb)
  say(text)
  return 0
}

function unknown(verb: string): ExitCode {
  const meant = nearest(verb, Object.keys(COMMANDS))
  const hint = meant.length > 0 ? `Did you mean ${meant.join(' or ')}?` : '`pkn help` names them all.'
  complain(`pkn: there is no verb "${verb}". ${hint}`)
  return 2
}

function sentenceOf(cause: unknown): string | null {
  if (cause instanceof Failed) return cause.message
  if (cause instanceof Fault) return withFix(cause)
  if (cause instanceof Refusal) return withFix(cause.fault)
  // Ctrl-C at a question.
  if (cause instanceof Error && cause.name === 'AbortError') return 'stopped before it was done.'
  if (cause instanceof Unreachable) return `${cause.message} Start it with: pkn start (pkn status tells what runs)`
  return null
}

const complain = (text: string): void => console.error(text)
