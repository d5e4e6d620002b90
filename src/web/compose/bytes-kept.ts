/** Bytes of files that the server does not have yet, where a reload leaves them. What can't be kept there is only in this page's memory. */
const NAME = 'pkn.files'
const STORE = 'bytes'

let opened: Promise<IDBDatabase> | null = null
function open(): Promise<IDBDatabase> {
  opened ??= new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, 1)
    request.addEventListener('upgradeneeded', () => request.result.createObjectStore(STORE))
    request.addEventListener('success', () => resolve(request.result))
    request.addEventListener('error', () => reject(new Error('no IndexedDB', { cause: request.error })))
  })
  return opened
}

async function within<T>(
  mode: IDBTransactionMode,
  ask: (store: IDBObjectStore) => IDBRequest<T>,
): Promise<T | undefined> {
  try {
    const work = (await open()).transaction(STORE, mode)
    const request = ask(work.objectStore(STORE))
    await new Promise<void>((resolve, reject) => {
      work.addEventListener('complete', () => resolve())
      const fail = () => reject(new Error('IndexedDB refused', { cause: work.error }))
      work.addEventListener('error', fail)
      work.addEventListener('abort', fail)
    })
    return request.result
  } catch {
    // A private window, or a full disk: the page still has what it was given.
    return undefined
  }
}

export const keepBytes = (key: string, bytes: Blob): Promise<unknown> => within('readwrite', (s) => s.put(bytes, key))
export const keptBytes = async (key: string): Promise<Blob | null> =>
  ((await within('readonly', (s) => s.get(key))) as Blob | undefined) ?? null
export const dropBytes = (key: string): Promise<unknown> => within('readwrite', (s) => s.delete(key))
