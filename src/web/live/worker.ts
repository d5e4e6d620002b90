import type { Reach } from './reach.ts'

/**
 * Lets the page be opened when its server is not there. Only a browser that trusts the address (this machine, or https) has workers; elsewhere
 * the page is as it was. When the server has another page than this one, the worker learns it first and `reach` tells the user.
 */
export async function keepForOffline(reach: Reach): Promise<void> {
  if (!('serviceWorker' in navigator)) return
  const own = document.querySelector<HTMLScriptElement>('script[type=module]')
  const path = own === null ? null : new URL(own.src).pathname
  navigator.serviceWorker.addEventListener('message', ({ data }: MessageEvent<{ files?: readonly string[] }>) => {
    if (path !== null && data.files?.includes(path) === false) reach.renewed.set(true)
  })
  // A browser may have them and still give none.
  const worker: ServiceWorkerRegistration | undefined = await navigator.serviceWorker.register('/sw.js', {
    updateViaCache: 'none',
  })
  if (worker === undefined) return
  let lost = false
  reach.server.on(() => {
    const here = reach.server.get().state === 'here'
    // It may have come back as a newer one.
    if (lost && here) worker.update().catch(() => {})
    lost = !here
  })
}
