import { connectTo } from '../client/client.ts'
import type { Config } from '../config.ts'
import { getJson } from '../services/port.ts'
import type { Reply } from '../wire/api.ts'
import type { InstalledModel, Pull, PullId } from '../wire/shelf.ts'

/** The models of this machine, from whoever keeps them at the moment: the server while it runs, else this process. */
export type ShelfAccess = {
  catalogue: () => Promise<Reply<'catalogue'>>
  installed: () => Promise<InstalledModel[]>
  use: (name: string) => Promise<InstalledModel>
  remove: (name: string) => Promise<void>
  pulls: () => Promise<Pull[]>
  pull: (what: string) => Promise<Pull>
  cancel: (id: PullId) => Promise<Pull>
  forget: (id: PullId) => Promise<void>
  /** What the server knows of models elsewhere; null where there is no server to ask. */
  endpoints: () => Promise<Reply<'models'>['endpoints'] | null>
  /** Whether a pull goes on when this command ends. */
  server: boolean
  close: () => Promise<void>
}

export async function openShelfAccess(config: Config): Promise<ShelfAccess> {
  const base = addressOf(config)
  const health = await getJson<{ status?: string; version?: string }>(`${base}/health`)
  if (health?.body.status !== 'ok' || health.body.version === undefined)
    return await (await import('./local-shelf.ts')).openLocalShelf(config)
  const { call } = connectTo(base)
  return {
    server: true,
    catalogue: () => call('catalogue', {}),
    installed: async () => (await call('installedList', {})).models,
    use: (name) => call('installedUse', { params: { name }, body: {} }),
    remove: async (name) => await call('installedRemove', { params: { name } }),
    pulls: async () => (await call('pullsList', {})).pulls,
    pull: (what) => call('pullsBegin', { body: { what } }),
    cancel: (pull) => call('pullsCancel', { params: { pull }, body: {} }),
    forget: async (pull) => await call('pullsForget', { params: { pull } }),
    endpoints: async () => (await call('models', {})).endpoints,
    close: () => Promise.resolve(),
  }
}

export const addressOf = ({ host, port }: Pick<Config, 'host' | 'port'>): string =>
  `http://${host.includes(':') ? `[${host}]` : host}:${port}`
