import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, before, describe, it } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { connectTo } from '../../src/client/client.ts'
import { freePort, scratch, startProcess, type ServerProcess } from '../process.ts'
import { answerText, axe, fetched, findBrowser, finished, launch, openPage, say } from './browser.ts'
import { startUpstream, type Upstream } from './upstream.ts'

const WORDS = Array.from({ length: 60 }, (_, i) => `w${i}`).join(' ')

const found = findBrowser()
describe('the list of chats', { skip: 'missing' in found ? found.missing : false }, () => {
  let browser: Browser
  let upstream: Upstream
  let server: ServerProcess
  const home = scratch()
  const start = async (port: number) =>
    startProcess(home.home, { LLAMA_BASE_URL: upstream.url, PKN_PORT: String(port) })
  before(async () => {
    if ('missing' in found) return
    browser = await launch(found.path)
    upstream = await startUpstream((question) => ({ text: WORDS, everyMs: question.startsWith('slow') ? 40 : 2 }))
    server = await start(await freePort())
  })
  after(async () => {
    await browser?.close()
    await server?.kill('SIGTERM')
    await upstream?.close()
    home.remove()
  })
  const listed = (page: Page, name: string) => page.getByRole('navigation').getByRole('button', { name, exact: true })

  it('another device sees a chat begin, its answer as it is written, its name and its end at once', async (t) => {
    const { page: here, wrongs } = await openPage(t, browser, server.url)
    const { page: there } = await openPage(t, browser, server.url)
    await say(here, 'slow tulips')
    await there.getByRole('navigation').getByText('is being answered').waitFor({ state: 'attached' })
    await there.getByRole('navigation').getByText('slow tulips').click()
    await there.getByTestId('said').getByText('slow tulips').waitFor()
    await Promise.all([finished(here), finished(there)])
    await there.getByRole('navigation').getByText('is being answered').waitFor({ state: 'detached' })
    await say(here, 'quick, and roses?')
    await there.getByTestId('said').getByText('quick, and roses?').waitFor()
    await there.getByTestId('stats').nth(1).waitFor()
    assert.equal(await answerText(there), WORDS)
    const session = /ses_\w+/.exec(here.url())![0] as never
    const client = connectTo(server.url)
    await client.call('sessionsChange', { params: { session }, body: { title: 'Bulbs' } })
    await Promise.all([listed(here, 'Bulbs').waitFor(), listed(there, 'Bulbs').waitFor()])
    await client.call('sessionsRemove', { params: { session } })
    await Promise.all([listed(here, 'Bulbs'), listed(there, 'Bulbs')].map((row) => row.waitFor({ state: 'detached' })))
    // Who reads it is told so, and what is read stays.
    const gone = [here, there].map((page) => page.getByTestId('gone'))
    await Promise.all(gone.map((note) => note.getByText('This chat was deleted in another window.').waitFor()))
    assert.equal(await there.getByTestId('said').count(), 2)
    await gone[1]!.getByRole('button', { name: 'Bring it back' }).click()
    await Promise.all(gone.map((note) => note.waitFor({ state: 'detached' })))
    await Promise.all([listed(here, 'Bulbs').waitFor(), listed(there, 'Bulbs').waitFor()])
    assert.deepEqual(wrongs, [])
  })

  it('a page that does nothing finds the server again by itself, and shows what changed meanwhile', async (t) => {
    const { page } = await openPage(t, browser, server.url)
    await fetched(page)
    await connectTo(server.url).call('sessionsCreate', { body: { title: 'Before' } })
    await listed(page, 'Before').waitFor()
    const { port } = server
    await server.kill()
    server = await start(port)
    const client = connectTo(server.url)
    const { id } = await client.call('sessionsCreate', { body: { title: 'Afterwards' } })
    await listed(page, 'Afterwards').waitFor()
    await client.call('sessionsChange', { params: { session: id }, body: { title: 'Told on the new line' } })
    await listed(page, 'Told on the new line').waitFor()
  })

  const options = async (page: Page, name: string, choice: string) => {
    await listed(page, name).click({ button: 'right' })
    await page
      .getByRole('menu', { name: `Options for ${name}` })
      .getByText(choice, { exact: true })
      .click()
  }

  it('a chat is pinned, filed and archived, and is found there on another device and after a reload', async (t) => {
    const client = connectTo(server.url)
    for (const title of ['Beans', 'Peas']) await client.call('sessionsCreate', { body: { title } })
    const { page, wrongs } = await openPage(t, browser, server.url)
    const { page: other } = await openPage(t, browser, server.url)
    const within = (where: Page, section: string, name: string) =>
      where.getByRole('region', { name: section, exact: true }).getByRole('button', { name, exact: true })
    await options(page, 'Beans', 'Pin')
    await Promise.all([within(page, 'Pinned', 'Beans').waitFor(), within(other, 'Pinned', 'Beans').waitFor()])
    await options(page, 'Peas', 'New folder…')
    await page.getByLabel('Name of the new folder').fill('Garden')
    assert.deepEqual(await axe(page), [])
    await page.keyboard.press('Enter')
    await within(other, 'Folder Garden', 'Peas').waitFor()
    await page.getByRole('button', { name: 'Garden', exact: true }).click()
    await listed(page, 'Peas').waitFor({ state: 'detached' })
    await page.reload()
    await within(page, 'Pinned', 'Beans').waitFor()
    // The folder stays folded.
    await page.getByRole('button', { name: 'Garden', exact: true }).waitFor()
    assert.equal(await listed(page, 'Peas').count(), 0)
    await page.getByRole('button', { name: 'Garden', exact: true }).click()
    await options(page, 'Peas', 'Put into the archive')
    await listed(page, 'Peas').waitFor({ state: 'detached' })
    await page.getByRole('button', { name: 'Archive', exact: true }).click()
    await page.getByRole('button', { name: 'Restore Peas' }).click()
    await within(other, 'Folder Garden', 'Peas').waitFor()
    assert.deepEqual(wrongs, [])
  })

  it('the list is walked and used by the keyboard alone, and a removal is taken back', async (t) => {
    const client = connectTo(server.url)
    for (const title of ['Third', 'Second', 'First']) await client.call('sessionsCreate', { body: { title } })
    const { page, wrongs } = await openPage(t, browser, server.url)
    const focused = () => page.evaluate(() => document.activeElement?.textContent)
    await listed(page, 'First').focus()
    await page.keyboard.press('ArrowDown')
    assert.equal(await focused(), 'Second')
    await page.keyboard.press('ArrowRight')
    await page.getByRole('menu', { name: 'Options for Second' }).waitFor()
    await page.waitForFunction(() => document.activeElement?.textContent === 'Rename')
    await page.keyboard.press('ArrowUp')
    assert.equal(await focused(), 'Delete')
    await page.keyboard.press('Escape')
    await page.waitForFunction(() => document.activeElement?.textContent === 'Second')
    const removed = page.waitForResponse((response) => response.request().method() === 'DELETE')
    await page.keyboard.press('Delete')
    await page.getByTestId('spoken').getByText('Deleted Second. Control Z takes it back.').waitFor()
    // The focus is on the next chat.
    await page.waitForFunction(() => document.activeElement?.textContent === 'Third')
    assert.deepEqual(await axe(page), [])
    await removed
    const { sessions } = await client.call('sessionsList', { query: {} })
    assert.ok(!sessions.some(({ title }) => title === 'Second'), 'it is gone from the server at once')
    await page.keyboard.press('Control+z')
    await listed(page, 'Second').waitFor()
    await page.reload()
    await listed(page, 'Second').waitFor()
    assert.deepEqual(wrongs, [])
  })

  it('a chat is saved as a file, to be read or to be imported again', async (t) => {
    const { page, wrongs } = await openPage(t, browser, server.url)
    await say(page, 'quick keepsake')
    await finished(page)
    await listed(page, 'quick keepsake').waitFor()
    const saved = async (choice: string) => {
      const [download] = await Promise.all([page.waitForEvent('download'), options(page, 'quick keepsake', choice)])
      return { name: download.suggestedFilename(), text: readFileSync(await download.path(), 'utf8') }
    }
    const markdown = await saved('Save as Markdown')
    assert.match(markdown.name, /keepsake.*\.md$/)
    assert.ok(markdown.text.includes('quick keepsake') && markdown.text.includes(WORDS))
    const { name, text } = await saved('Save as JSON')
    const back = await connectTo(server.url).call('importFile', { body: { name, text } })
    assert.deepEqual([back.sessions.length, back.messages, back.skipped], [1, 2, []])
    assert.deepEqual(wrongs, [])
  })
})
