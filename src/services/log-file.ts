import { createWriteStream, existsSync, mkdirSync, renameSync, statSync, type WriteStream } from 'node:fs'
import { dirname } from 'node:path'
import { inspect } from 'node:util'
import type { LogLine } from '../core/ports.ts'

const ROTATE_BYTES = 10 * 1024 * 1024

/** The server's log: a line for every change of state, an error with its whole trace. At 10 MB the file becomes `.1` and a new one begins. */
export class LogFile {
  readonly #path: string
  #file: WriteStream
  #size: number
  #broken = false
  /** Of the files before this one: until each has all its lines. */
  #before: Promise<unknown> = Promise.resolve()
  readonly #echo: boolean
  /** Called when the file could not be written. */
  onFailure = (cause: Error): void => void process.stderr.write(`${this.#path}: ${cause.message}\n`)

  constructor(path: string, options: { echo: boolean }) {
    this.#path = path
    this.#echo = options.echo
    mkdirSync(dirname(path), { recursive: true })
    this.#size = existsSync(path) ? statSync(path).size : 0
    this.#file = this.#open()
  }

  readonly say = (line: LogLine): void => {
    const text = format(line)
    if (this.#broken) this.#file = this.#open()
    this.#size += Buffer.byteLength(text)
    this.#file.write(text)
    if (this.#echo) process.stderr.write(text)
    if (this.#size > ROTATE_BYTES) this.#rotate()
  }

  /** Resolves when every line is in the file, or can't be. */
  async close(): Promise<void> {
    await this.#before
    await ended(this.#file)
  }

  #open(): WriteStream {
    this.#broken = false
    const file = createWriteStream(this.#path, { flags: 'a', mode: 0o600 })
    // A log that can't be written must not stop the server; a stream that failed takes nothing more, so the next line tries another.
    file.on('error', (cause) => {
      this.#broken ||= file === this.#file
      this.onFailure(cause)
    })
    return file
  }

  #rotate(): void {
    this.#before = Promise.all([this.#before, ended(this.#file)])
    this.#size = 0
    try {
      renameSync(this.#path, `${this.#path}.1`)
    } catch (cause) {
      // Whoever deleted it wants a new one; whatever else it is, the old one grows on.
      if (!(cause instanceof Error && 'code' in cause && cause.code === 'ENOENT')) this.onFailure(cause as Error)
    }
    this.#file = this.#open()
  }
}

/** Also where it failed: what it says then is heard by its own listener. */
const ended = (file: WriteStream) => new Promise<void>((resolve) => void file.end(() => resolve()))

// Controls, and what some programs take for the end of a line.
const CONTROLS = /[\p{Cc}\u2028\u2029]+/gu
const MARGIN = '    '

/** What others wrote must neither look like another line of the log nor command the terminal that shows it. */
function format({ level, text, run, session, cause }: LogLine): string {
  const where = run ?? session
  const trace = cause === undefined ? [] : inspect(cause, { depth: 4 }).split('\n')
  const lines = [`${where ? `[${where}] ` : ''}${plain(text)}`, ...trace.map((line) => `${MARGIN}${plain(line)}`)]
  return `${new Date().toISOString()} ${level.toUpperCase().padEnd(5)} ${lines.join('\n')}\n`
}

const plain = (text: string) => text.replaceAll(CONTROLS, ' ')
