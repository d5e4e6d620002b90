import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import type { Page } from 'playwright-core'
import { axe, findBrowser, finished, say } from './browser.ts'
import { setStage } from './stage.ts'
import { stopsAt, type Reply } from './upstream.ts'

const LONG = Array.from({ length: 40 }, (_, i) => `w${i}`).join(' ')
const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)
const NOTES = { name: 'notes.md', mimeType: 'text/markdown', buffer: Buffer.from('# Notes\n\nThe pump is green.\n') }
const PICTURE = { name: 'garden.png', mimeType: 'image/png', buffer: PNG }
const PDF = { name: 'report.pdf', mimeType: 'application/pdf', buffer: Buffer.from([37, 80, 68, 70, 0, 1, 255]) }

const reply = (question: string): Reply =>
  question.startsWith('long')
    ? { text: LONG, ...stopsAt('text 20') }
    : { text: `First line.\n\nIt says: **${question.split('\n')[0]}**` }

const found = findBrowser()
describe('the composer', { skip: 'missing' in found ? found.missing : false }, () => {
  const others = [
    { id: 'seer-4b', vision: true },
    { id: 'blind-1b', vision: false },
  ]
  const stage = setStage(reply, 'qwen3-8b-q4', others)
  const open = (t: TestContext) => stage.open(t, { busy: true })
  const box = (page: Page) => page.getByLabel('Message', { exact: true })
  const attach = (page: Page, ...files: { name: string; mimeType: string; buffer: Buffer }[]) =>
    page.locator('input[type=file]').setInputFiles(files)
  const chip = (page: Page, name: string, state: string) =>
    page.locator(`[data-testid=chip][data-state=${state}]`).filter({ hasText: name }).waitFor()
  const chips = (page: Page) => page.getByTestId('chip')
  const answered = (page: Page, what: string) => page.getByTestId('answer').filter({ hasText: what }).waitFor()

  it('brings files that were picked, says why one cannot go, and shows with the message what it brought', async (t) => {
    const { page, wrongs } = await open(t)
    await attach(page, PICTURE, NOTES, PDF)
    await chip(page, 'garden.png', 'stored')
    await chip(page, 'notes.md', 'stored')
    await chip(page, 'report.pdf', 'failed')
    await page
      .getByRole('alert')
      .getByText(/report\.pdf is neither text/)
      .waitFor()
    await page.getByText(/^3 files, \d+ B$/).waitFor()
    await box(page).fill('what is in these?')
    assert.equal(await page.getByRole('button', { name: 'Send', exact: true }).isDisabled(), true)
    assert.deepEqual(await axe(page), [])
    await page.getByRole('button', { name: 'Remove report.pdf' }).focus()
    await page.keyboard.press('Delete')
    assert.match(await page.evaluate(() => document.activeElement?.ariaLabel ?? ''), /^Remove notes/)
    await page.keyboard.press('ArrowLeft')
    assert.match(await page.evaluate(() => document.activeElement?.ariaLabel ?? ''), /^Remove garden/)
    await box(page).press('Enter')
    await answered(page, 'what is in these?')
    assert.match(stage.upstream.asked.at(-1) ?? '', /The pump is green/)
    assert.equal(await chips(page).count(), 0)
    await page.reload()
    await page.getByRole('button', { name: 'Open garden.png' }).locator('img').waitFor()
    await page.getByRole('button', { name: 'Open notes.md' }).press('Enter')
    await page.getByRole('dialog', { name: 'notes.md' }).getByText('The pump is green.').waitFor()
    assert.deepEqual(await axe(page), [])
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    assert.match(await page.evaluate(() => document.activeElement?.ariaLabel ?? ''), /^Open notes/)
    assert.deepEqual(wrongs, [])
  })

  it('takes what is dropped anywhere on the chat, and nothing of a hostile name or type runs', async (t) => {
    const { page, wrongs } = await open(t)
    const drag = (type: string) =>
      page.evaluate((kind) => {
        const carried = new DataTransfer()
        const html = '<script>document.title = "ran"</script><img src=x onerror="document.title = 1">'
        carried.items.add(new File([html], '../<img src=x onerror=alert(1)>\u202egpj.html', { type: 'text/html' }))
        const what = { bubbles: true, cancelable: true, dataTransfer: carried }
        return document.querySelector('main')!.dispatchEvent(new DragEvent(kind, what))
      }, type)
    await drag('dragenter')
    await page.getByText('Let go to attach').waitFor()
    assert.deepEqual(await axe(page), [])
    assert.equal(await drag('drop'), false, 'the browser does not open the file itself')
    await page.getByTestId('drop').waitFor({ state: 'detached' })
    await chip(page, '<img src=x onerror=alert(1)>', 'stored')
    await box(page).press('Enter')
    await finished(page)
    await page.getByTestId('sent-file').press('Enter')
    await page.getByRole('dialog').getByText('document.title = "ran"').waitFor()
    assert.doesNotMatch(await page.title(), /ran|1/)
    assert.doesNotMatch(await page.getByRole('dialog').innerText(), /\u202e/)
    assert.deepEqual(wrongs, [])
  })

  it('says how many files are too many, and attaches the others', async (t) => {
    const { page } = await open(t)
    const many = Array.from({ length: 22 }, (_, i) => ({ ...NOTES, name: `note ${i + 1}.txt` }))
    await attach(page, ...many)
    await page.getByTestId('tray').getByText('2 did not fit: 20 files are the most for one message.').waitFor()
    await page.waitForFunction(() => document.querySelectorAll('[data-testid=chip][data-state=stored]').length === 20)
    assert.deepEqual(await axe(page), [])
  })

  const paste = (page: Page, text: string | null) =>
    page.evaluate(
      ([words, bytes]) => {
        const carried = new DataTransfer()
        if (words !== null) carried.setData('text/plain', words)
        else carried.items.add(new File([Uint8Array.from(atob(bytes), (c) => c.charCodeAt(0))], 'image.png'))
        const what = { bubbles: true, cancelable: true, clipboardData: carried }
        document.querySelector('textarea')!.dispatchEvent(new ClipboardEvent('paste', what))
      },
      [text, PNG.toString('base64')] as const,
    )

  it('takes a pasted picture, makes a file of long text, and puts that into the message if that is wanted', async (t) => {
    const { page, wrongs } = await open(t)
    const text = Array.from({ length: 90 }, (_, i) => `line ${i}`).join('\n')
    await box(page).fill('Look:')
    await paste(page, 'short')
    assert.equal(await chips(page).count(), 0)
    await paste(page, null)
    await chip(page, 'image.png', 'stored')
    await paste(page, text)
    await chip(page, 'Pasted text', 'stored')
    await page.getByRole('button', { name: 'Insert as text' }).click()
    await page.waitForFunction(
      (whole) => document.querySelector('textarea')?.value.trim() === whole,
      `Look:\n\n${text}`,
    )
    assert.equal(await chips(page).count(), 1)
    assert.deepEqual(wrongs, [])
  })

  it('keeps what is typed and attached through a reload, also what the server does not have yet', async (t) => {
    const { page, wrongs } = await open(t)
    await box(page).fill('a draft')
    await attach(page, NOTES)
    await chip(page, 'notes.md', 'stored')
    await page.route('**/v1/attachments', (route) => route.abort())
    await attach(page, { ...NOTES, name: 'late.txt', buffer: Buffer.from('The valve is blue.') })
    await chip(page, 'late.txt', 'waiting')
    await page.reload()
    await chip(page, 'notes.md', 'stored')
    await chip(page, 'late.txt', 'waiting')
    assert.equal(await box(page).inputValue(), 'a draft')
    await page.unroute('**/v1/attachments')
    await chip(page, 'late.txt', 'stored')
    await box(page).press('Enter')
    await answered(page, 'a draft')
    assert.match(stage.upstream.asked.at(-1) ?? '', /The pump is green[^]*The valve is blue/)
    await page.reload()
    await page.getByRole('button', { name: 'Open late.txt' }).waitFor()
    assert.equal(await chips(page).count(), 0)
    assert.deepEqual(wrongs, [])
  })

  it('sends a message with its files when the server is back', async (t) => {
    const { page } = await open(t)
    await page.route('**/v1/**', (route) => route.abort())
    await page.route('**/health', (route) => route.abort())
    await attach(page, NOTES)
    await chip(page, 'notes.md', 'waiting')
    await say(page, 'said while it was away')
    await page.getByText('Kept here, and sent as soon as the server is back').waitFor()
    await page.unroute('**/v1/**')
    await page.unroute('**/health')
    await answered(page, 'said while it was away')
    assert.match(stage.upstream.asked.at(-1) ?? '', /The pump is green/)
    await page.getByRole('button', { name: 'Open notes.md' }).waitFor()
  })

  it('says that a file which waited for too long is gone', async (t) => {
    const { page } = await open(t)
    await page.evaluate(() => {
      const id = `att_${'0'.repeat(26)}`
      const old = { key: id, id, name: 'old.txt', type: 'text/plain', bytes: 5, at: Date.now() - 48 * 3600_000 }
      localStorage.setItem('pkn.files.new', JSON.stringify([old]))
    })
    await page.reload()
    await chip(page, 'old.txt', 'gone')
    await page.getByText('old.txt is not kept any more.').waitFor()
  })

  it('says before sending that a model cannot see a picture, and chooses one that can with one click', async (t) => {
    const { page } = await open(t)
    await page.getByRole('button', { name: /^Model: / }).click()
    await page.getByRole('menuitemradio', { name: /^blind-1b/ }).click()
    await attach(page, PICTURE)
    await page.getByText('blind-1b can’t see pictures; seer-4b can.').waitFor()
    assert.deepEqual(await axe(page), [])
    await page.getByRole('button', { name: 'Choose seer-4b' }).click()
    await page.getByRole('button', { name: 'Model: seer-4b' }).waitFor()
    assert.equal(await page.getByTestId('files-note').count(), 0)
  })

  it('lines messages up behind an answer, gives one back, and lets one that cannot wait go first', async (t) => {
    const { page, wrongs } = await open(t)
    await say(page, 'long story')
    await page.getByTestId('text').waitFor()
    for (const text of ['second', 'third', 'fourth']) await say(page, text)
    await page.getByText('Next, 3 of 3').waitFor()
    assert.deepEqual(await axe(page), [])
    await page.getByRole('button', { name: 'Withdraw' }).nth(1).click()
    await page.waitForFunction(() => document.querySelector('textarea')?.value === 'third')
    await page.getByText('Next, 2 of 2').waitFor()
    await page.getByText(/Enter: stop the answer and ask this now/).waitFor()
    await box(page).fill('first of all')
    await page.keyboard.press('Control+Enter')
    await answered(page, 'It says: fourth')
    await page.getByText(/Stopped by you after/).waitFor()
    assert.match(await page.getByTestId('text').first().innerText(), /^w0 w1 w2/)
    const said = await page.getByTestId('said').allInnerTexts()
    assert.deepEqual(
      said.map((text) => text.split('\n')[0]),
      ['long story', 'first of all', 'second', 'fourth'],
    )
    assert.deepEqual(stage.upstream.asked.slice(-4), ['long story', 'first of all', 'second', 'fourth'])
    await page.reload()
    await answered(page, 'It says: fourth')
    assert.equal(await page.getByTestId('said').count(), 4)
    assert.deepEqual(wrongs, [])
  })

  it('lets one that cannot wait go before one that is on its way still', async (t) => {
    const { page, wrongs } = await open(t)
    await say(page, 'long way')
    await page.getByTestId('text').waitFor()
    const { promise: meanwhile, resolve: arrive } = Promise.withResolvers<void>()
    await page.route(/\/v1\/sessions\/\w+\/messages$/, async (route) => {
      if (route.request().postData()?.includes('in no hurry') === true) await meanwhile
      await route.continue()
    })
    const leaves = page.waitForRequest((request) => request.postData()?.includes('in no hurry') === true)
    await say(page, 'in no hurry')
    await leaves
    await page.getByTestId('said').getByText('in no hurry').waitFor()
    await box(page).fill('at once')
    await box(page).press('Control+Enter')
    await page.getByTestId('said').getByText('at once').waitFor()
    arrive()
    await answered(page, 'It says: in no hurry')
    const said = await page.getByTestId('said').allInnerTexts()
    assert.deepEqual(
      said.map((text) => text.split('\n')[0]),
      ['long way', 'at once', 'in no hurry'],
    )
    assert.deepEqual(stage.upstream.asked.slice(-3), ['long way', 'at once', 'in no hurry'])
    assert.deepEqual(wrongs, [])
  })

  it('quotes the words that are marked, beside them and not over them, or a whole message on a key', async (t) => {
    const { page, wrongs } = await open(t)
    await say(page, 'quote me')
    await finished(page)
    // What it is written in is drawn anew once what formats it has come.
    await page.getByTestId('text').locator('strong').waitFor()
    await page.evaluate(() =>
      document.getSelection()!.selectAllChildren(document.querySelector('[data-testid=text] p')!),
    )
    const button = page.getByRole('button', { name: 'Quote', exact: true })
    await button.waitFor()
    const over = await page.evaluate(() => {
      const mark = document.getSelection()!.getRangeAt(0).getBoundingClientRect()
      const it = document.querySelector('[popover=manual]')!.getBoundingClientRect()
      return it.top < mark.bottom && it.bottom > mark.top && it.left < mark.right && it.right > mark.left
    })
    assert.equal(over, false)
    assert.deepEqual(await axe(page), [])
    await button.click()
    await page.waitForFunction(() => document.querySelector('textarea')?.value === '> First line.\n\n')
    await page.waitForFunction(() => document.activeElement?.tagName === 'TEXTAREA')
    await page.keyboard.type('Why?')
    await page.getByTestId('answer').press('q')
    const whole = '> First line.\n\nWhy?\n\n> First line.\n>\n> It says: **quote me**\n\n'
    await page.waitForFunction((text) => document.querySelector('textarea')?.value === text, whole)
    assert.deepEqual(wrongs, [])
  })

  it('edits the last message on the arrow key, with what it brought', async (t) => {
    const { page } = await open(t)
    await attach(page, NOTES, { ...NOTES, name: 'more.txt' })
    await chip(page, 'more.txt', 'stored')
    await say(page, 'before')
    await finished(page)
    await box(page).press('ArrowUp')
    const edit = page.getByRole('textbox', { name: 'Edit message' })
    await edit.waitFor()
    assert.deepEqual(await axe(page), [])
    await page.getByRole('button', { name: 'Remove more.txt' }).click()
    await edit.fill('after')
    await edit.press('Enter')
    await answered(page, 'It says: after')
    await page.getByRole('button', { name: 'Open notes.md' }).waitFor()
    assert.equal(await page.getByTestId('sent-file').count(), 1)
    assert.match(stage.upstream.asked.at(-1) ?? '', /The pump is green/)
  })

  it('offers agents by name after an @', async (t) => {
    const { page } = await open(t)
    await box(page).pressSequentially('write it @co')
    await page.getByRole('option', { name: /^Coder/ }).waitFor()
    assert.deepEqual(await axe(page), [])
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('ArrowUp')
    await page.keyboard.press('Enter')
    await page.getByRole('button', { name: 'Who answers: Coder' }).waitFor()
    assert.equal(await box(page).inputValue(), 'write it ')
    await page.keyboard.type('please')
    await page.keyboard.press('Enter')
    await page.getByRole('article', { name: 'Answer of Coder' }).waitFor()
  })
})
