import type { SessionId } from '../../wire/id.ts'
import type { News } from '../../wire/message.ts'

/** More than this many at a time are read as a list, not one by one. */
const FEW = 6

export type NewsPlan = { all: boolean; changed: readonly SessionId[]; removed: readonly SessionId[] }

/** What has to be read after these news: each session once, by what was said of it last. */
export function newsPlan(news: readonly News[]): NewsPlan {
  const last = new Map(news.map(({ session, removed = false }) => [session, removed]))
  const of = (gone: boolean) => [...last].filter(([, removed]) => removed === gone).map(([session]) => session)
  const changed = of(false)
  return { all: changed.length > FEW, changed, removed: of(true) }
}
