import assert from 'node:assert/strict'
import { before, describe, it } from 'node:test'
import type { Page } from 'playwright-core'
import { bringSession, longSession } from '../../bench/page/long-session.ts'
import { findBrowser, LONG } from './browser.ts'
import { setWholeStage } from './stage.ts'

const MESSAGES = 2000
const LAST = `Answer ${MESSAGES / 2 - 1}`

const found = findBrowser()
describe('a chat of two thousand messages', { skip: 'missing' in found ? found.missing : false }, () => {
  const stage = setWholeStage(() => ({ text: 'An answer.' }))
  let address: string
  before(async () => {
    if ('missing' in found) return
    address = await bringSession(stage.server.url, longSession(MESSAGES))
  })

  const openLong = async (page: Page) => {
    await page.goto(address)
    await page.getByText(LAST).first().waitFor()
  }
  /** What is left below the view, as it is painted: what is put right before that, nobody sees. */
  const rest = (page: Page) =>
    page.evaluate(
      () =>
        new Promise<number>((resolve) => {
          const root = document.querySelector('[role=log]')!
          const look = new IntersectionObserver(
            ([one]) => {
              look.disconnect()
              resolve(one!.boundingClientRect.bottom - one!.rootBounds!.bottom)
            },
            { root },
          )
          look.observe(root.firstElementChild!)
        }),
    )
  /** The topmost thing that begins in the view, and where. */
  const eye = (page: Page) =>
    page.evaluate(() => {
      const log = document.querySelector('[role=log]')!
      const { top } = log.getBoundingClientRect()
      // Not what is within a line: the lines of what the edge cuts may break elsewhere, and move the rest of it.
      const all = log.querySelectorAll('[data-turn] :not(p *, h3 *, summary *)')
      const begins = (rect: DOMRect) => rect.height > 0 && rect.top >= top
      const seen = [...all].find((one) => begins(one.getBoundingClientRect()))!
      Object.assign(window, { seen })
      return seen.getBoundingClientRect().top - top
    })
  /** How far from there it is now; null if it is no more in the document. */
  const moved = (page: Page, from: number) =>
    page.evaluate((was) => {
      const { seen } = window as unknown as { seen: Element }
      const { top } = document.querySelector('[role=log]')!.getBoundingClientRect()
      return seen.isConnected ? Math.abs(seen.getBoundingClientRect().top - top - was) : null
    }, from)

  it('opens exactly at its end, and draws only what is about the view', async (t) => {
    const { page, wrongs } = await stage.open(t)
    await openLong(page)
    assert.ok((await rest(page)) < 1)
    await settled(page)
    assert.ok((await rest(page)) < 1)
    const turns = await page.getByTestId('turn').count()
    assert.ok(turns < 30, `${turns} turns are drawn`)
    assert.deepEqual(wrongs, [])
  })

  it('is scrolled up without a jump, and the document stays small', async (t) => {
    const { page, wrongs } = await stage.open(t)
    await openLong(page)
    // What draws formulas and colours comes with the first of them.
    await page.locator('math').first().waitFor()
    const way = await page.evaluate(scrollUp, LONG ? Infinity : 250)
    t.diagnostic(JSON.stringify(way))
    assert.deepEqual(way.jumps, [])
    assert.equal(way.blank, 0)
    assert.ok(way.mostTurns < 40, `${way.mostTurns} turns were drawn at once`)
    // All the way back up and down again by the keys.
    await page.getByRole('log').focus()
    await page.keyboard.press('Home')
    await page.getByText('Question 0:').waitFor()
    await page.keyboard.press('End')
    await page.getByText(LAST).first().waitFor()
    await page.waitForFunction(() => {
      const log = document.querySelector('[role=log]')!
      return log.scrollHeight - log.scrollTop - log.clientHeight < 1
    })
    assert.deepEqual(wrongs, [])
  })

  it('goes to its first message by Home, and from message to message by Alt and the arrows', async (t) => {
    const { page } = await stage.open(t)
    await openLong(page)
    await page.getByRole('log').focus()
    await page.keyboard.press('Home')
    await page.getByText('Question 0:').waitFor()
    assert.equal(await page.getByText('Question 0:').isVisible(), true)
    // The browser's own search knows only what is drawn.
    await page.keyboard.press('Control+f')
    await page.getByText('The browser finds what is drawn here; Ctrl K finds in all of it').waitFor()
    // With Ctrl too, all the way.
    await page.keyboard.press('Control+End')
    await page.getByText(LAST).first().waitFor()
    await settled(page)
    assert.ok((await rest(page)) < 1)
    await page.keyboard.press('Control+Home')
    await page.getByText('Question 0:').waitFor()
    await settled(page)
    assert.equal(await page.getByText('Question 0:').isVisible(), true)
    await page.getByLabel('You said').first().focus()
    for (let i = 0; i < 30; i++) await page.keyboard.press('Alt+ArrowDown')
    const now = () => page.evaluate(() => document.activeElement?.textContent ?? '')
    assert.match(await now(), /^Question 15:/)
    for (let i = 0; i < 30; i++) await page.keyboard.press('Alt+ArrowUp')
    assert.match(await now(), /^Question 0:/)
  })

  it('leaves a message where it is while all others change their height', async (t) => {
    const { page } = await stage.open(t)
    await openLong(page)
    await page.getByRole('log').focus()
    for (let i = 0; i < 12; i++) await page.keyboard.press('PageUp')
    // Whatever it is that the upper edge cuts.
    for (const [at, width] of [800, 1280, 700, 1100, 640, 1280].entries()) {
      await page.evaluate((by) => document.querySelector('[role=log]')!.scrollBy(0, -by), 37 * at)
      await settled(page)
      const was = await eye(page)
      await page.setViewportSize({ width, height: 860 })
      await settled(page)
      const by = await moved(page, was)
      assert.ok(by !== null && by <= 1, `moved by ${by} pixels when it was ${width} pixels wide`)
      // Nor is it covered by the list of chats.
      assert.equal(await page.getByRole('navigation').count(), width < 760 ? 0 : 1)
    }
  })

  it('keeps what is selected while it is scrolled away', async (t) => {
    const { page } = await stage.open(t)
    await openLong(page)
    await page.locator('math').first().waitFor()
    const chosen = await page.evaluate(() => {
      const rows = [...document.querySelectorAll('[role=log] article')].slice(-2)
      getSelection()!.setBaseAndExtent(rows[0]!, 0, rows[1]!, rows[1]!.childNodes.length)
      return getSelection()!.toString()
    })
    await page.getByRole('log').focus()
    for (let i = 0; i < 25; i++) await page.keyboard.press('PageUp')
    await settled(page)
    assert.ok((await rest(page)) > 5000)
    assert.equal(await page.evaluate(() => getSelection()!.toString()), chosen)
  })
})

/** Nothing is scrolled and nothing drawn for some frames. */
const settled = (page: Page) =>
  page.evaluate(async () => {
    const log = document.querySelector('[role=log]')!
    for (let still = 0, was = ''; still < 12;) {
      await new Promise(requestAnimationFrame)
      const now = `${log.scrollTop} ${log.scrollHeight} ${log.querySelectorAll('article').length}`
      still = now === was ? still + 1 : 0
      was = now
    }
  })

/**
 * Runs in the page: scrolls up with every frame until the start, or for so many frames, now slowly, now faster than one could read, and looks
 * whether what is read slowly is moved by anything else.
 */
async function scrollUp(most: number): Promise<{ frames: number; jumps: number[]; blank: number; mostTurns: number }> {
  const log = document.querySelector('[role=log]')!
  /** Where elements stand in the next frame that is painted: what is put right before that, nobody sees. */
  const painted = (elements: Element[]) =>
    new Promise<Map<Element, DOMRectReadOnly>>((resolve) => {
      const look = new IntersectionObserver((entries) => {
        look.disconnect()
        resolve(new Map(entries.map((one) => [one.target, one.boundingClientRect])))
      })
      for (const element of elements) look.observe(element)
    })
  const box = log.getBoundingClientRect()
  const jumps: number[] = []
  let frames = 0
  let blank = 0
  let mostTurns = 0
  log.dispatchEvent(new WheelEvent('wheel', { deltaY: -10 }))
  for (let still = 0; still < 30 && frames < most; frames++) {
    const slow = frames % 40 < 20
    const seen = [...log.querySelectorAll('p, li, tr, h3, pre, article')].find((one) => {
      const { top } = one.getBoundingClientRect()
      return top >= box.top && top < box.top + 250
    })
    const top = log.scrollTop
    log.scrollTop -= slow ? 300 : 2000
    still = log.scrollTop === top ? still + 1 : 0
    const from = seen?.getBoundingClientRect().top ?? 0
    const now = await painted(seen === undefined ? [log] : [log, seen])
    const at = seen?.isConnected === true && slow ? now.get(seen)?.top : undefined
    if (at !== undefined && Math.abs(at - from) > 1) jumps.push(at - from)
    const rows = [...log.querySelectorAll('[data-testid=turn]')].map((one) => one.getBoundingClientRect())
    mostTurns = Math.max(mostTurns, rows.length)
    if (!rows.some((one) => one.bottom > box.top && one.top < box.bottom)) blank++
  }
  return { frames, jumps, blank, mostTurns }
}
