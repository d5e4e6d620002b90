import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, it, type TestContext } from 'node:test'
import type { Page } from 'playwright-core'
import { connectTo } from '../../src/client/client.ts'
import type { Entry } from '../../src/wire/event.ts'
import { RunArchive } from '../../src/wire/archive.ts'
import { newRunId, START, type RunId } from '../../src/wire/id.ts'
import { axe, findBrowser, finished, looks, say, type Opening } from './browser.ts'
import { setStage } from './stage.ts'
import type { Reply } from './upstream.ts'

const words = (n: number) => Array.from({ length: n }, (_, i) => `w${i}`).join(' ')
const THOUGHT = 'First I read what was asked. Then I see that it is about a story, and that a story has a beginning.'
const REPLIES: Record<string, Reply> = {
  quick: { text: words(20), everyMs: 5, thought: THOUGHT, reading: { tokens: 300, everyMs: 10 } },
  story: { text: words(400), everyMs: 40, thought: THOUGHT, reading: { tokens: 4000, everyMs: 120 } },
}
const reply = (question: string): Reply => REPLIES[question.split(/\W/)[0] ?? ''] ?? REPLIES['quick']!

const found = findBrowser()
describe('the trace', { skip: 'missing' in found ? found.missing : false }, () => {
  const stage = setStage(reply)
  const open = (t: TestContext, options: Opening = {}) => stage.open(t, { busy: true, ...options })
  const row = (page: Page, name: string) => page.getByRole('treeitem').filter({ hasText: name }).first()
  /** The run of the only answer on the page, and its log. */
  const logOf = async (page: Page): Promise<{ run: RunId; log: Entry[] }> => {
    const client = connectTo(stage.server.url)
    const session = /#s=(\w+)/.exec(page.url())?.[1] as never
    const { messages } = await client.call('messagesList', { params: { session }, query: {} })
    const { run } = messages[0]!
    const log: Entry[] = []
    for await (const batch of client.follow(run, START, AbortSignal.timeout(60_000))) log.push(...batch)
    return { run, log }
  }

  it('grows while the answer is made, phase by phase, and ends with the stop and its milliseconds', async (t) => {
    const { page, wrongs } = await open(t)
    await page.keyboard.press('Control+.')
    await page.getByText('see here where the time goes').waitFor()
    await say(page, 'story, please')
    await row(page, 'Reading prompt').waitFor()
    await page.getByRole('treeitem', { name: /Reading prompt, [\d,]+ of 4,000 tokens, going on, / }).waitFor()
    await row(page, 'Thinking').waitFor()
    await row(page, 'Writing').waitFor()
    const time = () => row(page, 'Writing').locator('.trace-time').innerText()
    const before = await time()
    await page.waitForFunction(
      (then) => document.querySelector('[data-kind=answering] .trace-time')?.textContent !== then,
      before,
    )
    // The bars grow by a figure of the panel's, not by being drawn again.
    const drawn = await page.evaluate(async () => {
      const tree = document.querySelector('[role=tree]')!
      let [other, widest] = [0, 0]
      const watch = new MutationObserver((changes) => {
        for (const { target } of changes) {
          const of = (target.nodeType === 1 ? (target as Element) : target.parentElement)?.closest('[role=treeitem]')
          if (of?.getAttribute('data-kind') !== 'answering' && of?.getAttribute('data-kind') !== 'run') other++
        }
      })
      const bar = document.querySelector('[data-kind=answering] .trace-bar')!
      const from = bar.getBoundingClientRect().width
      watch.observe(tree, { subtree: true, childList: true, characterData: true, attributes: true })
      for (let i = 0; i < 90; i++) await new Promise(requestAnimationFrame)
      widest = bar.getBoundingClientRect().width
      watch.disconnect()
      return { other, grew: widest > from }
    })
    assert.deepEqual(drawn, { other: 0, grew: true })
    await page.getByRole('button', { name: 'Stop' }).click()
    await page.getByRole('treeitem', { name: /^Stopping, stopped, [\d.]+ m?s$/ }).waitFor()
    await page
      .getByTestId('doing')
      .getByText(/Stopped by you; the stop took/)
      .waitFor()
    const { log } = await logOf(page)
    const gaps = await page.evaluate(() => {
      const bars = [...document.querySelectorAll<HTMLElement>('[aria-level="2"]:not([data-kind=moment]) .trace-bar')]
      const ends = bars.map(({ style }) =>
        [style.getPropertyValue('--from'), style.getPropertyValue('--to')].map(Number),
      )
      return { holes: ends.filter(([from], i) => from !== (ends[i - 1]?.[1] ?? 0)), end: ends.at(-1)?.[1] }
    })
    assert.deepEqual(gaps, { holes: [], end: log.at(-1)!.t })
    assert.deepEqual(wrongs, [])
  })

  it('tells the story: who was chosen and by which words, what was read, thought and said', async (t) => {
    const { page, wrongs } = await open(t)
    await say(page, 'quick: write a python function')
    await finished(page)
    await page.getByRole('button', { name: 'How it came about' }).click()
    const story = page.getByTestId('story')
    await story.getByText(/agents compared in/).waitFor()
    assert.ok((await page.getByTestId('scores').getByRole('listitem').count()) >= 3)
    assert.equal(await page.getByTestId('trace-thought').innerText(), THOUGHT)
    assert.equal(await page.getByTestId('trace-text').innerText(), words(20))
    await story
      .getByRole('button', { name: /^Ask .* instead$/ })
      .first()
      .click()
    await page.getByTestId('versions').getByText('2/2', { exact: true }).waitFor()
    await finished(page)
    assert.deepEqual(wrongs, [])
  })

  it('plays the log again, shows exactly what it said at a moment, and the moment can be linked', async (t) => {
    const { page, wrongs } = await open(t)
    await say(page, 'story of a moment')
    await page.getByTestId('text').waitFor()
    await page.keyboard.press('Escape')
    await finished(page)
    const { run, log } = await logOf(page)
    await page.getByRole('button', { name: 'How it came about' }).click()
    const said = (kind: string, by: number) =>
      log
        .flatMap(({ t: at, event }) => (event.type === kind && at <= by && 'text' in event ? [event.text] : []))
        .join('')
    const thoughts = log.filter(({ event }) => event.type === 'thought.delta')
    const middle = thoughts[Math.floor(thoughts.length / 2)]!.t
    const second = await page.context().newPage()
    await second.goto(`${stage.server.url}/pkn.html#run=${run}&at=${middle / 1000}s`)
    await second.getByRole('button', { name: 'Story', exact: true }).click()
    await second.getByTestId('trace-thought').waitFor()
    assert.equal(await second.getByTestId('trace-thought').innerText(), said('thought.delta', middle).trim())
    assert.equal(await second.getByTestId('trace-text').count(), 0)
    assert.match(await second.getByTestId('doing').innerText(), /^Thinking/)
    await second.getByTestId('said').getByText('story of a moment').waitFor()

    const slider = second.getByRole('slider', { name: 'Moment' })
    await slider.focus()
    await second.keyboard.press('ArrowLeft')
    await second.waitForURL(new RegExp(`#run=${run}&at=${(middle - 100) / 1000}s`))
    assert.equal(
      (await second.getByTestId('trace-thought').innerText()).length <= said('thought.delta', middle - 100).length,
      true,
    )
    await second.reload()
    await second.getByTestId('moment').getByText(/ of /).waitFor()
    await second.getByRole('button', { name: 'Speed: 1 times' }).click()
    await second.getByRole('button', { name: 'Speed: 2 times' }).click()
    await second.getByRole('button', { name: 'Speed: 4 times' }).click()
    await second.getByRole('button', { name: 'Play', exact: true }).click()
    await second
      .getByTestId('doing')
      .getByText(/Stopped by you/)
      .waitFor()
    await second.getByRole('button', { name: 'Story', exact: true }).click()
    assert.equal((await second.getByTestId('trace-text').innerText()).trim(), said('text.delta', Infinity).trim())
    assert.deepEqual(wrongs, [])
  })

  it('gives the run as a file, for programs and for people', async (t) => {
    const { page } = await open(t)
    await say(page, 'quick export')
    await finished(page)
    const { run, log } = await logOf(page)
    await page.keyboard.press('Control+.')
    const file = async (name: string) => {
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('link', { name: `Export the run as ${name}` }).click(),
      ])
      return readFileSync(await download.path(), 'utf8')
    }
    const archive = RunArchive.parse(JSON.parse(await file('JSON')))
    assert.equal(archive.run.id, run)
    assert.deepEqual(archive.entries, log)
    assert.ok((await file('Markdown')).includes(words(20)))
  })

  it('opens an answer of an earlier visit', async (t) => {
    const { page, wrongs } = await open(t)
    await say(page, 'quick history')
    await finished(page)
    await page.reload()
    await page.getByRole('button', { name: 'How it came about' }).click()
    await page.getByTestId('trace-thought').getByText(THOUGHT).waitFor()
    assert.deepEqual(wrongs, [])
  })

  it('says of a run that is not there, or not yours, that it is missing', async (t) => {
    const { page } = await open(t)
    await page.goto(`${stage.server.url}/pkn.html#run=${newRunId()}`)
    await page.getByTestId('run-missing').waitFor()
  })

  it('is used by keyboard alone', async (t) => {
    const { page } = await open(t)
    await say(page, 'quick, by hand')
    await finished(page)
    await page.keyboard.press('Control+.')
    await row(page, 'Thinking').waitFor()
    await page.getByRole('treeitem').first().focus()
    for (const key of ['End', 'Home', 'ArrowDown', 'ArrowDown']) await page.keyboard.press(key)
    assert.equal(await page.evaluate(() => document.activeElement?.getAttribute('aria-posinset')), '2')
    await page.keyboard.press('ArrowLeft')
    assert.equal(await page.evaluate(() => document.activeElement?.getAttribute('aria-level')), '1')
    await page.keyboard.press('ArrowLeft')
    assert.equal(await page.getByRole('treeitem').count(), 1)
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('Enter')
    await page.getByTestId('detail').getByText('In all').waitFor()
    await page.keyboard.press('Escape')
    await page.getByTestId('detail').waitFor({ state: 'detached' })
    await page.keyboard.press('Control+.')
    await page.getByRole('complementary', { name: 'Trace' }).waitFor({ state: 'detached' })
  })

  for (const { colorScheme, viewport } of looks({ width: 1440, height: 900 }, { width: 360, height: 780 }))
    it(`axe finds nothing in it: ${colorScheme}, ${viewport.width} wide`, async (t) => {
      const { page, wrongs } = await open(t, { colorScheme, viewport })
      await say(page, 'quick look')
      await finished(page)
      await page.keyboard.press('Control+.')
      await row(page, 'Routing').click()
      await page.getByTestId('scores').waitFor()
      assert.deepEqual(await axe(page), [], 'waterfall')
      await page.getByRole('slider', { name: 'Moment' }).focus()
      for (let i = 0; i < 3; i++) await page.keyboard.press('ArrowLeft')
      assert.deepEqual(await axe(page), [], 'replay')
      await page.getByRole('button', { name: 'Story', exact: true }).click()
      assert.deepEqual(await axe(page), [], 'story')
      assert.equal(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true)
      assert.deepEqual(wrongs, [])
    })
})
