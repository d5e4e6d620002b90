import { API } from '../wire/api.ts'
import type { Frame } from '../wire/frame.ts'
import { News } from '../wire/message.ts'
import type { Server } from './call.ts'
import { stayOn, type FollowOptions } from './line.ts'

/**
 * Which sessions change, until `signal` aborts: a connection that is lost is made again, and what changed meanwhile is told then. It carries
 * no truth: nothing is told of what was before the line opened for the first time (`onLine`), so read after that.
 */
export async function* feed(
  server: Server,
  signal: AbortSignal,
  options: FollowOptions = {},
): AsyncGenerator<readonly News[], void> {
  let at: string | undefined
  const parse = ({ event, id, data }: Frame) => {
    at = id ?? at
    return event === 'session' ? [News.parse(JSON.parse(data))] : []
  }
  for await (const frames of stayOn(server, { path: API.feed.path, last: () => at, parse }, signal, options)) {
    const news = frames.flat()
    if (news.length > 0) yield news
  }
}
