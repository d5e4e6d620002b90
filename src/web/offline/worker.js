/* The page without its server. Built to /sw.js, with the names of the files of this build; only the page itself is ever kept, nothing that was said. */
const BUILD = '%BUILD%'
const FILES = JSON.parse('%FILES%')
const KEEP = `pkn ${BUILD}`
const PAGES = ['/', '/pkn.html', '/index.html']
/** A server that is there answers sooner, and one that is not refuses at once. What stands in between is not waited for. */
const PATIENCE_MS = 4000

addEventListener('install', (event) => {
  event.waitUntil(install())
})
async function install() {
  const cache = await caches.open(KEEP)
  await cache.addAll(['/', ...FILES].map((url) => new Request(url, { cache: url === '/' ? 'reload' : 'default' })))
  // A page that was begun with the build before goes on with its files; every new one gets this build.
  await skipWaiting()
}

addEventListener('activate', (event) => {
  event.waitUntil(activate())
})
async function activate() {
  const kept = (await caches.keys()).filter((name) => name.startsWith('pkn ') && name !== KEEP)
  // Pages that are still open may need parts of the build before this one.
  await Promise.all(kept.slice(0, -1).map((name) => caches.delete(name)))
  await clients.claim()
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker's pages are of its own origin
  for (const page of await clients.matchAll({ type: 'window' })) page.postMessage({ files: FILES })
}

addEventListener('fetch', (event) => {
  const { request } = event
  const { origin, pathname } = new URL(request.url)
  if (request.method !== 'GET' || origin !== location.origin) return
  if (request.mode === 'navigate' && PAGES.includes(pathname)) event.respondWith(page(request))
  else if (FILES.includes(pathname) || pathname.startsWith('/assets/')) event.respondWith(file(request))
})

/** From the server as long as it answers: a page that was kept is never shown beside a newer one. */
async function page(request) {
  try {
    const answer = await fetch(request, { signal: AbortSignal.timeout(PATIENCE_MS) })
    if (answer.ok) return answer
  } catch {
    // There is no server.
  }
  return (await (await caches.open(KEEP)).match('/')) ?? fetch(request)
}

/** The name of a file tells what is in it, so whichever was kept is the right one. */
async function file(request) {
  return (await caches.match(request, { ignoreVary: true })) ?? fetch(request)
}
