import assert from 'node:assert/strict'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it, type TestContext } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { freePort, scratch, startProcess, type ServerProcess } from '../process.ts'
import {
  answerText,
  axe,
  fetched,
  findBrowser,
  finished,
  launch,
  looks,
  openPage,
  say,
  type Opening,
} from './browser.ts'
import { startUpstream, stopsAt, type Reply, type Upstream } from './upstream.ts'

const found = findBrowser()
const PLAN = '# Plan\n\n- sow\n- water\n'
const HOSTILE = `rm -rf /\u202Etxt.\u001B[2K\n[Allow once](javascript:alert(1))\n<button>Deny</button>\n\`\`\`\n${'x'.repeat(100_000)}`
const typing = stopsAt('thought 0')

/** What the model asks for, by a word of the question; `results` are those of the calls it has made by then. */
function script(question: string, results: readonly string[]): Reply {
  const calls = (list: readonly { tool: string; input: unknown }[]): Reply => {
    const next = list[results.length]
    return next === undefined ? { text: `So: ${results.at(-1)}` } : { text: '', calls: [next] }
  }
  const write = (path: string, content: string) => ({ tool: 'write', input: { path, content } })
  if (question.includes('twice')) return calls([write('a.md', 'a\n'), write('b.md', 'b\n')])
  if (question.includes('patient')) return { ...calls([write('notes.md', PLAN)]), thought: 'Hm.', hold: typing.hold }
  if (question.includes('plan')) return calls([write('notes.md', PLAN)])
  if (question.includes('hostile')) return calls([write('x.md', HOSTILE)])
  if (question.includes('big')) return calls([{ tool: 'read', input: { path: 'big.txt', lines: 1000 } }])
  if (question.includes('colour'))
    return calls([{ tool: 'ask_user', input: { question: 'Which **colour**?', options: ['Red', 'Blue'] } }])
  if (question.includes('handed'))
    return calls([{ tool: 'delegate', input: { agent: 'helper', task: 'Name a number' } }])
  if (question.includes('Name a number')) return { text: 'Seven.' }
  if (question.includes('steps')) {
    const list = (...states: string[]) => ({
      tool: 'todo',
      input: { items: states.map((state, i) => ({ text: `Part ${i + 1}`, state })) },
    })
    return calls([list('doing', 'open'), list('done', 'doing'), list('done', 'done')])
  }
  return { text: 'Fine.' }
}

describe('what agents do, in the page', { skip: 'missing' in found ? found.missing : false }, () => {
  let browser: Browser
  let server: ServerProcess
  let upstream: Upstream
  let port: number
  const home = scratch()
  const start = async () => {
    server = await startProcess(home.home, { LLAMA_BASE_URL: upstream.url, PKN_PORT: String(port) })
  }
  before(async () => {
    if ('missing' in found) return
    mkdirSync(join(home.home, 'agents'))
    writeFileSync(
      join(home.home, 'agents', 'maker.md'),
      '---\nname: maker\ntitle: Maker\nabout: Makes files.\ntools: [read, write, edit, list, undo, todo, ask_user, delegate]\ndelegates: [helper]\n---\n\nMake what is asked for.\n',
    )
    writeFileSync(
      join(home.home, 'agents', 'helper.md'),
      '---\nname: helper\ntitle: Helper\nabout: Helps.\n---\n\nHelp.\n',
    )
    port = await freePort()
    browser = await launch(found.path)
    upstream = await startUpstream(script)
    await start()
  })
  after(async () => {
    await browser?.close()
    await server?.kill('SIGTERM')
    await upstream?.close()
    home.remove()
  })
  const stopped = async (page: Page) => {
    await page.getByRole('button', { name: 'Stop' }).click()
    await page.getByText(/^Stopped by you after/).waitFor()
  }
  const open = (t: TestContext, options: Opening = {}) => openPage(t, browser, server.url, { busy: true, ...options })
  const ask = (page: Page, about: string) => say(page, `@maker Do it in ./notes.md: ${about}`)
  const card = (page: Page) => page.locator('[role=log]').getByTestId('ask')
  // By the key: a pointer may come down beside what it aimed at while the view follows its end.
  const press = (page: Page, name: string) => card(page).getByRole('button', { name }).press('Enter')
  /** Gives the card the focus as if that had been so many milliseconds ago, and then these keys, a fifth of a second after each other. */
  const focusedAgo = (page: Page, ago: number, typed = '') =>
    card(page).evaluate(
      (box, [before, keys]) => {
        const real = performance.now.bind(performance)
        let now = real() - before
        performance.now = () => now
        box.blur()
        box.focus()
        for (const key of keys) {
          now += 200
          box.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }))
        }
        performance.now = real
      },
      [ago, typed] as const,
    )
  const folderOf = async (page: Page): Promise<string> => {
    await page.waitForFunction(() => location.hash.startsWith('#s='))
    return join(home.home, 'work', await page.evaluate(() => location.hash.slice(3)))
  }

  it('shows exactly what will be written, writes it once it is allowed, and takes it back', async (t) => {
    const { page, wrongs } = await open(t)
    await ask(page, 'plan')
    await card(page).waitFor()
    const folder = await folderOf(page)
    assert.equal(existsSync(join(folder, 'notes.md')), false)
    assert.match((await card(page).textContent()) ?? '', /Maker wants to write notes\.md/)
    assert.deepEqual(await card(page).locator('.act-in code').allTextContents(), [
      'added: # Plan',
      'added: ',
      'added: - sow',
      'added: - water',
    ])
    assert.match((await page.getByTestId('status').textContent()) ?? '', /^Waits for you: write notes\.md\? · \d+ s$/)
    await page.waitForFunction(() => document.title.startsWith('● Waits for you'))
    await page.waitForFunction(() =>
      document.querySelector<HTMLLinkElement>('link[rel=icon]')?.href.startsWith('data:image/svg'),
    )
    await page.getByTestId('waits').waitFor()
    await card(page).getByRole('button', { name: 'Allow once' }).click()
    await finished(page)
    assert.equal(readFileSync(join(folder, 'notes.md'), 'utf8'), PLAN)
    assert.match((await page.getByTestId('tool').textContent()) ?? '', /Wrote notes\.md.*You allowed it once/)
    await page.getByTestId('waits').waitFor({ state: 'detached' })
    await page.waitForFunction(() => !document.title.includes('Waits'))
    // How it came about shows the change as the chat does.
    await page.getByRole('button', { name: 'How it came about' }).click()
    const change = page.getByTestId('story').getByRole('region', { name: 'The change of notes.md' })
    await change.getByText('- water').waitFor()
    await page.getByTestId('undo').getByRole('button').click()
    await page.getByTestId('undo').getByText('notes.md is as it was before.').waitFor()
    assert.equal(existsSync(join(folder, 'notes.md')), false)
    assert.deepEqual(wrongs, [])
  })

  it('says why a file that was changed since then is left as it is', async (t) => {
    const { page } = await open(t)
    await ask(page, 'plan')
    await press(page, 'Allow once')
    await finished(page)
    const file = join(await folderOf(page), 'notes.md')
    writeFileSync(file, 'mine')
    await page.getByTestId('undo').getByRole('button').press('Enter')
    await page.getByTestId('undo').getByText('notes.md was left as it is: it was changed since then.').waitFor()
    assert.equal(readFileSync(file, 'utf8'), 'mine')
  })

  it('says of an answer of an earlier visit what it did, and shows each call once one asks', async (t) => {
    const { page, wrongs } = await open(t)
    await ask(page, 'twice')
    for (const name of ['a.md', 'b.md'])
      await card(page)
        .filter({ hasText: `wants to write ${name}` })
        .getByRole('button', { name: 'Allow once' })
        .click()
    await finished(page)
    const file = join(await folderOf(page), 'a.md')
    assert.equal(readFileSync(file, 'utf8'), 'a\n')
    await page.reload()
    const deeds = page.getByTestId('deeds')
    await deeds.getByRole('button', { name: 'Tools: 2 changes of files.' }).click()
    await deeds.getByTestId('tool').nth(1).waitFor()
    assert.match((await deeds.getByTestId('tool').first().textContent()) ?? '', /Wrote a\.md.*You allowed it once/)
    assert.deepEqual(await axe(page), [])
    await picture(page, 'deeds')
    await deeds.getByTestId('undo').first().getByRole('button').click()
    await deeds.getByText('a.md is as it was before.').waitFor()
    assert.equal(existsSync(file), false)
    assert.deepEqual(wrongs, [])
  })

  it('denies with a reason by the keyboard, which the model is told', async (t) => {
    const { page } = await open(t)
    await ask(page, 'plan')
    await card(page).waitFor()
    await page.waitForFunction(() => document.activeElement?.getAttribute('data-testid') === 'ask')
    // What was typed for something else answers nothing: neither in the first moment, nor as it goes on.
    const other = 'and then a third thing'
    await focusedAgo(page, other.length * 200 + 900, other)
    assert.equal(await card(page).getByRole('button', { name: 'Allow once' }).count(), 1)
    await page.keyboard.press('d')
    const why = card(page).getByLabel('Why not?')
    await why.fill('Not now')
    await why.press('Enter')
    await finished(page)
    assert.match(await answerText(page), /did not allow this\. The reason: Not now/)
    assert.match((await page.getByTestId('tool').textContent()) ?? '', /not allowed.*You denied it: Not now/)
    assert.equal(existsSync(join(await folderOf(page), 'notes.md')), false)
    await page.keyboard.press('Escape')
    await page.locator('[role=log]').focus()
    await page.keyboard.press('?')
    await page.getByRole('dialog').locator('[data-shortcut=S]').first().waitFor()
  })

  it('leaves the focus with whoever types', async (t) => {
    const { page } = await open(t)
    await ask(page, 'patient')
    await page.getByLabel('Message', { exact: true }).pressSequentially('and then')
    typing.letGo('thought 0')
    await card(page).waitFor()
    assert.equal(await page.evaluate(() => document.activeElement?.tagName), 'TEXTAREA')
    await page.keyboard.type(' a third thing')
    assert.equal(await page.getByLabel('Message', { exact: true }).inputValue(), 'and then a third thing')
    await page.getByLabel('Message', { exact: true }).fill('')
    await stopped(page)
    await page.getByTestId('waits').waitFor({ state: 'detached' })
  })

  it('allows what is like it in this chat, and asks no more', async (t) => {
    const { page } = await open(t)
    await ask(page, 'twice')
    await card(page).waitFor()
    await focusedAgo(page, 1000)
    await page.keyboard.press('s')
    await finished(page)
    const folder = await folderOf(page)
    assert.equal(readFileSync(join(folder, 'b.md'), 'utf8'), 'b\n')
    assert.equal(await page.getByTestId('tool').count(), 2)
  })

  it('does what a person wrote instead', async (t) => {
    const { page } = await open(t)
    await ask(page, 'plan')
    await press(page, 'Change it')
    await card(page).getByLabel('What the file is to hold instead').fill('# Mine\n')
    await press(page, 'Allow it like this')
    await finished(page)
    assert.equal(readFileSync(join(await folderOf(page), 'notes.md'), 'utf8'), '# Mine\n')
    await page.getByText('You changed it, and allowed it like this.').waitFor()
  })

  it('asks with answers to choose from, as text', async (t) => {
    const { page } = await open(t)
    await ask(page, 'colour')
    await card(page).getByText('Which **colour**?', { exact: true }).waitFor()
    await press(page, 'Blue')
    await finished(page)
    assert.match(await answerText(page), /The user answers: Blue/)
  })

  it('follows an answer that is given in another tab, from the list of what waits', async (t) => {
    const { page } = await open(t)
    await ask(page, 'plan')
    await card(page).waitFor()
    const { page: other } = await open(t)
    await other.getByTestId('waits').click()
    const list = other.getByTestId('asks')
    const count = await list.getByTestId('ask').count()
    await list.getByText('Maker wants to write notes.md').first().waitFor()
    await list.getByRole('button', { name: 'Allow once' }).first().click()
    await finished(page)
    assert.equal(await card(page).count(), 0)
    assert.equal(readFileSync(join(await folderOf(page), 'notes.md'), 'utf8'), PLAN)
    await list
      .getByTestId('ask')
      .nth(count - 1)
      .waitFor({ state: 'detached' })
  })

  it('opens the chat of a question at its card', async (t) => {
    const { page } = await open(t)
    await ask(page, 'plan')
    await card(page).waitFor()
    const { page: other } = await open(t)
    await other.getByTestId('waits').click()
    await other
      .getByTestId('asks')
      .getByRole('button', { name: /open this chat/ })
      .first()
      .click()
    await other.waitForFunction(() => document.activeElement?.closest('[role=log] [data-testid=ask]') != null)
    await press(other, 'Deny')
    await card(other).getByLabel('Why not?').waitFor()
    await press(other, 'Deny')
    await finished(page)
  })

  it('waits through a reload, and through the death of its server', async (t) => {
    const { page } = await openPage(t, browser, server.url)
    await ask(page, 'plan')
    await card(page).waitFor()
    await page.reload()
    await card(page).waitFor()
    await fetched(page)
    await server.kill()
    await press(page, 'Allow once')
    await page.getByText('Kept here, and sent as soon as the server is back').waitFor()
    await start()
    await finished(page)
    assert.equal(readFileSync(join(await folderOf(page), 'notes.md'), 'utf8'), PLAN)
    // The answer to the call and the end of the run come on different lines.
    await page.waitForFunction(() => localStorage.getItem('pkn.answers') === null)
    assert.equal(await page.getByTestId('tool').count(), 1)
  })

  it('shows a hostile text as what it is', async (t) => {
    const { page, wrongs } = await open(t)
    await ask(page, 'hostile')
    await card(page).waitFor()
    assert.deepEqual(await card(page).locator('.act-hidden').allTextContents(), ['U+202E', 'ESC'])
    await picture(page, 'hostile')
    assert.equal(await card(page).getByRole('link').count(), 0)
    assert.equal(await card(page).getByRole('button', { name: 'Deny', exact: true }).count(), 1)
    assert.ok(
      await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth),
      'nothing is wider than the page',
    )
    await stopped(page)
    assert.deepEqual(wrongs, [])
  })

  it('pages through an output that is too long to be told', async (t) => {
    const { page } = await open(t)
    await say(page, 'hello')
    await finished(page)
    const folder = await folderOf(page)
    mkdirSync(folder, { recursive: true })
    const lines = Array.from({ length: 1200 }, (_, i) => `line ${i + 1} of a file that is long enough`)
    writeFileSync(join(folder, 'big.txt'), lines.join('\n'))
    await ask(page, 'big')
    await page.getByTestId('stats').nth(1).waitFor()
    // The view may still be on its way to the end.
    await page.getByTestId('tool').getByRole('button').press('Enter')
    await page.getByRole('button', { name: /^The whole output/ }).press('Enter')
    await page.getByText(/^Lines 1 to 400 of \d/).waitFor()
    await page.getByRole('button', { name: 'After', exact: true }).press('Enter')
    await page.getByText(/^Lines 401 to 800 of/).waitFor()
    await page.getByRole('button', { name: 'The end', exact: true }).press('Enter')
    await page.getByTestId('whole-output').getByText('line 1000 of a file').waitFor()
    await page.getByRole('button', { name: 'How it came about' }).last().press('Enter')
    await page
      .getByTestId('story')
      .getByRole('button', { name: /^The whole output/ })
      .click()
    await page
      .getByTestId('story')
      .getByText(/^Lines 1 to 400 of \d/)
      .waitFor()
  })

  it('keeps one list of what is to be done, in its place', async (t) => {
    const { page } = await open(t)
    await ask(page, 'steps')
    await finished(page)
    // What draws it is fetched with the first one.
    await page.getByTestId('todo').first().waitFor()
    assert.equal(await page.getByTestId('todo').count(), 1)
    assert.match((await page.getByTestId('todo').textContent()) ?? '', /^To do, 2 of 2 donePart 1\(done\)Part 2/)
    assert.equal(await page.getByTestId('tool').count(), 0)
  })

  it('shows the run of another agent within the one that handed it on', async (t) => {
    const { page } = await open(t)
    await ask(page, 'handed')
    await finished(page)
    const child = page.getByTestId('child')
    await child.filter({ hasText: /^Helper Name a number.*done/ }).waitFor()
    assert.equal(await page.getByTestId('tool').count(), 0)
    await child.getByRole('button').first().press('Enter')
    await child.getByText('Seven.').waitFor()
    await picture(page, 'child')
  })

  it('gives the time in which a person is waited for to nobody else', async (t) => {
    const { page } = await open(t)
    await ask(page, 'plan')
    await press(page, 'Allow once')
    await finished(page)
    await page.keyboard.press('Control+.')
    const waiting = page
      .getByTestId('waterfall')
      .getByRole('treeitem', { level: 2 })
      .filter({ hasText: 'Waiting for you' })
    await waiting.first().waitFor()
    await picture(page, 'trace')
    assert.equal(await waiting.count(), 1)
  })

  for (const { colorScheme: scheme, viewport: contrast } of looks<'no-preference' | 'more'>('no-preference', 'more'))
    it(`is readable to everybody: ${scheme}, contrast ${contrast}, wide and on a phone`, async (t) => {
      const { page, wrongs } = await open(t, { colorScheme: scheme, contrast })
      await ask(page, 'plan')
      await card(page).waitFor()
      const seen = await axe(page)
      await page.setViewportSize({ width: 390, height: 800 })
      await page.getByRole('button', { name: 'Open the list of chats' }).waitFor()
      seen.push(...(await axe(page)))
      await picture(page, `ask-${scheme}-${contrast}`)
      assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth))
      await page.setViewportSize({ width: 1280, height: 860 })
      await page.getByTestId('waits').waitFor()
      await picture(page, `ask-wide-${scheme}-${contrast}`)
      await page.getByTestId('waits').click()
      await page.getByTestId('asks').getByTestId('ask').first().waitFor()
      seen.push(...(await axe(page)))
      await page.keyboard.press('Escape')
      await page.getByTestId('asks').waitFor({ state: 'detached' })
      await press(page, 'Allow once')
      await finished(page)
      seen.push(...(await axe(page)))
      await picture(page, `done-${scheme}-${contrast}`)
      assert.deepEqual(seen, [])
      assert.deepEqual(wrongs, [])
    })
})

/** Kept where somebody wants to look at them. */
async function picture(page: Page, name: string): Promise<void> {
  const folder = process.env['PKN_PICTURES']
  if (folder !== undefined) await page.screenshot({ path: join(folder, `${name}.png`) })
}
