import type { z } from 'zod'
import type { Tool } from '../core/ports.ts'
import { Handle, missing } from './shell-output.ts'
import { ending } from './shell-words.ts'
import type { Shells } from './shells.ts'

/** Only what the session itself started can be ended by it, so that nobody is asked. */
export const shellKill = ({ shells }: { shells: Shells }): Tool<z.infer<typeof Handle>> => ({
  name: 'shell_kill',
  about: 'Ends a command in the background with all that it started.',
  input: Handle,
  effect: 'write',
  reach: 'none',
  run: async ({ handle }, { session }) => {
    const before = shells.list(session).find((process) => process.handle === handle)
    if (before === undefined) return { ok: false, output: missing(handle, session, shells) }
    if (before.end !== null) return { ok: true, output: `${handle} had ended already.` }
    const process = await shells.kill(session, handle)
    const how = process?.end ? ending(process.end, await shells.sandbox()) : ''
    return { ok: true, output: `${handle} is gone. ${how} What it wrote last is still read with shell_output.` }
  },
})
