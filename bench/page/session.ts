/**
 * What a chat of 2,000 messages costs the page: to open it, and to scroll it from its end to its first message.
 * `node bench/page/session.ts`. Needs a built page and a Chromium (or PKN_CHROMIUM).
 */
import type { Browser } from 'playwright-core'
import { findBrowser, launch } from '../../test/e2e/browser.ts'
import { scratch, startProcess } from '../../test/process.ts'
import { bringSession, longSession } from './long-session.ts'

const MESSAGES = 2000
const found = findBrowser()
if ('missing' in found) throw new Error(found.missing)
const home = scratch()
const server = await startProcess(home.home)
const browser = await launch(found.path, true)
try {
  const address = await bringSession(server.url, longSession(MESSAGES))
  console.log('CPU       open   from its end   scrolled: frames/s   95 % under   turns drawn   nodes   heap MB')
  for (const slower of [1, 4]) await measure(browser, address, slower)
} finally {
  await browser.close()
  await server.kill('SIGTERM')
  home.remove()
}

async function measure(browser: Browser, address: string, slower: number): Promise<void> {
  const page = await browser.newPage({ viewport: { width: 1280, height: 860 } })
  const devtools = await page.context().newCDPSession(page)
  await devtools.send('Performance.enable')
  await devtools.send('Emulation.setCPUThrottlingRate', { rate: slower })
  await page.goto(new URL('/pkn.html', address).href)
  // What the page fetches when it has nothing else to do ends with this.
  await page.waitForFunction(
    () => performance.getEntriesByType('resource').some(({ name }) => name.includes('maths-tree')),
    undefined,
    { timeout: 120_000 },
  )
  const opened = await page.evaluate(async (hash) => {
    const began = performance.now()
    location.hash = hash
    while (document.querySelector('[data-testid=answer]') === null) await new Promise(requestAnimationFrame)
    const ms = performance.now() - began
    const log = document.querySelector('[role=log]')!
    await new Promise(requestAnimationFrame)
    return { ms, rest: log.scrollHeight - log.scrollTop - log.clientHeight }
  }, new URL(address).hash)
  const way = await page.evaluate(
    async (most) => {
      const log = document.querySelector('[role=log]')!
      const gaps: number[] = []
      let last = performance.now()
      let turns = 0
      log.dispatchEvent(new WheelEvent('wheel', { deltaY: -10 }))
      for (let still = 0; still < 30 && gaps.length < most;) {
        await new Promise(requestAnimationFrame)
        gaps.push(performance.now() - last)
        last = performance.now()
        turns = Math.max(turns, log.querySelectorAll('[data-testid=turn]').length)
        const top = log.scrollTop
        log.scrollTop -= 300
        still = log.scrollTop === top ? still + 1 : 0
      }
      return { gaps: gaps.toSorted((a, b) => a - b), turns }
      // All the way takes minutes where the processor is slow.
    },
    slower === 1 ? 1e6 : 400,
  )
  await devtools.send('HeapProfiler.collectGarbage')
  const { metrics } = await devtools.send('Performance.getMetrics')
  const metric = (name: string) => metrics.find((one) => one.name === name)?.value ?? 0
  const all = way.gaps.reduce((sum, gap) => sum + gap, 0)
  console.log(
    `${slower === 1 ? 'as it is ' : `${slower}x slower`}${opened.ms.toFixed(0).padStart(5)} ms${opened.rest.toFixed(0).padStart(11)} px${((1000 * way.gaps.length) / all).toFixed(1).padStart(21)}${way.gaps[Math.floor(way.gaps.length * 0.95)]!.toFixed(1).padStart(10)} ms${String(way.turns).padStart(14)}${String(metric('Nodes')).padStart(8)}${(metric('JSHeapUsedSize') / 1e6).toFixed(1).padStart(10)}`,
  )
  await page.close()
}
