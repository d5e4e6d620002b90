/**
 * What a long answer costs the page, in a real browser over the true server, beside the same amount of plain text:
 * `npm run bench:page [-- --short]`. Needs a built page and a Chromium (or PKN_CHROMIUM).
 */
import { findBrowser, launch } from '../../test/e2e/browser.ts'
import { scratch, startProcess } from '../../test/process.ts'
import { longAnswer } from './long-answer.ts'
import { measureAnswer } from './measure.ts'
import { startStream } from './stream.ts'

const short = process.argv.includes('--short')
const only = process.argv.find((one) => one.startsWith('--only='))?.slice(7)
const TOKENS = short ? 2000 : 10_000
const found = findBrowser()
if ('missing' in found) throw new Error(found.missing)
const upstream = await startStream((question) => {
  const [, kind, rate] = /(plain|rich) at (\d+)/.exec(question) ?? []
  return { pieces: longAnswer(TOKENS, kind === 'plain'), perSecond: Number(rate ?? 500) }
})
const home = scratch()
const server = await startProcess(home.home, { LLAMA_BASE_URL: upstream.url })
const browser = await launch(found.path, true)
try {
  console.log(`${TOKENS} tokens, each with a page of its own`)
  console.log(
    '                  seconds  frames/s  95 % under  longest  over 50 ms (longest)  most CPU   busy   heap MB',
  )
  for (const [kind, rate, slower] of [
    ['plain', 500, 1],
    ['rich', 500, 1],
    ['plain', 100, 1],
    ['rich', 100, 1],
    ['plain', 100, 4],
    ['rich', 100, 4],
  ] as const) {
    const name = `${kind} at ${rate}/s${slower > 1 ? ` ${slower}x slow` : ''}`
    if (only !== undefined && !name.includes(only)) continue
    const page = await browser.newPage({ viewport: { width: 1280, height: 860 } })
    await page.goto(`${server.url}/pkn.html`)
    const m = await measureAnswer(page, `${kind} at ${rate}`, slower)
    const tasks = `${m.longTasks.length} (${Math.round(Math.max(0, ...m.longTasks))})`
    console.log(
      `${name.padEnd(18)}${m.seconds.toFixed(1).padStart(7)}${m.framesPerSecond.toFixed(1).padStart(10)}${m.frame95.toFixed(1).padStart(9)} ms${m.longest.toFixed(0).padStart(6)} ms${tasks.padStart(22)}${m.longestCpu.toFixed(0).padStart(7)} ms${(m.busy * 100).toFixed(0).padStart(6)} %${m.heapMb.toFixed(1).padStart(10)}`,
    )
    await page.close()
  }
} finally {
  await browser.close()
  await server.kill('SIGTERM')
  upstream.close()
  home.remove()
}
