import { createServer, type IncomingMessage, type RequestListener } from 'node:http'
import { createServer as createRaw, type AddressInfo, type Socket } from 'node:net'
import type { TestContext } from 'node:test'
import { systemClock } from '../../clock.ts'
import { openEgress, type Bounds } from '../egress.ts'
import type { Resolve } from '../egress-reach.ts'

/** A server on this machine, and what it was asked; gone with the test. */
export async function webServer(t: TestContext, answer: RequestListener) {
  const asked: IncomingMessage[] = []
  const open = { now: 0, ended: new EventTarget() }
  const server = createServer((request, response) => {
    asked.push(request)
    answer(request, response)
  })
  server.on('connection', (socket) => {
    open.now++
    socket.on('error', () => {})
    socket.once('close', () => {
      open.now--
      open.ended.dispatchEvent(new Event('ended'))
    })
  })
  server.listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  t.after(async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })
  const { port } = server.address() as AddressInfo
  /** Resolves when nobody is connected any more. */
  const deserted = async () => {
    while (open.now > 0) await new Promise((resolve) => open.ended.addEventListener('ended', resolve, { once: true }))
  }
  return { port, asked, deserted, url: `http://127.0.0.1:${port}` }
}

/** One that writes bytes as they are. */
export async function rawServer(t: TestContext, write: (socket: Socket) => void) {
  const sockets = new Set<Socket>()
  const server = createRaw((socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
    socket.once('data', () => write(socket))
  })
  server.listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  t.after(async () => {
    for (const socket of sockets) socket.destroy()
    await new Promise((resolve) => server.close(resolve))
  })
  const { port } = server.address() as AddressInfo
  return { port, url: `http://127.0.0.1:${port}` }
}

/** An egress that may ask this machine at that port, and no other private address. */
export const egressTo = (
  port: number,
  { resolve, bounds, hosts = ['127.0.0.1'] }: { resolve?: Resolve; bounds?: Partial<Bounds>; hosts?: string[] } = {},
) =>
  openEgress({
    clock: systemClock,
    version: '0',
    allowPrivate: hosts.map((host) => `${host}:${port}`),
    ...(resolve === undefined ? {} : { resolve }),
    ...(bounds === undefined ? {} : { bounds }),
  })
