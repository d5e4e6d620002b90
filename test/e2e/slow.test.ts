import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import type { Page } from 'playwright-core'
import { findBrowser, finished, say } from './browser.ts'
import { setStage } from './stage.ts'

const found = findBrowser()
describe('a server that is slow', { skip: 'missing' in found ? found.missing : false }, () => {
  const stage = setStage((question) => ({ text: `${question}, answered` }))

  const open = (t: TestContext) => stage.open(t, { busy: true })

  /** From now on every answer of these routes is held; what gives it back lets them go, and all that come after. */
  const hold = async (page: Page, path: RegExp, method: string) => {
    const { promise, resolve } = Promise.withResolvers<void>()
    await page.route(path, async (route) => {
      if (route.request().method() === method) await promise
      await route.continue()
    })
    return async () => {
      resolve()
      await page.getByTestId('waiting').waitFor({ state: 'detached' })
      await page.unroute(path)
    }
  }

  it('is never waited for in silence: each thing that one can do says what it is doing', async (t) => {
    const { page, wrongs } = await open(t)
    const waiting = page.getByTestId('waiting')
    await say(page, 'first')
    await finished(page)
    const chats = page.getByRole('navigation', { name: 'Chats' })
    const menu = async (item: string) => {
      await chats.getByRole('button', { name: 'Options for first' }).click({ force: true })
      await page.getByRole('menuitem', { name: item }).click()
    }
    const acts: { path: RegExp; method: string; act: () => Promise<unknown>; says: string }[] = [
      {
        path: /\/again$/,
        method: 'POST',
        act: () => page.getByRole('button', { name: 'Regenerate' }).last().click(),
        says: 'Asking again…',
      },
      {
        path: /\/sessions\/ses_\w+$/,
        method: 'PATCH',
        act: () => page.getByRole('button', { name: 'Previous version of the answer' }).click(),
        says: 'Saving…',
      },
      { path: /\/sessions\/ses_\w+$/, method: 'PATCH', act: () => menu('Pin'), says: 'Saving…' },
      {
        path: /\/messages\?/,
        method: 'GET',
        act: async () => {
          await page.getByRole('button', { name: 'New chat' }).first().click()
          await chats.getByRole('button', { name: 'first', exact: true }).click()
        },
        says: 'Opening the chat…',
      },
      { path: /\/sessions\/ses_\w+$/, method: 'DELETE', act: () => menu('Delete'), says: 'Deleting the chat…' },
      {
        path: /\/restore$/,
        method: 'POST',
        act: () => page.getByRole('button', { name: 'Undo' }).click(),
        says: 'Bringing the chat back…',
      },
    ]
    for (const { path, method, act, says } of acts) {
      const letGo = await hold(page, path, method)
      await act()
      await waiting.getByText(says).waitFor()
      await letGo()
    }
    assert.deepEqual(wrongs, [])
  })
})
