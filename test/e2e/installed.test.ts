import assert from 'node:assert/strict'
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, request as ask } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { extname, join, resolve } from 'node:path'
import { describe, test, type TestContext } from 'node:test'
import { chromium, type Page, type Request } from 'playwright-core'
import { freePort, scratch, startProcess } from '../process.ts'
import { axe, findBrowser, finished, openPage } from './browser.ts'
import { setWholeStage } from './stage.ts'

const found = findBrowser()
const skip = 'missing' in found ? found.missing : false
const DIST = resolve(import.meta.dirname, '../../dist/web')

const write = async (page: Page, text: string): Promise<void> => {
  await page.locator('[data-composer] textarea').fill(text)
  await page.keyboard.press('Enter')
}

describe('the page is an app of its own', { skip }, () => {
  const stage = setWholeStage(() => ({ text: 'Gut.' }))

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
    const underWay = new Set<Request>()
    page.on('request', (request) => request.url().includes('/assets/') && underWay.add(request))
    page.on('requestfinished', (request) => underWay.delete(request))
    page.on('requestfailed', (request) => underWay.delete(request))
    /** The worker of a page that is left before it was all there may be kept by the browser for minutes; nobody waits for that here. */
    const allThere = async () => {
      // The last of what is fetched when there is nothing else to do.
      await page.waitForFunction(() =>
        performance.getEntriesByType('resource').some(({ name }) => /\/worker-[^/]+\.js$/.test(name)),
      )
      while (underWay.size > 0) await page.waitForEvent('requestfinished')
    }
    const entry = () => page.evaluate(() => document.querySelector<HTMLLinkElement>('#begin')?.href)
    await page.goto(site.url)
    await page.evaluate(async () => (await navigator.serviceWorker.ready).active?.state)
    const before = await entry()
    site.renew()
    await page.evaluate(async () => {
      const worker = await navigator.serviceWorker.getRegistration()
      await worker?.update()
    })
    await page.getByRole('button', { name: 'Load the new page' }).waitFor()
    await allThere()
    await page.getByRole('button', { name: 'Load the new page' }).click()
    await page.waitForFunction((old) => document.querySelector<HTMLLinkElement>('#begin')?.href !== old, before)
    assert.match((await entry()) ?? '', /index-renewed/)
    await allThere()
    // Without any news from a worker: the next load asks the server first.
    site.renew()
    await page.reload()
    assert.match((await entry()) ?? '', /index-renewed-again/)
    await allThere()
    // And what the worker keeps for a start without the server is the newest by then.
    const state = await page.evaluate(async () => {
      const worker = await navigator.serviceWorker.getRegistration()
      await worker?.update()
      for (const end = performance.now() + 20_000; ;) {
        // It has the page from when it is installed, and clears away the oldest when it takes over.
        const kept = (await caches.keys()).join()
        const one = {
          installing: worker?.installing?.state,
          waiting: worker?.waiting?.state,
          active: worker?.active?.state,
        }
        const isTaken = kept === 'pkn test 1,pkn test 2' && JSON.stringify(one) === '{"active":"activated"}'
        if (isTaken) return 'taken'
        if (performance.now() > end) return JSON.stringify({ kept, ...one })
        await new Promise((resolve) => requestAnimationFrame(resolve))
      }
    })
    assert.equal(state, 'taken')
    site.close()
    await page.reload()
    assert.match((await entry()) ?? '', /index-renewed-again/)
    assert.ok((await page.evaluate(async () => (await caches.keys()).length)) <= 2, 'old builds are not kept')
  })
})

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
      const old = /id="begin" href="(\/assets\/[^"]+\.js)"/.exec(html)![1]!
      const entry = times === 1 ? '/assets/index-renewed.js' : '/assets/index-renewed-again.js'
      // What comes later asks for the script by its old name; it must not begin twice.
      writeFileSync(join(folder, entry), `import '${old}'\n`)
      writeFileSync(join(folder, 'index.html'), html.replaceAll(old, entry))
      const worker = readFileSync(join(folder, 'sw.js'), 'utf8')
      writeFileSync(
        join(folder, 'sw.js'),
        worker.replaceAll(old, entry).replace(/const BUILD = '[^']*'/, `const BUILD = 'test ${times}'`),
      )
    },
  }
}
