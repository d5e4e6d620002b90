import { z } from 'zod'
import type { Clock, Tool } from '../core/ports.ts'
import { ending } from './shell-words.ts'
import type { InBackground, Shells } from './shells.ts'
import type { SessionId } from '../wire/id.ts'

export const Handle = z.object({ handle: z.string().max(100).describe('What shell gave back, such as bg_1a2b3.') })

export const shellOutput = ({ shells, clock }: { shells: Shells; clock: Clock }): Tool<z.infer<typeof Handle>> => ({
  name: 'shell_output',
  about: 'What a command in the background has written since you last looked, and whether it still runs.',
  input: Handle,
  effect: 'read',
  reach: 'none',
  run: async ({ handle }, { session }) => {
    const seen = shells.look(session, handle)
    if (seen === null) return { ok: false, output: missing(handle, session, shells) }
    const { process, text } = seen
    const how =
      process.end === null
        ? `[it runs, for ${Math.round((clock.wall() - process.started) / 1000)} s now]`
        : process.end.broken === null
          ? ending(process.end, await shells.sandbox())
          : `[it could not be started: ${process.end.broken}]`
    return { ok: true, output: `${text === '' ? '(nothing new)' : text}\n${how}` }
  },
})

/** It was never there, or it went with the server that started it. */
export function missing(handle: string, session: SessionId, shells: Shells): string {
  const there = shells.list(session)
  const known =
    there.length === 0 ? 'This chat has nothing in the background.' : `There are: ${there.map(line).join('; ')}.`
  return `${JSON.stringify(handle)} is gone: what runs in the background ends with the server, which was restarted, or it never was. ${known}`
}
const line = ({ handle, command, end }: InBackground) =>
  `${handle} (${end === null ? 'runs' : 'has ended'}: ${command.slice(0, 60)})`
