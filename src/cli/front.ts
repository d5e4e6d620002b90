import { createInterface, emitKeypressEvents, type Key } from 'node:readline'
import type { openHistory } from './history-file.ts'
import { keysOf, PASTES_OFF, PASTES_ON } from './paste.ts'
import { isDumb } from './screen.ts'

export type Complete = (line: string) => [string[], string]
export type Line = { text: string } | 'interrupt' | 'end'

/** Where a person types. */
export type Front = {
  /** Lines can be rewritten, and keys heard. */
  rich: boolean
  /** One line; `already` stands in it. Ctrl-C is told as `interrupt`, and so is `signal`. */
  line: (prompt: string, already?: string, signal?: AbortSignal) => Promise<Line>
  /** Each key while no line is read; null where only lines come. */
  keys: ((hear: (typed: string, key: Key) => void) => () => void) | null
  /** Hands the terminal to another program for as long as that takes. */
  lend: <T>(work: () => Promise<T>) => Promise<T>
  close: () => void
}

type History = ReturnType<typeof openHistory>

export function openFront(history: History, complete: Complete): Front {
  const { stdin, stdout } = process
  return stdin.isTTY && stdout.isTTY && !isDumb() ? richFront(history, complete) : plainFront()
}

function richFront(history: History, complete: Complete): Front {
  const { stdin, stdout } = process
  const keys = keysOf(stdin)
  emitKeypressEvents(keys)
  stdout.write(PASTES_ON)
  let ended = false
  keys.once('end', () => (ended = true))
  return {
    rich: true,
    line: (prompt, already = '', signal) =>
      new Promise((resolve) => {
        if (ended) return resolve('end')
        const lines = createInterface({
          input: keys,
          output: stdout,
          terminal: true,
          prompt,
          history: [...history.lines()],
          historySize: 500,
          completer: complete,
        })
        // A promise is resolved once: what closing tells after this is not heard.
        const done = (line: Line) => {
          signal?.removeEventListener('abort', abort)
          resolve(line)
          lines.close()
        }
        const abort = () => done('interrupt')
        signal?.addEventListener('abort', abort, { once: true })
        lines.once('line', (text) => {
          if (!text.includes('[pasted ')) history.add(text)
          done({ text: keys.whole(text) })
        })
        lines.once('SIGINT', () => {
          const empty = lines.line === ''
          stdout.write('\n')
          done(empty ? 'interrupt' : { text: '' })
        })
        lines.once('close', () => done('end'))
        lines.prompt()
        if (already !== '') lines.write(already)
      }),
    keys: (hear) => {
      keys.setRawMode(true)
      keys.resume()
      keys.on('keypress', hear)
      return () => {
        keys.off('keypress', hear)
        keys.setRawMode(false)
      }
    },
    lend: async (work) => {
      keys.setRawMode(false)
      stdin.unpipe(keys)
      stdin.pause()
      stdout.write(PASTES_OFF)
      try {
        return await work()
      } finally {
        stdout.write(PASTES_ON)
        stdin.pipe(keys)
        stdin.resume()
      }
    },
    close: () => {
      stdout.write(PASTES_OFF)
      keys.setRawMode(false)
      stdin.unpipe(keys)
      stdin.destroy()
    },
  }
}

function plainFront(): Front {
  const { stdin, stdout } = process
  const lines = createInterface({ input: stdin, terminal: false })
  const come: string[] = []
  let ended = false
  let ring = () => {}
  lines.on('line', (text) => {
    come.push(text)
    ring()
  })
  lines.on('close', () => {
    ended = true
    ring()
  })
  return {
    rich: false,
    line: async (prompt, _, signal) => {
      if (stdin.isTTY) stdout.write(prompt)
      // oxlint-disable-next-line no-unmodified-loop-condition -- events change them
      while (come.length === 0 && !ended && signal?.aborted !== true) {
        const { promise, resolve } = Promise.withResolvers<void>()
        ring = resolve
        signal?.addEventListener('abort', () => resolve(), { once: true })
        await promise
      }
      const text = come.shift()
      return text !== undefined ? { text } : signal?.aborted === true ? 'interrupt' : 'end'
    },
    keys: null,
    lend: (work) => work(),
    close: () => {
      lines.close()
      stdin.destroy()
    },
  }
}
