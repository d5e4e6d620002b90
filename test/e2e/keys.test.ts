import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Page } from 'playwright-core'
import { axe, findBrowser, say } from './browser.ts'
import { setStage } from './stage.ts'
import type { Reply } from './upstream.ts'

const LONG = Array.from({ length: 400 }, (_, i) => `w${i}`).join(' ')
const reply = (question: string): Reply =>
  question.startsWith('slow')
    ? { text: LONG, everyMs: 25 }
    : { text: `${question}, answered. ${LONG.slice(0, 1500)}`, thought: 'What could be meant?' }

/** The newest answer has ended; those before it have long. */
const finished = (page: Page) => page.getByTestId('turn').last().getByTestId('stats').waitFor()

const found = findBrowser()
describe('the keys', { skip: 'missing' in found ? found.missing : false }, () => {
  const { open } = setStage(reply)

  /** What each key of the list does, by the part of the page and the key. It begins with the focus in that part. */
  const checks = (page: Page): Record<string, Record<string, () => Promise<unknown>>> => {
    const { keyboard } = page
    const press = (key: string) => keyboard.press(key.replace('Mod', 'Control'))
    const composer = page.getByLabel('Message', { exact: true })
    const article = (name: RegExp | string, nth: number) => page.getByRole('article', { name }).nth(nth)
    const copied = async (what: RegExp) => {
      const read = () => page.evaluate(() => navigator.clipboard.readText())
      const until = Date.now() + 20_000
      let text = await read()
      while (!what.test(text) && Date.now() < until) text = await read()
      assert.match(text, what)
    }
    const answer = (nth: number) => page.getByTestId('answer').nth(nth)
    const focused = () => page.evaluate(() => document.activeElement?.getAttribute('aria-label'))
    const version = (text: string) => page.getByTestId('versions').last().getByText(text, { exact: true }).waitFor()
    const inTree = async (act: () => Promise<unknown>) => {
      await page.getByRole('treeitem').first().focus()
      await act()
    }
    const rows = () => page.getByRole('treeitem').count()
    const activeRow = () => page.evaluate(() => document.activeElement?.getAttribute('data-row'))
    const chat = (name: string) => page.getByRole('navigation').getByRole('button', { name, exact: true })
    const chatNow = () => page.evaluate(() => document.activeElement?.textContent)
    return {
      Everywhere: {
        'Mod+K': async () => {
          await composer.focus()
          await press('Mod+K')
          await page.getByRole('combobox', { name: 'Search' }).waitFor()
          await press('Mod+K')
          await page.getByRole('combobox').waitFor({ state: 'detached' })
          await page.waitForFunction(() => document.activeElement?.tagName === 'TEXTAREA')
        },
        '/': async () => {
          await answer(0).focus()
          await press('/')
          assert.equal(await focused(), 'Message')
          assert.equal(await composer.inputValue(), '')
        },
        'Alt+ArrowUp': async () => {
          await press('Alt+ArrowUp')
          assert.equal(await answer(1).evaluate((each) => each === document.activeElement), true)
          await press('Alt+ArrowUp')
          assert.equal(await focused(), 'You said')
        },
        'Alt+ArrowDown': async () => {
          await press('Alt+ArrowDown')
          assert.equal(await answer(1).evaluate((each) => each === document.activeElement), true)
        },
        End: async () => {
          await page.getByRole('log').evaluate((log) => (log.scrollTop = 0))
          await page.getByRole('button', { name: 'To the end' }).waitFor()
          await press('End')
          await page.getByRole('button', { name: 'To the end' }).waitFor({ state: 'detached' })
        },
        'Mod+.': async () => {
          await press('Mod+.')
          await page.getByRole('complementary', { name: 'Trace' }).waitFor()
          await press('Mod+.')
          await page.getByRole('complementary', { name: 'Trace' }).waitFor({ state: 'detached' })
        },
        'Mod+,': async () => {
          await press('Mod+,')
          await page.getByRole('main', { name: 'Models' }).waitFor()
          await press('Mod+,')
          await composer.waitFor()
        },
        'Mod+;': async () => {
          await press('Mod+;')
          await page.waitForURL(/#\/agents/)
          await press('Mod+;')
          await composer.waitFor()
        },
        Escape: async () => {
          await say(page, 'slow one')
          await page.getByRole('button', { name: 'Stop', exact: true }).waitFor()
          await press('Mod+.')
          await page.getByRole('complementary', { name: 'Trace' }).waitFor()
          await composer.focus()
          await press('Escape')
          await page
            .getByRole('log')
            .getByText(/Stopped by you/)
            .last()
            .waitFor()
          await page.getByRole('complementary', { name: 'Trace' }).waitFor()
          await press('Escape')
          await page.getByRole('complementary', { name: 'Trace' }).waitFor({ state: 'detached' })
        },
        'Mod+Shift+O': async () => {
          const { hash } = new URL(page.url())
          await press('Mod+Shift+O')
          await page.waitForURL((url) => url.hash === '')
          await page.getByTestId('turn').first().waitFor({ state: 'detached' })
          await page.goBack()
          await page.waitForURL((url) => url.hash === hash)
          await answer(0).waitFor()
        },
        '?': async () => {
          await answer(0).focus()
          await press('?')
          await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor()
          await press('Escape')
          await page.getByRole('dialog').waitFor({ state: 'hidden' })
        },
      },
      'While writing': {
        'Shift+Enter': async () => {
          await composer.fill('a')
          await press('Shift+Enter')
          assert.equal(await composer.inputValue(), 'a\n')
          await composer.fill('')
        },
        Enter: async () => {
          await composer.fill('third')
          await press('Enter')
          await page.getByText(/^third, answered/).waitFor()
          await finished(page)
        },
        'Mod+Enter': async () => {
          await say(page, 'slow and steered')
          await page.getByTestId('text').last().getByText(/w3 /).waitFor()
          await composer.fill('now')
          await press('Mod+Enter')
          await page.getByText(/^now, answered/).waitFor()
          await page
            .getByText(/Stopped by you/)
            .last()
            .waitFor()
          await finished(page)
        },
        ArrowUp: async () => {
          await composer.focus()
          await press('ArrowUp')
          await page.getByRole('textbox', { name: 'Edit message' }).waitFor()
          await press('Escape')
          await page.getByRole('textbox', { name: 'Edit message' }).waitFor({ state: 'detached' })
        },
      },
      'On a message': {
        C: async () => {
          await article('You said', 0).focus()
          await press('c')
          // The first that is drawn need not be the first of all.
          await copied(/^(first|second|slow one)$/)
          await answer(0).focus()
          await press('c')
          await copied(/^((first|second), answered|w\d)/)
        },
        E: async () => {
          await article('You said', 0).focus()
          await press('e')
          await page.getByRole('textbox', { name: 'Edit message' }).waitFor()
          await press('Escape')
          await page.getByRole('textbox', { name: 'Edit message' }).waitFor({ state: 'detached' })
        },
        T: async () => {
          // Nothing is told of an answer of another visit but its words: its thoughts are shown where it came about.
          const now = page.getByRole('article', { name: /^Answer/ }).last()
          await now.focus()
          await press('t')
          await now.getByText('What could be meant?').waitFor()
          await press('t')
          await now.getByText('What could be meant?').waitFor({ state: 'detached' })
        },
        B: async () => {
          await answer(0).focus()
          await press('b')
          await page.getByRole('textbox', { name: 'Edit message' }).fill('beside')
          await press('Enter')
          await page.getByText(/^beside, answered/).waitFor()
          await finished(page)
          assert.equal(await page.getByTestId('turn').count(), 2)
          await page.getByTestId('answer').last().focus()
          await press('b')
          assert.equal(await focused(), 'Message', 'behind the newest one goes on in the composer')
        },
        R: async () => {
          await page.getByTestId('answer').last().focus()
          await press('r')
          await version('2/2')
          await finished(page)
        },
        ArrowLeft: async () => {
          await page.getByTestId('answer').last().focus()
          await press('ArrowLeft')
          await version('1/2')
        },
        // The focus went along to the version before.
        ArrowRight: async () => {
          await page.waitForFunction(() => document.activeElement?.matches('[data-testid=answer]'))
          await press('ArrowRight')
          await version('2/2')
        },
      },
      'In the trace': {
        ArrowDown: async () => {
          await press('Mod+.')
          await page.getByRole('treeitem').nth(2).waitFor()
          await inTree(() => press('ArrowDown'))
          assert.notEqual(await activeRow(), 'run')
        },
        ArrowUp: async () => {
          await press('ArrowUp')
          assert.equal(await activeRow(), 'run')
        },
        ArrowLeft: () =>
          inTree(async () => {
            await press('ArrowLeft')
            assert.equal(await rows(), 1)
          }),
        ArrowRight: async () => {
          await press('ArrowRight')
          assert.ok((await rows()) > 1)
        },
        Enter: () =>
          inTree(async () => {
            await press('Enter')
            await page.getByTestId('detail').waitFor()
            await press('Escape')
            await page.getByTestId('detail').waitFor({ state: 'detached' })
          }),
        F: () =>
          inTree(async () => {
            const wide = () =>
              page.getByTestId('waterfall').evaluate((tree) => getComputedStyle(tree).getPropertyValue('--wide'))
            const before = await wide()
            await press('ArrowDown')
            await press('f')
            await page.waitForFunction(
              (before) =>
                getComputedStyle(document.querySelector('[data-testid=waterfall]')!).getPropertyValue('--wide') !==
                before,
              before,
            )
            await press('f')
          }),
        Space: () =>
          inTree(async () => {
            const seen = page.getByRole('button', { name: 'Pause', exact: true }).waitFor()
            await press('Space')
            await seen
            await press('Mod+.')
          }),
      },
      'In the list of chats': {
        ArrowDown: async () => {
          await chat('Beans').focus()
          await press('ArrowDown')
          assert.equal(await chatNow(), 'Peas')
        },
        ArrowUp: async () => {
          await press('ArrowUp')
          assert.equal(await chatNow(), 'Beans')
        },
        ArrowRight: async () => {
          await press('ArrowRight')
          await page.getByRole('menu', { name: 'Options for Beans' }).waitFor()
          await press('Escape')
          await page.getByRole('menu').waitFor({ state: 'detached' })
        },
        F2: async () => {
          await chat('Beans').focus()
          await press('F2')
          await page.getByLabel('Title of the chat').fill('Runner beans')
          await press('Enter')
          await chat('Runner beans').waitFor()
        },
        Delete: async () => {
          await chat('Peas').focus()
          await press('Delete')
          await chat('Peas').waitFor({ state: 'detached' })
        },
        'Mod+Z': async () => {
          await press('Mod+Z')
          await chat('Peas').waitFor()
        },
      },
    }
  }

  it('each key of the list does what the list says, and no other is in it', async (t) => {
    const { page, wrongs } = await open(t, { permissions: ['clipboard-read', 'clipboard-write'] })
    const client = await page.evaluate(async () => {
      for (const title of ['Peas', 'Beans'])
        await fetch('/v1/sessions', {
          method: 'POST',
          headers: { 'Content-Type': 'application/json' },
          body: JSON.stringify({ title }),
        })
    })
    assert.equal(client, undefined)
    for (const text of ['first', 'second']) {
      await say(page, text)
      await page.getByText(new RegExp(`^${text}, answered`)).waitFor()
      await finished(page)
    }
    await page.getByTestId('answer').first().focus()
    await page.keyboard.press('?')
    const dialog = page.getByRole('dialog', { name: 'Keyboard shortcuts' })
    await dialog.waitFor()
    assert.deepEqual(await axe(page), [])
    const listed: Record<string, string[]> = {}
    for (const part of await dialog.getByRole('region').all()) {
      const name = (await part.getAttribute('aria-label'))!
      // The keys of questions are tried where there are questions: acts.test.ts.
      if (name === 'The keys' || name === 'On a question of an agent') continue
      listed[name] = await part
        .locator('[data-shortcut]')
        .evaluateAll((all) => all.map((each) => (each as HTMLElement).dataset['shortcut']!))
    }
    await page.keyboard.press('Escape')
    const all = checks(page)
    const sorted = (of: Record<string, string[]>) =>
      Object.fromEntries(Object.entries(of).map(([name, keys]) => [name, keys.toSorted()]))
    assert.deepEqual(
      sorted(listed),
      sorted(Object.fromEntries(Object.entries(all).map(([name, keys]) => [name, Object.keys(keys)]))),
    )
    for (const [part, keys] of Object.entries(all))
      for (const [key, check] of Object.entries(keys))
        await check().catch((cause: unknown) => {
          throw new Error(`${part}: ${key}`, { cause })
        })
    assert.deepEqual(wrongs, [])
  })

  it('a Mac shows and takes ⌘ where others have Ctrl', async (t) => {
    const { page } = await open(t)
    await page.addInitScript(() => Object.defineProperty(navigator, 'platform', { get: () => 'MacIntel' }))
    await page.reload()
    await page.getByRole('button', { name: 'Search', exact: true }).getByText('⌘ K').waitFor()
    await page.keyboard.press('Control+k')
    await page.keyboard.press('Meta+k')
    await page.getByRole('combobox', { name: 'Search' }).waitFor()
  })
})
