import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Plugin } from 'vite'

/** What is kept for a start without the server: scripts, styles and the plain letters. Diagrams come in a megabyte and are done without. */
const KEPT = /^assets\/.*\.(?:js|css|svg)$|latin-wght-normal.*\.woff2$|^assets\/Temml.*\.woff2$/

/** Builds /sw.js: the worker of `src/web/offline/worker.js`, which names the files of this very build, so that another build is another worker. */
export function offlineWorker(web: string): Plugin {
  return {
    name: 'pkn:offline-worker',
    apply: 'build',
    enforce: 'post',
    generateBundle: {
      order: 'post',
      handler(_, bundle) {
        const files = Object.keys(bundle)
          .filter((file) => KEPT.test(file))
          .sort()
          .map((file) => `/${file}`)
        const page = bundle['index.html']
        const html = page?.type === 'asset' ? page.source : ''
        const build = createHash('sha256').update(files.join()).update(html).digest('base64url').slice(0, 12)
        const source = readFileSync(resolve(web, 'offline/worker.js'), 'utf8')
          .replace('%BUILD%', build)
          .replace('%FILES%', JSON.stringify(files))
        this.emitFile({ type: 'asset', fileName: 'sw.js', source })
      },
    },
  }
}
