import type { CDPSession, Page } from 'playwright-core'

export type Measured = {
  seconds: number
  framesPerSecond: number
  /** Milliseconds between frames that 95 of 100 stay under. */
  frame95: number
  /** The longest time between two frames. */
  longest: number
  /** Tasks of more than 50 ms, after the first second: by the clock, which counts other programs too. */
  longTasks: number[]
  /** The most that one task has used the processor, after the first second. Not slowed down by `slower`. */
  longestCpu: number
  /** Share of the time in which the page's own thread was at work. */
  busy: number
  heapMb: number
}

/** What a question's answer costs the page while it comes. `slower` makes the page's CPU so many times slower. */
export async function measureAnswer(page: Page, question: string, slower = 1): Promise<Measured> {
  const devtools = await page.context().newCDPSession(page)
  await devtools.send('Performance.enable')
  await devtools.send('Emulation.setCPUThrottlingRate', { rate: slower })
  const metric = async (name: string) =>
    (await devtools.send('Performance.getMetrics')).metrics.find((one) => one.name === name)?.value ?? 0
  const before = await page.getByTestId('stats').count()
  await page.getByLabel('Message', { exact: true }).fill(question)
  await page.evaluate(() => {
    const seen = { frames: [] as number[], tasks: [] as [number, number][], going: true }
    Object.assign(window, { seen })
    new PerformanceObserver((list) => {
      for (const task of list.getEntries()) seen.tasks.push([task.startTime, task.duration])
    }).observe({ type: 'longtask' })
    const frame = (at: number) => {
      seen.frames.push(at)
      if (seen.going) requestAnimationFrame(frame)
    }
    requestAnimationFrame(frame)
  })
  const longestCpu = await watchTasks(devtools)
  const busyBefore = await metric('TaskDuration')
  const began = performance.now()
  await page.keyboard.press('Enter')
  await page.waitForFunction((n) => document.querySelectorAll('[data-testid=stats]').length > n, before, {
    timeout: 300_000,
    polling: 500,
  })
  const seconds = (performance.now() - began) / 1000
  const busy = ((await metric('TaskDuration')) - busyBefore) / seconds
  const cpu = await longestCpu()
  const { frames, tasks } = await page.evaluate(() => {
    const { seen } = window as unknown as { seen: { frames: number[]; tasks: [number, number][]; going: boolean } }
    seen.going = false
    return seen
  })
  await devtools.send('Emulation.setCPUThrottlingRate', { rate: 1 })
  await devtools.send('HeapProfiler.collectGarbage')
  const heapMb = (await metric('JSHeapUsedSize')) / 1e6
  await devtools.detach()
  const warm = (frames[0] ?? 0) + 1000
  const gaps = frames.slice(1).map((at, i) => at - frames[i]!)
  const sorted = gaps.toSorted((a, b) => a - b)
  return {
    seconds,
    framesPerSecond: (gaps.length / ((frames.at(-1) ?? 0) - (frames[0] ?? 0))) * 1000,
    frame95: sorted[Math.floor(sorted.length * 0.95)] ?? 0,
    longest: sorted.at(-1) ?? 0,
    longTasks: tasks.filter(([at]) => at > warm).map(([, duration]) => duration),
    longestCpu: cpu,
    busy,
    heapMb,
  }
}

type TraceEvent = { name: string; ph: string; ts: number; tid: number; pid: number; tdur?: number }

/** Begins to watch; what it gives ends it, and says how much processor time the longest task of the page's own thread took. */
async function watchTasks(devtools: CDPSession): Promise<() => Promise<number>> {
  const events: TraceEvent[] = []
  devtools.on('Tracing.dataCollected', ({ value }) => events.push(...(value as unknown as TraceEvent[])))
  await devtools.send('Tracing.start', {
    transferMode: 'ReportEvents',
    traceConfig: { includedCategories: ['toplevel', 'devtools.timeline'], excludedCategories: ['*'] },
  })
  return async () => {
    const complete = new Promise<void>((done) => devtools.once('Tracing.tracingComplete', () => done()))
    await devtools.send('Tracing.end')
    await complete
    const drawing = events.filter(({ name }) => name === 'FireAnimationFrame')
    const begun = drawing.reduce((first, { ts }) => Math.min(first, ts), Infinity) + 1_000_000
    const threads = new Set(drawing.map(({ pid, tid }) => `${pid} ${tid}`))
    const tasks = events.filter(
      ({ name, ph, ts, pid, tid }) =>
        ph === 'X' && ts > begun && name.endsWith('RunTask') && threads.has(`${pid} ${tid}`),
    )
    return tasks.reduce((most, { tdur }) => Math.max(most, tdur ?? 0), 0) / 1000
  }
}
