import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import type { Page } from 'playwright-core'
import { connectTo } from '../../src/client/client.ts'
import { axe, findBrowser, finished, say } from './browser.ts'
import { setStage } from './stage.ts'

const said = (role: string, text: string) => ({
  message: { author: { role }, create_time: 1.75e9, content: { content_type: 'text', parts: [text] } },
})
const chatgpt = [
  {
    title: 'Bread of ChatGPT',
    create_time: 1.75e9,
    update_time: 1.75e9,
    current_node: 'a',
    mapping: {
      root: { parent: null, message: null, children: ['q'] },
      q: { parent: 'root', ...said('user', 'How do I bake?') },
      a: { parent: 'q', ...said('assistant', 'With flour.') },
    },
  },
  { title: 'Empty one', mapping: {} },
]
const openWebui = [
  {
    title: 'Soup of Open WebUI',
    chat: {
      title: 'Soup of Open WebUI',
      history: {
        currentId: 'b',
        messages: {
          a: { id: 'a', parentId: null, childrenIds: ['b'], role: 'user', content: 'Soup?', timestamp: 1.75e9 },
          b: {
            id: 'b',
            parentId: 'a',
            childrenIds: [],
            role: 'assistant',
            content: 'Hot.',
            timestamp: 1.75e9,
            model: 'm',
          },
        },
      },
    },
  },
]
const librechat = {
  conversationId: '1',
  title: 'Tea of LibreChat',
  recursive: true,
  messages: [
    {
      messageId: 'x',
      parentMessageId: '00000000-0000-0000-0000-000000000000',
      sender: 'User',
      isCreatedByUser: true,
      text: 'Tea?',
      children: [
        { messageId: 'y', parentMessageId: 'x', sender: 'M', isCreatedByUser: false, text: 'Green.', children: [] },
      ],
    },
  ],
}

const found = findBrowser()
describe('what comes in, is put away and is taken back', { skip: 'missing' in found ? found.missing : false }, () => {
  const stage = setStage((question) => ({ text: `${question}, answered.` }))
  const open = (t: TestContext) => stage.open(t, { busy: true })
  const client = () => connectTo(stage.server.url)
  const listed = (page: Page, name: string) => page.getByRole('navigation').getByRole('button', { name, exact: true })
  const json = (name: string, value: unknown) => ({
    name,
    mimeType: 'application/json',
    buffer: Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)),
  })

  it('chats of four programs are imported at once; what is broken is told by its name, and the rest is in the list', async (t) => {
    const { page, wrongs } = await open(t)
    await say(page, 'our own')
    await finished(page)
    const session = /ses_\w+/.exec(page.url())![0]
    const own = await (await fetch(`${stage.server.url}/v1/sessions/${session}/export`)).text()
    await page.getByRole('button', { name: 'Import chats…' }).click()
    const dialog = page.getByRole('dialog', { name: 'Import chats' })
    await dialog.waitFor()
    assert.deepEqual(await axe(page), [])
    await page
      .getByLabel('Files to import')
      .setInputFiles([
        json('conversations.json', chatgpt),
        json('webui.json', openWebui),
        json('libre.json', librechat),
        json('pkn.json', own),
        json('broken.json', '{"half": '),
      ])
    await dialog.getByText('In your list now: 4 chats with 8 messages.').waitFor()
    await dialog
      .getByTestId('brought')
      .nth(4)
      .filter({ hasText: /broken\.json[^]*not valid JSON/ })
      .waitFor()
    const left = dialog.getByTestId('skipped')
    await left.getByText('2 things were left out').click()
    await left.getByText('Empty one').waitFor()
    assert.deepEqual(await axe(page), [])
    for (const name of ['Bread of ChatGPT', 'Soup of Open WebUI', 'Tea of LibreChat'])
      await listed(page, name).waitFor()
    await dialog.getByRole('button', { name: 'Open the first one' }).click()
    await page.getByTestId('said').getByText('How do I bake?').waitFor()
    await page.getByText('With flour.').waitFor()
    assert.deepEqual(wrongs, [])
  })

  it('a file that is dropped on the list is imported; one that is too large is refused before it is sent', async (t) => {
    const { page, wrongs } = await open(t)
    const posts: string[] = []
    page.on('request', (request) => {
      if (request.url().endsWith('/v1/import')) posts.push(request.url())
    })
    await page.evaluate((text) => {
      const data = new DataTransfer()
      data.items.add(new File([text], 'dropped.json', { type: 'application/json' }))
      // Every quote grows on its way: it is small enough as a file, and too large to be sent.
      data.items.add(new File(['"'.repeat(40 * 2 ** 20)], 'quotes.json'))
      data.items.add(new File([new Uint8Array(65 * 2 ** 20)], 'enormous.json'))
      document
        .querySelector('nav')!
        .dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }))
    }, JSON.stringify(openWebui))
    const dialog = page.getByRole('dialog', { name: 'Import chats' })
    await dialog.getByText('In your list now: 1 chat with 2 messages.').waitFor()
    await dialog.getByText(/too large: 8\d.\d MB to send/).waitFor()
    await dialog.getByText(/too large: 68.2 MB to send/).waitFor()
    assert.equal(posts.length, 1, 'what is too large was not sent')
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'detached' })
    assert.deepEqual(wrongs, [])
  })

  it('an archive of five hundred is paged, searched by title, and each chat in it restored or deleted and taken back', async (t) => {
    for (let i = 0; i < 500; i += 50)
      await Promise.all(
        Array.from({ length: 50 }, async (_, n) => {
          const { id } = await client().call('sessionsCreate', { body: { title: `Put away ${i + n}` } })
          await client().call('sessionsChange', { params: { session: id }, body: { archived: true } })
        }),
      )
    const { page, wrongs } = await open(t)
    await page.getByRole('button', { name: 'Archive', exact: true }).click()
    const rows = page.getByTestId('archived')
    await rows.nth(49).waitFor()
    assert.ok((await rows.count()) < 200, 'not all of it is read at once')
    assert.deepEqual(await axe(page), [])
    for (let seen = 0; seen < 500; seen = await rows.count()) {
      await rows.nth(Math.max(0, seen - 1)).scrollIntoViewIfNeeded()
      await rows.nth(seen).waitFor({ state: 'attached' })
    }
    await page.getByLabel('Search the titles').fill('away 499')
    await page.getByText('1 chat found').waitFor({ state: 'attached' })
    await rows.nth(1).waitFor({ state: 'detached' })
    assert.equal(await rows.count(), 1)
    await page.getByRole('button', { name: 'Delete Put away 499' }).click()
    await rows.first().waitFor({ state: 'detached' })
    await page.getByRole('button', { name: 'Undo' }).click()
    await rows.first().waitFor()
    await page.getByRole('button', { name: 'Restore Put away 499' }).click()
    await listed(page, 'Put away 499').waitFor()
    await page.reload()
    await rows.nth(10).waitFor()
    assert.deepEqual(wrongs, [])
  })

  it('a deletion is taken back wherever one is: with the list closed, on a phone, by the key', async (t) => {
    const { id } = await client().call('sessionsCreate', { body: { title: 'Precious' } })
    const { page, wrongs } = await open(t)
    const there = async () => (await client().call('sessionsList', { query: {} })).sessions.some((one) => one.id === id)
    const undo = page.getByRole('group', { name: 'Deleted chat' })
    for (const width of [1280, 390]) {
      await page.setViewportSize({ width, height: 800 })
      // It was closed in the round before.
      if (width === 390) await page.getByRole('button', { name: 'Open the list of chats' }).click()
      await listed(page, 'Precious').press('Delete')
      await undo.waitFor()
      await page.getByRole('button', { name: 'Close the list of chats' }).click()
      // It stays for as long as the pointer is on it.
      await undo.hover()
      assert.deepEqual(await axe(page), [])
      const box = (await undo.boundingBox())!
      const composer = (await page.locator('main form').last().boundingBox())!
      assert.ok(box.x >= 0 && box.x + box.width <= width, 'it is seen whole')
      assert.ok(box.y + box.height <= composer.y, 'it lies on nothing that is written in')
      await undo.getByRole('button', { name: 'Undo' }).click()
      await undo.waitFor({ state: 'detached' })
    }
    await page.getByRole('button', { name: 'Open the list of chats' }).click()
    await listed(page, 'Precious').press('Delete')
    await undo.hover()
    const restored = page.waitForResponse((response) => response.url().endsWith('/restore'))
    await page.keyboard.press('Control+z')
    await listed(page, 'Precious').waitFor()
    await restored
    assert.ok(await there())
    assert.deepEqual(wrongs, [])
  })

  it('a folder is counted, filled by dragging, renamed with all it holds, and removed without losing a chat', async (t) => {
    for (let i = 0; i < 60; i++) {
      const { id } = await client().call('sessionsCreate', { body: { title: `Leaf ${i}` } })
      await client().call('sessionsChange', { params: { session: id }, body: { folder: 'Tree' } })
    }
    await client().call('sessionsCreate', { body: { title: 'Loose leaf' } })
    for (let i = 0; i < 45; i++) await client().call('sessionsCreate', { body: { title: `Newer ${i}` } })
    const { page, wrongs } = await open(t)
    const folder = (name: string) => page.getByRole('region', { name: `Folder ${name}`, exact: true })
    await folder('Tree').getByText('60', { exact: true }).waitFor()
    await folder('Tree').getByRole('button', { name: 'Leaf 0', exact: true }).waitFor({ state: 'attached' })
    await page.getByRole('button', { name: 'Tree', exact: true }).click()
    // What was used longer ago comes as the end of the list comes near.
    await listed(page, 'Newer 44').waitFor({ state: 'attached' })
    assert.equal(await listed(page, 'Loose leaf').count(), 0)
    await page.getByRole('region', { name: 'Your chats' }).evaluate((list) => list.scrollTo(0, list.scrollHeight))
    await listed(page, 'Loose leaf').waitFor({ state: 'attached' })
    await listed(page, 'Loose leaf').dragTo(page.getByRole('button', { name: 'Tree', exact: true }))
    await folder('Tree').getByText('61', { exact: true }).waitFor()
    await page.getByRole('button', { name: 'Options for the folder Tree' }).click()
    const dialog = page.getByRole('dialog', { name: 'Folder Tree' })
    await dialog.waitFor()
    assert.deepEqual(await axe(page), [])
    await dialog.getByLabel('Name').fill('Wood')
    await dialog.getByLabel('Name').press('Enter')
    await folder('Wood').getByText('61', { exact: true }).waitFor()
    await page.getByRole('button', { name: 'Options for the folder Wood' }).click()
    await page.getByRole('button', { name: 'Remove the folder, keep its chats' }).click()
    await folder('Wood').waitFor({ state: 'detached' })
    const { folders } = await client().call('foldersList', {})
    assert.deepEqual(
      folders.filter(({ name }) => /Tree|Wood/.test(name)),
      [],
    )
    await listed(page, 'Leaf 0').waitFor({ state: 'attached' })
    assert.deepEqual(wrongs, [])
  })
})
