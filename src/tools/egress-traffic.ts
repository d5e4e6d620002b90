import type { Socket } from 'node:net'

const MOST_NAMED = 20

/** What went through a proxy: bytes of connections that ended and of those that are open. */
export type Traffic = { hosts: readonly string[]; refused: readonly Refusal[]; received: number; sent: number }
/** What was not reached, and why: a program that was told so may say no more than a number. */
export type Refusal = { target: string; why: string }

export function countTraffic() {
  const hosts = new Set<string>()
  const refused = new Map<string, string>()
  const open = new Set<Socket>()
  const ended = { received: 0, sent: 0 }
  const add = (set: Set<string>, name: string) => {
    if (set.size < MOST_NAMED) set.add(name)
  }
  return {
    dialled: (host: string, socket: Socket) => {
      add(hosts, host)
      open.add(socket)
      socket.once('close', () => {
        open.delete(socket)
        ended.received += socket.bytesRead
        ended.sent += socket.bytesWritten
      })
    },
    refused: (target: string, why: string) => {
      if (refused.size < MOST_NAMED) refused.set(target.replaceAll(/[^!-~]/g, '?').slice(0, 100), why)
    },
    traffic: (): Traffic => {
      let { received, sent } = ended
      for (const { bytesRead, bytesWritten } of open) {
        received += bytesRead
        sent += bytesWritten
      }
      return { hosts: [...hosts], refused: [...refused].map(([target, why]) => ({ target, why })), received, sent }
    },
  }
}
