import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Page } from 'playwright-core'
import { freePort, scratch, startProcess } from '../process.ts'
import { answerText, fetched, findBrowser, finished, openPage, say } from './browser.ts'
import { setStage } from './stage.ts'
import { stopsAt } from './upstream.ts'

const TEXT = Array.from({ length: 400 }, (_, i) => `w${i}`).join(' ')
const found = findBrowser()
// The server hangs, and the lid is closed, in the middle of an answer, however long that takes.
const hangs = stopsAt('text 60')
const sleeps = stopsAt('text 60')
describe('a server that is away', { skip: 'missing' in found ? found.missing : false }, () => {
  const stage = setStage((question) => ({
    text: TEXT,
    thought: 'hm',
    ...(question.startsWith('hangs') ? hangs : question.startsWith('sleeps') ? sleeps : {}),
  }))
  const offline = (page: Page) => page.getByTestId('offline')
  const written = (page: Page, n: number) =>
    page.waitForFunction((least) => (document.querySelector('[data-testid=text]')?.textContent ?? '').length > least, n)

  it('is said at once when it is killed, and is back in place: what was open, where it was read, what was typed', async (t) => {
    const home = scratch()
    t.after(home.remove)
    const env = { LLAMA_BASE_URL: stage.upstream.url, PKN_PORT: String(await freePort()) }
    const first = await startProcess(home.home, env)
    const { page, wrongs } = await openPage(t, stage.browser, first.url, { viewport: { width: 900, height: 500 } })
    await say(page, 'quick one')
    await finished(page)
    // The view follows the end while the answer settles: a pointer may come down beside what it aimed at.
    await page.getByTestId('route').getByRole('button').first().press('Enter')
    await page.getByTestId('route').getByRole('button', { expanded: true }).waitFor()
    await page.getByRole('log').evaluate((log) => {
      log.dispatchEvent(new WheelEvent('wheel', { deltaY: -100 }))
      log.scrollTop = 40
    })
    await page.getByLabel('Message', { exact: true }).fill('a draft')
    await fetched(page)
    await first.kill('SIGKILL')
    await offline(page).waitFor()
    assert.match(await offline(page).innerText(), /The server does not answer.*(Trying)/s)
    await page.getByRole('button', { name: 'Send when back' }).waitFor()
    const second = await startProcess(home.home, env)
    t.after(() => second.kill('SIGTERM'))
    // It may have tried by itself meanwhile.
    await page
      .getByRole('button', { name: 'Try now' })
      .evaluateAll((there) => (there[0] as HTMLElement | undefined)?.click())
    await offline(page).waitFor({ state: 'detached' })
    assert.equal(await page.getByRole('log').evaluate((log) => log.scrollTop), 40)
    assert.equal(await page.getByTestId('route').getByRole('button').first().getAttribute('aria-expanded'), 'true')
    assert.equal(await page.getByLabel('Message', { exact: true }).inputValue(), 'a draft')
    assert.deepEqual(wrongs, [])
  })

  it('is noticed when it hangs, and what was asked of it meanwhile is done when it answers again', async (t) => {
    const home = scratch()
    t.after(home.remove)
    const server = await startProcess(home.home, { LLAMA_BASE_URL: stage.upstream.url })
    t.after(() => server.kill('SIGKILL'))
    const { page, wrongs } = await openPage(t, stage.browser, server.url)
    await say(page, 'hangs, and says nothing')
    await written(page, 100)
    await fetched(page)
    server.child.kill('SIGSTOP')
    await page
      .getByTestId('status')
      .getByText(/^Reconnecting, \d+ events received/)
      .waitFor()
    await offline(page).waitFor()
    await page.getByLabel('Message', { exact: true }).fill('quick, said into the silence')
    await page.getByLabel('Message', { exact: true }).press('Enter')
    await page.getByTestId('said').getByText('said into the silence').waitFor()
    server.child.kill('SIGCONT')
    hangs.letGo('text 60')
    await offline(page).waitFor({ state: 'detached' })
    await page.waitForFunction(() => document.querySelectorAll('[data-testid=stats]').length === 2)
    assert.equal(await answerText(page), TEXT)
    assert.equal(await page.getByTestId('text').first().innerText(), TEXT)
    assert.equal(await page.getByTestId('said').count(), 2)
    assert.deepEqual(wrongs, [])
  })

  it('is looked for at once when the machine has slept', async (t) => {
    const home = scratch()
    t.after(home.remove)
    const server = await startProcess(home.home, { LLAMA_BASE_URL: stage.upstream.url })
    t.after(() => server.kill('SIGKILL'))
    const { page, wrongs } = await openPage(t, stage.browser, server.url)
    await page.clock.install()
    await page.reload()
    await page.getByTestId('empty').waitFor()
    await say(page, 'sleeps, the lid is closed')
    await page.clock.runFor(500)
    await written(page, 50)
    // The lid is closed for an hour; the server answers to the end meanwhile, on a line that is dead.
    sleeps.letGo('text 60')
    await page.clock.fastForward('01:00:00')
    await page.clock.resume()
    await finished(page)
    assert.equal(await answerText(page), TEXT)
    assert.deepEqual(wrongs, [])
  })
})
