import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { TestContext } from 'node:test'
import { AxeBuilder } from '@axe-core/playwright'
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core'

const USUAL = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
]
const FLAGS =
  '--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync'

/** Everything that is slow is looked at (`npm run test:long`); otherwise each thing once, and not in every combination. */
export const LONG = process.env['PKN_LONG'] !== undefined

/** The browser that the tests drive, or why there is none. */
export function findBrowser(): { path: string } | { missing: string } {
  const named = process.env['PKN_CHROMIUM']
  const path = [named, ...USUAL].find((candidate) => candidate !== undefined && existsSync(candidate))
  if (path !== undefined) return { path }
  return { missing: 'no Chromium here; install one, or name it in PKN_CHROMIUM' }
}

/**
 * Debian has the same Chromium without its windows, in which a page costs half as much: what is not measured, and needs no profile, is looked at
 * there if it is installed. `whole` is the browser that people use; in the long run everything is looked at in it.
 */
export function launch(path: string, whole = LONG): Promise<Browser> {
  const bare = '/usr/lib/chromium/chromium-headless-shell'
  const executablePath = !whole && path === '/usr/bin/chromium' && existsSync(bare) ? bare : path
  return chromium.launch({ executablePath, args: FLAGS.split(' ') })
}

export type Watched = {
  page: Page
  /** Uncaught errors, refusals of the content security policy, and requests to anywhere but the server. */
  wrongs: string[]
}

/**
 * `busy` is a page that never finds the time to fetch what may be wanted later, which takes as long as to open it: each part comes when it is
 * wanted. It is not for tests that take the server away, for then none can come.
 */
export type Opening = BrowserContextOptions & { busy?: true }

/** A page that is watched for everything that must never happen in it. */
export async function openPage(
  t: TestContext,
  browser: Browser,
  url: string,
  { busy, ...options }: Opening = {},
): Promise<Watched> {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 860 },
    reducedMotion: 'reduce',
    // Tests cut, hold and change what goes over the network; a worker would answer for it. Those about the worker let it.
    serviceWorkers: 'block',
    ...options,
  })
  t.after(() => context.close())
  await context.addInitScript(() => addEventListener('pkn.ready', () => Object.assign(window, { pknReady: true })))
  if (busy) await context.addInitScript(() => Object.assign(window, { requestIdleCallback: () => 0 }))
  const page = await context.newPage()
  page.setDefaultTimeout(20_000)
  const wrongs: string[] = []
  page.on('pageerror', (error) => wrongs.push(`error: ${error.message}`))
  page.on('dialog', (dialog) => {
    wrongs.push(`dialog: ${dialog.message()}`)
    dialog.dismiss().catch(() => {})
  })
  page.on('console', (message) => {
    if (/Content Security Policy|PKN: /.test(message.text())) wrongs.push(`console: ${message.text()}`)
  })
  page.on('request', (request) => {
    const asked = request.url()
    if (!asked.startsWith(url) && !asked.startsWith('data:') && !asked.startsWith('blob:'))
      wrongs.push(`request: ${asked}`)
  })
  await page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (event) =>
      console.error(`Content Security Policy: ${event.violatedDirective} ${event.blockedURI}`),
    )
  })
  await page.goto(`${url}/pkn.html`)
  await ready(page)
  await page.getByLabel('Message', { exact: true }).waitFor()
  return { page, wrongs }
}

/** The page of this document hears keys and clicks: what is drawn before it is there takes neither. */
export const ready = async (page: Page): Promise<unknown> => page.waitForFunction(() => 'pknReady' in window)

/** Everything that may be wanted later is there: from now on nothing is missing if the server is away. */
export const fetched = async (page: Page): Promise<unknown> =>
  page.waitForFunction(() =>
    performance.getEntriesByType('resource').some(({ name }) => /\/worker-[^/]*\.js$/.test(name)),
  )

export async function say(page: Page, text: string): Promise<void> {
  await page.getByLabel('Message', { exact: true }).fill(text)
  await page.keyboard.press('Enter')
}

/** The words of the newest answer, as a reader sees them. */
export const answerText = (page: Page): Promise<string> =>
  page.evaluate(() => {
    const all =
      [...document.querySelectorAll('[data-testid=answer]')].at(-1)?.querySelectorAll('[data-testid=text]') ?? []
    return [...all].map((part) => part.textContent).join('')
  })

export const finished = (page: Page): Promise<void> => page.getByTestId('stats').last().waitFor()

type Look<Size> = { colorScheme: 'light' | 'dark'; viewport: Size }
/**
 * Both themes and both sizes in four looks, in the long run. Otherwise one: without contrast, axe finds the same in every theme, and every view is
 * looked at in both sizes and themes by views.test.ts.
 */
export function looks<Size>(wide: Size, phone: Size): readonly Look<Size>[] {
  const one: Look<Size>[] = [{ colorScheme: 'dark', viewport: phone }]
  if (!LONG) return one
  return [
    ...one,
    { colorScheme: 'light', viewport: wide },
    { colorScheme: 'light', viewport: phone },
    { colorScheme: 'dark', viewport: wide },
  ]
}

/**
 * What axe finds against WCAG A and AA, each with the elements it is about. Contrast, which takes most of its time, is looked at where it is
 * asked for (every view, and the answer in every theme), and everywhere in the long run.
 */
export async function axe(page: Page, { contrast = LONG }: { contrast?: boolean } = {}): Promise<string[]> {
  const builder = await axeOn(page)
  return violations(
    builder
      .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'])
      .disableRules(contrast ? [] : ['color-contrast']),
  )
}

/** What axe finds wrong with the contrast alone, which is all that differs between the themes. */
export async function axeContrast(page: Page): Promise<string[]> {
  const builder = await axeOn(page)
  return violations(builder.withRules(['color-contrast']))
}

const SOURCE = createRequire(import.meta.resolve('@axe-core/playwright')).resolve('axe-core/axe.min.js')

/**
 * An axe that is read by each document once. The builder would have every run read it twice, and not in its short form, which takes longer than
 * to run it. Without a page of its own to gather in, and without naming all that is good, a run takes half as long. No frame of ours has
 * anything to find.
 */
async function axeOn(page: Page): Promise<AxeBuilder> {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(readFileSync(SOURCE, 'utf8'))
  return new AxeBuilder({ page, axeSource: '0' })
    .setLegacyMode(true)
    .options({ resultTypes: ['violations'], iframes: false })
}

async function violations(builder: AxeBuilder): Promise<string[]> {
  const found = await builder.analyze()
  return found.violations.flatMap(({ id, nodes }) =>
    nodes.map((node) => `${id}: ${node.target.join(' ')} ${node.failureSummary?.split('\n')[1] ?? ''}`),
  )
}
