import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import type { Page } from 'playwright-core'
import { answerText, axe, findBrowser, finished, say } from './browser.ts'
import { setStage } from './stage.ts'
import { stopsAt, type Reply } from './upstream.ts'

const LONG = Array.from({ length: 400 }, (_, i) => `w${i}`).join(' ')
/** A long answer is stopped in its middle, however long that takes. */
let { hold }: Pick<Reply, 'hold'> = stopsAt('text 40')
let tall = true
const reply = (question: string): Reply => {
  if (question.startsWith('tall')) return { text: tall ? 'A line of it.\n\n'.repeat(80) : 'A short one.' }
  return question.startsWith('long') ? { text: LONG, ...(hold && { hold }) } : { text: `${question}, answered.` }
}

const found = findBrowser()
describe('branches of a conversation, in the page', { skip: 'missing' in found ? found.missing : false }, () => {
  const stage = setStage(reply)
  const open = (t: TestContext, options = {}) => stage.open(t, { busy: true, ...options })
  const versions = (page: Page, text: string) => page.getByTestId('versions').getByText(text, { exact: true }).waitFor()

  it('an answer is given again, by the same agent and by another, and each version is shown on a key', async (t) => {
    const { page, wrongs } = await open(t)
    await say(page, 'hello there')
    await finished(page)
    await page.getByRole('button', { name: 'Regenerate' }).press('Enter')
    await versions(page, '2/2')
    await page.getByRole('button', { name: 'Ask another' }).press('Enter')
    const dialog = page.getByRole('dialog', { name: 'Ask another' })
    await dialog.waitFor()
    assert.deepEqual(await axe(page), [])
    await dialog
      .getByRole('region', { name: 'Agents' })
      .getByRole('button', { name: /^Researcher/ })
      .click()
    await versions(page, '3/3')
    await page.getByRole('article', { name: 'Answer of Researcher' }).waitFor()
    await finished(page)
    assert.equal(await answerText(page), 'hello there, answered.')
    await page.getByTestId('answer').press('ArrowLeft')
    await versions(page, '2/3')
    await page.reload()
    await versions(page, '2/3')
    await page.getByTestId('answer').press('r')
    await versions(page, '4/4')
    assert.equal(await page.getByTestId('turn').count(), 1)
    assert.deepEqual(await axe(page), [])
    assert.deepEqual(wrongs, [])
  })

  it('what leads from version to version stays where it is, however high they are', async (t) => {
    const { page } = await open(t)
    for (const [i, text] of ['tall', 'next', 'last'].entries()) {
      await say(page, text)
      await page.getByTestId('stats').nth(i).waitFor()
    }
    tall = false
    await page.getByTestId('turn').first().getByRole('button', { name: 'Regenerate' }).press('Enter')
    await versions(page, '2/2')
    await page.getByText('A short one.').waitFor()
    await finished(page)
    const bar = page.getByTestId('versions').first()
    const there = () => bar.evaluate((element) => element.getBoundingClientRect().top)
    const was = await there()
    for (const [name, turns] of [
      ['Previous', 3],
      ['Next', 1],
      ['Previous', 3],
    ] as const) {
      await page.getByRole('button', { name: `${name} version of the answer` }).dispatchEvent('click')
      await page.waitForFunction(
        ([count, top]) => {
          const now = document.querySelector('[data-testid=versions]')?.getBoundingClientRect().top
          const drawn = document.querySelectorAll('[data-testid=said]').length
          return drawn === count && now !== undefined && Math.abs(now - top) <= 1
        },
        [turns, was] as const,
      )
    }
  })

  it('an edited message begins a branch, and the other branch comes back whole', async (t) => {
    const { page, wrongs } = await open(t)
    for (const [i, text] of ['first', 'second', 'third'].entries()) {
      await say(page, text)
      await page.getByText(`${text}, answered.`).waitFor()
      await page.getByTestId('stats').nth(i).waitFor()
    }
    await page.getByTestId('said').nth(1).press('e')
    const box = page.getByRole('textbox', { name: 'Edit message' })
    await box.waitFor()
    assert.deepEqual(await axe(page), [])
    await box.fill('another')
    await page.getByRole('button', { name: 'Save and run' }).press('Enter')
    await page.getByText('another, answered.').waitFor()
    await versions(page, '2/2')
    assert.equal(await page.getByTestId('turn').count(), 2)
    await page.getByRole('button', { name: 'Previous version of your message' }).press('Enter')
    await page.getByText('third, answered.').waitFor()
    await versions(page, '1/2')
    assert.equal(await page.getByTestId('turn').count(), 3)
    await page.reload()
    await page.getByText('third, answered.').waitFor()
    assert.deepEqual(wrongs, [])
  })

  it('an edit stops the answer that is being written', async (t) => {
    const { page } = await open(t)
    await say(page, 'long one')
    await page.getByTestId('text').waitFor()
    await page.getByRole('button', { name: 'Edit message' }).press('Enter')
    await page.getByRole('textbox', { name: 'Edit message' }).fill('short')
    await page.getByRole('textbox', { name: 'Edit message' }).press('Enter')
    await page.getByText('short, answered.').waitFor()
    await finished(page)
    await page.getByRole('button', { name: 'Previous version of your message' }).press('Enter')
    await page.getByText(/Stopped by you/).waitFor()
  })

  it('an edited message can be kept without an answer, and is answered when one asks for it', async (t) => {
    const { page, wrongs } = await open(t)
    await say(page, 'first')
    await finished(page)
    const asked = stage.upstream.asked.length
    await page.getByRole('button', { name: 'Edit message' }).press('Enter')
    await page.getByRole('textbox', { name: 'Edit message' }).fill('second')
    await page.getByRole('button', { name: 'Save only' }).press('Enter')
    await page.getByText('No model was asked.').waitFor()
    await versions(page, '2/2')
    await page.reload()
    await page.getByTestId('said').getByText('second').waitFor()
    await page.getByText('No model was asked.').waitFor()
    assert.equal(stage.upstream.asked.length, asked)
    await page.getByRole('button', { name: 'Ask now' }).press('Enter')
    await page.getByText('second, answered.').waitFor()
    assert.deepEqual(wrongs, [])
  })

  it('an answer that was stopped goes on where it ended, and nothing of it is lost or twice', async (t) => {
    const { page, wrongs } = await open(t, { viewport: { width: 360, height: 740 } })
    await say(page, 'long words')
    await page.getByText(/w9 /).waitFor()
    await page.keyboard.press('Escape')
    await finished(page)
    hold = undefined
    await page.getByRole('button', { name: 'Continue', exact: true }).press('Enter')
    await versions(page, '2/2')
    await page.getByText(/w399/).waitFor()
    await finished(page)
    assert.equal(await answerText(page), LONG)
    assert.deepEqual(await axe(page), [])
    assert.deepEqual(wrongs, [])
  })
})
