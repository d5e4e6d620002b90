import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, describe, it, type TestContext } from 'node:test'
import { isDeepStrictEqual } from 'node:util'
import type { Browser, Page } from 'playwright-core'
import { scratch, startProcess, type ServerProcess } from '../process.ts'
import { axe, findBrowser, launch, openPage, say } from './browser.ts'
import { HOSTILE } from './hostile.ts'
import { RICH_ANSWER } from './rich-answer.ts'
import { startUpstream, type Reply, type Upstream } from './upstream.ts'

/** What took no longer than this hangs nowhere, however busy the machine is. */
const MOMENT_MS = 3000
const PICTURE = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)

const found = findBrowser()
describe('what a model writes', { skip: 'missing' in found ? found.missing : false }, () => {
  let browser: Browser
  let upstream: Upstream
  let server: ServerProcess
  /** Whoever asks this server for anything has been made to. */
  const asked: string[] = []
  const tracker = createServer((request, response) => {
    asked.push(request.url ?? '')
    response.writeHead(200, { 'Content-Type': 'image/png' }).end(PICTURE)
  })
  let elsewhere = ''
  const home = scratch()
  const texts = new Map<string, Reply>()
  before(async () => {
    if ('missing' in found) return
    await new Promise<void>((listening) => tracker.listen(0, '127.0.0.1', listening))
    elsewhere = `http://127.0.0.1:${(tracker.address() as AddressInfo).port}`
    browser = await launch(found.path)
    upstream = await startUpstream((question) => texts.get(question) ?? { text: 'nothing' })
    server = await startProcess(home.home, { LLAMA_BASE_URL: upstream.url })
  })
  after(async () => {
    await browser?.close()
    await server?.kill('SIGTERM')
    await upstream?.close()
    tracker.close()
    tracker.closeAllConnections()
    home.remove()
  })

  let n = 0
  /** Opens a page and has this answered; resolves once the answer has ended and been drawn, with how long that took. */
  async function answered(t: TestContext, reply: Reply, page?: Page, options = {}) {
    const opened = page === undefined ? await openPage(t, browser, server.url, options) : { page, wrongs: [] }
    const question = `question ${n++}.`
    texts.set(question, reply)
    const began = performance.now()
    await say(opened.page, question)
    await opened.page.waitForFunction((asked) => {
      const turn = [...document.querySelectorAll('[data-testid=turn]')].at(-1)
      return turn?.textContent.includes(asked) === true && turn.querySelector('[data-testid=stats]') !== null
    }, question)
    await opened.page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => setTimeout(drawn))))
    return { ...opened, ms: performance.now() - began }
  }
  const settled = (page: Page) =>
    page.waitForFunction(() =>
      [...document.querySelectorAll('[data-testid=diagram]')].every(
        (diagram) => diagram.querySelector('img') ?? /could not be drawn/.test(diagram.textContent),
      ),
    )

  it(`runs nothing, asks nobody, hangs nowhere and stays in its column: ${HOSTILE.length} cases`, async (t) => {
    assert.ok(HOSTILE.length >= 60)
    const { page, wrongs } = await answered(t, { text: 'plain' })
    const failed: string[] = []
    /** So many small texts are answered in one chat. */
    let room = 0
    for (const { name, text: written, shows, framed } of HOSTILE) {
      const text = written.replaceAll('{T}', elsewhere)
      const size = Math.max(7, Math.ceil(text.length / 400))
      const words = 'word '
        .repeat(Math.ceil(text.length / 5))
        .slice(0, text.length)
        .replaceAll(/(.{75})./g, '$1\n')
      const anew = async (text: string) => {
        room = text.length > 1000 ? 0 : room - 1
        if (room <= 0) {
          await page.keyboard.press('Control+Shift+O')
          await page.waitForURL((url) => url.hash === '')
          await page.getByTestId('turn').first().waitFor({ state: 'detached' })
          await page.getByTestId('empty').waitFor()
          room = text.length > 1000 ? 0 : 6
        }
        return (await answered(t, { text, size }, page)).ms
      }
      let ms = await anew(text)
      let plain = 0
      // A machine that is busy for a moment says nothing of a text: what took long is tried again, beside plain words.
      for (let tries = 0; tries < 3 && ms > 6 * plain + MOMENT_MS; tries++) {
        plain = await anew(words)
        ms = await anew(text)
      }
      await settled(page)
      if (ms > 6 * plain + MOMENT_MS) failed.push(`${name}: ${Math.round(ms)} ms, plain text ${Math.round(plain)} ms`)
      const state = await page.evaluate(() => {
        const column = [...document.querySelectorAll('[data-testid=answer]')].at(-1)!
        const { left, right } = column.getBoundingClientRect()
        const out = [...column.querySelectorAll('*')].filter((element) => {
          if (element.closest('pre, .table-box, .maths-display, .maths-long, .diagram') !== null) return false
          const box = element.getBoundingClientRect()
          return box.width > 0 && (box.right > right + 12 || box.left < left - 12)
        })
        return {
          pwned: (window as { pwned?: unknown }).pwned,
          text: column.textContent,
          wide: [...document.querySelectorAll('main, [role=log], html')].some(
            (box) => box.scrollWidth > box.clientWidth,
          ),
          out: out.map((element) => element.outerHTML.slice(0, 120)),
          odd: [
            ...column.querySelectorAll('script, object, embed, form, input, base, meta, link, style, video, iframe'),
          ].map((element) => element.outerHTML.slice(0, 120)),
          links: [...column.querySelectorAll('a')]
            .map((link) => link.href)
            .filter((href) => !/^(https?|mailto):/.test(href)),
          fixed: [...column.querySelectorAll('*')].some((element) => getComputedStyle(element).position === 'fixed'),
        }
      })
      const { text: shown, ...rest } = state
      const as = { pwned: undefined, wide: false, out: [], odd: [], links: [], fixed: false }
      if (!isDeepStrictEqual(rest, as)) failed.push(`${name}: ${JSON.stringify(rest)}`)
      if (shows !== undefined && !shown.includes(shows)) failed.push(`${name} does not show “${shows}”`)
      // What the frame refused has not happened: the tracker knows.
      const refused = (wrong: string) => framed === true && /^(console|request): /.test(wrong)
      for (const wrong of wrongs.splice(0)) if (!refused(wrong)) failed.push(`${name}: ${wrong}`)
      for (const path of asked.splice(0)) failed.push(`${name} asked for ${path}`)
    }
    assert.deepEqual(failed, [])
  })

  it('a picture from elsewhere is loaded by a click, alone, and without saying who asks', async (t) => {
    const { page } = await answered(t, { text: `![A cat](${elsewhere}/cat.png)` })
    const placeholder = page.getByRole('button', { name: /A cat on 127\.0\.0\.1:\d+, not loaded/ })
    await placeholder.waitFor()
    assert.deepEqual(asked, [])
    const request = new Promise<Record<string, string | string[] | undefined>>((heard) =>
      tracker.once('request', ({ headers }) => heard(headers)),
    )
    await placeholder.click()
    const headers = await request
    assert.equal(headers['referer'], undefined)
    assert.equal(headers['cookie'], undefined)
    await page.waitForFunction(() => document.querySelector('iframe.picture')?.getAttribute('width') === '1')
    assert.deepEqual(asked.splice(0), ['/cat.png'])
  })

  it('the frames in which others’ content is drawn run no script but their own, and belong to nobody', async () => {
    for (const path of ['/frames/diagram.html', '/frames/picture.html']) {
      const { headers } = await fetch(server.url + path)
      const policy = headers.get('content-security-policy') ?? ''
      assert.match(policy, /^default-src 'none'; script-src 'sha256-\S+'/)
      assert.match(policy, /frame-ancestors 'self'; sandbox allow-scripts$/)
      assert.doesNotMatch(policy, /script-src[^;]*(unsafe|\*|http)|connect-src|allow-same-origin|allow-top/)
    }
    const page = (await fetch(`${server.url}/pkn.html`)).headers.get('content-security-policy') ?? ''
    assert.doesNotMatch(page, /unsafe/)
  })

  for (const colorScheme of ['light', 'dark'] as const)
    it(`everything that Markdown can hold is drawn: ${colorScheme}`, async (t) => {
      // How it comes in pieces is the matter of the next test.
      const { page, wrongs } = await answered(t, { text: RICH_ANSWER, size: 300 }, undefined, { colorScheme })
      await settled(page)
      await page.locator('.diagram img').waitFor()
      assert.ok((await page.locator('.diagram img').evaluate((img: HTMLImageElement) => img.naturalWidth)) > 100)
      await page.waitForFunction(() => document.querySelectorAll('math mfrac').length >= 3)
      const text = await page.getByTestId('text').innerText()
      assert.match(text, /about \$5 of storage a month, or \$10 with a copy/)
      await page.waitForFunction(() => document.querySelectorAll('math').length === 6)
      assert.equal(await page.getByRole('button', { name: /^Note \d/ }).count(), 2)
      await page.getByRole('button', { name: 'Note 2' }).click()
      await page.waitForFunction(() => document.activeElement?.textContent.includes('At 50 events a second') === true)
      const saved = page.waitForEvent('download')
      await page.getByRole('button', { name: 'Save as follow.ts' }).click()
      assert.equal((await saved).suggestedFilename(), 'follow.ts')
      await page.getByRole('button', { name: 'Wrap long lines' }).click()
      await page.waitForFunction(() => {
        const pre = document.querySelector('pre')!
        return pre.scrollWidth <= pre.clientWidth
      })
      assert.deepEqual(await axe(page), [])
      assert.deepEqual(wrongs, [])
      assert.deepEqual(asked, [])
    })

  it('the same answer looks the same, however it came', async (t) => {
    const pieces = await answered(t, { text: RICH_ANSWER, size: 3 })
    await settled(pieces.page)
    await pieces.page.waitForFunction(() => document.querySelectorAll('math').length === 6)
    await pieces.page.waitForFunction(() => document.querySelector('pre .tint-keyword') !== null)
    const html = (page: Page) => page.getByTestId('text').evaluate((text) => text.innerHTML)
    const streamed = await html(pieces.page)
    assert.deepEqual(pieces.wrongs, [])
    assert.deepEqual(asked, [])
    await pieces.page.reload()
    await pieces.page.waitForFunction(() => document.querySelectorAll('math').length === 6)
    await settled(pieces.page)
    await pieces.page.waitForFunction(() => document.querySelector('pre .tint-keyword') !== null)
    assert.equal(await html(pieces.page), streamed)
  })
})
