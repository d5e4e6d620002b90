import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { after, before, describe, it, type TestContext } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { scratch, startProcess, type ServerProcess } from '../process.ts'
import { axe, findBrowser, launch, looks, openPage } from './browser.ts'
import { startFiles, type FileServer } from './file-server.ts'

const GGUF = readFileSync(resolve(import.meta.dirname, '../../models/practice/practice-q8_0.gguf'))

const found = findBrowser()
describe('the models view', { skip: 'missing' in found ? found.missing : false }, () => {
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
  const open = (t: TestContext, options = {}) => openPage(t, browser, server.url, { busy: true, ...options })
  const toModels = async (page: Page) => {
    await page.getByTestId('model-badge').click()
    await page.getByTestId('models').waitFor()
  }
  const get = async (page: Page, what: string) => {
    await page.getByLabel('Any other model').fill(what)
    await page.getByLabel('Any other model').press('Enter')
  }
  const pullOf = (page: Page, name: string) => page.getByTestId('pull').filter({ hasText: name })
  const hasModel = (page: Page, name: string) =>
    page.getByTestId('model').or(page.getByTestId('file')).filter({ hasText: name }).first().waitFor()

  it('says plainly that there is no real model, and offers the one that suits, with its progress right there', async (t) => {
    const { page, wrongs } = await open(t)
    await page.getByTestId('no-real-model').getByText('There is no real model here yet').waitFor()
    const offer = page.getByTestId('recommended')
    await offer.getByText('Recommended for this machine').waitFor()
    assert.match(await offer.innerText(), /Fits (well|tightly) into \d+ GB/)
    assert.match(await offer.innerText(), /licence /)
    await offer.getByRole('button', { name: /^Get, / }).click()
    await offer.getByTestId('pull-figures').waitFor()
    const stop = offer.getByRole('button', { name: /^Stop getting/ })
    const again = offer.getByRole('button', { name: /^(Go on|Try again)/ })
    await stop.or(again).waitFor()
    // It may have ended by itself, for nothing is there to be got.
    await stop.evaluateAll((all) => all.forEach((one) => (one as HTMLElement).click()))
    await again.waitFor()
    assert.equal(await page.evaluate(() => document.querySelector('[role=log]')?.scrollTop), 0)
    assert.deepEqual(wrongs, [])
  })

  it('gets a model, shows how far it is in every window and after a reload, and has it ready', async (t) => {
    files.serve('/fine.gguf', GGUF, 'half')
    const { page, wrongs } = await open(t)
    await toModels(page)
    await get(page, `${files.url}/fine.gguf`)
    const half = async (of: Page) => {
      await of.waitForFunction(
        () =>
          document.querySelector('[role=progressbar][aria-label="Getting fine"]')?.getAttribute('aria-valuenow') ===
          '50',
      )
      assert.match(await pullOf(of, 'fine').innerText(), /\d+ KB of 1\.\d MB .*127\.0\.0\.1/s)
    }
    await half(page)
    await page.reload()
    await half(page)
    const second = await page.context().newPage()
    await second.goto(page.url())
    await half(second)
    files.letGo()
    for (const each of [page, second]) {
      await each.bringToFront()
      await hasModel(each, 'fine')
      await each.waitForFunction(() => document.querySelector('[aria-label="Getting fine"]') === null)
    }
    assert.deepEqual(wrongs, [])
  })

  it('shows in place why a reference is refused, and keeps what was typed', async (t) => {
    const { page } = await open(t)
    await toModels(page)
    for (const [what, why] of [
      ['no-such-model', /no-such-model cannot be pulled: .*catalogue/],
      ['hf:owner', /hf:owner\/name/],
    ] as const) {
      await get(page, what)
      await page.getByTestId('get-hint').filter({ hasText: why }).waitFor()
      const field = page.getByLabel('Any other model')
      assert.equal(await page.getByTestId('get-hint').getAttribute('role'), 'alert')
      assert.equal(await field.getAttribute('aria-invalid'), 'true')
      assert.equal(await field.inputValue(), what)
      assert.equal(await field.evaluate((input) => input === document.activeElement), true)
    }
    await page.getByLabel('Any other model').pressSequentially('x')
    assert.equal(await page.getByTestId('get-hint').getAttribute('role'), null)
  })

  it('says what failed and what to do, and tries again on request', async (t) => {
    files.serve('/late.gguf', null)
    const { page } = await open(t)
    await toModels(page)
    await get(page, `${files.url}/late.gguf`)
    await page.getByTestId('get-hint').getByText('stands at the top of this page').waitFor()
    await pullOf(page, 'late').getByTestId('pull-fault').getByText('could not be got').waitFor()
    files.serve('/late.gguf', GGUF)
    await pullOf(page, 'late')
      .getByRole('button', { name: /Try again/ })
      .click()
    await hasModel(page, 'late')
  })

  it('takes a model from now on, and removes one only after asking', async (t) => {
    files.serve('/kept.gguf', GGUF)
    const { page } = await open(t)
    await toModels(page)
    await get(page, `${files.url}/kept.gguf`)
    await hasModel(page, 'kept')
    const row = page.getByTestId('model').or(page.getByTestId('file')).filter({ hasText: 'kept' })
    const use = row.getByRole('button', { name: 'Use kept from now on' })
    await use.or(row.getByText('answers by default')).first().waitFor()
    await use.evaluateAll((all) => all.forEach((one) => (one as HTMLElement).click()))
    await row.getByText('answers by default').waitFor()
    await row.getByRole('button', { name: 'Remove kept' }).click()
    const dialog = page.getByRole('dialog', { name: 'Remove kept?' })
    assert.match(await dialog.innerText(), /1\.\d MB .*cannot be undone/s)
    await dialog.getByRole('button', { name: 'Keep it' }).click()
    await row.waitFor()
    await row.getByRole('button', { name: 'Remove kept' }).click()
    await dialog.getByRole('button', { name: /^Remove 1/ }).click()
    await row.waitFor({ state: 'detached' })
  })

  it('is reached and left by keyboard, and nothing that was typed is lost', async (t) => {
    const { page } = await open(t)
    await page.getByLabel('Message', { exact: true }).fill('half a thought')
    await page.keyboard.press('Control+,')
    await page.waitForURL(/#\/models$/)
    await page.waitForFunction(
      () => document.activeElement?.textContent === 'Models' && document.title === 'Models · PKN',
    )
    await page.keyboard.press('Escape')
    await page.waitForFunction(() => document.activeElement?.tagName === 'TEXTAREA')
    assert.equal(await page.getByLabel('Message', { exact: true }).inputValue(), 'half a thought')
    await page.goBack()
    await page.getByTestId('models').waitFor()
    await page.reload()
    await page.getByTestId('models').waitFor()
  })

  it('lets a model be chosen for a message by keyboard, and sends its name along', async (t) => {
    files.serve('/fine.gguf', GGUF)
    const { page } = await open(t)
    await toModels(page)
    await get(page, `${files.url}/fine.gguf`)
    await hasModel(page, 'fine')
    await page.keyboard.press('Control+,')
    await page.getByRole('button', { name: /^Model: automatic/ }).focus()
    await page.keyboard.press('Enter')
    await page.keyboard.press('f')
    await page.keyboard.press('Enter')
    await page.getByRole('button', { name: /^Model: fine/ }).waitFor()
    const sent = page.waitForRequest((request) => request.url().endsWith('/messages') && request.method() === 'POST')
    await page.getByLabel('Message', { exact: true }).fill('hello')
    await page.keyboard.press('Enter')
    assert.equal((await sent).postDataJSON().model, 'engine/fine')
  })

  for (const { colorScheme, viewport } of looks({ width: 1280, height: 860 }, { width: 320, height: 720 }))
    it(`axe finds nothing: ${colorScheme}, ${viewport.width} wide`, async (t) => {
      files.serve('/axe.gguf', GGUF, 'half')
      files.serve('/none.gguf', null)
      const { page, wrongs } = await open(t, { colorScheme, viewport })
      const clean = async (state: string) => assert.deepEqual(await axe(page), [], state)
      await page.getByTestId('empty').waitFor()
      await clean('empty')
      await toModels(page)
      await page.getByTestId('recommended').waitFor()
      await get(page, `${files.url}/axe.gguf`)
      await pullOf(page, 'axe').waitFor()
      await page.waitForFunction(() => document.querySelector<HTMLInputElement>('form input')?.value === '')
      await get(page, `${files.url}/none.gguf`)
      await page.getByTestId('pull-fault').first().waitFor()
      await page.waitForFunction(() => document.querySelector<HTMLInputElement>('form input')?.value === '')
      await get(page, 'nothing like it')
      await page.getByTestId('get-hint').getByText('cannot be pulled').waitFor()
      await clean('models')
      assert.equal(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true)
      await pullOf(page, 'axe').getByRole('button', { name: /^Stop/ }).click()
      await page
        .getByRole('button', { name: /^Remove / })
        .first()
        .click()
      await clean('dialog')
      await page.keyboard.press('Escape')
      await page.keyboard.press('Escape')
      await page.getByRole('button', { name: /^Model: / }).click()
      await page.getByRole('menu', { name: 'Which model' }).waitFor()
      await clean('menu')
      assert.deepEqual(wrongs, [])
    })
})
