import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { axe, findBrowser, finished, say } from './browser.ts'
import { setStage } from './stage.ts'

const found = findBrowser()
const STEPS = ['Dig over the bed', 'Sow the beans', 'Water them']

describe('a plan, in the page', { skip: 'missing' in found ? found.missing : false }, () => {
  const stage = setStage((question, results) =>
    question.includes('beans') && results.length < 2
      ? { text: 'First a plan.', calls: [{ tool: 'plan', input: { steps: results.length === 0 ? ['Talk'] : STEPS } }] }
      : { text: `So: ${results.join(' And: ')}` },
  )

  const open = (t: TestContext) => stage.open(t, { busy: true })

  it('is asked for in the composer, refused with a reason, changed with the keyboard, approved, and followed', async (t) => {
    const { page, wrongs } = await open(t)
    const picker = page.getByRole('button', { name: /^Plan first\?/ })
    await picker.click()
    await page.getByRole('menuitemradio', { name: /^Plan first/ }).click()
    await page.getByRole('button', { name: 'Plan first?: Plan first' }).waitFor()
    await say(page, 'Grow beans')
    const card = page.locator('[role=log]').getByTestId('ask')
    await card.getByText('shows you its plan').waitFor()
    await card.getByRole('button', { name: 'Refuse' }).click()
    await card.getByLabel('What is wrong with it?').fill('Only talk')
    await page.keyboard.press('Enter')
    await card.getByLabel('Step 3', { exact: true }).waitFor()
    const texts = () =>
      card.locator('.act-steps input').evaluateAll((all) => all.map((one) => (one as HTMLInputElement).value))
    assert.deepEqual(await texts(), STEPS)
    assert.deepEqual(await axe(page), [])

    await card.getByLabel('Step 2', { exact: true }).focus()
    await page.keyboard.press('Alt+ArrowUp')
    await card.getByText('It is step 1 of 3 now.').waitFor({ state: 'attached' })
    assert.equal(await page.evaluate(() => document.activeElement?.getAttribute('aria-label')), 'Step 1')
    await page.keyboard.press('End')
    await page.keyboard.press('Enter')
    await page.keyboard.type('Put up sticks')
    await card.getByRole('button', { name: 'Remove step 4' }).click()
    assert.deepEqual(await texts(), ['Sow the beans', 'Put up sticks', 'Dig over the bed'])

    // What was changed, and what was typed against it, outlive the page.
    await card.getByRole('button', { name: 'Refuse' }).click()
    await page.keyboard.type('Too mu')
    await page.reload()
    const against = card.getByLabel('What is wrong with it?')
    await against.waitFor()
    assert.equal(await against.inputValue(), 'Too mu')
    await card.getByRole('button', { name: 'Back' }).click()
    assert.deepEqual(await texts(), ['Sow the beans', 'Put up sticks', 'Dig over the bed'])
    for (const button of await card.locator('button').all()) {
      const box = await button.boundingBox()
      assert.ok(box && box.width >= 24 && box.height >= 24, (await button.textContent()) ?? '')
    }

    // The list of what waits has the same card.
    await page.getByTestId('waits').click()
    await page.getByRole('dialog').getByTestId('plan').waitFor()
    await page.keyboard.press('Escape')

    await card.getByRole('button', { name: 'Approve' }).click()
    await finished(page)
    const answer = (await page.getByTestId('answer').textContent()) ?? ''
    assert.match(
      answer,
      /did not allow this.*Only talk.*approved this plan.*Sow the beans.*Put up sticks.*Dig over the bed/s,
    )
    assert.equal(await page.getByTestId('ask').count(), 0)
    await page.waitForFunction(() => localStorage.getItem('pkn.asks') === null)
    assert.deepEqual(wrongs, [])
  })
})
