import { randomUUID } from 'node:crypto'
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { AgentFiles, Agents, Router, Shelf } from '../../core/ports.ts'
import { openRig } from '../../core/testing/rig.ts'
import { openShelf } from '../../services/shelf.ts'
import { frameReader, type Frame } from '../../wire/frame.ts'
import type { OwnerId } from '../../wire/id.ts'
import { makeApp } from '../app.ts'
import type { Services } from '../caller.ts'
import type { Assets } from '../static.ts'

export type Answer = { status: number; headers: IncomingHttpHeaders; text: string; json: () => Record<string, unknown> }

const none = () => Promise.reject(new Error('no agents are kept here'))
const NO_FILES: AgentFiles = {
  folder: '',
  problems: () => [],
  read: () => {
    throw new Error('no agents are kept here')
  },
  write: none,
  remove: none,
  restore: none,
}

/** The true app over a rig, on a port of its own. */
export async function serve(
  options: Parameters<typeof openRig>[0] & {
    assets?: Assets
    hosts?: string[]
    learns?: boolean
    shelf?: Shelf
    services?: Services
    /** True agents, in the place of the rig's. */
    team?: { agents: Agents; agentFiles: AgentFiles; router: (owner: OwnerId) => Promise<Router> }
  },
) {
  const rig = await openRig(options)
  const stopping = new AbortController()
  const bound = { port: 0 }
  const { Tasks } = await import('../../core/tasks.ts')
  const tasks = new Tasks((line) => rig.lines.push(line))
  // Without one of its own: a shelf that is empty, in a folder that is made only if something is put there.
  const shelf =
    options.shelf ??
    (await openShelf({
      home: join(tmpdir(), `pkn-shelf-${randomUUID()}`),
      hub: { url: 'http://127.0.0.1:9' },
      ollama: 'http://127.0.0.1:9',
      clock: rig.clock,
      say: (line) => rig.lines.push(line),
    }))
  const app = makeApp({
    ...rig,
    ...(options.team ?? { agentFiles: NO_FILES }),
    ...(options.learns === undefined ? {} : { learns: options.learns }),
    shelf,
    services: options.services ?? { start: () => Promise.reject(new Error('nothing can be started here')) },
    say: (line) => rig.lines.push(line),
    tasks,
    version: '0.0.0',
    started: 0,
    stopping: stopping.signal,
    hosts: options.hosts ?? [],
    port: () => bound.port,
    assets: options.assets ?? new Map(),
  })
  await app.listen({ port: 0, host: '127.0.0.1' })
  const address = app.server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  bound.port = address.port

  const open = (
    method: string,
    path: string,
    options: { body?: unknown; raw?: string; headers?: Record<string, string> } = {},
  ) => {
    const body = options.raw ?? (options.body === undefined ? undefined : JSON.stringify(options.body))
    const headers = { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...options.headers }
    const request = httpRequest({ host: '127.0.0.1', port: bound.port, method, path, headers, agent: false })
    request.end(body)
    return request
  }
  return {
    ...rig,
    sayTo: rig.say,
    port: bound.port,
    tasks,
    open,
    ask: (method: string, path: string, options: Parameters<typeof open>[2] = {}): Promise<Answer> =>
      new Promise((resolve, reject) => {
        const request = open(method, path, options)
        request.on('error', reject)
        request.on('response', (response) => {
          let text = ''
          response.setEncoding('utf8')
          response.on('data', (piece: string) => (text += piece))
          response.on('error', reject)
          response.on('end', () =>
            resolve({
              status: response.statusCode ?? 0,
              headers: response.headers,
              text,
              json: () => JSON.parse(text) as Record<string, unknown>,
            }),
          )
        })
      }),
    /** The frames of a stream as they come; breaking out of the loop closes the socket. */
    async *frames(
      method: string,
      path: string,
      options: Parameters<typeof open>[2] & { onComment?: (text: string) => void } = {},
    ): AsyncGenerator<Frame> {
      const request = open(method, path, options)
      try {
        const response = await new Promise<import('node:http').IncomingMessage>((resolve, reject) =>
          request.on('response', resolve).on('error', reject),
        )
        response.setEncoding('utf8')
        const read = frameReader(options.onComment ? { onComment: options.onComment } : {})
        for await (const piece of response) yield* read(String(piece))
      } finally {
        request.destroy()
      }
    },
    close: async () => {
      stopping.abort()
      await app.close()
      await tasks.settled()
      await shelf.close()
      await rig.close()
    },
    stopping,
  }
}
