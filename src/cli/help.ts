import { COMMANDS } from './commands.ts'
import type { Command } from './command.ts'
import { bold, table } from './terminal.ts'

const GROUPS = ['agents', 'services', 'models', 'this machine'] as const

export function helpText(): string {
  const groups = GROUPS.flatMap((group) => {
    const rows = Object.entries(COMMANDS).flatMap(([verb, command]) =>
      command.group === group ? [[`${verb} ${brief(command.usage)}`.trimEnd(), command.about]] : [],
    )
    return [bold(group), ...table(rows, '  '), '']
  })
  return [
    'usage: pkn VERB ...',
    '',
    ...groups,
    '`pkn help VERB` tells more.',
    'PKN_PORT (8010), PKN_HOST (127.0.0.1), PKN_HOME (~/.pkn) and PKN_ENGINE_PORT (8000) are honoured.',
    'A verb ends with 0 when it is so, with 1 when it could not be done, and with 2 when it was not understood.',
  ].join('\n')
}

/** Lines that a terminal can hold; `help VERB` has the whole. */
const brief = (usage: string): string => (usage.length > 36 ? '...' : usage)

export function helpOf(verb: string): string | null {
  const command: Command | undefined = COMMANDS[verb]
  if (command === undefined) return null
  const more = command.more ?? []
  return [
    `usage: pkn ${verb} ${command.usage}`.trimEnd(),
    '',
    command.about,
    ...(more.length > 0 ? ['', ...more] : []),
  ].join('\n')
}
