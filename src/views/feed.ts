import { encodeFrame } from '../wire/frame.ts'
import type { News } from '../wire/message.ts'

/** Sessions that changed, as server-sent events; `id` is where a reader that comes back goes on. */
export const feedFrames = (news: readonly (News & { at: number })[]): string =>
  news.map(({ at, ...said }) => encodeFrame({ event: 'session', id: String(at), data: JSON.stringify(said) })).join('')
