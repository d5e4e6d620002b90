import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import type { Page } from 'playwright-core'
import { axe, findBrowser, finished, say } from './browser.ts'
import { setStage } from './stage.ts'
import { stopsAt, type Reply } from './upstream.ts'

const WORDS = Array.from({ length: 160 }, (_, i) => `w${i}`).join(' ')
const CODE = `Long code:\n\n\`\`\`ts\nconst wide = '${'x'.repeat(400)}'\n\`\`\`\n\n| ${Array.from({ length: 14 }, (_, i) => `column ${i}`).join(' | ')} |\n|${'---|'.repeat(14)}\n| ${Array.from({ length: 14 }, () => 'value').join(' | ')} |\n\n${'unbroken'.repeat(60)}`
/** All of them write until one of them was stopped, however long that takes. */
const middle = stopsAt('text 20')
const reply = (question: string): Reply => {
  if (question.startsWith('endless')) return { text: WORDS, ...stopsAt('text 20') }
  if (question.startsWith('slow')) return { text: WORDS, thought: 'Let me think.', hold: middle.hold }
  if (question.startsWith('wide')) return { text: CODE }
  return { text: `${question}, answered.` }
}

const found = findBrowser()
describe('answers side by side', { skip: 'missing' in found ? found.missing : false }, () => {
  const stage = setStage(reply)
  const open = (t: TestContext) => stage.open(t, { busy: true })
  const column = (page: Page, n: number) => page.getByTestId('compared').nth(n)
  const words = (page: Page, n: number) => column(page, n).getByTestId('text').innerText()
  const choose = async (page: Page, n: number, agent: string) =>
    page.getByRole('combobox', { name: `Agent of number ${n}` }).selectOption({ label: agent })
  const allEnded = async (page: Page, n: number) => {
    await page
      .getByRole('button', { name: 'Keep this one' })
      .nth(n - 1)
      .waitFor()
    assert.equal(await page.getByTestId('compared').count(), n)
  }

  it('three answer the next message at once, also after a reload in the middle; one is stopped and one is kept', async (t) => {
    const { page, wrongs } = await open(t)
    await page.getByRole('button', { name: 'Compare several answers' }).click()
    const dialog = page.getByRole('dialog', { name: 'Compare' })
    await dialog.getByRole('button', { name: 'One more' }).click()
    await choose(page, 1, 'Coder')
    await choose(page, 2, 'Researcher')
    await choose(page, 3, 'Reasoner')
    assert.deepEqual(await axe(page), [])
    await dialog.getByRole('button', { name: 'Compare the next message' }).click()
    await page.getByText('3 side by side').waitFor()
    await say(page, 'slow tulips')
    for (const n of [0, 1, 2]) await column(page, n).getByText('w3 ').waitFor()
    const busy = await page.locator('[data-testid=compared][aria-busy=true]').count()
    assert.equal(busy, 3, 'all of them write at the same time')
    assert.deepEqual(await axe(page), [])
    await page.reload()
    for (const [n, name] of ['Coder', 'Researcher', 'Reasoner'].entries())
      await column(page, n).getByRole('heading', { name }).waitFor()
    await page.getByRole('button', { name: 'Stop version 2' }).click()
    await column(page, 1)
      .getByText(/Stopped by you/)
      .waitFor()
    middle.letGo('text 20')
    await allEnded(page, 3)
    assert.deepEqual([await words(page, 0), await words(page, 2)], [WORDS, WORDS], 'nothing is missing, nothing twice')
    assert.notEqual(await words(page, 1), WORDS)
    assert.deepEqual(await axe(page), [])
    await column(page, 0).getByRole('button', { name: 'Keep this one' }).click()
    await page.getByRole('article', { name: 'Answer of Coder' }).waitFor()
    assert.match(page.url(), /#s=ses_\w+$/)
    await page.getByTestId('versions').getByText('1/3', { exact: true }).waitFor()
    assert.deepEqual(wrongs, [])
  })

  it('an answer that is there is compared with more, and two windows show the same', async (t) => {
    const { page, wrongs } = await open(t)
    await say(page, 'hello')
    await finished(page)
    await page.getByRole('button', { name: 'Compare…' }).press('Enter')
    await choose(page, 2, 'Coder')
    await page.getByRole('button', { name: 'Ask them' }).click()
    await allEnded(page, 2)
    const other = await page.context().newPage()
    await other.goto(page.url())
    await allEnded(other, 2)
    await page.getByRole('button', { name: 'Add another' }).click()
    await choose(page, 2, 'Consultant')
    await page.getByRole('button', { name: 'Ask them' }).click()
    await Promise.all([allEnded(page, 3), allEnded(other, 3)])
    await other.getByRole('heading', { name: 'Consultant' }).waitFor()
    await page.getByRole('button', { name: 'Back to the chat' }).click()
    await page
      .getByTestId('versions')
      .getByRole('button', { name: /side by side/ })
      .press('Enter')
    await allEnded(page, 3)
    assert.deepEqual(wrongs, [])
  })

  it('while two windows watch four answers each, a stop still reaches the server', async (t) => {
    const { page } = await open(t)
    await page.getByRole('button', { name: 'Compare several answers' }).click()
    for (const _ of [3, 4]) await page.getByRole('button', { name: 'One more' }).click()
    await page.getByRole('button', { name: 'Compare the next message' }).click()
    await say(page, 'endless roses')
    await column(page, 3).getByText('w1 ').first().waitFor()
    const other = await page.context().newPage()
    await other.goto(page.url())
    await column(other, 3).getByText('w1 ').first().waitFor()
    for (const n of [1, 2, 3, 4]) await other.getByRole('button', { name: `Stop version ${n}` }).click()
    for (const n of [0, 1, 2, 3])
      await column(page, n)
        .getByText(/Stopped by you/)
        .waitFor()
  })

  it('what is too wide for a column scrolls inside of it, at every width of the page', async (t) => {
    const { page, wrongs } = await open(t)
    await say(page, 'wide things')
    await finished(page)
    await page.getByRole('button', { name: 'Compare…' }).press('Enter')
    for (const _ of [3, 4]) await page.getByRole('button', { name: 'One more' }).click()
    await page.getByRole('button', { name: 'Ask them' }).click()
    await allEnded(page, 4)
    for (const width of [1920, 1280, 900, 390, 320]) {
      await page.setViewportSize({ width, height: 800 })
      await page.waitForFunction((wide) => innerWidth === wide, width)
      const { boxes, over } = await page.evaluate(() => {
        const all = [...document.querySelectorAll<HTMLElement>('[data-testid=compared]')]
        return {
          boxes: all.map((each) => each.getBoundingClientRect().width),
          over: all.filter((each) => {
            const column = each.querySelector<HTMLElement>('[data-column]')!
            return column.scrollWidth > column.clientWidth + 1 || each.scrollWidth > each.clientWidth + 1
          }).length,
        }
      })
      assert.equal(over, 0, `nothing sticks out at ${width}`)
      assert.ok(
        boxes.every((box) => box >= Math.min(320, width) - 1),
        `each has 320 px at ${width}: ${boxes.join()}`,
      )
      assert.equal(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true)
    }
    assert.deepEqual(await axe(page), [])
    assert.deepEqual(wrongs, [])
  })

  it("the same message is answered more precisely, and with a number of one's own", async (t) => {
    const { page, wrongs } = await open(t)
    await say(page, 'hello again')
    await finished(page)
    const asked: unknown[] = []
    page.on('request', (request) => {
      if (request.url().endsWith('/again'))
        asked.push((request.postDataJSON() as { temperature?: unknown }).temperature)
    })
    await page.getByRole('button', { name: 'Ask another' }).press('Enter')
    await page.getByRole('button', { name: 'Precise' }).click()
    await page.getByTestId('versions').getByText('2/2', { exact: true }).waitFor()
    await finished(page)
    await page.getByRole('button', { name: 'Ask another' }).press('Enter')
    await page.getByLabel('Temperature, 0 to 2').fill('1.35')
    await page.getByLabel('Temperature, 0 to 2').press('Enter')
    await page.getByTestId('versions').getByText('3/3', { exact: true }).waitFor()
    assert.deepEqual(asked, [0.2, 1.35])
    assert.deepEqual(wrongs, [])
  })
})
