import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import type { Page } from 'playwright-core'
import { freePort, scratch, startProcess } from '../process.ts'
import { answerText, fetched, findBrowser, openPage, say, type Watched } from './browser.ts'
import { setStage } from './stage.ts'

/** Set it to play the same moments again. */
const SEED = Number(process.env['PKN_SEED'] ?? Math.floor(Math.random() * 1e9))
const REFRESHES = 50
/** With the one that is cut off as many as the model answers at a time. */
const PAGES = 3
/** Refreshes of one answer. */
const EACH = 17

/** Words that are all different, and in paragraphs: what is missing, twice or out of order is seen. */
const TEXT = Array.from({ length: 24 }, (_, i) =>
  Array.from({ length: 20 }, (_, j) => `word${i * 20 + j}`).join(' '),
).join('\n\n')
/** As the page shows it. */
const WORDS = TEXT.replaceAll('\n\n', '')

function randomFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

const found = findBrowser()
const skip = 'missing' in found ? found.missing : false
describe('an answer outlives whatever befalls the page', { skip, concurrency: true }, () => {
  const stage = setStage(() => ({ text: TEXT, size: 14, everyMs: 40 }))

  it(`fifty refreshes at random moments lose nothing and show nothing twice (PKN_SEED=${SEED})`, async (t) => {
    const random = randomFrom(SEED)
    let refreshed = 0
    const visits = Array.from({ length: PAGES }, async (_, nth) => {
      const { page, wrongs } = await stage.open(t, { busy: true })
      await watch(page)
      await say(page, `page ${nth}`)
      await page.waitForURL(/#s=/)
      // The words come evenly, so a place in the text is a moment.
      const places = Array.from({ length: EACH }, () => Math.floor(WORDS.length * random()))
      for (const place of places.toSorted((a, b) => a - b)) {
        await page.waitForFunction((n) => (window as unknown as Seen).shown() >= n, place)
        await page.reload({ waitUntil: 'commit' })
        refreshed++
      }
      await ended(page)
      assert.equal(await answerText(page), WORDS)
      assert.deepEqual(wrongs, [])
    })
    await Promise.all(visits)
    assert.ok(refreshed >= REFRESHES, `${refreshed} refreshes`)
  })

  it('a server that is killed and comes back goes on with the answer on the page', async (t) => {
    const { page, wrongs, restart } = await ownServer(t)
    await say(page, 'killed')
    await page.waitForFunction((n) => (window as unknown as Seen).shown() > n, WORDS.length / 4)
    await restart()
    await ended(page)
    assert.equal(await answerText(page), WORDS)
    assert.equal(await page.getByTestId('answer').count(), 1)
    // A part that had not come by then is said to be missing.
    assert.deepEqual(
      wrongs.filter((wrong) => !wrong.includes('imported module')),
      [],
    )
  })

  it('five seconds without a network are made up for, and the page was never loaded again', async (t) => {
    const { page, wrongs } = await stage.open(t)
    await watch(page)
    await say(page, 'cut off')
    await page.waitForFunction((n) => (window as unknown as Seen).shown() > n, WORDS.length / 8)
    const devtools = await page.context().newCDPSession(page)
    const network = (offline: boolean) =>
      devtools.send('Network.emulateNetworkConditions', {
        offline,
        latency: 0,
        downloadThroughput: -1,
        uploadThroughput: -1,
      })
    await fetched(page)
    await network(true)
    await page.evaluate(() => new Promise((later) => setTimeout(later, 5000)))
    await network(false)
    await ended(page)
    assert.equal(await answerText(page), WORDS)
    assert.equal(await page.getByTestId('answer').count(), 1)
    assert.deepEqual(wrongs, [])
  })

  async function ownServer(t: TestContext): Promise<Watched & { restart: () => Promise<void> }> {
    const port = String(await freePort())
    const home = scratch()
    const env = { LLAMA_BASE_URL: stage.upstream.url, PKN_PORT: port }
    let server = await startProcess(home.home, env)
    t.after(async () => {
      await server.kill()
      home.remove()
    })
    const { page, wrongs } = await openPage(t, stage.browser, server.url)
    await watch(page)
    const restart = async () => {
      // What says that the server is away can't be had then.
      await fetched(page)
      await server.kill('SIGKILL')
      await page.getByTestId('offline').waitFor()
      server = await startProcess(home.home, env)
    }
    return { page, wrongs, restart }
  }
})

/** Nothing is written any more; the answer may be told by its run's log, or by the history if it ended while the page was away. */
const ended = (page: Page) =>
  page.waitForFunction(
    () => {
      const newest = [...document.querySelectorAll('[data-testid=answer]')].at(-1)
      return newest?.querySelector('[data-testid=text]') != null && newest.getAttribute('aria-busy') !== 'true'
    },
    undefined,
    { timeout: 60_000 },
  )

type Seen = { shown: () => number }

/** From now on, in this document and in those that come after it, the words of the answer are looked at with every frame. */
async function watch(page: Page): Promise<void> {
  await page.addInitScript(look, WORDS)
  await page.evaluate(look, WORDS)
}

function look(words: string): void {
  const text = () => {
    const parts = [...document.querySelectorAll('[data-testid=answer]')].at(-1)?.querySelectorAll('[data-testid=text]')
    return [...(parts ?? [])].map((part) => part.textContent).join('')
  }
  const seen: Seen = { shown: () => text().length }
  Object.assign(window, seen)
  const frame = () => {
    const now = text()
    // The page is watched for what it says of PKN: see openPage.
    if (!words.startsWith(now)) console.error(`PKN: these words were never said: ${now.slice(-80)}`)
    requestAnimationFrame(frame)
  }
  requestAnimationFrame(frame)
}
