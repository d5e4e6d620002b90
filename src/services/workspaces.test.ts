import assert from 'node:assert/strict'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, renameSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs' // prettier-ignore
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, test } from 'node:test'
import { systemClock } from '../clock.ts'
import { agentNamed, chosen, listed, memoryBlobs, openRig } from '../core/testing/rig.ts'
import { scriptedModel } from '../models/scripted.ts'
import { newDisk, type Disk } from '../store/memory-disk.ts'
import { openMemory } from '../store/memory.ts'
import { delegate } from '../tools/delegate.ts'
import { read } from '../tools/read.ts'
import { besiegedShell, SECRET } from '../tools/testing/besieged.ts'
import { undoing } from '../tools/undo.ts'
import { write } from '../tools/write.ts'
import { AgentName, LOCAL, type ProjectId } from '../wire/id.ts'
import type { Draft } from '../wire/fold.ts'
import { openWorkspaces } from './workspaces.ts'

const blobs = memoryBlobs()
const results = (draft: Draft) => draft.parts.flatMap((part) => (part.kind === 'tool' ? [part.result] : []))

describe('where tools work', () => {
  let around: string
  let disk: Disk
  const at = (...names: string[]) => join(around, ...names)
  beforeEach(() => {
    around = realpathSync(mkdtempSync(join(tmpdir(), 'pkn-work-')))
    for (const name of ['home', 'boat', 'ship']) mkdirSync(at(name))
    disk = newDisk()
  })
  afterEach(() => rmSync(around, { recursive: true }))

  /** Who is told "write: a.txt" writes that; "hand: ..." is handed on. */
  const open = async (more: Pick<Parameters<typeof openRig>[0], 'policy'> = {}) => {
    const store = openMemory({ clock: systemClock, disk })
    const model = scriptedModel((turn) => {
      const { role, text } = turn.messages.at(-1)!
      const [, verb, what = ''] = /^(write|hand): (.*)$/s.exec(text) ?? []
      if (role === 'tool' || verb === undefined) return ['done']
      if (verb === 'hand')
        return [{ type: 'tool.call', id: 'h', tool: 'delegate', input: { agent: 'coder', task: what } }]
      return [{ type: 'tool.call', id: 'w', tool: 'write', input: { path: what, content: 'written' } }]
    })
    const own = { home: at('home'), program: at('program') }
    return openRig({
      store,
      blobs,
      backends: listed(chosen(model, { slots: 4 })),
      agents: [
        agentNamed('general', { tools: ['write', 'delegate'], mayDelegateTo: [AgentName.parse('coder')] }),
        agentNamed('coder', { tools: ['write'] }),
      ],
      tools: [write, delegate],
      workspaces: openWorkspaces({ folder: at('home/work'), own, places: store.mind }),
      undoing: undoing({ store, blobs }),
      ...more,
    })
  }
  const inBoat = async (rig: Awaited<ReturnType<typeof open>>): Promise<ProjectId> => {
    const { id } = await rig.store.mind.createProject(LOCAL, { name: 'Boat', folder: at('boat'), instructions: '' })
    await rig.store.changeSession(LOCAL, rig.session, { project: id })
    return id
  }

  test('is a folder of the session’s own, or the one of its project', async () => {
    const rig = await open()
    await rig.draft(await rig.say('write: a.txt'))
    assert.equal(readFileSync(at('home/work', rig.session, 'a.txt'), 'utf8'), 'written')
    await inBoat(rig)
    await rig.draft(await rig.say('write: b.txt'))
    assert.deepEqual([readdirSync(at('boat')), readdirSync(at('home/work', rig.session))], [['b.txt'], ['a.txt']])
    await rig.close()
  })

  test('is opened again where a command took away the rights to it', async () => {
    const rig = await open()
    await rig.draft(await rig.say('write: a.txt'))
    chmodSync(at('home/work', rig.session), 0)
    await rig.draft(await rig.say('write: b.txt'))
    assert.deepEqual(readdirSync(at('home/work', rig.session)), ['a.txt', 'b.txt'])
    assert.equal(statSync(at('home/work', rig.session)).mode & 0o777, 0o700)
    await rig.close()
  })

  test('of a task that is handed on is where the one who hands it on works', async () => {
    const rig = await open()
    const own = await rig.draft(await rig.say('hand: write: mine.txt'))
    assert.equal(own.end?.reason, 'done')
    assert.deepEqual(readdirSync(at('home/work')), [rig.session])
    assert.ok(existsSync(at('home/work', rig.session, 'mine.txt')))
    await inBoat(rig)
    await rig.draft(await rig.say('hand: write: ours.txt'))
    assert.deepEqual(readdirSync(at('boat')), ['ours.txt'])
    await rig.close()
  })

  test('a folder that is gone, or was replaced, ends the run with a fault that says so, and nothing is made elsewhere', async () => {
    const rig = await open()
    await inBoat(rig)
    const fails = async (why: RegExp) => {
      const { end } = await rig.draft(await rig.say('write: a.txt'))
      assert.deepEqual([end?.reason, end?.fault?.code], ['failed', 'project.folder'])
      assert.match(end?.fault?.message ?? '', why)
    }
    renameSync(at('boat'), at('sunk'))
    await fails(/no such folder/)
    symlinkSync(at('ship'), at('boat'))
    await fails(/leads to another place/)
    rmSync(at('boat'))
    symlinkSync(at('home'), at('boat'))
    await fails(/PKN's own/)
    rmSync(at('boat'))
    renameSync(at('sunk'), at('boat'))
    assert.equal((await rig.draft(await rig.say('write: a.txt'))).end?.reason, 'done')
    assert.deepEqual([readdirSync(at('ship')), readdirSync(at('home'))], [[], []])
    assert.ok(!rig.lines.some(({ text }) => text === 'Run failed inside PKN'))
    await rig.close()
  })

  test('a run that waits for its answer goes on where it began, also after a restart, whatever became of the project', async () => {
    let rig = await open({ policy: [{ decision: 'ask' }] })
    const project = await inBoat(rig)
    const run = await rig.say('write: a.txt')
    await rig.until(run, (draft) => draft.parts.some((part) => part.kind === 'tool' && part.ask !== null))
    const session = rig.session
    await rig.close()
    rig = await open({ policy: [{ decision: 'ask' }] })
    await rig.store.mind.changeProject(LOCAL, project, { folder: at('ship') })
    await rig.store.changeSession(LOCAL, session, { project: null })
    const [ask] = (await rig.store.acts.asks(LOCAL, { limit: 1 })).rows
    await rig.store.acts.answer(LOCAL, run, ask!.ask, { allow: true, scope: 'once' })
    assert.equal((await rig.draft(run)).end?.reason, 'done')
    assert.deepEqual([readdirSync(at('boat')), readdirSync(at('ship'))], [['a.txt'], []])
    await rig.close()
  })

  test('what a run wrote is undone where it wrote it, also when the project has another folder by then', async () => {
    const rig = await open()
    writeFileSync(at('boat/a.txt'), 'before')
    const project = await inBoat(rig)
    const run = await rig.say('write: a.txt')
    assert.deepEqual(
      results(await rig.draft(run)).map((result) => result?.ok),
      [true],
    )
    await rig.store.mind.changeProject(LOCAL, project, { folder: at('ship') })
    writeFileSync(at('ship/a.txt'), 'written')
    assert.deepEqual(await rig.undoing.undo(LOCAL, run, null), { restored: ['a.txt'], kept: [] })
    assert.deepEqual([readFileSync(at('boat/a.txt'), 'utf8'), readFileSync(at('ship/a.txt'), 'utf8')], ['before', 'written']) // prettier-ignore
    await rig.close()
  })

  test('a file’s way out of a project’s folder is refused as out of any workspace', async () => {
    const rig = await open()
    writeFileSync(at('ship/secret.txt'), SECRET)
    symlinkSync(at('ship'), at('boat/out'))
    await inBoat(rig)
    for (const path of ['../ship/x.txt', 'out/x.txt', 'out/secret.txt', at('ship/x.txt')]) {
      const draft = await rig.draft(await rig.say(`write: ${path}`))
      assert.deepEqual(
        results(draft).map((result) => result?.ok),
        [false],
        path,
      )
    }
    assert.deepEqual([readdirSync(at('ship')), readFileSync(at('ship/secret.txt'), 'utf8')], [['secret.txt'], SECRET])
    await rig.close()
  })
})

test('in the sandbox a project’s folder is all that is seen of where it lies', async (t) => {
  const { attempt, around, call } = await besiegedShell(t)
  const beside = realpathSync(mkdtempSync(join(tmpdir(), 'pkn-beside-')))
  t.after(() => rmSync(beside, { recursive: true }))
  const folder = join(beside, 'boat')
  mkdirSync(folder)
  writeFileSync(join(beside, 'secret.txt'), SECRET)
  symlinkSync(join(around, 'pkn.db'), join(folder, 'link'))
  const said = await attempt(`cat ${beside}/secret.txt ../secret.txt link ${around}/pkn.db; echo x > ../y; ls ..; echo here > z`, { folder }) // prettier-ignore
  assert.match(said, /tried/)
  assert.doesNotMatch(said, /secret that/)
  assert.deepEqual(
    [readdirSync(beside), readdirSync(folder).toSorted()],
    [
      ['boat', 'secret.txt'],
      ['link', 'z'],
    ],
  )
  const looked = await call(read, { path: 'link' }, { folder })
  assert.deepEqual([looked.ok, /secret that/.test(JSON.stringify(looked.output))], [false, false])
})
