/**
 * A browser that keeps nothing of this page (cookies are blocked, say) throws wherever `localStorage` is read. The page then remembers in
 * its own memory, for as long as it is open.
 */
export function rememberSomewhere(scope: { readonly localStorage: Storage }): void {
  if (usable(scope)) return
  Object.defineProperty(scope, 'localStorage', { value: storageInMemory(), configurable: true })
}

const usable = (scope: { readonly localStorage: Storage | null }): boolean => {
  try {
    scope.localStorage?.getItem('')
    return scope.localStorage !== null
  } catch {
    return false
  }
}

export function storageInMemory(): Storage {
  const kept = new Map<string, string>()
  return {
    get length() {
      return kept.size
    },
    key: (at) => [...kept.keys()][at] ?? null,
    getItem: (key) => kept.get(key) ?? null,
    setItem: (key, value) => void kept.set(key, value),
    removeItem: (key) => void kept.delete(key),
    clear: () => kept.clear(),
  }
}
