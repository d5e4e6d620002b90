import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import tailwindcss from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import { defineConfig, type Plugin } from 'vite'
import { sandboxedFrames } from './scripts/frames-plugin.ts'
import { shellBeforeScripts } from './scripts/shell-plugin.ts'
import { thinWire } from './scripts/thin-wire-plugin.ts'
import { offlineWorker } from './scripts/worker-plugin.ts'

const web = resolve(import.meta.dirname, 'src/web')

/** The page's theme has to be known before the first paint, so its script may be neither deferred nor (the CSP) inline. */
function themeBeforePaint(): Plugin {
  const source = () => readFileSync(resolve(web, 'theme-before-paint.js'), 'utf8')
  let file: string | null = null
  return {
    name: 'pkn:theme-before-paint',
    configureServer: (server) => {
      server.middlewares.use('/theme-before-paint.js', (_, response) => {
        response.setHeader('Content-Type', 'text/javascript').end(source())
      })
    },
    buildStart() {
      if (!this.meta.watchMode && this.environment.mode === 'build')
        file = this.emitFile({ type: 'asset', name: 'theme-before-paint.js', source: source() })
    },
    transformIndexHtml: {
      order: 'post',
      handler: (_, { bundle }) => {
        const emitted = Object.values(bundle ?? {}).find(
          (f) => f.type === 'asset' && f.names.includes('theme-before-paint.js'),
        )
        const src = file === null || emitted === undefined ? '/theme-before-paint.js' : `/${emitted.fileName}`
        return [{ tag: 'script', attrs: { src }, injectTo: 'head-prepend' }]
      },
    },
  }
}

/** All that the page needs before it is drawn comes in one script, however it is shared with what comes later. */
function firstScript(): (id: string, chunking: { getModuleInfo: (id: string) => Imports | null }) => string | null {
  let first: Set<string> | null = null
  return (id, chunking) => {
    if (first === null) {
      first = new Set([resolve(web, 'main.tsx')])
      for (const one of first)
        for (const imported of chunking.getModuleInfo(one)?.importedIds ?? []) first.add(imported)
    }
    return first.has(id) ? 'page' : null
  }
}
type Imports = { importedIds: readonly string[] }

export default defineConfig({
  root: web,
  base: '/',
  plugins: [
    react(),
    tailwindcss(),
    themeBeforePaint(),
    sandboxedFrames(web),
    thinWire(),
    shellBeforeScripts(),
    offlineWorker(web),
  ],
  resolve: { alias: { zod: resolve(web, 'zod-stand-in.ts') } },
  css: {
    postcss: {
      plugins: [
        {
          // Sizes are written in px, as they are drawn; built in rem they follow the size of text that a user has chosen.
          postcssPlugin: 'pkn:text-in-rem',
          Declaration: {
            'font-size': (rule: { value: string }) => {
              rule.value = rule.value.replace(/^([\d.]+)px$/, (_, px: string) => `${Number(px) / 16}rem`)
            },
          },
        },
      ],
    },
  },
  build: {
    outDir: resolve(import.meta.dirname, 'dist/web'),
    emptyOutDir: true,
    assetsInlineLimit: 0,
    target: 'es2022',
    modulePreload: { polyfill: false },
    rolldownOptions: { output: { codeSplitting: { groups: [{ name: firstScript(), debugName: 'page' }] } } },
  },
  server: {
    proxy: Object.fromEntries(['/v1', '/api', '/health'].map((path) => [path, 'http://127.0.0.1:8010'])),
  },
})
