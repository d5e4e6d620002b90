/** Makes the pictures of the README, docs/*.png: the true server and page, a scripted model behind them. */
import { spawnSync } from 'node:child_process'
import { mkdirSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { BrowserContextOptions, Page } from 'playwright-core'
import { connectTo } from '../src/client/client.ts'
import { START, type AgentName, type RunId, type SessionId } from '../src/wire/id.ts'
import { findBrowser, finished, launch, say } from '../test/e2e/browser.ts'
import { startUpstream } from '../test/e2e/upstream.ts'
import { scratch, startProcess } from '../test/process.ts'
import { asked, CHATS, replyTo, SKY } from './scenes.ts'

const MOST_BYTES = 200_000
const folder = resolve(import.meta.dirname, '../docs')
const found = findBrowser()
if ('missing' in found) throw new Error(found.missing)
mkdirSync(folder, { recursive: true })

const home = scratch()
const upstream = await startUpstream(replyTo, 'qwen3.5-9b')
const server = await startProcess(home.home, { LLAMA_BASE_URL: upstream.url })
const browser = await launch(found.path, true)
const client = connectTo(server.url)

async function end(run: RunId): Promise<void> {
  for await (const _ of client.follow(run, START, AbortSignal.timeout(60_000)));
}
async function ask(text: string, agent?: string): Promise<{ session: SessionId; run: RunId }> {
  const { id: session } = await client.call('sessionsCreate', { body: {} })
  const body = { text, ...(agent === undefined ? {} : { agent: agent as AgentName }) }
  const { run } = await client.call('messagesSubmit', { params: { session }, body })
  await end(run.id)
  return { session, run: run.id }
}

type Shot = { name: string; at: string; options?: BrowserContextOptions; show?: (page: Page) => Promise<void> }
async function shoot({ name, at, options, show }: Shot): Promise<void> {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 800 },
    reducedMotion: 'reduce',
    ...options,
  })
  const page = await context.newPage()
  await page.goto(`${server.url}/pkn.html${at}`)
  await page.getByRole('button', { name: /^Models: qwen/ }).waitFor()
  await show?.(page)
  await page.mouse.move(1, 1)
  const path = join(folder, `${name}.png`)
  await page.screenshot({ path })
  await context.close()
  // A palette of 256 colours is not seen, and takes a third of the bytes.
  spawnSync('pngquant', ['--force', '--skip-if-larger', '--speed', '1', '--output', path, '256', path])
  const { size } = statSync(path)
  console.log(`${size > MOST_BYTES ? 'LARGE' : 'good '} ${Math.round(size / 1000)} KB  ${path}`)
  if (size > MOST_BYTES) process.exitCode = 1
}

const trace = async (page: Page) => {
  await page.getByRole('button', { name: 'Trace', exact: true }).click()
  await page.getByRole('tree').waitFor()
}
const toTop = (page: Page) =>
  page.getByRole('log').evaluate((log) => {
    log.dispatchEvent(new WheelEvent('wheel', { deltaY: -100 }))
    log.scrollTop = 0
  })
const code = (page: Page) => page.getByTestId('text').locator('pre span').first().waitFor()

try {
  await client.call('route', { body: { text: SKY.question } })
  for (const { text, agent } of CHATS) await ask(text, agent)
  const compared = await ask('Name this project: a small server that waters the balcony when it is dry.', 'general')
  asked.agent = 'consultant'
  const { id } = await client.call('runsAgain', {
    params: { run: compared.run },
    body: { agent: 'consultant' },
  })
  await end(id)
  const sky = await ask(SKY.question)
  const chat = `#s=${sky.session}`

  await shoot({
    name: 'page',
    at: '',
    options: { viewport: { width: 1440, height: 900 } },
    show: async (page) => {
      await say(page, SKY.question)
      await trace(page)
      await finished(page)
      const thought = page.getByTestId('thought').getByRole('button').first()
      if ((await thought.getAttribute('aria-expanded')) === 'false') await thought.click()
      await toTop(page)
    },
  })
  await shoot({
    name: 'replay',
    at: `#run=${sky.run}&at=9.5s`,
    options: { viewport: { width: 1440, height: 860 }, colorScheme: 'dark' },
    show: async (page) => {
      await page.getByRole('button', { name: 'Story', exact: true }).click()
      await page.getByRole('slider', { name: 'Moment' }).waitFor()
      await code(page)
    },
  })
  await shoot({ name: 'dark', at: chat, options: { colorScheme: 'dark' }, show: code })
  await shoot({
    name: 'compare',
    at: `#s=${compared.session}&compare=${compared.run}`,
    show: (page) => page.getByTestId('compared').nth(1).waitFor(),
  })
  await shoot({ name: 'models', at: '#/models', show: (page) => page.getByTestId('recommended').waitFor() })
  await shoot({
    name: 'agents',
    at: '#/agents',
    show: (page) => page.getByRole('heading', { name: 'Agents' }).waitFor(),
  })
  await shoot({
    name: 'phone',
    at: chat,
    options: { viewport: { width: 390, height: 780 }, hasTouch: true, isMobile: true, deviceScaleFactor: 2 },
    show: async (page) => {
      await page.getByTestId('text').waitFor()
      await toTop(page)
    },
  })
} finally {
  await browser.close()
  await server.kill('SIGTERM')
  await upstream.close()
  home.remove()
}
