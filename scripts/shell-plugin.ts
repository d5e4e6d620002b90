import { execFile } from 'node:child_process'
import { resolve } from 'node:path'
import { promisify } from 'node:util'
import type { Plugin } from 'vite'

type Drawn = { language: string; html: string; greetings: readonly string[] }
const SCRIPT = /<script type="module" crossorigin src="([^"]+)"><\/script>/g
const TIMES = ['morning', 'afternoon', 'evening']

/**
 * Puts into index.html what the page draws first, so that it is seen before the page's scripts are there. It can be neither used nor heard;
 * React puts the same in its place. The scripts are fetched at once, and begun by `theme-before-paint.js` when the shell has been painted.
 */
export function shellBeforeScripts(): Plugin {
  let drawn: Promise<readonly Drawn[]> | null = null
  return {
    name: 'pkn:shell-before-scripts',
    apply: 'build',
    buildStart() {
      drawn = draw()
    },
    transformIndexHtml: {
      order: 'post',
      handler: async (html) => {
        const shells = (await (drawn ??= draw())).map(quiet).join('')
        // The last one brings the others with it.
        const begin = [...html.matchAll(SCRIPT)].at(-1)?.[1]
        return html
          .replace('<div id="root"></div>', () => `<div id="root">${shells}</div>`)
          .replaceAll(
            SCRIPT,
            (_, src: string) =>
              `<link rel="modulepreload" crossorigin${src === begin ? ' id="begin"' : ''} href="${src}">`,
          )
      },
    },
  }
}

async function draw(): Promise<readonly Drawn[]> {
  const { stdout } = await promisify(execFile)(process.execPath, [resolve(import.meta.dirname, 'draw-shell.ts')], {
    env: { ...process.env, NODE_ENV: 'production' },
    timeout: 60_000,
  })
  return JSON.parse(stdout) as readonly Drawn[]
}

/** Nothing in it has a name, a role or a place in the order of keys; and it has no style of its own, which the content security policy forbids. */
function quiet({ language, html, greetings }: Drawn): string {
  const still = html
    .replaceAll(
      /<textarea[^>]*?placeholder="([^"]*)"[^>]*?class="([^"]*)"[^>]*><\/textarea>/g,
      '<div class="$2 shell-hint">$1</div>',
    )
    .replaceAll(/<input[^>]*>/g, '')
    .replaceAll(/ style="color:var\(--who-(\w+)\)[^"]*"/g, ' data-who="$1"')
    .replaceAll(/ (?:aria-[\w-]+|data-testid|data-composer|role|title|tabindex|style)="[^"]*"/g, '')
    .replace(/(<h1[^>]*>)[^<]*(<\/h1>)/, (_, open: string, close: string) => {
      const said = greetings.map((one, i) => `<span data-time="${TIMES[i]}">${one}.</span>`)
      return `${open}${said.join('')}${close}`
    })
  return `<div class="shell" lang="${language}" inert aria-hidden="true">${still}</div>`
}
