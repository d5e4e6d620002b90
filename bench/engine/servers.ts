import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { accessSync, constants, readFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { delimiter, join, resolve } from 'node:path'
import { frameReader } from '../../src/wire/frame.ts'

export type Shape = { model: string; threads: number; sequences: number; context: number }
export type Server = {
  name: string
  url: string
  /** Seconds of CPU so far, of all its threads; none where there is no /proc. */
  cpu: () => number
  stop: () => Promise<void>
}
/** Tokens per second, as the server counts its tokens and the client's clock its time; and CPU per token, read or written. */
export type Heard = { read: number; write: number; written: number; cpuMs: number; text: string }

const ENGINE = resolve(import.meta.dirname, '../../src/engine/main.ts')

export const pknEngine = async (shape: Shape): Promise<Server> => {
  const port = await freePort()
  const sizes = ['--threads', `${shape.threads}`, '--sequences', `${shape.sequences}`, '--context', `${shape.context}`]
  const args = [ENGINE, '--model', shape.model, '--port', `${port}`, '--gpu', 'off', ...sizes]
  return started('pkn', port, process.execPath, args)
}

export const llamaServer = async (shape: Shape, program: string): Promise<Server> => {
  const port = await freePort()
  const sizes = ['-t', `${shape.threads}`, '-np', `${shape.sequences}`, '-c', `${shape.context * shape.sequences}`]
  const quiet = ['--no-webui', '--no-warmup', '-ngl', '0']
  return started('llama.cpp', port, program, ['-m', shape.model, '--port', `${port}`, ...sizes, ...quiet])
}

/** The program that was named, or the one on the PATH; null if there is none. */
export function findLlama(named: string | undefined): string | null {
  const places = (process.env['PATH'] ?? '').split(delimiter).map((folder) => join(folder, 'llama-server'))
  for (const place of named === undefined ? places : [resolve(named)])
    try {
      accessSync(place, constants.X_OK)
      return place
    } catch {
      continue
    }
  return null
}

async function started(name: string, port: number, program: string, args: string[]): Promise<Server> {
  const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'pipe'] })
  process.once('exit', () => child.kill('SIGKILL'))
  let log = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (log = (log + text).slice(-4000)))
  const exited = once(child, 'exit')
  const url = `http://127.0.0.1:${port}`
  for (;;) {
    if (child.exitCode !== null) throw new Error(`${name} ended:\n${log}`)
    const up = await fetch(`${url}/health`).then(
      (response) => response.ok,
      () => false,
    )
    if (up) break
    await new Promise((later) => setTimeout(later, 100))
  }
  return {
    name,
    url,
    cpu: () => cpuSeconds(child.pid),
    async stop() {
      child.kill('SIGKILL')
      await exited
    },
  }
}

/** Asks greedily, without what was read before, and hears the answer to its end. */
export async function hear(server: Server, prompt: string, most: number): Promise<Heard> {
  const from = performance.now()
  const cpu = server.cpu()
  const response = await fetch(`${server.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      messages: [{ role: 'user', content: prompt }],
      stream: true,
      stream_options: { include_usage: true },
      cache_prompt: false,
      temperature: 0,
      repeat_penalty: 1,
      max_tokens: most,
    }),
  })
  if (!response.ok || response.body === null) throw new Error(`${server.name}: ${await response.text()}`)
  const frames = frameReader()
  let first = 0
  let last = 0
  let text = ''
  let counts = { read: 0, written: 0 }
  for await (const part of response.body.pipeThrough(new TextDecoderStream()))
    for (const { data } of frames(part)) {
      if (data === '[DONE]') continue
      const chunk = JSON.parse(data) as Chunk
      const delta = chunk.choices[0]?.delta
      const said = (delta?.reasoning_content ?? '') + (delta?.content ?? '')
      text += said
      if (said !== '') {
        last = performance.now()
        if (first === 0) first = last
      }
      if (chunk.usage)
        counts = {
          read: chunk.usage.prompt_tokens - (chunk.usage.prompt_tokens_details?.cached_tokens ?? 0),
          written: chunk.usage.completion_tokens,
        }
    }
  return {
    read: (counts.read * 1000) / (first - from),
    write: ((counts.written - 1) * 1000) / (last - first),
    written: counts.written,
    cpuMs: ((server.cpu() - cpu) * 1000) / (counts.written + counts.read),
    text,
  }
}

const TICKS = 100 // per second: USER_HZ, fixed by Linux's ABI

function cpuSeconds(pid: number | undefined): number {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ')
    return (Number(fields[11]) + Number(fields[12])) / TICKS
  } catch {
    return Number.NaN
  }
}

type Chunk = {
  choices: { delta?: { content?: string | null; reasoning_content?: string | null } }[]
  usage?: { prompt_tokens: number; completion_tokens: number; prompt_tokens_details?: { cached_tokens: number } }
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const { port } = probe.address() as AddressInfo
  probe.close()
  await once(probe, 'close')
  return port
}
