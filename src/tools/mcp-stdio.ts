import { spawn, type ChildProcess } from 'node:child_process'
import type { JSONRPCMessage, Transport } from '@modelcontextprotocol/client'
import type { Clock } from '../core/ports.ts'
import { oneLine } from './mcp-words.ts'

/** What one message may be, and what a server may write without having been asked anything. */
export const MOST = { line: 8 << 20, unasked: 32 << 20, messages: 5000, said: 200, grace: 1500, silent: 500 }

export type Program = { command: string; args: readonly string[]; env: Readonly<Record<string, string>>; cwd: string }

/**
 * A server as a child process: with the environment that is given and nothing else, and ended with all that it started and that stayed in its
 * group. What floods is ended. `hear` is told what it writes to its log, as much of it as is of use.
 */
export class StdioPipe implements Transport {
  onclose?: () => void
  onerror?: (error: Error) => void
  onmessage?: <T extends JSONRPCMessage>(message: T) => void
  /** Why it is over, in words. */
  ended: string | null = null
  #child: ChildProcess | null = null
  #parts: Buffer[] = []
  #held = 0
  #unasked = { bytes: 0, messages: 0 }
  #said = { lines: 0, last: '' }
  #gone: Promise<void> = Promise.resolve()
  readonly #program: Program
  readonly #clock: Clock
  readonly #hear: (line: string) => void

  constructor(program: Program, clock: Clock, hear: (line: string) => void) {
    this.#program = program
    this.#clock = clock
    this.#hear = hear
  }

  start(): Promise<void> {
    const { command, args, env, cwd } = this.#program
    return new Promise((resolve, reject) => {
      const child = spawn(command, args, { cwd, env, stdio: ['pipe', 'pipe', 'pipe'], detached: true })
      this.#child = child
      this.#gone = new Promise((gone) => {
        const over = (why: string) => {
          if (this.#child === null) return
          this.#child = null
          this.ended ??= why
          kill(child, 'SIGKILL')
          for (const pipe of [child.stdin, child.stdout, child.stderr]) pipe?.destroy()
          gone()
          this.onclose?.()
        }
        child.once('error', (cause: NodeJS.ErrnoException) => {
          const why = cause.code === 'ENOENT' ? `there is no program ${command}, or no folder ${cwd}` : cause.message
          reject(new Error(why))
          over(why)
        })
        child.once('exit', (code, signal) => {
          // What it wrote last is still on its way.
          this.#clock.after(50, () =>
            over(this.#lastWords(code === null ? `it was ended by ${signal}` : `it ended with ${code}`)),
          )
        })
      })
      child.once('spawn', resolve)
      child.stdin.on('error', () => {})
      child.stdout.on('data', (bytes: Buffer) => this.#take(bytes)).on('error', () => {})
      // One that ends does so too, and has more to say of why.
      child.stdout.once('end', () => this.#clock.after(MOST.silent, () => this.end('it closed its output')))
      child.stderr.on('data', (bytes: Buffer) => this.#log(bytes)).on('error', () => {})
    })
  }

  send(message: JSONRPCMessage): Promise<void> {
    const stdin = this.#child?.stdin
    if (!stdin?.writable) return Promise.reject(new Error(this.ended ?? 'it does not run'))
    if ('method' in message && 'id' in message) this.#unasked = { bytes: 0, messages: 0 }
    // Not waited for: a server that reads nothing must not hold up whoever gives up on it.
    stdin.write(`${JSON.stringify(message)}\n`)
    return Promise.resolve()
  }

  async close(): Promise<void> {
    const child = this.#child
    if (child === null) return
    child.stdin?.end()
    kill(child, 'SIGTERM')
    const cancel = this.#clock.after(MOST.grace, () => kill(child, 'SIGKILL'))
    await this.#gone
    cancel()
  }

  /** Ends it at once. */
  end(why: string): void {
    this.ended ??= why
    if (this.#child !== null) kill(this.#child, 'SIGKILL')
  }

  #take(bytes: Buffer): void {
    if (this.ended !== null) return
    this.#unasked.bytes += bytes.length
    if (this.#unasked.bytes > MOST.unasked)
      return this.end(`it wrote more than ${MOST.unasked >> 20} MB to one request`)
    let from = 0
    for (let at = bytes.indexOf(10); at !== -1; at = bytes.indexOf(10, from)) {
      this.#parts.push(bytes.subarray(from, at))
      from = at + 1
      const line = Buffer.concat(this.#parts)
      this.#parts = []
      this.#held = 0
      if (++this.#unasked.messages > MOST.messages)
        return this.end(`it wrote more than ${MOST.messages} messages to one request`)
      this.#message(line.toString())
    }
    if (from < bytes.length) this.#parts.push(bytes.subarray(from))
    this.#held += bytes.length - from
    if (this.#held > MOST.line) {
      this.#parts = []
      this.end(`it wrote a message of more than ${MOST.line >> 20} MB`)
    }
  }

  #message(line: string): void {
    if (line.trim() === '') return
    let json: unknown
    try {
      json = JSON.parse(line)
    } catch {
      this.#note(`(not a message) ${line}`)
      return
    }
    // The client checks what it is before it does anything with it.
    if (typeof json === 'object' && json !== null && 'jsonrpc' in json) this.onmessage?.(json as JSONRPCMessage)
  }

  #log(bytes: Buffer): void {
    for (const line of bytes.subarray(0, 8192).toString().split('\n')) if (line.trim() !== '') this.#note(line)
  }

  #note(line: string): void {
    this.#said.last = oneLine(line, 200)
    if (++this.#said.lines <= MOST.said) this.#hear(this.#said.last)
    else if (this.#said.lines === MOST.said + 1) this.#hear('(it says more than is kept)')
  }

  #lastWords = (why: string): string => (this.#said.last === '' ? why : `${why}, and last said: ${this.#said.last}`)
}

function kill({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  if (pid === undefined) return
  try {
    process.kill(-pid, signal)
  } catch {
    // Nothing is left of its group.
  }
}
