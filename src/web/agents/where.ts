import { useSyncExternalStore } from 'react'

/** What of the agents the address shows: all of them, one, one that is being changed, a new one, or what was learnt of whom to ask. */
export type Where =
  { show: 'all' } | { show: 'one' | 'edit'; name: string } | { show: 'new'; from: string | null } | { show: 'learnt' }

const ONE = /^#\/agents\/([a-z][a-z0-9_-]{0,39})(\/edit)?$/
const NEW = /^#\/agents\/\+(?:([a-z][a-z0-9_-]{0,39}))?$/

export function whereIn(hash: string): Where {
  // No agent's name begins so.
  if (hash === '#/agents/-learnt') return { show: 'learnt' }
  const [, name, edit] = ONE.exec(hash) ?? []
  if (name !== undefined) return { show: edit === undefined ? 'one' : 'edit', name }
  const fresh = NEW.exec(hash)
  return fresh === null ? { show: 'all' } : { show: 'new', from: fresh[1] ?? null }
}

export const useHash = (): string => useSyncExternalStore(watch, () => location.hash)

function watch(call: () => void): () => void {
  addEventListener('hashchange', call)
  addEventListener('popstate', call)
  return () => {
    removeEventListener('hashchange', call)
    removeEventListener('popstate', call)
  }
}
