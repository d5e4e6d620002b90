import assert from 'node:assert/strict'
import { before, describe, it } from 'node:test'
import type { Page } from 'playwright-core'
import { connectTo } from '../../src/client/client.ts'
import { axe, findBrowser, finished, say } from './browser.ts'
import { fill, talkOf } from './filled.ts'
import { setStage } from './stage.ts'

const TULIPS = {
  text: 'Which tulips flower early?',
  answer: 'Plant **Kaufmanniana** tulips; the bulbs go into the ground in October.',
}
const found = findBrowser()
describe('finding', { skip: 'missing' in found ? found.missing : false }, () => {
  const stage = setStage((question) => ({ text: `About ${question}.` }))
  const { open } = stage
  before(async () => {
    if ('missing' in found) return
    const client = connectTo(stage.server.url)
    await fill(client, 'A long talk', talkOf(1500, { 7: TULIPS }))
    await fill(client, 'Two ways', [
      { text: 'Where shall we go?', answer: 'To the sea, or to the hills.' },
      { text: 'To the sea.', answer: 'Then take the lighthouse path along the dunes.' },
      { text: 'How far is it?', answer: 'Four miles to the lighthouse.' },
      { text: 'To the hills.', answer: 'Then take the quarry track.', after: 0 },
      { text: 'How steep is it?', answer: 'Steep enough.' },
    ])
    for (const title of ['Bread with rye', 'A name for the boat', 'Garden fence']) await fill(client, title, talkOf(2))
  })
  const field = (page: Page) => page.getByRole('combobox', { name: 'Search' })
  const option = (page: Page, name: string | RegExp) => page.getByRole('option', { name }).first()
  const active = (page: Page) => page.locator('[role=option][aria-selected=true]')
  const note = (page: Page) => page.getByRole('group', { name: 'The message that was looked for' })
  /** How far down in the view the marked words, or else the message that has the focus, begin; 0 is its top and 1 its end. */
  const placed = (page: Page) =>
    page.evaluate(() => {
      const box = document.querySelector('[role=log]')!.getBoundingClientRect()
      const [range] = CSS.highlights.get('found') ?? []
      const { top } = (range instanceof Range ? range : document.activeElement!).getBoundingClientRect()
      return (top - box.top) / box.height
    })
  /** The marks come, and the place is taken, some frames after the focus. */
  const marks = (page: Page, words: readonly string[]) =>
    page.waitForFunction(
      (words) => [...(CSS.highlights.get('found') ?? [])].map(String).join('|') === words,
      words.join('|'),
    )
  const inPlace = (page: Page) =>
    page.waitForFunction(() => {
      const box = document.querySelector('[role=log]')!.getBoundingClientRect()
      const [range] = CSS.highlights.get('found') ?? []
      if (!(range instanceof Range)) return false
      return Math.abs((range.getBoundingClientRect().top - box.top) / box.height - 1 / 3) < 0.1
    })
  const isFocused = (page: Page, name: RegExp) =>
    page.waitForFunction((name) => new RegExp(name).test(document.activeElement?.textContent ?? ''), name.source)

  it('what was said among thousands of messages is found by the keyboard alone, and shown where it stands', async (t) => {
    const { page, wrongs } = await open(t)
    const asked: string[] = []
    page.on('request', (request) => {
      const { pathname, searchParams } = new URL(request.url())
      if (pathname === '/v1/search') asked.push(searchParams.get('q')!)
    })
    await page.keyboard.press('Control+k')
    await field(page).waitFor()
    assert.deepEqual(await axe(page), [])
    const last = page.waitForRequest((request) => new URL(request.url()).searchParams.get('q') === 'kaufman')
    await page.keyboard.type('kaufman')
    // What was found for the first letters of it stands there before.
    await last
    await option(page, /Kaufmanniana tulips/).waitFor()
    assert.equal(
      await option(page, /Kaufmanniana tulips/)
        .locator('mark')
        .innerText(),
      'Kaufmanniana',
    )
    assert.deepEqual(await axe(page), [])
    assert.equal(asked.at(-1), 'kaufman')
    const before = asked.length
    assert.ok(before <= 'kaufman'.length, asked.join())
    assert.equal(new Set(asked).size, before, 'no question is asked twice')
    await page.keyboard.type('  ')
    await page.keyboard.press('ArrowDown')
    assert.equal(asked.length, before)
    await page.keyboard.press('Enter')
    await isFocused(page, /Kaufmanniana/)
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    assert.match(page.url(), /#s=ses_\w+&m=run_\w+$/)
    await marks(page, ['Kaufmanniana'])
    await inPlace(page)
    assert.deepEqual(wrongs, [])
  })

  it('a message that was found stays in its place while others come in, and is found again after a reload and by Back', async (t) => {
    const { page, wrongs } = await open(t)
    await page.keyboard.press('Control+k')
    await field(page).fill('bulbs october')
    await option(page, /bulbs go into the ground/).click()
    await isFocused(page, /Kaufmanniana/)
    const link = page.url()
    await page.reload()
    await isFocused(page, /Kaufmanniana/)
    await marks(page, ['bulbs', 'October'])
    await inPlace(page)
    const [, session] = /#s=(ses_\w+)/.exec(link)!
    const text = 'said elsewhere'
    await connectTo(stage.server.url).call('messagesSubmit', { params: { session: session as never }, body: { text } })
    await page.getByRole('navigation').getByText('is being answered').waitFor({ state: 'detached' })
    assert.ok(Math.abs((await placed(page)) - 1 / 3) < 0.1, `at ${await placed(page)}`)
    await page.getByRole('navigation').getByRole('button', { name: 'Garden fence', exact: true }).click()
    await page.getByText('This is number 1.').waitFor()
    await page.goBack()
    await isFocused(page, /Kaufmanniana/)
    assert.equal(page.url(), link)
    assert.deepEqual(wrongs, [])
  })

  it('Back leads to what was read in the same chat before', async (t) => {
    const { page } = await open(t)
    await page.getByRole('navigation').getByRole('button', { name: 'A long talk', exact: true }).click()
    await page.getByText('This is number 1499.').waitFor()
    const log = page.getByRole('log')
    await log.hover()
    await page.mouse.wheel(0, -2500)
    await page.getByRole('button', { name: 'To the end' }).waitFor()
    const read = () =>
      log.evaluate((box) => {
        const { top } = box.getBoundingClientRect()
        const rows = [...box.querySelectorAll('[data-testid=turn]')]
        return rows.find((row) => row.getBoundingClientRect().top > top)?.textContent.slice(0, 20) ?? ''
      })
    // A wheel is followed bit by bit.
    await log.evaluate(async (box) => {
      for (let still = 0, was = -1; still < 12; was = box.scrollTop) {
        await new Promise(requestAnimationFrame)
        still = box.scrollTop === was ? still + 1 : 0
      }
    })
    const before = await read()
    const back = async (there: string) => {
      await page.getByText(there).first().waitFor()
      await page.waitForFunction((text) => {
        const box = document.querySelector('[role=log]')
        const { top } = box?.getBoundingClientRect() ?? { top: 0 }
        const rows = [...(box?.querySelectorAll('[data-testid=turn]') ?? [])]
        return rows.find((row) => row.getBoundingClientRect().top > top)?.textContent.startsWith(text) === true
      }, there)
    }
    await page.keyboard.press('Control+k')
    await field(page).fill('kaufmanniana')
    await option(page, /Kaufmanniana tulips/).click()
    await isFocused(page, /Kaufmanniana/)
    await page.goBack()
    await back(before)
    // So does coming back from another view, from another chat, and a reload; however far above the end.
    await log.evaluate((box) => (box.scrollTop = 400))
    await page.getByText('Number 2, please.').waitFor()
    const there = await read()
    for (let i = 0; i < 2; i++) await page.keyboard.press('Control+,')
    await back(there)
    await page.getByRole('navigation').getByRole('button', { name: 'Garden fence', exact: true }).click()
    await page.getByRole('heading', { name: 'Garden fence' }).waitFor()
    await page.goBack()
    await back(there)
    await page.reload()
    await back(there)
  })

  it('a message on another branch is shown with that branch, and one comes back to the other', async (t) => {
    const { page, wrongs } = await open(t)
    await page.keyboard.press('Control+k')
    await field(page).fill('lighthouse dunes')
    await option(page, /lighthouse path along the dunes/).click()
    await isFocused(page, /lighthouse path/)
    await note(page).getByText('The message is on another branch, which is shown now.').waitFor()
    await page.getByText('Four miles to the lighthouse.').waitFor()
    assert.deepEqual(await axe(page), [])
    await page.getByRole('button', { name: 'Back to the other' }).click()
    await page.getByText('Steep enough.').waitFor()
    assert.equal(await page.getByText('Four miles to the lighthouse.').count(), 0)
    assert.deepEqual(wrongs, [])
  })

  it('a message that is gone is said to be gone, in the chat that it was in', async (t) => {
    const { page } = await open(t)
    await page.keyboard.press('Control+k')
    await field(page).fill('lighthouse dunes')
    await option(page, /lighthouse path along the dunes/).click()
    await isFocused(page, /lighthouse path/)
    await page.goto(page.url().replace(/&m=.*/, '&m=run_00000000000000000000000000'))
    await note(page).getByText('This message is not there any more.').waitFor()
    await page.getByText('Where shall we go?').waitFor()
    await page.getByRole('button', { name: 'Close', exact: true }).click()
    await note(page).getByText('This message is not there any more.').waitFor({ state: 'detached' })
  })

  it('chats are found by a few letters at once, also while the server thinks', async (t) => {
    const { page } = await open(t)
    const held = Promise.withResolvers<void>()
    t.after(() => held.resolve())
    await page.route('**/v1/search**', async (route) => {
      await held.promise
      await route.continue()
    })
    await page.keyboard.press('Control+k')
    await page.keyboard.type('gardn f')
    await option(page, /Garden fence/).waitFor()
    await page.getByText('Searching…').first().waitFor()
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'Garden fence' }).waitFor()
  })

  it('the newest question wins, however late the answers come', async (t) => {
    const { page } = await open(t)
    const [began, first] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    t.after(() => first.resolve())
    const asked: string[] = []
    await page.route('**/v1/search**', async (route) => {
      asked.push(new URL(route.request().url()).searchParams.get('q')!)
      began.resolve()
      if (asked.length === 1) await first.promise
      await route.continue()
    })
    await page.keyboard.press('Control+k')
    await field(page).fill('quarry')
    await began.promise
    for (const text of ['k', 'kauf', 'kaufmanniana']) await field(page).fill(text)
    first.resolve()
    await option(page, /Kaufmanniana tulips/).waitFor()
    assert.deepEqual(asked, ['quarry', 'kaufmanniana'])
    assert.equal(await page.getByRole('option', { name: /quarry/ }).count(), 0)
  })

  it('more of what was found comes at the end of the list; nothing found is said', async (t) => {
    const { page } = await open(t)
    await page.keyboard.press('Control+k')
    await field(page).fill('nothing said')
    await page.waitForFunction(() => document.querySelectorAll('[role=option]').length === 20)
    await page.keyboard.press('ArrowUp')
    await page.waitForFunction(() => document.querySelectorAll('[role=option]').length > 20)
    assert.equal(await active(page).evaluate((row) => row.parentElement!.lastElementChild === row), false)
    await tellTogether(page)
    await field(page).fill('number please')
    await page.waitForFunction(() => document.querySelectorAll('[role=option]').length === 20)
    await page.keyboard.press('ArrowUp')
    await page.waitForFunction(() => document.querySelectorAll('[role=option]').length > 20)
    await field(page).fill('xyzzy')
    await page.getByText('Nothing found for “xyzzy”').waitFor()
    assert.deepEqual(await axe(page), [])
  })

  it('commands are done, agents are asked, and what was chosen is offered first the next time', async (t) => {
    const { page, wrongs } = await open(t)
    await page.keyboard.press('Control+k')
    await page.keyboard.type('>')
    await option(page, 'New chat').waitFor()
    assert.equal(await page.getByRole('group', { name: 'Chats', exact: true }).count(), 0)
    assert.equal(await page.getByRole('option', { name: 'Delete this chat' }).count(), 0, 'there is no chat yet')
    await page.keyboard.type('trace')
    await page.keyboard.press('Enter')
    await page.getByRole('complementary', { name: 'Trace' }).waitFor()
    await page.keyboard.press('Control+k')
    await page.keyboard.type('ask coder')
    await page.keyboard.press('Enter')
    await page.getByRole('button', { name: 'Who answers: Coder' }).waitFor()
    await page.waitForFunction(() => document.activeElement?.tagName === 'TEXTAREA')
    await page.reload()
    await page.getByLabel('Message', { exact: true }).waitFor()
    await page.keyboard.press('Control+k')
    const lately = page.getByRole('group', { name: 'Chosen lately' })
    await lately.getByRole('option', { name: 'Ask Coder' }).waitFor()
    await lately.getByRole('option', { name: 'Show the trace' }).waitFor()
    await page.keyboard.press('Escape')
    await say(page, 'brief')
    await finished(page)
    await page.keyboard.press('Control+k')
    await page.keyboard.type('>delete this')
    await page.keyboard.press('Enter')
    await page.waitForURL((url) => url.hash === '')
    await page.getByText('Deleted “brief”').waitFor()
    assert.deepEqual(wrongs, [])
  })

  it('on a phone the palette fills the screen, and is reached from the top and from the list of chats', async (t) => {
    const phone = { viewport: { width: 390, height: 780 }, hasTouch: true, isMobile: true }
    const { page, wrongs } = await open(t, { ...phone, colorScheme: 'dark' as const })
    await page.getByRole('button', { name: 'Search', exact: true }).tap()
    assert.deepEqual(await page.getByRole('dialog').boundingBox(), { x: 0, y: 0, width: 390, height: 780 })
    assert.deepEqual(await axe(page), [])
    await page.getByRole('button', { name: 'Close', exact: true }).tap()
    await page.getByRole('button', { name: 'Open the list of chats' }).tap()
    await page.getByRole('button', { name: 'Search your chats' }).tap()
    await page.getByRole('combobox', { name: 'Search your chats' }).fill('kaufmanniana')
    await option(page, /Kaufmanniana tulips/).tap()
    await isFocused(page, /Kaufmanniana/)
    await page.getByRole('button', { name: 'Open the list of chats' }).waitFor()
    assert.deepEqual(await axe(page), [])
    assert.deepEqual(wrongs, [])
  })
})

/** A browser that is so busy that it says what was seen and what is seen by then in one. */
const tellTogether = (page: Page) =>
  page.evaluate(() => {
    const True = IntersectionObserver
    window.IntersectionObserver = class extends True {
      constructor(tell: IntersectionObserverCallback, options?: IntersectionObserverInit) {
        const held: IntersectionObserverEntry[] = []
        super((entries, own) => {
          held.push(...entries)
          if (held.length > 1) tell(held.splice(0), own)
        }, options)
      }
    }
  })
