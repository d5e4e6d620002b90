import assert from 'node:assert/strict'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import type { Page } from 'playwright-core'
import { connectTo } from '../../src/client/client.ts'
import { START, type ProjectId } from '../../src/wire/id.ts'
import { scratch, startProcess, type ServerProcess } from '../process.ts'
import { axe, axeContrast, findBrowser, LONG, openPage, ready } from './browser.ts'
import { layoutFaults } from './layout.ts'
import { RICH_ANSWER } from './rich-answer.ts'
import { setStage } from './stage.ts'

/** Where the pictures go, if any are wanted. */
const PICTURES = process.env['PKN_PICTURES']

type Chats = { rich: string; fault: string; compared: string; cited: string; project: string }
type View = {
  name: string
  /** Left out, it is come to from the view before it. */
  at?: (chats: Chats) => string
  show: (page: Page, phone: boolean) => Promise<void>
  /** On a machine without a model. */
  bare?: true
}

const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name }).first()

/** Every view, and every state of one that looks different. Whoever adds a view adds it here. */
const VIEWS: readonly View[] = [
  { name: 'empty', at: () => '', show: (page) => page.getByTestId('empty').waitFor() },
  {
    name: 'chat',
    at: ({ rich }) => `#s=${rich}`,
    show: (page) => page.getByTestId('text').getByRole('table').first().waitFor(),
  },
  {
    name: 'fault',
    at: ({ fault }) => `#s=${fault}`,
    show: async (page) => {
      await page.getByTestId('fault').getByText('Details').click()
      await page.getByTestId('fault').getByText('Copy report').waitFor()
    },
  },
  {
    name: 'waterfall',
    show: async (page) => {
      await button(page, 'Trace').click()
      await page.getByRole('tree').waitFor()
    },
  },
  {
    name: 'story',
    show: async (page) => {
      await button(page, 'Story').click()
      await page.getByTestId('story').waitFor()
    },
  },
  {
    name: 'compared',
    at: ({ compared }) => compared,
    show: (page) => page.getByTestId('compared').nth(1).waitFor(),
  },
  {
    name: 'comparing',
    at: () => '',
    show: async (page) => {
      await button(page, 'Compare several answers').click()
      await page.getByRole('dialog', { name: 'Compare' }).waitFor()
    },
  },
  {
    name: 'import',
    at: () => '',
    show: async (page, phone) => {
      if (phone) await button(page, 'Open the list of chats').click()
      await button(page, /^Import chats/).click()
      await page.getByRole('dialog').waitFor()
    },
  },
  {
    name: 'chats',
    at: () => '',
    show: async (page, phone) => {
      if (phone) await button(page, 'Open the list of chats').click()
      await page.getByRole('navigation', { name: 'Chats' }).waitFor()
    },
  },
  { name: 'models', at: () => '#/models', show: (page) => page.getByTestId('recommended').waitFor() },
  { name: 'agents', at: () => '#/agents', show: (page) => page.getByRole('heading', { name: 'Agents' }).waitFor() },
  { name: 'agent', at: () => '#/agents/coder', show: (page) => page.getByRole('heading', { name: 'Coder' }).waitFor() },
  {
    name: 'memory',
    at: () => '#/memory',
    show: async (page) => {
      await page.getByTestId('memory').first().waitFor()
      await button(page, 'Add a memory').click()
    },
  },
  {
    name: 'snippets',
    at: () => '#/memory/snippets',
    show: async (page) => {
      await page.getByTestId('snippet').first().waitFor()
      await button(page, 'Add a snippet').click()
    },
  },
  {
    name: 'projects',
    at: () => '#/projects',
    show: async (page) => {
      await page.getByTestId('project').first().waitFor()
      await button(page, 'New project').click()
    },
  },
  {
    name: 'project',
    at: ({ project }) => `#/projects/${project}`,
    show: async (page) => {
      await page.getByTestId('memory').waitFor()
      await page.getByTestId('source').getByText('1 passage').waitFor()
    },
  },
  {
    name: 'cited',
    at: ({ cited }) => `#s=${cited}`,
    show: async (page) => {
      await button(page, /^Source 1: /).waitFor()
      await page.getByTestId('sources').getByRole('button').first().click()
    },
  },
  {
    name: 'document',
    at: ({ cited }) => `#s=${cited}`,
    show: async (page) => {
      await button(page, /^Source 1: /).click()
      await page.getByTestId('passage-card').getByRole('button', { name: 'Show the lines around it' }).click()
      await page.getByTestId('document').getByText('The pumps are green').waitFor()
    },
  },
  {
    name: 'settings',
    at: () => '#/settings',
    show: (page) => page.getByRole('heading', { name: 'Settings' }).waitFor(),
  },
  {
    name: 'demo',
    at: () => '#/demo',
    show: async (page) => {
      await page.getByRole('slider', { name: 'Moment' }).press('End')
      await page.getByTestId('demo').getByTestId('stats').waitFor()
    },
  },
  {
    name: 'keys',
    at: () => '',
    show: async (page) => {
      await page.getByTestId('empty').click({ position: { x: 2, y: 2 } })
      await page.keyboard.press('?')
      await page.getByRole('dialog').waitFor()
    },
  },
  {
    name: 'palette',
    at: () => '',
    show: async (page) => {
      await page.keyboard.press('Control+k')
      await page.getByRole('dialog').waitFor()
    },
  },
  {
    name: 'first steps',
    at: () => '',
    bare: true,
    show: async (page) => {
      await page.getByTestId('first-model').getByText('Already have Ollama').click()
      await page.getByTestId('server').first().waitFor()
    },
  },
]

const found = findBrowser()
describe('every view', { skip: 'missing' in found ? found.missing : false }, () => {
  const stage = setStage((question) =>
    question.startsWith('fail')
      ? { text: '', status: 400 }
      : question.includes('pumps')
        ? { text: 'They are green [1].' }
        : { text: RICH_ANSWER, thought: 'Let me think.', size: 200 },
  )
  const home = scratch()
  let bare: ServerProcess
  let chats: Chats
  before(async () => {
    if ('missing' in found) return
    bare = await startProcess(home.home)
    const client = connectTo(stage.server.url)
    const ask = async (text: string, project: ProjectId | null = null) => {
      const { id: session } = await client.call('sessionsCreate', { body: { project } })
      const { run } = await client.call('messagesSubmit', { params: { session }, body: { text } })
      for await (const _ of client.follow(run.id, START, AbortSignal.timeout(20_000)));
      return { session, run: run.id }
    }
    const rich = await ask('Tell me everything that a page can show, with a long title that has to be cut somewhere')
    const fault = await ask('fail, please')
    const first = await ask('two answers')
    const second = await client.call('runsAgain', { params: { run: first.run }, body: { agent: 'coder' } })
    for await (const _ of client.follow(second.id, START, AbortSignal.timeout(20_000)));
    const compared = `#s=${first.session}&compare=${first.run}`
    const { id: project } = await client.call('projectsCreate', { body: { name: 'The house in the hills' } })
    writeFileSync(join(home.home, 'notes.md'), '# Notes\n\nThe pumps are green.\n')
    await client.call('sourcesAdd', { body: { path: join(home.home, 'notes.md'), project } })
    await client.call('memoriesAdd', { body: { text: 'The pumps were bought in 2024.', project } })
    await client.call('memoriesAdd', { body: { text: 'I like short answers.', always: true } })
    await client.call('snippetsWrite', { params: { name: 'greeting' }, body: { text: 'Dear all,\n\nthank you.' } })
    const ready = async () => (await client.call('sourcesList', { query: { project } })).sources[0]?.state === 'ready'
    while (!(await ready())) await setTimeout(50)
    const cited = await ask('Are the pumps green?', project)
    chats = { rich: rich.session, fault: fault.session, compared, cited: cited.session, project }
  })
  after(async () => {
    await bare?.kill('SIGTERM')
    home.remove()
  })

  const SIZES = [
    {
      kind: 'desktop',
      width: 1280,
      height: 860,
      widths: [1100, 2560, 1440],
      touch: false,
      least: { width: 24, height: 24 },
    },
    { kind: 'phone', width: 390, height: 800, widths: [320, 760], touch: true, least: { width: 24, height: 40 } },
  ] as const

  for (const { kind, width, height, widths, touch, least } of SIZES)
    it(`on a ${kind}: axe finds nothing, in no theme; nothing scrolls both ways or lies over another`, async (t) => {
      const options = { viewport: { width, height }, hasTouch: touch, isMobile: touch, colorScheme: 'light' } as const
      const on = async (url: string) => (await openPage(t, stage.browser, url, options)).page
      const [page, without] = [await on(stage.server.url), await on(bare.url)]
      const wrong: string[] = []
      /** Where the view before this one is, if it was shown. */
      let last = null as string | null
      for (const view of VIEWS) {
        const at = view.bare === true ? without : page
        const note = (what: string, faults: readonly string[]) => {
          for (const fault of faults) wrong.push(`${view.name}, ${what}: ${fault}`)
        }
        await at.setViewportSize({ width, height })
        const from = last
        const to = view.at?.(chats)
        last = null
        try {
          if (to === undefined) assert.notEqual(from, null, 'what it is come to from was not shown')
          else {
            // From one view to the next as a reader goes; a chat begins with the page.
            if (!to.startsWith('#/') || from?.startsWith('#/') !== true) await at.goto('about:blank')
            await at.goto(`${view.bare === true ? bare.url : stage.server.url}/pkn.html${to}`)
            await ready(at)
          }
          await view.show(at, touch)
        } catch (error) {
          note('shown', [String(error).slice(0, 300)])
          continue
        }
        last = to ?? from
        await picture(at, `${view.name}-${kind}-light`)
        // On a phone the same is there in another order; what is not, is looked at where it belongs.
        if (!touch || LONG) note('light', await axe(at, { contrast: true }))
        note(`${width} px`, await layoutFaults(at, least))
        for (const wide of LONG ? widths : widths.slice(0, 1)) {
          await at.setViewportSize({ width: wide, height })
          note(`${wide} px`, await layoutFaults(at, least))
          if (wide !== 760) await picture(at, `${view.name}-${wide}-light`)
        }
        if (touch) {
          await at.setViewportSize({ width: 780, height: 360 })
          note('on its side', await layoutFaults(at, least))
        }
        await at.setViewportSize({ width, height })
        await at.emulateMedia({ colorScheme: 'dark' })
        await picture(at, `${view.name}-${kind}-dark`)
        // The colours are the same at every width.
        if (!touch) {
          note('dark', await axeContrast(at))
          if (LONG) {
            await at.emulateMedia({ colorScheme: 'light', contrast: 'more' })
            note('high contrast', await axeContrast(at))
          }
        }
        await at.emulateMedia({ colorScheme: 'light', contrast: 'no-preference' })
      }
      assert.deepEqual(wrong, [])
    })
})

async function picture(page: Page, name: string): Promise<void> {
  if (PICTURES === undefined) return
  mkdirSync(PICTURES, { recursive: true })
  await page.screenshot({ path: join(PICTURES, `${name.replaceAll(' ', '-')}.png`) })
}
