import assert from 'node:assert/strict'
import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { Fault } from '../wire/fault.ts'
import { projectFolder } from './project-folder.ts'

describe('the folder of a project', () => {
  let around: string
  let own: { home: string; program: string }
  before(() => {
    around = realpathSync(mkdtempSync(join(tmpdir(), 'pkn-folders-')))
    own = { home: join(around, 'home/.pkn'), program: join(around, 'program') }
    for (const name of ['home/.pkn/work', 'home/boat', 'program/src', 'boat']) mkdirSync(join(around, name), { recursive: true }) // prettier-ignore
    writeFileSync(join(around, 'file'), '')
  })
  after(() => rmSync(around, { recursive: true }))
  const refused = async (path: string, why: RegExp) =>
    assert.rejects(projectFolder(path, own), (cause: unknown) => {
      assert.ok(cause instanceof Fault)
      assert.equal(cause.code, 'project.folder')
      assert.match(String(cause.details['why']), why)
      assert.equal(cause.details['folder'], path)
      return true
    })

  test('is one that is there, by its true name', async () => {
    assert.equal(await projectFolder(join(around, 'boat'), own), join(around, 'boat'))
    assert.equal(await projectFolder(join(around, 'home/boat'), own), join(around, 'home/boat'))
    assert.equal(await projectFolder(`${around}/program/../boat/`, own), join(around, 'boat'))
    symlinkSync(join(around, 'boat'), join(around, 'to-boat'))
    assert.equal(await projectFolder(join(around, 'to-boat'), own), join(around, 'boat'))
  })

  test('is no file, nothing that is missing, and nothing that is named from somewhere', async () => {
    await refused(join(around, 'nowhere'), /no such folder/)
    await refused(join(around, 'file'), /is no folder/)
    await refused(join(around, 'file/below'), /no such folder/)
    for (const path of ['boat', './boat', '~/boat', '', `${around}/boat\0`]) await refused(path, /not absolute/)
  })

  test('is not the machine’s, nor what holds it, nor where the folders of many lie', async () => {
    for (const path of ['/', '/usr', '/usr/bin', '/etc', '/dev', '/proc/self']) await refused(path, /machine's own/)
    for (const path of ['/home', '/tmp', '/opt']) await refused(path, /folders of others/)
    symlinkSync('/usr', join(around, 'to-usr'))
    await refused(join(around, 'to-usr'), /machine's own/)
  })

  test('is not the home of its user as a whole, where the keys are', async () => {
    const was = process.env['HOME']
    process.env['HOME'] = join(around, 'home')
    try {
      assert.equal(homedir(), join(around, 'home'))
      mkdirSync(join(around, 'home/.ssh/keys'), { recursive: true })
      await refused(join(around, 'home'), /all that is yours/)
      await refused(around, /all that is yours/)
      await refused(join(around, 'home/.ssh'), /keys and settings/)
      await refused(join(around, 'home/.ssh/keys'), /keys and settings/)
    } finally {
      process.env['HOME'] = was
    }
  })

  test('is nothing of PKN’s own, nothing in it and nothing that holds it, whatever name it is given', async () => {
    for (const name of ['home/.pkn', 'home/.pkn/work', 'home', 'program', 'program/src', '.'])
      await refused(join(around, name), /PKN's own/)
    symlinkSync(join(around, 'home/.pkn/work'), join(around, 'boat/link'))
    await refused(join(around, 'boat/link'), /PKN's own/)
    // Also where PKN is reached by a link itself.
    symlinkSync(join(around, 'home/.pkn'), join(around, 'other-name'))
    await assert.rejects(projectFolder(join(around, 'home/.pkn'), { ...own, home: join(around, 'other-name') }), Fault)
    assert.equal(await projectFolder(join(around, 'boat'), own), join(around, 'boat'))
  })

  // To root nothing is closed.
  if (process.getuid?.() !== 0)
    test('may be written', async () => {
      mkdirSync(join(around, 'closed'))
      chmodSync(join(around, 'closed'), 0o500)
      await refused(join(around, 'closed'), /may not be written/)
    })
})
