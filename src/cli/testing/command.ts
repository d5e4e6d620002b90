import { spawn, spawnSync, type ChildProcessWithoutNullStreams } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'

const PKN = join(import.meta.dirname, '..', 'pkn.mjs')

export type Running = {
  child: ChildProcessWithoutNullStreams
  out: () => string
  err: () => string
  type: (text: string) => void
  /** Resolves once standard output (or error) matches, from `from` on. */
  until: (pattern: RegExp, where?: 'out' | 'err', from?: number) => Promise<void>
  /** How it ended. */
  code: Promise<number | null>
}

export const hasPty = spawnSync('python3', ['-c', 'import pty, termios']).status === 0

/** The true command, in a process of its own; on a terminal of its own if `columns` says how wide that is. */
export function command(env: NodeJS.ProcessEnv, words: readonly string[], columns?: number): Running {
  const node = [process.execPath, PKN, ...words]
  const [file = '', ...args] =
    columns === undefined ? node : ['python3', join(import.meta.dirname, 'terminal.py'), ...node]
  const child = spawn(file, args, {
    env: columns === undefined ? env : { TERM: 'xterm-256color', ...env, COLUMNS: `${columns}`, LINES: '24' },
    stdio: 'pipe',
  })
  const said = { out: '', err: '' }
  const bell = new EventTarget()
  const hear = (where: 'out' | 'err') => (text: string) => {
    said[where] += text
    bell.dispatchEvent(new Event('said'))
  }
  child.stdout.setEncoding('utf8').on('data', hear('out'))
  child.stderr.setEncoding('utf8').on('data', hear('err'))
  // Whoever has ended does not read what is typed.
  child.stdin.on('error', () => undefined)
  const code = once(child, 'close').then(([number]) => {
    bell.dispatchEvent(new Event('said'))
    return number as number | null
  })
  return {
    child,
    out: () => said.out,
    err: () => said.err,
    type: (text) => void child.stdin.write(text),
    until: async (pattern, where = 'out', from = 0) => {
      while (!pattern.test(said[where].slice(from))) {
        if (child.exitCode !== null && child.stdout.closed)
          throw new Error(`it ended (${child.exitCode}) without ${pattern}: ${said.out}\n${said.err}`)
        await once(bell, 'said')
      }
    },
    code,
  }
}
