import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from 'playwright-core'
import { axe, findBrowser, finished, LONG, ready } from './browser.ts'
import { ANSWER, view, write } from './german-answer.ts'
import { setStage } from './stage.ts'

const found = findBrowser()
const skip = 'missing' in found ? found.missing : false

describe('the colours of the page', { skip }, () => {
  const stage = setStage(() => ({ text: ANSWER, thought: 'Hm.' }))

  const LOOKS = ['light', 'dark', 'contrast-light', 'contrast-dark'] as const
  for (const look of LOOKS)
    test(`${look}: axe finds nothing wrong in an answer and its trace, nor where contrast is high in the settings, the models and the agents`, async (t) => {
      const { page, wrongs } = await stage.open(t, { busy: true })
      await view(page, '#/settings')
      await page.getByTestId('settings').waitFor()
      await page.locator(`input[value=${look}]`).check()
      const strict = look.startsWith('contrast')
      const found: string[] = []
      const look1 = async (name: string) => {
        found.push(...(await axe(page, { contrast: true })).map((line) => `${name}: ${line}`))
        if (strict) found.push(...(await dimTexts(page)).map((line) => `${name}: ${line}`))
      }
      // In light and dark, the views are looked at by views.test.ts.
      const views = strict || LONG ? ['models', 'agents'] : []
      if (views.length > 0) await look1('settings')
      for (const name of views) {
        await view(page, `#/${name}`)
        await page.getByRole('heading', { level: 1 }).waitFor()
        await page.locator('[aria-busy=true]').first().waitFor({ state: 'detached' })
        await look1(name)
      }
      await page.goto(page.url().split('#')[0]!)
      await ready(page)
      await write(page, 'Zeig mir Farben')
      await finished(page)
      await page.keyboard.press('Control+.')
      await page.getByTestId('waterfall').waitFor()
      await look1('answer')
      assert.deepEqual(found, [])
      assert.deepEqual(wrongs, [])
    })

  test('high contrast follows the system until something is chosen, and what was chosen is there before the first paint', async (t) => {
    const { page } = await stage.open(t, { contrast: 'more', colorScheme: 'dark', busy: true })
    const turns = (colour: string) =>
      page.waitForFunction((to) => getComputedStyle(document.documentElement).backgroundColor === to, colour)
    await turns('rgb(0, 0, 0)')
    await page.emulateMedia({ contrast: 'no-preference' })
    await turns('rgb(21, 21, 23)')
    await page.emulateMedia({ contrast: 'more', colorScheme: 'light' })
    await turns('rgb(255, 255, 255)')
    await page.evaluate(() => localStorage.setItem('pkn.theme', 'light'))
    await page.reload({ waitUntil: 'commit' })
    await page.waitForFunction(() => document.querySelector('script[type=module]') !== null)
    assert.equal(await page.evaluate(() => document.documentElement.dataset['theme']), 'light')
    await turns('rgb(252, 251, 249)')
  })

  test('with the colours of the system every switch, bar and focus is still to be seen', async (t) => {
    const { page } = await stage.open(t, { forcedColors: 'active', busy: true })
    await write(page, 'Und nun?')
    await finished(page)
    await page.keyboard.press('Control+.')
    await page.getByTestId('waterfall').waitFor()
    const bars = await page.locator('.trace-bar').evaluateAll((all) =>
      all.map((bar) => {
        const { borderTopWidth, borderTopStyle } = getComputedStyle(bar)
        return `${borderTopWidth} ${borderTopStyle}`
      }),
    )
    assert.ok(bars.length > 3)
    for (const bar of bars) assert.match(bar, /^1px (solid|dashed)$/)
    await view(page, '#/settings')
    const chosen = page.locator('input[type=radio]:checked').first()
    await chosen.focus()
    await page.keyboard.press('ArrowRight')
    const now = page.locator('input[type=radio]:focus')
    assert.equal(await now.evaluate((radio) => getComputedStyle(radio).borderTopWidth), '3px')
    assert.equal(await now.evaluate((radio) => getComputedStyle(radio.parentElement!).outlineStyle), 'solid')
    assert.deepEqual(await axe(page, { contrast: true }), [])
  })
})

/** Texts below 7:1 against what they stand on, which axe leaves to a person. */
async function dimTexts(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).withRules(['color-contrast-enhanced']).analyze()
  return violations.flatMap(({ nodes }) =>
    nodes.map((node) => `${node.target.join(' ')} ${node.any[0]?.message ?? ''}`),
  )
}
