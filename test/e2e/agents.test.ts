import assert from 'node:assert/strict'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it, type TestContext } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { scratch, startProcess, type ServerProcess } from '../process.ts'
import { axe, findBrowser, finished, launch, looks, openPage, say } from './browser.ts'
import { startUpstream, type Upstream } from './upstream.ts'

/** What a server is called that was configured by LLAMA_BASE_URL. */
const ENDPOINT = 'llama.cpp'

const found = findBrowser()
describe('the agents view', { skip: 'missing' in found ? found.missing : false }, () => {
  let browser: Browser
  let server: ServerProcess
  let upstream: Upstream
  const home = scratch()
  const file = (name: string) => join(home.home, 'agents', name)
  const put = (name: string, more = '', body = 'Help.') =>
    writeFileSync(
      file(`${name}.md`),
      `---\nname: ${name}\ntitle: ${name}\nabout: Knows ${name}.\n${more}---\n\n${body}\n`,
    )
  before(async () => {
    if ('missing' in found) return
    mkdirSync(join(home.home, 'agents'))
    browser = await launch(found.path)
    mkdirSync(join(home.home, 'cache'))
    const pace = (read: number, write: number) => ({ read, write })
    const known = { read: 200, write: 10, loadMs: null, answer: 80, answers: 3 }
    const key = `${ENDPOINT} qwen3-8b-q4`
    const paces = [pace(100, 8), pace(300, 12), pace(200, 10)]
    writeFileSync(join(home.home, 'cache', 'speeds.json'), JSON.stringify({ [key]: { ...known, paces } }))
    upstream = await startUpstream(() => ({ text: 'Fine.' }))
    server = await startProcess(home.home, { LLAMA_BASE_URL: upstream.url })
  })
  after(async () => {
    await browser?.close()
    await server?.kill('SIGTERM')
    await upstream?.close()
    home.remove()
  })
  const open = async (t: TestContext, hash = '#/agents', options = {}) => {
    const opened = await openPage(t, browser, server.url, { busy: true, ...options })
    await to(opened.page, hash)
    return opened
  }
  const to = async (page: Page, hash: string) => {
    await page.evaluate(async (there) => {
      if (location.hash === there) return
      const gone = new Promise((went) => addEventListener('hashchange', went, { once: true }))
      location.hash = there
      await gone
    }, hash)
    await page.getByTestId('agents').locator('h1').waitFor()
  }
  const field = (page: Page, name: string) => page.getByRole('textbox', { name, exact: true })
  const heading = (page: Page, name: string) => page.getByRole('heading', { level: 1, name, exact: true }).waitFor()
  const trial = (page: Page) => page.getByTestId('trial').getByRole('textbox')
  const decided = (page: Page, agent: string) =>
    page.locator(`[data-testid=trial-result][data-agent=${agent}]`).waitFor()

  it('is reached from the list of chats, lists who there is and leads to each', async (t) => {
    const { page, wrongs } = await openPage(t, browser, server.url, { busy: true })
    await page.getByRole('button', { name: /^Agents/ }).click()
    await page.waitForURL(/#\/agents$/)
    await page.waitForFunction(() => document.title === 'Agents · PKN')
    await page.getByTestId('agent').nth(5).waitFor()
    assert.equal(await page.getByTestId('agent').count(), 6)
    await page.getByTestId('agent').filter({ hasText: 'Researcher' }).click()
    await heading(page, 'Researcher')
    await page.waitForFunction(() => document.activeElement?.tagName === 'H1')
    await page.getByTestId('instructions').waitFor()
    await page.getByTestId('astray').waitFor()
    await page.reload()
    await heading(page, 'Researcher')
    await page.goBack()
    await heading(page, 'Agents')
    assert.deepEqual(wrongs, [])
  })

  it('says at every letter who would answer and why, and takes the message to the chat', async (t) => {
    const { page, wrongs } = await open(t)
    await trial(page).pressSequentially('Write a Python function that sorts a list')
    // What was decided by the first letters of it may stand there still.
    await page
      .locator('[data-testid=trial-result][data-agent=coder]')
      .filter({ hasText: 'Coder would answer' })
      .filter({ hasText: /“[^”]*python[^”]*”/i })
      .waitFor()
    assert.equal(await page.getByTestId('trial-result').getByRole('listitem').filter({ hasText: '%' }).count(), 6)
    await trial(page).fill('@reasoner is this so?')
    await decided(page, 'reasoner')
    await page.getByText('because the message asks for it').waitFor()
    await trial(page).fill('Compare heat pumps and gas heating in a table')
    await decided(page, 'researcher')
    await page.reload()
    await decided(page, 'researcher')
    // What is read after a reload moves it.
    await page.getByRole('button', { name: 'Ask Researcher', exact: true }).press('Enter')
    await page.getByLabel('Message', { exact: true }).waitFor()
    await page.waitForFunction(
      (text) => document.querySelector<HTMLTextAreaElement>('[data-composer] textarea')?.value === text,
      'Compare heat pumps and gas heating in a table',
    )
    await page.getByRole('button', { name: 'Who answers: Researcher' }).waitFor()
    assert.deepEqual(wrongs, [])
  })

  it('remembers whom one asks instead, says so where one does, lists it, and forgets it', async (t) => {
    const { page, wrongs } = await openPage(t, browser, server.url, { busy: true })
    const text = 'Which cheese goes with a red wine from Spain?'
    await say(page, text)
    await finished(page)
    await page.getByTestId('route').getByRole('button').first().press('Enter')
    await page.getByTestId('learn-note').waitFor()
    await page.getByTestId('route').getByRole('button', { name: 'Ask Researcher instead' }).press('Enter')
    await page.getByTestId('route').getByText('as you asked').waitFor()
    await to(page, '#/agents')
    await trial(page).fill(text)
    await decided(page, 'researcher')
    await page.locator('[data-why=lesson]').getByText('You asked Researcher instead').waitFor()
    await page.getByRole('link', { name: 'What was learnt' }).click()
    const lesson = page.getByTestId('lesson')
    await lesson.getByText('Researcher instead of General').waitFor()
    assert.match((await lesson.getByRole('link').getAttribute('href')) ?? '', /^#s=ses_\w+&m=/)
    assert.deepEqual(await axe(page), [])
    await lesson.getByRole('button', { name: `Forget “${text}”` }).press('Enter')
    await page.getByText('Nothing yet.').waitFor()
    await page.waitForFunction(() => document.activeElement !== document.body)
    await to(page, '#/agents')
    await decided(page, 'general')
    assert.deepEqual(wrongs, [])
  })

  it('makes an agent by keyboard alone; what is wrong stands beside its field, and what was typed outlives a reload', async (t) => {
    const { page, wrongs } = await open(t)
    const { keyboard } = page
    const type = async (text: string) => {
      await keyboard.type(text)
      await keyboard.press('Tab')
    }
    await page.getByTestId('agent').nth(5).waitFor()
    const make = page.getByRole('button', { name: 'Make your own', exact: true })
    for (let i = 0; i < 40 && !(await make.evaluate((button) => button === document.activeElement)); i++)
      await keyboard.press('Tab')
    await keyboard.press('Enter')
    await heading(page, 'Your own agent')
    while (!(await field(page, 'Name').evaluate((input) => input === document.activeElement)))
      await keyboard.press('Tab')
    await type('Garten & Beet')
    assert.equal(await field(page, 'Short name').inputValue(), 'garten-beet')
    await keyboard.press('Tab')
    await type('Plants and beds.')
    await keyboard.press('Control+s')
    await page.getByTestId('wrong-instructions').getByText('Must not be empty').waitFor()
    await page.waitForFunction(() => document.activeElement?.getAttribute('data-field') === 'instructions')
    await keyboard.type('You help with gardens.')
    assert.equal(await page.getByTestId('wrong-instructions').count(), 0)
    await keyboard.press('Tab')
    await keyboard.type('When do I prune my roses?\nHow deep do I plant tulip bulbs?\nMy tomato seedlings are leggy')
    await page.reload()
    await heading(page, 'Your own agent')
    assert.equal(await field(page, 'Name').inputValue(), 'Garten & Beet')
    assert.match(await field(page, 'Messages that it answers').inputValue(), /tulip/)
    await field(page, 'Models it prefers').fill('context>>3')
    await keyboard.press('Control+Enter')
    await page.getByTestId('wrong-models').getByText('context>>3').waitFor()
    await field(page, 'Models it prefers').fill('tools+context>=32k')
    await keyboard.press('Control+Enter')
    await heading(page, 'Garten & Beet')
    await page.getByTestId('wishes').getByText('Uses tools, at least 32,000 tokens of context').waitFor()
    await page.getByTestId('astray').getByText('All 3 examples come to it').waitFor()
    await trial(page).fill('When should I prune the roses?')
    await decided(page, 'garten-beet')
    assert.match(readFileSync(file('garten-beet.md'), 'utf8'), /title: Garten & Beet\n/)
    await to(page, '#/agents/+')
    assert.equal(await field(page, 'Name').inputValue(), '')
    await field(page, 'Name').fill('Coder')
    await keyboard.press('Control+s')
    await page.getByTestId('wrong-name').getByText('taken').waitFor()
    assert.deepEqual(wrongs, [])
  })

  it('asks before a form is left that is not saved, and keeps or drops what was typed', async (t) => {
    put('keeper')
    const { page } = await open(t, '#/agents/keeper/edit')
    const leave = async (how: string) => {
      await page.getByRole('button', { name: 'Leave', exact: true }).click()
      await page.getByRole('dialog').getByRole('button', { name: how }).click()
    }
    await field(page, 'What it is for').fill('Half a thought')
    await leave('Go on writing')
    await leave('Keep it for later')
    await page.getByRole('button', { name: 'Go on with your changes' }).click()
    assert.equal(await field(page, 'What it is for').inputValue(), 'Half a thought')
    await leave('Throw it away')
    await page.getByRole('button', { name: 'Edit', exact: true }).click()
    assert.equal(await field(page, 'What it is for').inputValue(), 'Knows keeper.')
    await page.getByRole('button', { name: 'Leave', exact: true }).click()
    await heading(page, 'keeper')
  })

  it('removes an agent and brings it back to the letter', async (t) => {
    put('fleeting', '# by hand\n')
    const text = readFileSync(file('fleeting.md'), 'utf8')
    const { page, wrongs } = await open(t, '#/agents/fleeting')
    await page.getByRole('button', { name: 'Remove', exact: true }).click()
    await page.getByTestId('removed').getByText('fleeting was removed').waitFor()
    await page.getByTestId('agent').filter({ hasText: 'fleeting' }).waitFor({ state: 'detached' })
    await page.keyboard.press('Control+z')
    await heading(page, 'fleeting')
    assert.equal(readFileSync(file('fleeting.md'), 'utf8'), text)
    assert.deepEqual(wrongs, [])
  })

  it('takes a version of a built-in agent, and goes back to the one that comes with PKN', async (t) => {
    const { page } = await open(t, '#/agents/general')
    await page.getByRole('button', { name: 'Make it your own' }).click()
    await heading(page, 'Your own General')
    await field(page, 'Instructions').fill('Answer in rhymes.')
    await page.getByRole('button', { name: 'Save', exact: true }).click()
    await page.getByTestId('instructions').getByText('Answer in rhymes.').waitFor()
    await page.getByText('your version').waitFor()
    await page.getByRole('button', { name: 'Back to the built-in' }).click()
    await page.getByTestId('removed').getByText('comes with PKN again').waitFor()
    await page.getByText('comes with PKN', { exact: true }).waitFor()
    await page.getByTestId('instructions').getByText('general assistant of PKN').waitFor()
  })

  it('tells what is wrong with a file and where, until it is mended', async (t) => {
    writeFileSync(file('oops.md'), '---\nname: oops\ntitle: Oops\nabout: x\nmodels: all\n---\nx\n')
    const { page } = await open(t)
    const broken = page.getByTestId('broken-files')
    await broken.getByText('oops.md').waitFor()
    assert.match(await broken.innerText(), /Line 5: models must be a list/)
    put('oops')
    await page.getByTestId('agent').filter({ hasText: 'oops' }).waitFor()
    await broken.waitFor({ state: 'detached' })
    rmSync(file('oops.md'))
  })

  it('two windows: what is saved in one is told in the other before it is overwritten', async (t) => {
    put('shared')
    const { page } = await open(t, '#/agents/shared/edit')
    await field(page, 'What it is for').fill('From the first window')
    const second = await page.context().newPage()
    await second.goto(`${server.url}/pkn.html#/agents/shared`)
    await second.evaluate(() => localStorage.removeItem('pkn.agent.shared'))
    await second.getByRole('button', { name: /^(Edit|Go on)/ }).click()
    await field(second, 'What it is for').fill('From the second window')
    await second.getByRole('button', { name: 'Save', exact: true }).click()
    await heading(second, 'shared')
    await page.getByTestId('stale').waitFor()
    assert.equal(await field(page, 'What it is for').inputValue(), 'From the first window')
    await page.getByRole('button', { name: 'Show what it is now' }).click()
    assert.equal(await field(page, 'What it is for').inputValue(), 'From the second window')
    await field(page, 'What it is for').fill('And the first again')
    await page.getByRole('button', { name: 'Save', exact: true }).click()
    await heading(page, 'shared')
    await second.getByText('And the first again').waitFor()
  })

  it('the models page shows how fast the last answers were, and which agents wish for a model', async (t) => {
    put('fan', 'models: [qwen3-8b-q4]\n')
    const { page, wrongs } = await open(t, '#/agents/fan')
    await page.getByTestId('wishes').getByText('Is here').waitFor()
    await page
      .getByRole('navigation')
      .getByRole('button', { name: /^Models/ })
      .click()
    const row = page.getByTestId('model').filter({ hasText: 'qwen3-8b-q4' })
    await row.getByTestId('paces').getByText('The last 3 answers').waitFor()
    assert.match(
      await row.getByTestId('paces').innerText(),
      /writing\s+8\.0 to 12 tokens\/s\s+reading\s+100 to 300 tokens\/s/,
    )
    await row.getByRole('link', { name: 'fan' }).click()
    await heading(page, 'fan')
    assert.deepEqual(wrongs, [])
  })

  for (const { colorScheme, viewport } of looks({ width: 1280, height: 860 }, { width: 320, height: 720 }))
    it(`axe finds nothing: ${colorScheme}, ${viewport.width} wide`, async (t) => {
      writeFileSync(file('oops.md'), 'nothing of the kind')
      put(
        'full',
        'models: [some-model, tools, smollm2-135m]\ntools: [read_file]\ndelegates: [coder]\nexamples: [Compare heat pumps]\n',
      )
      const { page, wrongs } = await open(t, '#/agents', { colorScheme, viewport })
      const clean = async (state: string) => {
        assert.deepEqual(await axe(page), [], state)
        assert.equal(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true, state)
      }
      await page.getByTestId('broken-files').waitFor()
      await trial(page).fill('Should I buy or rent?')
      await page.getByTestId('trial-result').waitFor()
      await clean('list')
      await to(page, '#/agents/full')
      await page.getByTestId('astray').waitFor()
      await page.getByTestId('wishes').getByText('not here').first().waitFor()
      await page
        .getByTestId('wishes')
        .getByRole('button', { name: /^Get it, \d/ })
        .waitFor()
      await clean('one')
      await to(page, '#/agents/full/edit')
      await field(page, 'Name').fill('')
      await page.getByRole('button', { name: 'Save', exact: true }).click()
      await page.getByTestId('wrong-title').waitFor()
      await clean('edit')
      await page.getByRole('button', { name: 'Leave', exact: true }).click()
      await clean('leave')
      await page.getByRole('button', { name: 'Throw it away' }).click()
      await page.getByRole('button', { name: 'Remove', exact: true }).click()
      await page.getByTestId('removed').waitFor()
      await clean('removed')
      rmSync(file('oops.md'))
      assert.deepEqual(wrongs, [])
    })
})
