import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { systemClock } from '../clock.ts'
import { chosen, listed } from '../core/testing/rig.ts'
import { scriptedModel } from '../models/scripted.ts'
import { openWorkspaces } from '../services/workspaces.ts'
import { openMemory } from '../store/memory.ts'
import { serve } from './testing/serve.ts'

describe('projects and what is known, over HTTP', () => {
  let app: Awaited<ReturnType<typeof serve>>
  let around: string
  before(async () => {
    around = realpathSync(mkdtempSync(join(tmpdir(), 'pkn-mind-')))
    for (const name of ['home', 'boat', 'ship']) mkdirSync(join(around, name))
    symlinkSync(join(around, 'boat'), join(around, 'link'))
    const store = openMemory({ clock: systemClock })
    const own = { home: join(around, 'home'), program: join(around, 'program') }
    app = await serve({
      backends: listed(chosen(scriptedModel(() => ['ok']))),
      store,
      workspaces: openWorkspaces({ folder: join(around, 'home/work'), own, places: store.mind }),
    })
  })
  after(async () => {
    await app.close()
    rmSync(around, { recursive: true })
  })
  const ask = async (method: string, path: string, body?: object) => {
    const answer = await app.ask(method, `/v1${path}`, body === undefined ? {} : { body })
    return { status: answer.status, ...(answer.text === '' ? {} : answer.json()) } as Record<string, unknown>
  }

  it('a project has a folder that may be one, by its true name, and no other', async () => {
    const made = await ask('POST', '/projects', { name: ' Boat ', folder: join(around, 'link') })
    assert.deepEqual([made['status'], made['name'], made['folder']], [201, 'Boat', join(around, 'boat')])
    for (const folder of ['boat', join(around, 'none'), '/', join(around, 'home')]) {
      const refused = await ask('POST', '/projects', { name: 'x', folder })
      assert.deepEqual([refused['status'], refused['code']], [422, 'project.folder'], folder)
      const path = `/projects/${String(made['id'])}`
      assert.equal((await ask('PATCH', path, { folder }))['code'], 'project.folder', folder)
    }
    const path = `/projects/${String(made['id'])}`
    const changed = await ask('PATCH', path, { instructions: 'Be brief.' })
    assert.deepEqual([changed['folder'], changed['instructions']], [join(around, 'boat'), 'Be brief.'])
    assert.equal((await ask('PATCH', path, { folder: join(around, 'ship') }))['folder'], join(around, 'ship'))
    assert.equal((await ask('PATCH', path, { folder: null }))['folder'], null)
    assert.equal((await ask('DELETE', path))['status'], 204)
    assert.equal((await ask('GET', path))['code'], 'project.missing')
    assert.equal((await ask('POST', `${path}/restore`, {}))['name'], 'Boat')
    assert.equal(((await ask('GET', '/projects'))['projects'] as unknown[]).length, 1)
  })

  it('a chat is begun in a project, moved and listed by it', async () => {
    const { id } = await ask('POST', '/projects', { name: 'Garden' })
    const session = await ask('POST', '/sessions', { project: id })
    assert.equal(session['project'], id)
    const listed = async (project: string) =>
      ((await ask('GET', `/sessions?project=${project}`))['sessions'] as { id: string }[]).map((one) => one.id)
    assert.deepEqual(await listed(String(id)), [session['id']])
    await ask('PATCH', `/sessions/${String(session['id'])}`, { project: null })
    assert.deepEqual([await listed(String(id)), (await listed('')).includes(String(session['id']))], [[], true])
  })

  it('a memory is kept once, found, changed, forgotten and brought back', async () => {
    const made = await ask('POST', '/memories', { text: ' Der Hund heißt Rex. ' })
    assert.deepEqual([made['status'], made['text'], made['by']], [201, 'Der Hund heißt Rex.', { kind: 'person' }])
    assert.equal((await ask('POST', '/memories', { text: 'Der Hund heißt Rex.' }))['id'], made['id'])
    await ask('POST', '/memories', { text: 'Coffee is drunk black.', always: true })
    const found = async (q: string) =>
      ((await ask('GET', `/memories?q=${encodeURIComponent(q)}`))['memories'] as { text: string }[]).map((m) => m.text)
    assert.deepEqual(await found('what is my dog called?'), ['Der Hund heißt Rex.'])
    assert.deepEqual(await found('what is it?'), [])
    const path = `/memories/${String(made['id'])}`
    assert.equal((await ask('PATCH', path, { text: 'Der Hund heißt Bello.' }))['text'], 'Der Hund heißt Bello.')
    assert.equal((await ask('PATCH', path, { text: '   ' }))['status'], 400)
    assert.equal((await ask('DELETE', path))['status'], 204)
    assert.deepEqual(await found('hund'), [])
    assert.equal((await ask('POST', `${path}/restore`, {}))['status'], 200)
    assert.deepEqual(await found('hund'), ['Der Hund heißt Bello.'])
    assert.equal((await ask('GET', '/memories?before=x'))['code'], 'request.invalid')
  })

  it('a snippet is kept by a name of letters and digits, and removed as often as one likes', async () => {
    assert.equal((await ask('PUT', `/snippets/${encodeURIComponent('größe-2')}`, { text: 'L' }))['status'], 200)
    assert.equal((await ask('PUT', '/snippets/a%2Fb', { text: 'L' }))['status'], 400)
    assert.deepEqual(
      ((await ask('GET', '/snippets'))['snippets'] as { name: string; text: string }[]).map(({ name, text }) => [name, text]), // prettier-ignore
      [['größe-2', 'L']],
    )
    for (const _ of [1, 2])
      assert.equal((await ask('DELETE', `/snippets/${encodeURIComponent('größe-2')}`))['status'], 204)
  })
})
