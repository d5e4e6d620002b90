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
  readonly #echo: boolean

  constructor(path: string, options: { echo: boolean }) {
    this.#path = path
    this.#echo = options.echo
    mkdirSync(dirname(path), { recursive: true })
    this.#size = existsSync(path) ? statSync(path).size : 0
    this.#file = this.#open()
  }

  readonly say = (line: LogLine): void => {
    const text = format(line)
    this.#size += Buffer.byteLength(text)
    this.#file.write(text)
    if (this.#echo) process.stderr.write(text)
    if (this.#size > ROTATE_BYTES) this.#rotate()
  }

  /** Resolves when every line is in the file. */
  close(): Promise<void> {
    return new Promise((resolve) => this.#file.end(resolve))
  }

  #open(): WriteStream {
    const file = createWriteStream(this.#path, { flags: 'a', mode: 0o600 })
    // A log that can't be written must not stop the server: its lines go to the terminal.
    file.on('error', (cause) => process.stderr.write(`${this.#path}: ${cause.message}\n`))
    return file
  }

  #rotate(): void {
    this.#file.end()
    renameSync(this.#path, `${this.#path}.1`)
    this.#size = 0
    this.#file = this.#open()
  }
}

function format({ level, text, run, session, cause }: LogLine): string {
  const where = run ?? session
  const trace = cause === undefined ? '' : `\n${inspect(cause, { depth: 4 })}`
  // A line break in what a user or a model wrote must not look like another line of the log.
  const line = `${text.replaceAll(/[\r\n]+/g, ' ')}${trace}`
  return `${new Date().toISOString()} ${level.toUpperCase().padEnd(5)} ${where ? `[${where}] ` : ''}${line}\n`
}
