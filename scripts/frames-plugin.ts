import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { resolve } from 'node:path'
import type { Plugin } from 'vite'

const read = (path: string) => readFileSync(path, 'utf8')
const STYLE = 'html,body{margin:0;background:transparent;overflow:hidden}img{display:block;width:100%;height:auto}'

/**
 * The documents in which others' content is drawn: `frames/diagram.html` and `frames/picture.html`. They belong to no origin and can load no
 * file from here, so each carries its whole script; the server allows that script by its hash and no other.
 */
export function sandboxedFrames(web: string): Plugin {
  const mermaid = createRequire(import.meta.url).resolve('@mermaid-js/tiny')
  const script = (text: string) => `<script>${text.replaceAll(/<\/(script)/gi, '<\\/$1')}</script>`
  const page = (scripts: string[]) =>
    `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Frame</title><style>${STYLE}</style></head><body>${scripts.map(script).join('')}</body></html>`
  const documents: Record<string, () => string> = {
    'frames/diagram.html': () => page([read(mermaid), read(resolve(web, 'frames/diagram.js'))]),
    'frames/picture.html': () => page([read(resolve(web, 'frames/picture.js'))]),
  }
  return {
    name: 'pkn:sandboxed-frames',
    configureServer: (server) => {
      for (const [path, text] of Object.entries(documents))
        server.middlewares.use(`/${path}`, (_, response) => {
          response.setHeader('Content-Type', 'text/html').end(text())
        })
    },
    generateBundle() {
      for (const [fileName, text] of Object.entries(documents))
        this.emitFile({ type: 'asset', fileName, source: text() })
    },
  }
}
