import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { after, before, describe, it } from 'node:test'
import type { Browser } from 'playwright-core'
import { connectTo } from '../../src/client/client.ts'
import { scratch, startProcess, type ServerProcess } from '../process.ts'
import { finished, findBrowser, launch, openPage, say } from './browser.ts'
import { startFiles, type FileServer } from './file-server.ts'

const GGUF = readFileSync(resolve(import.meta.dirname, '../../models/practice/practice-q8_0.gguf'))

const found = findBrowser()
describe('the page of a machine without a model', { skip: 'missing' in found ? found.missing : false }, () => {
  let browser: Browser
  let files: FileServer
  let server: ServerProcess
  const home = scratch()
  before(async () => {
    if ('missing' in found) return
    browser = await launch(found.path)
    files = await startFiles()
    server = await startProcess(home.home, { PKN_ENGINE: 'auto', PKN_ENGINE_PORT: '0', HF_ENDPOINT: files.url })
  })
  after(async () => {
    await browser?.close()
    await server?.kill('SIGTERM')
    await files?.close()
    home.remove()
  })

  it('says what this machine is, shows two models with size, licence and speed, and what was looked for', async (t) => {
    const { page, wrongs } = await openPage(t, browser, server.url)
    const first = page.getByTestId('first-model')
    await first.getByText(/^This machine has \d.* of memory, \d+ cores?/).waitFor()
    for (const offer of [page.getByTestId('recommended'), page.getByTestId('alternative')]) {
      const text = await offer.innerText()
      assert.match(text, /[\d.]+ [MG]B/)
      assert.match(text, /licence \S+/)
      assert.match(text, /about [\d.,]+ tokens\/s here, estimated|GPU/)
    }
    await first.getByText('Already have Ollama').click()
    await page
      .getByTestId('server')
      .filter({ hasText: 'ollama' })
      .getByText(/127\.0\.0\.1:9/)
      .waitFor()
    await page.getByTestId('connect').getByRole('button', { name: 'Look again now' }).click()
    await page.getByText(/looked \d+ s ago/).waitFor()
    assert.deepEqual(wrongs, [])
  })

  it('plays a recorded answer with its trace, without asking the server for anything', async (t) => {
    const { page, wrongs } = await openPage(t, browser, server.url)
    await page.getByRole('button', { name: 'Watch a recorded answer meanwhile' }).click()
    const demo = page.getByTestId('demo')
    await demo.getByTestId('route').waitFor()
    await demo.getByTestId('status').waitFor()
    const track = demo.getByRole('slider', { name: 'Moment' })
    await track.press('End')
    await demo.getByTestId('stats').waitFor()
    assert.match(await demo.getByTestId('text').innerText(), /Rayleigh/)
    await track.press('Home')
    await demo.getByTestId('stats').waitFor({ state: 'detached' })
    await demo.getByRole('button', { name: 'Back to the chat' }).click()
    await page.getByTestId('first-model').waitFor()
    assert.deepEqual(wrongs, [])
  })

  it('keeps a message until the model that is on its way is here, over a reload and a visit elsewhere, and asks it then', async (t) => {
    files.serve('/fine.gguf', GGUF, 'half')
    const client = connectTo(server.url)
    await client.call('pullsBegin', { body: { what: `${files.url}/fine.gguf` } })
    const { page, wrongs } = await openPage(t, browser, server.url)
    await page.getByTestId('first-model').waitFor()
    await say(page, 'first taken back')
    const held = page.getByTestId('held')
    await held.getByText(/^Runs when the download is done/).waitFor()
    assert.match(await held.innerText(), /of 1\.\d MB/)
    await held.getByRole('button', { name: 'Take it back' }).click()
    await held.waitFor({ state: 'detached' })
    const box = page.getByLabel('Message', { exact: true })
    assert.equal(await box.inputValue(), 'first taken back')
    await say(page, 'what waits')
    await held.waitFor()
    await page.waitForURL(/#s=ses_/)
    await page.reload()
    await held.waitFor()
    assert.equal(await page.getByTestId('said').innerText(), 'what waits')
    await page.keyboard.press('Control+Shift+O')
    await page.getByTestId('empty').waitFor()
    await page.goBack()
    await held.waitFor()
    assert.equal(await page.getByTestId('said').count(), 1)
    files.letGo()
    await finished(page)
    await held.waitFor({ state: 'detached' })
    assert.equal(await page.getByTestId('said').count(), 1)
    assert.match(await page.getByTestId('stats').innerText(), /fine/)
    assert.deepEqual(wrongs, [])
  })
})
