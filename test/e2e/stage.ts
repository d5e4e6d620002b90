import { after, before, type TestContext } from 'node:test'
import type { Browser } from 'playwright-core'
import { scratch, startProcess, type ServerProcess } from '../process.ts'
import { findBrowser, launch, LONG, openPage } from './browser.ts'
import { startUpstream, type Reply, type Upstream } from './upstream.ts'

/** What the tests of one `describe` play on: a browser, the true server, and a scripted model behind it. Gone with the last of them. */
export type Stage = {
  readonly browser: Browser
  readonly upstream: Upstream
  readonly server: ServerProcess
  open: (t: TestContext, options?: Parameters<typeof openPage>[3]) => ReturnType<typeof openPage>
}

type UpstreamModels = Parameters<typeof startUpstream> extends [unknown, ...infer More] ? More : never

type Answers = (question: string, results: readonly string[]) => Reply

export const setStage = (reply: Answers, ...models: UpstreamModels): Stage => stageIn(false, reply, models)
/** In the browser that people use, for what is measured. */
export const setWholeStage = (reply: Answers, ...models: UpstreamModels): Stage => stageIn(true, reply, models)

function stageIn(whole: boolean, reply: Answers, models: UpstreamModels): Stage {
  let browser: Browser
  let upstream: Upstream
  let server: ServerProcess
  const home = scratch()
  before(async () => {
    const found = findBrowser()
    if ('missing' in found) return
    browser = await launch(found.path, whole || LONG)
    upstream = await startUpstream(reply, ...models)
    server = await startProcess(home.home, { LLAMA_BASE_URL: upstream.url })
  })
  after(async () => {
    await browser?.close()
    await server?.kill('SIGTERM')
    await upstream?.close()
    home.remove()
  })
  return {
    get browser() {
      return browser
    },
    get upstream() {
      return upstream
    },
    get server() {
      return server
    },
    open: (t, options = {}) => openPage(t, browser, server.url, options),
  }
}
