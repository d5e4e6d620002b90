import { z } from 'zod'
import type { Clock, Tool, ToolResult, ToolUse } from '../core/ports.ts'
import { startCommand } from './shell-process.ts'
import { report, shownCommand } from './shell-words.ts'
import type { Shells } from './shells.ts'
import { boundedLines, terminalText } from './terminal-text.ts'

const [USUAL_SECONDS, MOST_SECONDS] = [120, 600]
const MOST_KEPT = 1024 * 1024

const Input = z.object({
  command: z
    .string()
    .min(1)
    .max(20_000)
    .refine((command) => !command.includes('\0'), 'a command has no NUL in it')
    .describe('What the shell runs, in the workspace.'),
  timeout_seconds: z.int().min(1).max(MOST_SECONDS).optional().describe(`${USUAL_SECONDS} if it is left out.`),
  background: z
    .boolean()
    .optional()
    .describe('Gives back a handle at once, for shell_output and shell_kill; for what does not end by itself.'),
  network: z
    .boolean()
    .optional()
    .describe(
      'Lets it reach the internet by the proxy that http_proxy and https_proxy name, for http and https: what knows no proxy reaches nothing. Only where it is needed.',
    ),
})
type Input = z.infer<typeof Input>

export const shell = ({ shells, clock }: { shells: Shells; clock: Clock }): Tool<Input> => ({
  name: 'shell',
  about:
    'Runs a shell command in the workspace and gives back its output and exit code. Each call begins anew: no folder or variable of the last one stays, and a server in the background is not reached from another call.',
  input: Input,
  effect: 'run',
  reach: 'machine',
  // Its own bound is the one that is told; this one is only for what holds it up.
  limitMs: (MOST_SECONDS + 30) * 1000,
  subject: ({ command, network = false }) => ({ kind: 'command', command, network }),
  insists: async (input, { answered }) => {
    const sandbox = await shells.sandbox()
    if (sandbox.kind === 'none')
      return `Nothing confines commands on this machine (${sandbox.why}), so each one is asked for.`
    return input?.network === true && !answered
      ? 'It wants the network, which no rule allows a command: that is asked for.'
      : null
  },
  preview: async ({ command, network = false, background = false }, { folder }) => ({
    ok: true,
    shown: shownCommand({ command, network, background }, folder, await shells.sandbox()),
  }),
  run: (input, use) => (input.background === true ? started(input, use, shells) : done(input, use, shells, clock)),
})

async function done(
  { command, network = false, timeout_seconds: seconds = USUAL_SECONDS }: Input,
  use: ToolUse,
  shells: Shells,
  clock: Clock,
): Promise<ToolResult> {
  const sandbox = await shells.sandbox()
  const shown = shownCommand({ command, network, background: false }, use.folder, sandbox)
  const kept = boundedLines(MOST_KEPT)
  const text = terminalText({ line: kept.add, live: use.say })
  if (use.signal.aborted) return { ok: false, output: 'It was not started, because the run was stopped.', shown }
  const running = startCommand(
    { sandbox, clock, folder: use.folder, command, network: network ? shells.egress : null },
    text.push,
  )
  const stop = () => running.end('stopped')
  use.signal.addEventListener('abort', stop, { once: true })
  const cancel = clock.after(seconds * 1000, () => running.end('late'))
  const end = await running.ended
  cancel()
  use.signal.removeEventListener('abort', stop)
  text.end()
  if (end.broken !== null) return { ok: false, output: `It could not be started: ${end.broken}`, shown }
  const more =
    end.cause === 'late'
      ? `\nIt was given ${seconds} s. With timeout_seconds it gets up to ${MOST_SECONDS}; what does not end by itself is started with background: true.`
      : ''
  return { ok: end.code === 0 && end.cause === null, output: `${report(kept.text(), end, sandbox)}${more}`, shown }
}

async function started({ command, network = false }: Input, use: ToolUse, shells: Shells): Promise<ToolResult> {
  const sandbox = await shells.sandbox()
  const shown = shownCommand({ command, network, background: true }, use.folder, sandbox)
  const begun = await shells.start(use, { command, network })
  if ('refused' in begun) return { ok: false, output: begun.refused, shown }
  const free = sandbox.kind === 'none' ? ` Nothing confines it: ${sandbox.why}.` : ''
  const output = `Started in the background as ${begun.handle}.${free} See what it writes with shell_output, end it with shell_kill.`
  return { ok: true, output, shown }
}
