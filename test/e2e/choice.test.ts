import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it, type TestContext } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import type { Entry, RunEvent } from '../../src/wire/event.ts'
import type { Message } from '../../src/wire/message.ts'
import { scratch, startProcess, type ServerProcess } from '../process.ts'
import { answerText, axe, findBrowser, finished, launch, openPage, say } from './browser.ts'
import { startUpstream, stopsAt, type Reply, type Upstream } from './upstream.ts'

const WORDS = Array.from({ length: 60 }, (_, i) => `w${i}`).join(' ')
const REPLIES: Record<string, Reply> = {
  cut: { text: WORDS, everyMs: 2, cutAfter: 30 },
  endless: { text: WORDS, ...stopsAt('text 20') },
}
const reply = (question: string): Reply => REPLIES[question.split(/\W/)[0] ?? ''] ?? { text: WORDS, everyMs: 2 }
const HOST = 'api.example.com'

const found = findBrowser()
describe(
  'what the page says of choice, fail-over and words that leave',
  {
    skip: 'missing' in found ? found.missing : false,
  },
  () => {
    let browser: Browser
    let [first, second]: Upstream[] = []
    let server: ServerProcess
    const home = scratch()
    before(async () => {
      if ('missing' in found) return
      browser = await launch(found.path)
      first = await startUpstream(reply, 'one')
      second = await startUpstream(() => ({ text: WORDS, everyMs: 2 }), 'two')
      const endpoints = [
        { name: 'first', kind: 'llama', url: first.url },
        { name: 'second', kind: 'llama', url: second.url },
      ]
      // A name that is never found: what would be sent there is sent nowhere.
      const cloud = [{ provider: 'anthropic', models: ['grand'], url: 'https://nowhere.invalid/v1' }]
      writeFileSync(join(home.home, 'pkn.config.json'), JSON.stringify({ endpoints, cloud }))
      server = await startProcess(home.home, { ANTHROPIC_API_KEY: 'none' })
    })
    after(async () => {
      await browser?.close()
      await server?.kill('SIGTERM')
      await first?.close()
      await second?.close()
      home.remove()
    })
    const open = (t: TestContext, options = {}) => openPage(t, browser, server.url, { busy: true, ...options })
    /** How it came about says so, in this order. */
    const tells = async (page: Page, what: RegExp): Promise<void> => {
      await page.getByRole('button', { name: 'How it came about' }).last().press('Enter')
      await page.getByTestId('story').filter({ hasText: what }).waitFor()
    }

    it('an answer that breaks off goes on elsewhere, and the page says so', async (t) => {
      const { page, wrongs } = await open(t)
      await say(page, 'cut short')
      await finished(page)
      await page
        .getByTestId('note')
        .getByText(/Continued at second with two, .*, after \d+ characters/)
        .waitFor()
      assert.equal(await answerText(page), WORDS)
      assert.match((await page.locator('.joint').getAttribute('title')) ?? '', /Continued at second/)
      await tells(page, /one was asked at first.*That failed: .*Continued at second/s)
      assert.deepEqual(wrongs, [])
    })

    it('says of a stop how it went, as far as that is known', async (t) => {
      const { page } = await open(t)
      await say(page, 'endless')
      await page.getByTestId('text').waitFor()
      await page.keyboard.press('Escape')
      await page
        .getByText(
          /Stopped by you after [\d.]+ m?s\. The stop took [\d.]+ m?s; (first is idle|the connection is closed)/,
        )
        .waitFor()
    })

    it('a model of the cloud is asked only knowingly, and what came of it is told', async (t) => {
      const { page, wrongs } = await open(t)
      await page.getByRole('button', { name: /^Model: automatic/ }).click()
      await page.getByRole('menuitemradio').filter({ hasText: 'grand' }).click()
      await page.getByTestId('will-leave').getByText('is sent to nowhere.invalid').waitFor()
      await say(page, 'hello')
      await page.getByTestId('sent-to').getByText('Sent to nowhere.invalid').waitFor()
      await finished(page)
      await page.getByTestId('note').getByText('It failed at anthropic; it was asked at first instead.').waitFor()
      assert.equal(await answerText(page), WORDS)
      await tells(page, /grand was asked at anthropic.*sent to nowhere\.invalid.*That failed.*one was asked at first/s)
      await page.reload()
      await page.getByTestId('sent-to').getByText('Sent to nowhere.invalid').waitFor()
      assert.deepEqual(wrongs, [])
    })

    /** The log of the true server, as if the step that it tells of had asked another machine. */
    const sendAway = (page: Page, change: (event: RunEvent) => RunEvent[]) =>
      page.route(/\/v1\/runs\/\w+\/events/, async (route) => {
        const response = await route.fetch()
        const stream = (response.headers()['content-type'] ?? '').startsWith('text/event-stream')
        const entries: Entry[] = stream
          ? [...(await response.text()).matchAll(/^data: (.*)$/gm)].map(([, json]) => JSON.parse(json ?? '') as Entry)
          : ((await response.json()) as { entries: Entry[] }).entries
        const changed = entries
          .flatMap(({ t, event }) => change(event).map((event) => ({ t, event })))
          .map((entry, i) => ({ ...entry, at: i + 1 }))
        if (!stream) return await route.fulfill({ json: { entries: changed, head: changed.length } })
        const body = changed.map((entry) => `id: ${entry.at}\ndata: ${JSON.stringify(entry)}\n\n`).join('')
        await route.fulfill({ contentType: 'text/event-stream', body })
      })

    it('an answer whose words left the machine says so, now and after a reload, and what was passed over', async (t) => {
      const { page, wrongs } = await open(t)
      await sendAway(page, (event) =>
        event.type === 'step.start'
          ? [
              { type: 'endpoint.skip', endpoint: 'first', why: 'down since 14:03, connection refused' },
              { ...event, endpoint: 'far', model: 'big', remote: HOST },
            ]
          : [event],
      )
      await say(page, 'hello')
      await finished(page)
      await page.getByTestId('sent-to').getByText(`Sent to ${HOST}`).waitFor()
      await page.getByTestId('passed-over').getByRole('button', { name: 'first was passed over' }).press('Enter')
      await page.getByTestId('passed-over').getByText('down since 14:03, connection refused.').waitFor()
      await tells(page, new RegExp(`sent to ${HOST}`))
      assert.deepEqual(await axe(page), [])
      await page.route(/\/v1\/sessions\/\w+\/messages(\?|$)/, async (route) => {
        const response = await route.fetch()
        const { messages, ...rest } = (await response.json()) as { messages: Message[] }
        await route.fulfill({ json: { ...rest, messages: messages.map((m) => (m.role === 'user' ? m : { ...m, remote: HOST })) } }) // prettier-ignore
      })
      await page.reload()
      await page.getByTestId('sent-to').getByText(`Sent to ${HOST}`).waitFor()
      assert.deepEqual(wrongs, [])
      // What the page asks for at this very moment ends with it.
      await page.unrouteAll({ behavior: 'ignoreErrors' })
    })

    it('a model elsewhere is listed last, says where words would go, and can be given up', async (t) => {
      const { page, wrongs } = await open(t)
      const picker = page.getByRole('button', { name: /^Model: / })
      await picker.click()
      const items = page.getByRole('menuitemradio')
      await items.filter({ hasText: 'grand' }).waitFor()
      assert.match((await items.allInnerTexts()).at(-1) ?? '', /grand\s+Sends what you write to nowhere\.invalid/)
      assert.equal(await page.getByTestId('will-leave').count(), 0)
      await page.keyboard.press('g')
      await page.keyboard.press('Enter')
      await page.getByTestId('will-leave').getByText('is sent to nowhere.invalid').waitFor()
      assert.match((await page.getByTestId('model-badge').getAttribute('aria-label')) ?? '', /nowhere\.invalid/)
      assert.deepEqual(await axe(page), [])
      await page.getByTestId('will-leave').getByRole('button', { name: 'Don’t' }).click()
      await page.getByTestId('will-leave').waitFor({ state: 'detached' })
      await page.getByRole('button', { name: /^Model: automatic/ }).waitFor()
      assert.deepEqual(wrongs, [])
    })
  },
)
