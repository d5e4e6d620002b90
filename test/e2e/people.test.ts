import assert from 'node:assert/strict'
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, request as ask } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { extname, join, resolve } from 'node:path'
import { describe, test, type TestContext } from 'node:test'
import { chromium, type Page } from 'playwright-core'
import { freePort, scratch, startProcess } from '../process.ts'
import { axe, findBrowser, finished, openPage } from './browser.ts'
import { setStage } from './stage.ts'

const found = findBrowser()
const skip = 'missing' in found ? found.missing : false
const ROOT = resolve(import.meta.dirname, '../..')
const DIST = join(ROOT, 'dist/web')
const English = JSON.parse(readFileSync(join(ROOT, 'src/web/words/en.json'), 'utf8')) as Record<string, unknown>
const German = JSON.parse(readFileSync(join(ROOT, 'src/web/words/de.json'), 'utf8')) as Record<string, unknown>

const ANSWER = `Erst das hier. Dann *jenes*, mit \`npm test\`.

\`\`\`ts
// so
const greeting: string = 'hallo' + 42
\`\`\`

| a | b |
|---|---|
| 1 | 2 |

> Zitat mit [Link](https://example.org/).`

const write = async (page: Page, text: string): Promise<void> => {
  await page.locator('[data-composer] textarea').fill(text)
  await page.keyboard.press('Enter')
}
const view = (page: Page, name: string): Promise<unknown> =>
  page.evaluate((to) => {
    location.hash = to
  }, name)

describe('the page for people', { skip }, () => {
  const stage = setStage((question) => ({
    text: ANSWER,
    thought: 'Hm.',
    ...(question.includes('langsam') ? { size: 4, everyMs: 30 } : {}),
  }))

  describe('colours', () => {
    const LOOKS = ['light', 'dark', 'contrast-light', 'contrast-dark'] as const
    for (const look of LOOKS)
      test(`${look}: axe finds nothing wrong in an answer, its trace, the settings, the models and the agents`, async (t) => {
        const { page, wrongs } = await stage.open(t)
        await view(page, '#/settings')
        await page.getByTestId('settings').waitFor()
        await page.locator(`input[value=${look}]`).check()
        const strict = look.startsWith('contrast')
        const found: string[] = []
        const look1 = async (name: string) => {
          found.push(...(await axe(page)).map((line) => `${name}: ${line}`))
          if (strict) found.push(...(await dimTexts(page)).map((line) => `${name}: ${line}`))
        }
        await look1('settings')
        for (const name of ['models', 'agents']) {
          await view(page, `#/${name}`)
          await page.getByRole('heading', { level: 1 }).waitFor()
          await page.locator('[aria-busy=true]').first().waitFor({ state: 'detached' })
          await look1(name)
        }
        await page.goto(page.url().split('#')[0]!)
        await write(page, 'Zeig mir Farben')
        await finished(page)
        await page.keyboard.press('Control+.')
        await page.getByTestId('waterfall').waitFor()
        await look1('answer')
        assert.deepEqual(found, [])
        assert.deepEqual(wrongs, [])
      })

    test('high contrast follows the system until something is chosen, and what was chosen is there before the first paint', async (t) => {
      const { page } = await stage.open(t, { contrast: 'more', colorScheme: 'dark' })
      const turns = (colour: string) =>
        page.waitForFunction((to) => getComputedStyle(document.documentElement).backgroundColor === to, colour)
      await turns('rgb(0, 0, 0)')
      await page.emulateMedia({ contrast: 'no-preference' })
      await turns('rgb(21, 21, 23)')
      await page.emulateMedia({ contrast: 'more', colorScheme: 'light' })
      await turns('rgb(255, 255, 255)')
      await page.evaluate(() => localStorage.setItem('pkn.theme', 'light'))
      await page.reload({ waitUntil: 'commit' })
      await page.waitForFunction(() => document.querySelector('script[type=module]') !== null)
      assert.equal(await page.evaluate(() => document.documentElement.dataset['theme']), 'light')
      await turns('rgb(252, 251, 249)')
    })

    test('with the colours of the system every switch, bar and focus is still to be seen', async (t) => {
      const { page } = await stage.open(t, { forcedColors: 'active' })
      await write(page, 'Und nun?')
      await finished(page)
      await page.keyboard.press('Control+.')
      await page.getByTestId('waterfall').waitFor()
      const bars = await page.locator('.trace-bar').evaluateAll((all) =>
        all.map((bar) => {
          const { borderTopWidth, borderTopStyle } = getComputedStyle(bar)
          return `${borderTopWidth} ${borderTopStyle}`
        }),
      )
      assert.ok(bars.length > 3)
      for (const bar of bars) assert.match(bar, /^1px (solid|dashed)$/)
      await view(page, '#/settings')
      const chosen = page.locator('input[type=radio]:checked').first()
      await chosen.focus()
      await page.keyboard.press('ArrowRight')
      const now = page.locator('input[type=radio]:focus')
      assert.equal(await now.evaluate((radio) => getComputedStyle(radio).borderTopWidth), '3px')
      assert.equal(await now.evaluate((radio) => getComputedStyle(radio.parentElement!).outlineStyle), 'solid')
      assert.deepEqual(await axe(page), [])
    })
  })

  describe('settings', () => {
    test('a choice holds at once, in the other tabs too, and after a reload', async (t) => {
      const { page } = await stage.open(t)
      const other = await page.context().newPage()
      await other.goto(page.url())
      await view(page, '#/settings')
      await page.getByRole('radio', { name: 'Largest' }).check()
      await page.getByRole('radio', { name: 'Less' }).check()
      const size = (of: Page) => of.evaluate(() => getComputedStyle(document.documentElement).fontSize)
      assert.equal(await size(page), '21px')
      await other.waitForFunction(() => document.documentElement.dataset['motion'] === 'less')
      assert.equal(await size(other), '21px')
      const written = await other
        .locator('[data-composer] textarea')
        .evaluate((area) => parseFloat(getComputedStyle(area).fontSize))
      assert.ok(written > 20, `the text follows: ${written}`)
      await page.reload()
      assert.equal(await page.getByRole('radio', { name: 'Largest' }).isChecked(), true)
    })

    test('Enter begins a new line if that was chosen, and Ctrl Enter sends', async (t) => {
      const { page } = await stage.open(t)
      await page.evaluate(() => localStorage.setItem('pkn.enter', 'line'))
      await page.reload()
      const area = page.locator('[data-composer] textarea')
      await area.fill('eins')
      await page.keyboard.press('Enter')
      await page.keyboard.type('zwei')
      assert.equal(await area.inputValue(), 'eins\nzwei')
      await page.keyboard.press('Control+Enter')
      await page.getByTestId('said').filter({ hasText: 'eins' }).waitFor()
    })

    test('a screen reader is told whole sentences if that was chosen, from the one place that speaks', async (t) => {
      const { page } = await stage.open(t)
      await page.evaluate(() => localStorage.setItem('pkn.reading', 'sentences'))
      await page.reload()
      await page.evaluate(() => {
        const told: string[] = []
        Object.assign(window, { told })
        const node = document.querySelector('[data-testid=spoken]')!
        new MutationObserver(() => told.push(node.textContent)).observe(node, {
          childList: true,
          characterData: true,
          subtree: true,
        })
      })
      await write(page, 'Bitte langsam')
      await finished(page)
      await page
        .getByTestId('spoken')
        .filter({ hasText: /Answer ready/ })
        .waitFor({ state: 'attached' })
      const told = await page.evaluate(() => (window as unknown as { told: string[] }).told.join('\n'))
      assert.match(told, /Erst das hier\./)
      assert.match(told, /A block of code\./)
      assert.match(told, /Zitat mit Link\./)
      for (const line of told.split('\n')) assert.doesNotMatch(line, /[*`|]/)
      assert.doesNotMatch(told, /^Ers?t?$|jen$|gree$/m)
    })
  })

  describe('German', () => {
    test('every view speaks it, with nothing left in English, and fits on a small phone', async (t) => {
      const { page, wrongs } = await openGerman(t)
      const left: string[] = []
      const walk = async (name: string) => {
        left.push(...(await englishTexts(page)).map((text) => `${name}: ${text}`))
        const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
        if (wide > 0) left.push(`${name}: ${wide} px too wide`)
        await page.setViewportSize({ width: 320, height: 700 })
        const small = await page.evaluate(() => {
          const over = [...document.querySelectorAll<HTMLElement>('main *')].filter((at) => {
            const { right, width } = at.getBoundingClientRect()
            const shut = at.closest('[aria-hidden=true], .sr-only, pre, .table-box, [inert]')
            return width > 0 && right > innerWidth + 1 && shut === null
          })
          return over.slice(0, 3).map((at) => at.outerHTML.slice(0, 120))
        })
        left.push(...small.map((what) => `${name}, 320 px: ${what}`))
        await page.setViewportSize({ width: 1280, height: 860 })
      }
      assert.equal(await page.evaluate(() => document.documentElement.lang), 'de')
      await walk('empty')
      for (const name of ['settings', 'models', 'agents']) {
        await view(page, `#/${name}`)
        await page.getByRole('heading', { level: 1 }).waitFor()
        await page.locator('[aria-busy=true]').first().waitFor({ state: 'detached' })
        await walk(name)
      }
      await page.goto(page.url().split('#')[0]!)
      await write(page, 'Was ist das?')
      await page.getByTestId('stats').last().waitFor()
      await page.getByTestId('route').locator('button').first().click()
      await walk('answer')
      await page.keyboard.press('Control+.')
      await page.getByTestId('waterfall').waitFor()
      await walk('waterfall')
      await page.getByRole('button', { name: 'Bericht' }).click()
      await page.getByTestId('story').waitFor()
      await walk('story')
      await page.keyboard.press('Control+.')
      await page.keyboard.press('Control+k')
      await page.locator('dialog[open]').waitFor()
      await walk('palette')
      await page.keyboard.press('Escape')
      await page.locator('body').click({ position: { x: 640, y: 200 } })
      await page.keyboard.press('?')
      await page.locator('dialog[open]').waitFor()
      await walk('keys')
      assert.deepEqual(left, [])
      assert.deepEqual(wrongs, [])
    })

    test('it can be chosen and left again on the spot, with the focus where it was', async (t) => {
      const { page } = await stage.open(t)
      await view(page, '#/settings')
      await page.getByRole('radio', { name: 'Deutsch' }).check()
      await page.getByRole('heading', { name: 'Einstellungen' }).waitFor()
      assert.equal(await page.evaluate(() => document.activeElement?.getAttribute('value')), 'de')
      assert.equal(await page.evaluate(() => document.documentElement.lang), 'de')
      await page.keyboard.press('ArrowLeft')
      await page.getByRole('heading', { name: 'Settings' }).waitFor()
      assert.equal(await page.evaluate(() => document.documentElement.lang), 'en')
    })

    test('a fault is told in it, and what the server said stands in the details', async (t) => {
      const { page } = await openGerman(t, '#run=run_00000000000000000000')
      const fault = page.getByTestId('fault')
      await fault.getByText('Es gibt keinen Lauf run_00000000000000000000.').waitFor()
      await fault.locator('summary').click()
      await fault.locator('pre').getByText('run.missing').waitFor()
    })

    test('who speaks English loads no other language', async (t) => {
      const { page } = await stage.open(t)
      const loaded = () =>
        page.evaluate(() => performance.getEntriesByType('resource').map(({ name }) => new URL(name).pathname))
      await page.waitForFunction(() =>
        performance.getEntriesByType('resource').some(({ name }) => /\/worker-[^/]*\.js$/.test(name)),
      )
      assert.deepEqual(
        (await loaded()).filter((path) => /\/de-[^/]*\.js$/.test(path)),
        [],
      )
    })

    const openGerman = async (t: TestContext, hash = '') => {
      const opened = await stage.open(t)
      await opened.page.evaluate((to) => {
        localStorage.setItem('pkn.language', 'de')
        if (to !== '') location.hash = to
      }, hash)
      await opened.page.reload()
      await opened.page.getByRole('button', { name: 'Neuer Chat' }).waitFor()
      return opened
    }
  })

  describe('an app of its own', () => {
    test('the browser finds nothing in the way of installing it', async (t) => {
      const folder = mkdtempSync(join(tmpdir(), 'pkn-profile-'))
      t.after(() => rmSync(folder, { recursive: true, force: true }))
      if ('missing' in found) return
      const context = await chromium.launchPersistentContext(folder, {
        executablePath: found.path,
        args: ['--no-sandbox', '--disable-gpu'],
      })
      t.after(() => context.close())
      const page = context.pages()[0] ?? (await context.newPage())
      await page.goto(stage.server.url)
      await page.evaluate(async () => (await navigator.serviceWorker.ready).active?.state)
      const devtools = await context.newCDPSession(page)
      const { errors, data } = await devtools.send('Page.getAppManifest')
      assert.deepEqual(errors, [])
      const manifest = JSON.parse(data ?? '{}') as { icons: { src: string; sizes: string; purpose: string }[] }
      for (const { src, sizes } of manifest.icons) {
        const size = await page.evaluate(async (url) => {
          const picture = new Image()
          picture.src = url
          await picture.decode()
          return `${picture.naturalWidth}x${picture.naturalHeight}`
        }, src)
        assert.equal(size, sizes)
      }
      const { installabilityErrors } = await devtools.send('Page.getInstallabilityErrors')
      assert.deepEqual(installabilityErrors, [])
    })

    test('it opens without its server, says how to start it and what is kept here, and comes to life when it is back', async (t) => {
      const home = scratch()
      t.after(home.remove)
      const port = await freePort()
      const env = { PKN_PORT: String(port), LLAMA_BASE_URL: stage.upstream.url }
      let server = await startProcess(home.home, env)
      t.after(() => server.kill())
      const { page, wrongs } = await openPage(t, stage.browser, server.url, { serviceWorkers: 'allow' })
      await page.evaluate(async () => (await navigator.serviceWorker.ready).active?.state)
      await write(page, 'Vorher')
      await finished(page)
      await page.locator('[data-composer] textarea').fill('ein Entwurf')
      await server.kill()
      await page.reload()
      await page.getByText('PKN is not running on this machine.').waitFor()
      await page.getByRole('button', { name: 'Copy “./pkn start”' }).waitFor()
      await page.getByTestId('kept-here').getByText('ein Entwurf').waitFor()
      assert.deepEqual(await axe(page), [])
      await page.goto(`${server.url}/`)
      await write(page, 'Nachher')
      server = await startProcess(home.home, env)
      await page.getByTestId('offline').waitFor({ state: 'detached' })
      await finished(page)
      await page.getByTestId('said').getByText('Nachher').waitFor()
      await page.getByRole('navigation').getByText('Vorher').waitFor()
      assert.deepEqual(wrongs, [])
      const kept = await page.evaluate(async () => {
        const names = await caches.keys()
        const all = await Promise.all(names.map(async (name) => (await caches.open(name)).keys()))
        return all.flat().map(({ url }) => new URL(url).pathname)
      })
      assert.deepEqual(
        kept.filter((path) => path !== '/' && !path.startsWith('/assets/')),
        [],
        'nothing of what was said is kept',
      )
    })

    test('a newer page of the server is taken with the next load, and told to the one that is open', async (t) => {
      const site = await openSite(t, stage.server.port)
      const context = await stage.browser.newContext()
      t.after(() => context.close())
      const page = await context.newPage()
      const entry = () => page.evaluate(() => document.querySelector<HTMLScriptElement>('script[type=module]')?.src)
      await page.goto(site.url)
      await page.evaluate(async () => (await navigator.serviceWorker.ready).active?.state)
      const before = await entry()
      site.renew()
      await page.evaluate(async () => {
        const worker = await navigator.serviceWorker.getRegistration()
        await worker?.update()
      })
      await page.getByRole('button', { name: 'Load the new page' }).click()
      await page.waitForFunction(
        (old) => document.querySelector<HTMLScriptElement>('script[type=module]')?.src !== old,
        before,
      )
      assert.match((await entry()) ?? '', /index-renewed/)
      // Without any news from a worker: the next load asks the server first.
      site.renew()
      await page.reload()
      assert.match((await entry()) ?? '', /index-renewed-again/)
      // And what the worker keeps for a start without the server is the newest by then.
      await page.evaluate(async () => {
        for (;;) {
          const worker = await navigator.serviceWorker.getRegistration()
          await worker?.update()
          const taken = worker?.installing === null && worker.waiting === null && worker.active?.state === 'activated'
          if (taken && (await caches.keys()).includes('pkn test 2')) return
        }
      })
      site.close()
      await page.reload()
      assert.match((await entry()) ?? '', /index-renewed-again/)
      assert.ok((await page.evaluate(async () => (await caches.keys()).length)) <= 2, 'old builds are not kept')
    })
  })
})

/** Texts below 7:1 against what they stand on, which axe leaves to a person. */
async function dimTexts(page: Page): Promise<string[]> {
  const { AxeBuilder } = await import('@axe-core/playwright')
  const { violations } = await new AxeBuilder({ page }).withRules(['color-contrast-enhanced']).analyze()
  return violations.flatMap(({ nodes }) =>
    nodes.map((node) => `${node.target.join(' ')} ${node.any[0]?.message ?? ''}`),
  )
}

/** What is on the page, seen or heard, that the English catalogue says otherwise than the German. */
async function englishTexts(page: Page): Promise<string[]> {
  const differs = (name: string, text: unknown) =>
    typeof text === 'string' && !name.includes('/') && German[name] !== text
  const english = Object.entries(English).flatMap(([name, text]) => (differs(name, text) ? [text as string] : []))
  const seen = await page.evaluate(() => {
    const all: string[] = []
    for (const at of document.querySelectorAll<HTMLElement>('body *')) {
      for (const name of ['aria-label', 'title', 'placeholder', 'aria-valuetext', 'alt'])
        if (at.hasAttribute(name)) all.push(at.getAttribute(name)!)
      if (at.closest('[data-testid=text], [data-testid=said], pre, code, kbd') === null)
        for (const child of at.childNodes) if (child.nodeType === Node.TEXT_NODE) all.push(child.textContent ?? '')
    }
    return all.map((text) => text.trim()).filter((text) => /\p{L}{2}/u.test(text))
  })
  const plain = new Set(english.filter((text) => !text.includes('{')))
  const filled = english
    .filter((text) => text.includes('{') && /[a-z]{3}/.test(text.replaceAll(/\{\w+\}/g, '')))
    .map(
      (text) =>
        new RegExp(
          `^${text
            .split(/\{\w+\}/)
            .map((piece) => RegExp.escape(piece))
            .join('.+')}$`,
        ),
    )
  return [...new Set(seen)].filter((text) => plain.has(text) || filled.some((form) => form.test(text)))
}

/** The built page on a server of the test's own, which can become a newer one; what is no page is asked of the true server. */
async function openSite(t: TestContext, behind: number) {
  const folder = mkdtempSync(join(tmpdir(), 'pkn-site-'))
  cpSync(DIST, folder, { recursive: true })
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  const TYPES: Record<string, string> = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css' }
  const server = createServer((request, response) => {
    const path = (request.url ?? '/').split('?')[0]!
    if (/^\/(?:v1|health)/.test(path)) {
      const { origin: _, ...headers } = request.headers
      const asked = ask({
        port: behind,
        host: '127.0.0.1',
        path: request.url,
        method: request.method,
        headers: { ...headers, host: `127.0.0.1:${behind}` },
      })
      asked.on('response', (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers)
        answer.pipe(response)
      })
      asked.on('error', () => response.destroy())
      response.on('close', () => asked.destroy())
      request.pipe(asked)
      return
    }
    try {
      const file = path === '/' ? 'index.html' : path
      const body = readFileSync(join(folder, file))
      response.setHeader('Content-Type', TYPES[extname(file)] ?? 'application/octet-stream')
      response.setHeader('Cache-Control', path.startsWith('/assets/') ? 'max-age=31536000, immutable' : 'no-cache')
      response.end(body)
    } catch {
      response.writeHead(404).end()
    }
  })
  server.listen(0, '127.0.0.1')
  await new Promise((listens) => server.once('listening', listens))
  const close = () => {
    server.closeAllConnections()
    server.close()
  }
  t.after(close)
  let times = 0
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    close,
    renew: () => {
      times++
      const html = readFileSync(join(folder, 'index.html'), 'utf8')
      const old = /src="(\/assets\/index-[^"]+\.js)"/.exec(html)![1]!
      const entry = times === 1 ? '/assets/index-renewed.js' : '/assets/index-renewed-again.js'
      cpSync(join(folder, old), join(folder, entry))
      writeFileSync(join(folder, 'index.html'), html.replaceAll(old, entry))
      const worker = readFileSync(join(folder, 'sw.js'), 'utf8')
      writeFileSync(
        join(folder, 'sw.js'),
        worker.replaceAll(old, entry).replace(/const BUILD = '[^']*'/, `const BUILD = 'test ${times}'`),
      )
    },
  }
}
