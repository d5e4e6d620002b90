import { randomInt } from 'node:crypto'
import type { Clock, Say, Store, ToolUse } from '../core/ports.ts'
import type { OwnerId, SessionId } from '../wire/id.ts'
import type { Egress } from './egress.ts'
import { findSandbox, type Sandbox } from './sandbox.ts'
import { startCommand, type Cause, type End, type Running } from './shell-process.ts'
import { boundedLines, terminalText } from './terminal-text.ts'

export const MOST_HERE = 4
const MOST_IN_ALL = 16
const MOST_HOURS = 12
/** Of those that have ended this many are still told of. */
const MOST_ENDED = 24
const MOST_UNSEEN = 256 * 1024

/** A process in the background; `end` is null while it runs. */
export type InBackground = {
  handle: string
  owner: OwnerId
  session: SessionId
  command: string
  network: boolean
  started: number
  pid: number | null
  end: End | null
}
type Kept = InBackground & { running: Running; unseen: ReturnType<typeof boundedLines> }

/** The processes in the background, each of one session. They end with the server and with their session. */
export type Shells = {
  sandbox: () => Promise<Sandbox>
  /** What a command that is allowed the network reaches the world by. */
  egress: Egress
  start: (
    use: Pick<ToolUse, 'owner' | 'session' | 'folder'>,
    wish: { command: string; network: boolean },
  ) => Promise<{ handle: string } | { refused: string }>
  /** What it wrote since it was last looked at. */
  look: (session: SessionId, handle: string) => { process: InBackground; text: string } | null
  /** Resolves when it is gone with all that it started. */
  kill: (session: SessionId, handle: string) => Promise<InBackground | null>
  list: (session: SessionId) => readonly InBackground[]
  close: () => Promise<void>
}

export function openShells({
  clock,
  store,
  say,
  egress,
  sandbox = findSandbox,
}: {
  clock: Clock
  egress: Egress
  say: Say
  store: Pick<Store, 'feed'>
  sandbox?: () => Promise<Sandbox>
}): Shells {
  const all = new Map<string, Kept>()
  const feeds = new Map<OwnerId, { stop: AbortController; over: Promise<void> }>()
  let closed = false
  const open = () => [...all.values()].filter(({ end }) => end === null)
  const find = (session: SessionId, handle: string) => {
    const process = all.get(handle)
    return process?.session === session ? process : null
  }
  const endAll = (which: readonly Kept[], cause: Cause) =>
    Promise.all(which.map(({ running }) => (running.end(cause), running.ended)))

  /** Ends the processes of sessions that are removed, as long as the owner has any. */
  const follow = (owner: OwnerId) => {
    if (feeds.has(owner)) return
    const stop = new AbortController()
    const read = async () => {
      for await (const { news } of store.feed(owner, null, stop.signal)) {
        const gone = new Set(news.filter(({ removed }) => removed).map(({ session }) => session))
        await endAll(
          open().filter(({ session }) => gone.has(session)),
          'stopped',
        )
      }
    }
    const over = read().catch((cause: unknown) =>
      say({ level: 'error', text: 'sessions with commands in the background could not be followed', cause }),
    )
    feeds.set(owner, { stop, over })
  }
  const unfollow = (owner: OwnerId) => {
    if (open().some((process) => process.owner === owner)) return
    feeds.get(owner)?.stop.abort()
    feeds.delete(owner)
  }

  return {
    sandbox,
    egress,
    start: async ({ owner, session, folder }, { command, network }) => {
      const within = await sandbox()
      if (closed) return { refused: 'The server is ending, so nothing was started.' }
      const here = open().filter((process) => process.session === session)
      if (here.length >= MOST_HERE)
        return {
          refused: `There are ${here.length} in the background already (${here.map(({ handle }) => handle).join(', ')}). End one with shell_kill first.`,
        }
      if (open().length >= MOST_IN_ALL)
        return {
          refused: 'Too much runs in the background of this machine already, in other chats. Run it in the foreground.',
        }
      const handle = newHandle(all)
      const unseen = boundedLines(MOST_UNSEEN)
      const text = terminalText({ line: unseen.add, live: () => {} })
      follow(owner)
      const running = startCommand(
        { sandbox: within, clock, folder, command, network: network ? egress : null },
        text.push,
      )
      const kept: Kept = {
        handle,
        owner,
        session,
        command,
        network,
        started: clock.wall(),
        pid: running.pid,
        end: null,
        running,
        unseen,
      }
      all.set(handle, kept)
      const cancel = clock.after(MOST_HOURS * 3_600_000, () => running.end('late'))
      running.ended = running.ended.then((end) => {
        cancel()
        text.end()
        kept.end = end
        unfollow(owner)
        forget(all)
        return end
      })
      return { handle }
    },
    look: (session, handle) => {
      const process = find(session, handle)
      if (process === null) return null
      const text = process.unseen.text()
      process.unseen.clear()
      return { process, text }
    },
    kill: async (session, handle) => {
      const process = find(session, handle)
      if (process !== null) await endAll([process], 'stopped')
      return process
    },
    list: (session) => [...all.values()].filter((process) => process.session === session),
    close: async () => {
      closed = true
      await endAll(open(), 'stopped')
      const over = [...feeds.values()].map((feed) => (feed.stop.abort(), feed.over))
      await Promise.all(over)
    },
  }
}

/** One that an earlier server gave away is never another's. */
function newHandle(taken: ReadonlyMap<string, unknown>): string {
  for (;;) {
    const handle = `bg_${randomInt(36 ** 5)
      .toString(36)
      .padStart(5, '0')}`
    if (!taken.has(handle)) return handle
  }
}

function forget(all: Map<string, Kept>): void {
  const ended = [...all.values()].filter(({ end }) => end !== null)
  for (const { handle } of ended.slice(0, Math.max(0, ended.length - MOST_ENDED))) all.delete(handle)
}
