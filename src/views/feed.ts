import { encodeFrame } from '../wire/frame.ts'
import type { News } from '../wire/message.ts'

/** Sessions that changed, as server-sent events; the `id` of the last one is where a reader that comes back goes on. */
export function feedFrames({ at, news }: { at: number; news: readonly News[] }): string {
  if (news.length === 0) return encodeFrame({ event: 'open', id: String(at), data: '{}' })
  const last = news.length - 1
  return news
    .map((said, i) =>
      encodeFrame({ event: 'session', data: JSON.stringify(said), ...(i === last ? { id: String(at) } : {}) }),
    )
    .join('')
}
