/** Draws the PNG icons that operating systems want from src/web/icon.svg. Run it again when that changes: `node scripts/icons.ts`. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { findBrowser, launch } from '../test/e2e/browser.ts'

const WEB = resolve(import.meta.dirname, '../src/web')
/** `whole`: without round corners and smaller, since the system cuts its own shape out of it. */
const ICONS = [
  { file: 'icon-192.png', size: 192, whole: false },
  { file: 'icon-512.png', size: 512, whole: false },
  { file: 'icon-maskable-192.png', size: 192, whole: true },
  { file: 'icon-maskable-512.png', size: 512, whole: true },
  { file: 'apple-touch-icon.png', size: 180, whole: true },
]

const svg = readFileSync(join(WEB, 'icon.svg'), 'utf8')
const found = findBrowser()
if ('missing' in found) throw new Error(found.missing)
const browser = await launch(found.path, true)
try {
  for (const { file, size, whole } of ICONS) {
    const page = await browser.newPage({ viewport: { width: size, height: size } })
    const margin = whole ? size * 0.1 : 0
    const picture = whole ? svg.replace(/rx="\d+"/, 'rx="0"') : svg
    await page.setContent(
      `<style>body{margin:0;${whole ? 'background:#3553c9' : ''}}svg{display:block;margin:${margin}px;width:${size - 2 * margin}px}</style>${picture}`,
    )
    writeFileSync(join(WEB, 'public', file), await page.screenshot({ omitBackground: true }))
    await page.close()
  }
} finally {
  await browser.close()
}
