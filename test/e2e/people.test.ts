import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, test, type TestContext } from 'node:test'
import type { Page } from 'playwright-core'
import { fetched, findBrowser, finished, ready } from './browser.ts'
import { ANSWER, view, write } from './german-answer.ts'
import { setStage } from './stage.ts'

const found = findBrowser()
const skip = 'missing' in found ? found.missing : false
const ROOT = resolve(import.meta.dirname, '../..')
const English = JSON.parse(readFileSync(join(ROOT, 'src/web/words/en.json'), 'utf8')) as Record<string, unknown>
const German = JSON.parse(readFileSync(join(ROOT, 'src/web/words/de.json'), 'utf8')) as Record<string, unknown>

describe('the page for people', { skip }, () => {
  const stage = setStage((question) => ({
    text: ANSWER,
    thought: 'Hm.',
    ...(question.includes('langsam') ? { size: 4, everyMs: 30 } : {}),
  }))

  describe('settings', () => {
    test('a choice holds at once, in the other tabs too, and after a reload', async (t) => {
      const { page } = await stage.open(t)
      const other = await page.context().newPage()
      await other.goto(page.url())
      await ready(other)
      await view(page, '#/settings')
      await page.getByRole('radio', { name: 'Largest' }).check()
      await page.getByRole('radio', { name: 'Less' }).check()
      const size = (of: Page) => of.evaluate(() => getComputedStyle(document.documentElement).fontSize)
      await page.waitForFunction(() => getComputedStyle(document.documentElement).fontSize === '21px')
      await other.waitForFunction(() => document.documentElement.dataset['motion'] === 'less')
      assert.equal(await size(other), '21px')
      const written = await other
        .locator('[data-composer] textarea')
        .evaluate((area) => parseFloat(getComputedStyle(area).fontSize))
      assert.ok(written > 20, `the text follows: ${written}`)
      await page.reload()
      await page.getByRole('radio', { name: 'Largest', checked: true }).waitFor()
    })

    test('Enter begins a new line if that was chosen, and Ctrl Enter sends', async (t) => {
      const { page } = await stage.open(t)
      await page.evaluate(() => localStorage.setItem('pkn.enter', 'line'))
      await page.reload()
      await ready(page)
      const area = page.locator('[data-composer] textarea')
      await area.fill('eins')
      await page.keyboard.press('Enter')
      await page.keyboard.type('zwei')
      assert.equal(await area.inputValue(), 'eins\nzwei')
      await page.keyboard.press('Control+Enter')
      await page.getByTestId('said').filter({ hasText: 'eins' }).waitFor()
    })

    test('a screen reader is told whole sentences if that was chosen, from the one place that speaks', async (t) => {
      const { page } = await stage.open(t)
      await page.evaluate(() => localStorage.setItem('pkn.reading', 'sentences'))
      await page.reload()
      await ready(page)
      await page.getByTestId('spoken').waitFor({ state: 'attached' })
      await page.evaluate(() => {
        const told: string[] = []
        Object.assign(window, { told })
        const node = document.querySelector('[data-testid=spoken]')!
        new MutationObserver(() => told.push(node.textContent)).observe(node, {
          childList: true,
          characterData: true,
          subtree: true,
        })
      })
      await write(page, 'Bitte langsam')
      await finished(page)
      await page
        .getByTestId('spoken')
        .filter({ hasText: /Answer ready/ })
        .waitFor({ state: 'attached' })
      const told = await page.evaluate(() => (window as unknown as { told: string[] }).told.join('\n'))
      assert.match(told, /Erst das hier\./)
      assert.match(told, /A block of code\./)
      assert.match(told, /Zitat mit Link\./)
      for (const line of told.split('\n')) assert.doesNotMatch(line, /[*`|]/)
      assert.doesNotMatch(told, /^Ers?t?$|jen$|gree$/m)
    })
  })

  describe('German', () => {
    test('every view speaks it, with nothing left in English, and fits on a small phone', async (t) => {
      const { page, wrongs } = await openGerman(t)
      const left: string[] = []
      const walk = async (name: string) => {
        left.push(...(await englishTexts(page)).map((text) => `${name}: ${text}`))
        const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
        if (wide > 0) left.push(`${name}: ${wide} px too wide`)
        await page.setViewportSize({ width: 320, height: 700 })
        const small = await page.evaluate(() => {
          const over = [...document.querySelectorAll<HTMLElement>('main *')].filter((at) => {
            const { right, width } = at.getBoundingClientRect()
            const shut = at.closest('[aria-hidden=true], .sr-only, pre, .table-box, [inert]')
            return width > 0 && right > innerWidth + 1 && shut === null
          })
          return over.slice(0, 3).map((at) => at.outerHTML.slice(0, 120))
        })
        left.push(...small.map((what) => `${name}, 320 px: ${what}`))
        await page.setViewportSize({ width: 1280, height: 860 })
      }
      assert.equal(await page.evaluate(() => document.documentElement.lang), 'de')
      await walk('empty')
      const views = [
        'settings',
        'models',
        'agents',
        'archive',
        'memory',
        'memory/snippets',
        'memory/documents',
        'projects',
      ]
      for (const name of [...views, 'demo']) {
        await view(page, `#/${name}`)
        await page.getByRole('heading', { level: 1 }).waitFor()
        if (name !== 'demo') await page.locator('[aria-busy=true]').first().waitFor({ state: 'detached' })
        await walk(name)
      }
      await page.goto(page.url().split('#')[0]!)
      await write(page, 'Was ist das?')
      await page.getByTestId('stats').last().waitFor()
      await page.getByTestId('route').locator('button').first().click()
      await walk('answer')
      await page.keyboard.press('Control+.')
      await page.getByTestId('waterfall').waitFor()
      await walk('waterfall')
      await page.getByRole('button', { name: 'Bericht' }).click()
      await page.getByTestId('story').waitFor()
      await walk('story')
      await page.keyboard.press('Control+.')
      await page.keyboard.press('Control+k')
      await page.locator('dialog[open]').waitFor()
      await walk('palette')
      await page.keyboard.press('Escape')
      await page.locator('body').click({ position: { x: 640, y: 200 } })
      await page.keyboard.press('?')
      await page.locator('dialog[open]').waitFor()
      await walk('keys')
      assert.deepEqual(left, [])
      assert.deepEqual(wrongs, [])
    })

    test('it can be chosen and left again on the spot, with the focus where it was', async (t) => {
      const { page } = await stage.open(t)
      await view(page, '#/settings')
      await page.getByRole('radio', { name: 'Deutsch' }).check()
      await page.getByRole('heading', { name: 'Einstellungen' }).waitFor()
      await page.waitForFunction(() => document.activeElement?.getAttribute('value') === 'de')
      assert.equal(await page.evaluate(() => document.documentElement.lang), 'de')
      await page.keyboard.press('ArrowLeft')
      await page.getByRole('heading', { name: 'Settings' }).waitFor()
      assert.equal(await page.evaluate(() => document.documentElement.lang), 'en')
    })

    test('a fault is told in it, and what the server said stands in the details', async (t) => {
      const { page } = await openGerman(t, '#run=run_00000000000000000000')
      const fault = page.getByTestId('fault')
      await fault.getByText('Es gibt keinen Lauf run_00000000000000000000.').waitFor()
      await fault.locator('summary').click()
      await fault.locator('pre').getByText('run.missing').waitFor()
    })

    test('who speaks English loads no other language', async (t) => {
      const { page } = await stage.open(t)
      const loaded = () =>
        page.evaluate(() => performance.getEntriesByType('resource').map(({ name }) => new URL(name).pathname))
      await fetched(page)
      assert.deepEqual(
        (await loaded()).filter((path) => /\/de-[^/]*\.js$/.test(path)),
        [],
      )
    })

    const openGerman = async (t: TestContext, hash = '') => {
      const opened = await stage.open(t)
      await opened.page.evaluate((to) => {
        localStorage.setItem('pkn.language', 'de')
        if (to !== '') location.hash = to
      }, hash)
      await opened.page.reload()
      await opened.page.getByRole('button', { name: /^Neuer Chat Strg/ }).waitFor()
      return opened
    }
  })
})

/** What is on the page, seen or heard, that the English catalogue says otherwise than the German. */
async function englishTexts(page: Page): Promise<string[]> {
  const differs = (name: string, text: unknown) =>
    typeof text === 'string' && !name.includes('/') && German[name] !== text
  const english = Object.entries(English).flatMap(([name, text]) => (differs(name, text) ? [text as string] : []))
  const seen = await page.evaluate(() => {
    const all: string[] = []
    for (const at of document.querySelectorAll<HTMLElement>('body *')) {
      for (const name of ['aria-label', 'title', 'placeholder', 'aria-valuetext', 'alt'])
        if (at.hasAttribute(name)) all.push(at.getAttribute(name)!)
      if (at.closest('[data-testid=text], [data-testid=said], pre, code, kbd') === null)
        for (const child of at.childNodes) if (child.nodeType === Node.TEXT_NODE) all.push(child.textContent ?? '')
    }
    return all.map((text) => text.trim()).filter((text) => /\p{L}{2}/u.test(text))
  })
  const plain = new Set(english.filter((text) => !text.includes('{')))
  const filled = english
    .filter((text) => text.includes('{') && text.replaceAll(/\{\w+\}|\P{L}/gu, '').length > 5)
    .map(
      (text) =>
        new RegExp(
          `^${text
            .split(/\{\w+\}/)
            .map((piece) => RegExp.escape(piece))
            .join('.+')}$`,
        ),
    )
  return [...new Set(seen)].filter((text) => plain.has(text) || filled.some((form) => form.test(text)))
}
