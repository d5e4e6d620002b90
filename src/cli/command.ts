import { parseArgs, type ParseArgsOptionsConfig } from 'node:util'

/**
 * 0: it is so. 1: it could not be done, and why was said. 2: it was not understood, and nothing was done. Verbs that talk to agents tell
 * more: 3 is a server that does not answer, 130 what was stopped by Ctrl-C.
 */
export type ExitCode = 0 | 1 | 2 | 3 | 130

export type Command = {
  /** What follows the verb. */
  usage: string
  about: string
  /** What `pkn help VERB` tells beside that, line by line. */
  more?: readonly string[]
  /** Verbs of a group stand together in the help; those without one are only told when asked for. */
  group?: 'agents' | 'services' | 'models' | 'this machine'
  run: (args: string[]) => Promise<ExitCode>
}

/** The words can't be understood. Said with the usage, and nothing was done. */
export class UsageError extends Error {}

/** What was expected to fail did, in words for a person. */
export class Failed extends Error {}

/** What happened and what to do, as two sentences. */
export const withFix = ({ message, fix }: { message: string; fix: string }): string =>
  `${/[.!?]$/.test(message) ? message : `${message}.`} ${fix}`

type Read<T extends ParseArgsOptionsConfig> = ReturnType<
  typeof parseArgs<{ args: string[]; options: T; allowPositionals: true; strict: true }>
>

/** The options of a verb, and at most `most` words beside them. */
export function readArgs<T extends ParseArgsOptionsConfig>(args: string[], options: T, most: number): Read<T> {
  let read: Read<T>
  try {
    read = parseArgs({ args, options, allowPositionals: true, strict: true })
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException // parseArgs throws nothing else
    if (!code?.startsWith('ERR_PARSE_ARGS_')) throw cause
    throw new UsageError(message.split('. ')[0], { cause })
  }
  const extra = read.positionals[most]
  if (extra !== undefined) throw new UsageError(`"${extra}" is one word too many`)
  return read
}

export function oneOf<T extends string>(word: string, known: readonly T[], what: string): T {
  const found = known.find((name) => name === word)
  if (found === undefined) throw new UsageError(`"${word}" is no ${what}; there are ${known.join(', ')}`)
  return found
}
