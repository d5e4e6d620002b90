/** Draws what the page shows before its scripts are there, in every language: JSON on the standard output. A process of its own, for it makes itself a browser. */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { resolve } from 'node:path'
import { runnerImport } from 'vite'

const web = resolve(import.meta.dirname, '../src/web')
const LANGUAGES = ['en', 'de']

// The page is drawn by itself, and asks for what it draws as a browser does.
const react = createRequire(import.meta.url)('react') as Record<string, unknown>
const asked = react['useSyncExternalStore'] as (watch: unknown, now: () => unknown, first: () => unknown) => unknown
react['useSyncExternalStore'] = (watch: unknown, now: () => unknown) => asked(watch, now, now)

const nothing = () => {}
const storage = { getItem: () => null, setItem: nothing, removeItem: nothing, key: () => null, length: 0 }
const browser = {
  CSS: { supports: () => true },
  localStorage: storage,
  sessionStorage: storage,
  location: { hash: '', search: '', pathname: '/pkn.html', origin: 'http://pkn', href: 'http://pkn/pkn.html' },
  history: { state: null },
  matchMedia: () => ({ matches: false, addEventListener: nothing }),
  addEventListener: nothing,
  removeEventListener: nothing,
  innerWidth: 1280,
  innerHeight: 860,
  document: { documentElement: { lang: 'en', dataset: {} }, addEventListener: nothing, visibilityState: 'visible' },
  fetch: () => new Promise(nothing),
}
for (const [name, value] of Object.entries(browser))
  Object.defineProperty(globalThis, name, { value, configurable: true, writable: true })

type Shell = { drawShell: (language: string, texts: object) => string; greetings: () => string[] }
const { module } = await runnerImport<Shell>(resolve(web, 'shell.tsx'), {
  root: web,
  configFile: false,
  logLevel: 'error',
})
const drawn = LANGUAGES.map((language) => {
  const texts = readFileSync(resolve(web, `words/${language}.json`), 'utf8')
  const html = module.drawShell(language, language === 'en' ? {} : (JSON.parse(texts) as object))
  return { language, html, greetings: module.greetings() }
})
process.stdout.write(JSON.stringify(drawn), () => process.exit(0))
