import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { boundOutput } from '../services/output-file.ts'
import { Failed, oneOf, readArgs, UsageError, type ExitCode } from './command.ts'
import { openServices } from './services.ts'

/** The end of a log; on a terminal also what comes, until Ctrl-C. */
export async function logs(args: string[]): Promise<ExitCode> {
  const { values, positionals } = readArgs(
    args,
    {
      lines: { type: 'string', short: 'n', default: '50' },
      'no-follow': { type: 'boolean' },
      follow: { type: 'boolean', short: 'f' },
    },
    1,
  )
  const which = oneOf(positionals[0] ?? 'divinenode', ['divinenode', 'llama', 'ollama'], 'log')
  if (!/^\d{1,7}$/.test(values.lines)) throw new UsageError(`-n is "${values.lines}", but must be a number of lines`)
  const { config, services } = openServices()
  const path = which === 'divinenode' ? config.logFile : services[which].output
  if (which !== 'divinenode') boundOutput(path)
  if (!existsSync(path)) throw new Failed(`there is no ${path} yet: ${which} was never started`)
  const follow = values['no-follow'] !== true && (values.follow === true || process.stdout.isTTY)
  const { status, signal } = spawnSync('tail', ['-n', values.lines, ...(follow ? ['-F'] : []), path], {
    stdio: 'inherit',
  })
  // Ctrl-C, or a reader that left, is how one stops reading.
  return status === 0 || signal !== null || status === null ? 0 : 1
}
