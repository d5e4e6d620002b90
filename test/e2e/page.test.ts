import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import type { Page } from 'playwright-core'
import { connectTo } from '../../src/client/client.ts'
import { textOf, EMPTY, foldAll } from '../../src/wire/fold.ts'
import { START, type SessionId } from '../../src/wire/id.ts'
import { freePort, scratch, startProcess } from '../process.ts'
import { ATTACKS } from './attacks.ts'
import {
  answerText,
  axe,
  findBrowser,
  finished,
  looks,
  fetched,
  openPage,
  ready,
  say,
  type Opening,
} from './browser.ts'
import { setStage } from './stage.ts'
import { stopsAt, type Reply } from './upstream.ts'

const words = (n: number) => Array.from({ length: n }, (_, i) => `w${i}`).join(' ')
const RICH = `Here is **what** I found, and a list.

1. one
2. two with \`code\`

\`\`\`ts
const answer: number = 42 // a comment
\`\`\`

| a | b |
|---|--:|
| x | 1 |

- [x] done
- [ ] to do

> quoted

[a link](https://example.org/)`

/** Where the model waits for the page. */
const GATES = Array.from({ length: 12 }, (_, nth) => `text ${nth}` as const)
const steps = stopsAt(...GATES)
const tall = stopsAt('text 120', 'text 180', 'text 220')
/** What the upstream says to a question that begins with this word. */
const REPLIES: Record<string, Reply> = {
  quick: { text: words(20), everyMs: 2 },
  steps: { text: words(12), hold: steps.hold },
  slow: { text: words(120), size: 12, everyMs: 90 },
  endless: { text: words(3000), everyMs: 40 },
  crawl: { text: words(3), everyMs: 2100, thought: 'hm', reading: { tokens: 4000, everyMs: 200 } },
  rich: { text: RICH, everyMs: 2, thought: 'Let me see what there is to say.', reading: { tokens: 100, everyMs: 5 } },
  attack: { text: ATTACKS, size: 7, everyMs: 1, thought: ATTACKS },
  fail: { text: '', status: 400 },
  vast: { text: `${'x'.repeat(3_000_000)} end`, size: 100_000 },
  tall: { text: Array.from({ length: 150 }, (_, i) => `Paragraph ${i}.\n\n`).join(''), hold: tall.hold },
}
const reply = (question: string): Reply => REPLIES[question.split(/\W/)[0] ?? ''] ?? REPLIES['quick']!

const found = findBrowser()
describe('the page', { skip: 'missing' in found ? found.missing : false }, () => {
  const stage = setStage(reply)
  const open = (t: TestContext, options: Opening = {}) => stage.open(t, { busy: true, ...options })

  it('shows words as they come, and ends with exactly the text of the log', async (t) => {
    const { page, wrongs } = await open(t)
    await say(page, 'steps, please')
    // The model says no word before the one before it is shown.
    for (const [nth, gate] of GATES.entries()) {
      await page.waitForFunction(
        (shown) => (document.querySelector('[data-testid=text]')?.textContent ?? '') === shown,
        words(nth),
      )
      steps.letGo(gate)
    }
    await finished(page)
    assert.equal(await answerText(page), words(12))
    assert.equal(await answerText(page), await loggedText(stage.server.url, page))
    assert.deepEqual(wrongs, [])
  })

  it('shows the message and a status before the server has answered', async (t) => {
    const { page } = await open(t)
    let letGo = () => {}
    const held = new Promise<void>((go) => (letGo = go))
    await page.route('**/v1/sessions', async (route) => {
      if (route.request().method() === 'POST') await held
      await route.continue()
    })
    await say(page, 'quick, are you there?')
    await page.getByTestId('said').getByText('quick, are you there?').waitFor()
    await page.getByTestId('status').getByText('Sending to your machine').waitFor()
    letGo()
    await finished(page)
  })

  it('goes on after a reload at any moment, with the whole text', async (t) => {
    const { page, wrongs } = await open(t)
    await say(page, 'slow reload')
    for (const least of [0, 1, 60, 200, 350]) {
      await page.waitForFunction(
        (n) =>
          (document.querySelector('[data-testid=text]')?.textContent ?? '').length >= n ||
          document.querySelector('[data-testid=stats]'),
        least,
      )
      await page.waitForURL(/#s=ses_/)
      const before = await answerText(page)
      await page.reload()
      await page.waitForFunction(
        (n) => (document.querySelector('[data-testid=text]')?.textContent ?? '').length >= n,
        before.length,
      )
      assert.ok((await answerText(page)).startsWith(before), 'the answer begins with what was there before the reload')
    }
    await page.waitForFunction(
      (text) => document.querySelector('[data-testid=text]')?.textContent === text,
      REPLIES['slow']!.text,
    )
    assert.equal(await answerText(page), await loggedText(stage.server.url, page))
    assert.equal(await page.getByTestId('said').count(), 1)
    assert.deepEqual(wrongs, [])
  })

  it('stops when asked, by button and by key, and keeps what was written', async (t) => {
    const { page } = await open(t)
    const stops = [() => page.getByRole('button', { name: 'Stop' }).click(), () => page.keyboard.press('Escape')]
    for (const [i, stop] of stops.entries()) {
      await say(page, 'endless story')
      await page.waitForFunction(
        (nth) => (document.querySelectorAll('[data-testid=text]')[nth]?.textContent ?? '').length > 40,
        i,
      )
      await stop()
      await page
        .getByText(/Stopped by you after/)
        .nth(i)
        .waitFor()
      assert.match(await answerText(page), /^w0 w1 .{30,}/)
      // The model was told to stop as well.
      await stage.upstream.quiet()
      await page.getByRole('button', { name: 'Stop' }).waitFor({ state: 'detached' })
    }
  })

  it('stops a message also before the server has acknowledged it', async (t) => {
    const { page } = await open(t)
    const held = Promise.withResolvers<void>()
    await page.route('**/v1/sessions', async (route) => {
      if (route.request().method() === 'POST') await held.promise
      await route.continue()
    })
    await say(page, 'endless and regretted')
    await page.keyboard.press('Escape')
    held.resolve()
    await page.getByText(/Stopped by you after|No model was asked/).waitFor()
  })

  it('shows in a second window what is said in the first, while both are open', async (t) => {
    const { page } = await open(t)
    await say(page, 'quick one')
    await finished(page)
    const second = await page.context().newPage()
    await second.goto(page.url())
    await second.getByTestId('said').waitFor()
    await say(page, 'quick two')
    await second.getByTestId('said').nth(1).waitFor()
    // An answer that has ended before it was heard of comes whole, without the figures at its end.
    await second.getByTestId('answer').nth(1).getByText('w19').waitFor()
    assert.equal(await answerText(second), REPLIES['quick']!.text)
  })

  it('puts what is said quickly in a new chat into one session, in order', async (t) => {
    const { page } = await open(t)
    const held = Promise.withResolvers<void>()
    let begun = 0
    await page.route('**/v1/sessions', async (route) => {
      if (route.request().method() === 'POST') {
        begun++
        await held.promise
      }
      await route.continue()
    })
    for (const n of [1, 2, 3]) await say(page, `quick ${n}`)
    held.resolve()
    await page.waitForFunction(() => document.querySelectorAll('[data-testid=stats]').length === 3)
    assert.equal(begun, 1)
    await page.unroute('**/v1/sessions')
    await page.reload()
    await page.getByTestId('said').nth(2).waitFor()
    assert.deepEqual(await page.getByTestId('said').allTextContents(), ['quick 1', 'quick 2', 'quick 3'])
  })

  it('heals by itself when the server is killed in mid-answer and comes back', async (t) => {
    const port = String(await freePort())
    const own = scratch()
    const env = { LLAMA_BASE_URL: stage.upstream.url, PKN_PORT: port }
    let killed = await startProcess(own.home, env)
    t.after(async () => {
      await killed.kill()
      own.remove()
    })
    const { page, wrongs } = await openPage(t, stage.browser, killed.url)
    await say(page, 'slow and killed')
    await page.waitForFunction(() => (document.querySelector('[data-testid=text]')?.textContent ?? '').length > 80)
    await page.evaluate(() => Object.assign(window, { sameDocument: true }))
    await fetched(page)
    await killed.kill('SIGKILL')
    await page.getByTestId('offline').waitFor()
    await say(page, 'quick, said while the server was away')
    await page.getByText('Kept here, and sent as soon as the server is back').waitFor()
    killed = await startProcess(own.home, env)
    await page.waitForFunction(() => document.querySelectorAll('[data-testid=stats]').length === 2)
    assert.equal(await page.evaluate(() => 'sameDocument' in window), true)
    await page.getByTestId('offline').waitFor({ state: 'detached' })
    const texts = await page.getByTestId('text').allTextContents()
    assert.deepEqual(texts, [REPLIES['slow']!.text, REPLIES['quick']!.text])
    assert.equal(await page.getByTestId('note').filter({ hasText: 'restarted' }).count(), 1)
    assert.equal(await page.getByTestId('said').count(), 2)
    assert.deepEqual(wrongs, [])
  })

  it('does not lose a message when page and server both go away', async (t) => {
    const { page } = await open(t)
    await page.route('**/v1/**', (route) => route.abort())
    await say(page, 'quick letter')
    await page.getByTestId('said').waitFor()
    await page.unroute('**/v1/**')
    await page.reload()
    // It may have come through just before the page was loaded again: then its answer is one of an earlier visit, without figures.
    await page.waitForFunction(
      (text) => document.querySelector('[data-testid=text]')?.textContent === text,
      REPLIES['quick']!.text,
    )
    assert.deepEqual(await page.getByTestId('said').allTextContents(), ['quick letter'])
  })

  it('runs nothing and asks nobody, whatever a model writes', async (t) => {
    const { page, wrongs } = await open(t)
    await say(page, `attack <img src=x onerror="window.pwned=100">`)
    await finished(page)
    await page.getByTestId('thought').getByRole('button').click()
    for (const name of await page.getByTestId('text').locator('a').all()) {
      const href = (await name.getAttribute('href')) ?? ''
      assert.match(href, /^(https?|mailto):/, href)
    }
    await page.getByTestId('text').getByText('click', { exact: false }).first().click()
    await page.reload()
    await page.getByText('end of the attacks').first().waitFor()
    assert.equal(await page.evaluate(() => 'pwned' in window), false)
    assert.equal(await page.locator('main').locator('script, iframe, img, style, link, form[action], base').count(), 0)
    assert.deepEqual(wrongs, [])
  })

  it('has no silent second', async (t) => {
    const { page } = await open(t)
    await page.getByLabel('Message', { exact: true }).fill('crawl')
    await page.evaluate(() => {
      const now = () => performance.now()
      const gaps = { last: now(), longest: 0, text: '', tick: now(), late: 0 }
      Object.assign(window, { gaps })
      // What keeps a plain clock waiting is the machine's doing.
      setInterval(() => {
        gaps.late = Math.max(gaps.late, now() - gaps.tick - 250)
        gaps.tick = now()
      }, 250)
      new MutationObserver(() => {
        const text = document.querySelector('main')?.textContent ?? ''
        if (text === gaps.text) return
        gaps.longest = Math.max(gaps.longest, now() - gaps.last)
        Object.assign(gaps, { last: now(), text })
      }).observe(document.body, { subtree: true, childList: true, characterData: true })
    })
    await page.keyboard.press('Enter')
    await finished(page)
    const { longest, late } = await page.evaluate(() => (window as unknown as Gaps).gaps)
    assert.ok(longest < 1300 + 2 * late, `the page stood still for ${Math.round(longest)} ms, a clock for ${late}`)
  })

  it('speaks phases to a screen reader, and no words', async (t) => {
    const { page } = await open(t)
    await page.evaluate(() => {
      const heard: string[] = []
      Object.assign(window, { heard })
      const node = document.querySelector('[data-testid=spoken]')!
      new MutationObserver(() => heard.push(node.textContent)).observe(node, {
        subtree: true,
        childList: true,
        characterData: true,
      })
    })
    await say(page, 'slow and spoken')
    await finished(page)
    await page.waitForFunction(() =>
      document.querySelector('[data-testid=spoken]')?.textContent.startsWith('Answer ready'),
    )
    const heard = await page.evaluate(() => (window as unknown as { heard: string[] }).heard)
    assert.ok(heard.length < 14, heard.join(' | '))
    assert.ok(!heard.some((text) => /w\d/.test(text)), heard.join(' | '))
    assert.equal(await page.getByRole('log').getAttribute('aria-live'), 'off')
  })

  it('follows the end until the reader scrolls up, and then leaves him there', async (t) => {
    const { page } = await open(t)
    await say(page, 'tall tale')
    const log = page.getByRole('log')
    const atEnd = () =>
      page.waitForFunction(() => {
        const box = document.querySelector('[role=log]')!
        return box.scrollHeight - box.scrollTop - box.clientHeight <= 40
      })
    /** Until so many paragraphs are there; each is two words. */
    const grown = (to: number) =>
      page.waitForFunction(
        (last) => document.querySelector('[data-testid=text]')?.textContent.endsWith(`Paragraph ${last}.`),
        to - 1,
      )
    const top = () => log.evaluate((box) => box.scrollTop)
    const rest = () => log.evaluate((box) => box.scrollHeight - box.scrollTop - box.clientHeight)
    await grown(60)
    await atEnd()
    const end = await top()
    assert.ok(end > 900, `${end}`)
    await log.hover()
    await page.mouse.wheel(0, -600)
    await page.getByRole('button', { name: 'To the end' }).waitFor()
    await page.waitForFunction((least) => document.querySelector('[role=log]')!.scrollTop <= least, end - 600)
    const left = await top()
    tall.letGo('text 120')
    await grown(90)
    await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))))
    assert.equal(await top(), left)
    await page.getByRole('button', { name: 'To the end' }).click()
    await atEnd()
    tall.letGo('text 180')
    await grown(110)
    await atEnd()
    // What is selected stays under the pointer as well.
    await log.evaluate((box) => {
      const said = box.querySelector('[data-testid=text]')!
      getSelection()!.selectAllChildren(said.lastElementChild ?? said)
    })
    tall.letGo('text 220')
    await finished(page)
    assert.ok((await rest()) > 150)
  })

  it('stays usable under a line of three megabytes', async (t) => {
    const { page, wrongs } = await open(t)
    await say(page, 'vast line')
    await finished(page)
    await page.getByText(/characters more; copy the answer/).waitFor()
    await say(page, 'quick one after')
    await page.getByTestId('text').getByText('w0 w1').waitFor()
    assert.deepEqual(wrongs, [])
  })

  it('keeps the theme that was chosen, from the first moment on', async (t) => {
    const { page } = await open(t, { colorScheme: 'light' })
    await page.getByRole('button', { name: 'Theme: as the system' }).click()
    await page.getByRole('button', { name: 'Theme: light' }).click()
    await page.route('**/assets/page-*.js', (route) => route.abort())
    await page.reload()
    assert.equal(await page.evaluate(() => getComputedStyle(document.documentElement).colorScheme), 'dark')
  })

  it('sends on Enter, but neither on Shift+Enter nor while a word is composed', async (t) => {
    const { page } = await open(t)
    const box = page.getByLabel('Message', { exact: true })
    await box.fill('quick one')
    await box.press('Shift+Enter')
    await box.evaluate((area) =>
      area.dispatchEvent(
        new KeyboardEvent('keydown', { key: 'Enter', isComposing: true, bubbles: true, cancelable: true }),
      ),
    )
    assert.equal(await page.getByTestId('said').count(), 0)
    assert.equal(await box.inputValue(), 'quick one\n')
    await page.reload()
    await ready(page)
    assert.equal(await box.inputValue(), 'quick one\n', 'what was typed is there after a reload')
    await box.press('Enter')
    await finished(page)
    assert.equal(await box.inputValue(), '')
  })

  it('lists, renames and removes chats, and a removal can be undone', async (t) => {
    const { page } = await open(t)
    await say(page, 'quick list')
    await finished(page)
    const chats = page.getByRole('navigation', { name: 'Chats' })
    await chats.getByRole('button', { name: 'Options for quick list' }).click({ force: true })
    await page.getByRole('menuitem', { name: 'Rename' }).click()
    await page.getByLabel('Title of the chat').fill('A better title')
    const [renamed] = await Promise.all([
      page.waitForResponse((response) => response.request().method() === 'PATCH'),
      page.keyboard.press('Enter'),
    ])
    assert.equal(renamed.status(), 200)
    await page.reload()
    await chats.getByRole('button', { name: 'A better title', exact: true }).waitFor()
    await chats.getByRole('button', { name: 'Options for A better title' }).click({ force: true })
    await page.getByRole('menuitem', { name: 'Delete' }).click()
    await chats.getByRole('button', { name: 'A better title', exact: true }).waitFor({ state: 'detached' })
    await page.getByRole('button', { name: 'Undo' }).click()
    await chats.getByRole('button', { name: 'A better title', exact: true }).click()
    await page.getByTestId('text').waitFor()
  })

  it('goes on with an answer while another chat is read, and shows all of it on return', async (t) => {
    const { page, wrongs } = await open(t)
    await say(page, 'slow in the background')
    await page.waitForFunction(() => (document.querySelector('[data-testid=text]')?.textContent ?? '').length > 50)
    await page.keyboard.press('Control+Shift+O')
    await page.getByTestId('empty').waitFor()
    await say(page, 'quick in between')
    await finished(page)
    assert.equal(await answerText(page), REPLIES['quick']!.text)
    await page
      .getByRole('navigation', { name: 'Chats' })
      .getByRole('button', { name: /^slow in the background/ })
      .first()
      .click()
    await page.waitForFunction(
      (text) => document.querySelector('[data-testid=text]')?.textContent === text,
      REPLIES['slow']!.text,
    )
    await page.goBack()
    await page.getByTestId('said').getByText('quick in between').waitFor()
    assert.deepEqual(wrongs, [])
  })

  it('asks another agent on request, and says that it was asked for', async (t) => {
    const { page } = await open(t)
    await page.getByRole('button', { name: /^Who answers/ }).click()
    await page.getByRole('menuitemradio').nth(2).waitFor()
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    await say(page, 'quick wish')
    await finished(page)
    await page.getByTestId('route').getByText('as you asked').waitFor()
    await page.getByTestId('route').getByRole('button').first().click()
    await page
      .getByRole('button', { name: /^Ask .* instead$/ })
      .first()
      .click()
    await page.getByTestId('versions').getByText('2/2').waitFor()
    await finished(page)
    assert.equal(await page.getByTestId('said').count(), 1)
  })

  it('shows what went wrong and what to do, and tries again', async (t) => {
    const { page } = await open(t)
    await say(page, 'fail once')
    await page.getByTestId('fault').waitFor()
    await page.getByRole('alert').waitFor()
    await page.getByRole('button', { name: 'Try again' }).click()
    await page.getByTestId('versions').getByText('2/2').waitFor()
    await page.getByTestId('fault').waitFor()
    assert.equal(await page.getByTestId('said').count(), 1)
  })

  for (const { colorScheme, viewport } of looks({ width: 1280, height: 860 }, { width: 390, height: 800 }))
    it(`axe finds nothing: ${colorScheme}, ${viewport.width} wide`, async (t) => {
      const { page, wrongs } = await open(t, { colorScheme, viewport })
      const clean = async (state: string) => assert.deepEqual(await axe(page), [], state)
      await page.getByText('answers on this machine').waitFor()
      await clean('empty')
      await say(page, 'endless axe')
      await page.getByTestId('text').waitFor()
      await clean('streaming')
      await page.keyboard.press('Escape')
      await page.getByText(/Stopped by you/).waitFor()
      await say(page, 'rich answer')
      await page.waitForFunction(() => document.querySelectorAll('[data-testid=stats]').length === 2)
      await page.getByTestId('route').last().getByRole('button').first().click()
      await page.getByTestId('thought').last().getByRole('button').first().click()
      await clean('done')
      await say(page, 'fail please')
      await page.getByTestId('fault').waitFor()
      await clean('fault')
      await page.getByRole('button', { name: 'Trace', exact: true }).first().click()
      await page.getByRole('complementary', { name: 'Trace' }).waitFor()
      await clean('trace')
      await page.getByRole('button', { name: 'Close the trace' }).click()
      if (viewport.width < 760) {
        await page.getByRole('button', { name: 'Open the list of chats' }).click()
        await clean('chats')
      }
      assert.equal(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true)
      assert.deepEqual(wrongs, [])
    })
})

type Gaps = { gaps: { longest: number; late: number } }

async function loggedText(url: string, page: Page): Promise<string> {
  const client = connectTo(url)
  const session = /#s=(\w+)/.exec(page.url())?.[1] as SessionId
  const { messages } = await client.call('messagesList', { params: { session }, query: {} })
  let draft = EMPTY
  for await (const batch of client.follow(messages[0]!.run, START, AbortSignal.timeout(60_000)))
    draft = foldAll(draft, batch)
  return textOf(draft)
}
