import type { App } from '../live/app.ts'

const PAGE = 100
/** So many are moved at once. */
const TOGETHER = 8

/** Puts every chat of a folder into another, or with null into none. What was moved stays moved if it is broken off; asked again it goes on. */
export async function moveAll(
  { client, reach, sessions }: Pick<App, 'client' | 'reach' | 'sessions'>,
  from: string,
  to: string | null,
  tell: (moved: number) => void,
): Promise<void> {
  let moved = 0
  for (;;) {
    const query = { show: 'all', folder: from, limit: PAGE } as const
    const page = await reach.surely(() => client.call('sessionsList', { query }))
    if (page.sessions.length === 0) break
    for (let i = 0; i < page.sessions.length; i += TOGETHER) {
      const some = page.sessions.slice(i, i + TOGETHER).map(async ({ id }) => {
        const change = { params: { session: id }, body: { folder: to } }
        sessions.put(await reach.surely(() => client.call('sessionsChange', change)))
      })
      await Promise.all(some)
      moved += some.length
      tell(moved)
    }
  }
  sessions.count()
}
