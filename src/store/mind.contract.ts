import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { NewMemory } from '../core/ports.ts'
import {
  AgentName,
  CallId,
  LOCAL,
  newMemoryId,
  newMessageId,
  newProjectId,
  newRunId,
  type OwnerId,
  type ProjectId,
  type RunId,
} from '../wire/id.ts'
import { fails, HandClock, OTHER, type Now } from './kit.contract.ts'
import { MOST } from './local-mind.ts'

const HOUR = 3_600_000
const named = (name: string) => AgentName.parse(name)
const fact = (text: string, more: Partial<NewMemory> = {}): NewMemory => ({
  text,
  project: null,
  always: false,
  by: { kind: 'person' },
  ...more,
})

export function mindPromises(now: Now): void {
  const project = (name = 'Boat', more: { folder?: string | null; instructions?: string } = {}) =>
    now().store.mind.createProject(LOCAL, { name, folder: null, instructions: '', ...more })
  const remember = (text: string, more: Partial<NewMemory> = {}) => now().store.mind.remember(LOCAL, fact(text, more))
  const texts = async (project: ProjectId | null | 'all', q?: string) =>
    (await now().store.mind.memories(LOCAL, { limit: 100, project, q })).rows.map(({ text }) => text)

  describe('projects', () => {
    test('are their owner’s, by name, and change', async () => {
      const { mind } = now().store
      const [boat, anchor] = [
        await project('boat', { folder: '/a', instructions: 'Be brief.' }),
        await project('Anchor'),
      ]
      assert.deepEqual(
        (await mind.projects(LOCAL)).map(({ name }) => name),
        ['Anchor', 'boat'],
      )
      assert.deepEqual(await mind.project(LOCAL, boat.id), boat)
      const changed = await mind.changeProject(LOCAL, boat.id, { name: 'Ship', folder: undefined })
      assert.deepEqual([changed.name, changed.folder, changed.instructions], ['Ship', '/a', 'Be brief.'])
      assert.equal((await mind.changeProject(LOCAL, boat.id, { folder: null })).folder, null)
      assert.deepEqual(await mind.projects(OTHER), [])
      for (const [owner, id] of [
        [OTHER, anchor.id],
        [LOCAL, newProjectId()],
      ] as const) {
        await assert.rejects(mind.project(owner, id), fails('project.missing'))
        await assert.rejects(mind.changeProject(owner, id, { name: 'x' }), fails('project.missing'))
        await assert.rejects(mind.removeProject(owner, id), fails('project.missing'))
        await assert.rejects(mind.restoreProject(owner, id), fails('project.missing'))
      }
    })

    test('hold sessions: one begins in it, goes into it and out of it, and is listed by it', async () => {
      const { store } = now()
      const { id } = await project()
      const inside = await store.createSession(LOCAL, 'inside', id)
      const moved = await store.createSession(LOCAL, 'moved')
      assert.deepEqual([inside.project, moved.project], [id, null])
      await store.changeSession(LOCAL, moved.id, { project: id })
      assert.equal((await store.changeSession(LOCAL, moved.id, { pinned: true })).project, id)
      const titles = async (project?: ProjectId | '') =>
        (await store.sessions(LOCAL, { limit: 9, project })).rows.map(({ title }) => title)
      assert.deepEqual([await titles(id), await titles('')], [['moved', 'inside'], []])
      assert.equal((await store.mind.project(LOCAL, id)).sessions, 2)
      await store.changeSession(LOCAL, inside.id, { project: null })
      assert.deepEqual(
        [await titles(id), await titles(''), await titles()],
        [['moved'], ['inside'], ['moved', 'inside']],
      )
      await store.removeSession(LOCAL, moved.id)
      assert.equal((await store.mind.project(LOCAL, id)).sessions, 0)
    })

    test('of another hold none of one’s sessions', async () => {
      const { store } = now()
      const theirs = await store.mind.createProject(OTHER, { name: 'x', folder: null, instructions: '' })
      const mine = await store.createSession(LOCAL, null)
      for (const id of [theirs.id, newProjectId()]) {
        await assert.rejects(store.createSession(LOCAL, 'x', id), fails('project.missing'))
        await assert.rejects(store.changeSession(LOCAL, mine.id, { project: id }), fails('project.missing'))
        assert.deepEqual((await store.sessions(LOCAL, { limit: 9, project: id })).rows, [])
      }
      assert.equal((await store.session(LOCAL, mine.id)).project, null)
    })

    test('that are removed are missing with their memories, and named by no session; restored, all is as it was', async () => {
      const { store, clock } = now()
      const { id } = await project()
      const session = await store.createSession(LOCAL, 'a', id)
      const memory = await remember('The boat is blue.', { project: id })
      await store.mind.removeProject(LOCAL, id)
      assert.deepEqual(await store.mind.projects(LOCAL), [])
      assert.equal((await store.session(LOCAL, session.id)).project, null)
      assert.equal(await store.mind.projectOf(LOCAL, session.id), null)
      assert.deepEqual([await texts('all'), await texts('all', 'boat')], [[], []])
      await assert.rejects(store.mind.changeMemory(LOCAL, memory.id, { text: 'x' }), fails('memory.missing'))
      await assert.rejects(store.createSession(LOCAL, 'x', id), fails('project.missing'))
      await assert.rejects(remember('x', { project: id }), fails('project.missing'))
      clock.set(HOUR - 1000)
      assert.equal((await store.mind.restoreProject(LOCAL, id)).sessions, 1)
      assert.equal((await store.session(LOCAL, session.id)).project, id)
      assert.deepEqual(await texts(id), ['The boat is blue.'])
      clock.set(HOUR)
      assert.equal(await store.purge(), null)
      assert.deepEqual(await texts(id), ['The boat is blue.'])
    })

    test('are gone an hour after they were removed, with their memories, and their sessions stay', async () => {
      const { store, clock } = now()
      const { id } = await project()
      const session = await store.createSession(LOCAL, 'a', id)
      const memory = await remember('The boat is blue.', { project: id })
      await store.mind.removeProject(LOCAL, id)
      const due = await store.purge()
      assert.ok(due !== null && due > HOUR - 2 && due <= HOUR + 1)
      clock.set(HOUR + 1)
      assert.equal(await store.purge(), null)
      await assert.rejects(store.mind.restoreProject(LOCAL, id), fails('project.missing'))
      await assert.rejects(store.mind.restoreMemory(LOCAL, memory.id), fails('memory.missing'))
      assert.equal((await store.session(LOCAL, session.id)).project, null)
    })

    test('the feed tells that its sessions name it no more, each', async () => {
      const { store } = now()
      const { id } = await project()
      const sessions = [await store.createSession(LOCAL, 'a', id), await store.createSession(LOCAL, 'b', id)]
      const leave = new AbortController()
      const feed = store.feed(LOCAL, null, leave.signal)[Symbol.asyncIterator]()
      await feed.next()
      await store.mind.removeProject(LOCAL, id)
      const told = new Set<string>()
      while (told.size < 2) for (const { session } of (await feed.next()).value?.news ?? []) told.add(session)
      leave.abort()
      assert.deepEqual([...told].toSorted(), sessions.map((one) => one.id).toSorted())
    })

    test('there are so many and no more', async () => {
      for (let i = 0; i < MOST.projects; i++) await project(`p${i}`)
      await assert.rejects(project('one more'), fails('project.many'))
      await now().store.mind.removeProject(LOCAL, (await now().store.mind.projects(LOCAL))[0]!.id)
      await project('one more')
    })

    test('a session leaves its project behind when it is exported', async () => {
      const { store } = now()
      const { id } = await project()
      const session = await store.createSession(LOCAL, 'a', id)
      const { archive } = await store.archive(LOCAL, session.id)
      assert.doesNotMatch(JSON.stringify(archive), new RegExp(id))
    })
  })

  describe('the place where a run works', () => {
    const WISH = { backend: 'local', model: null, priority: 'interactive' } as const
    const handOn = (run: RunId, call: string) =>
      now().store.acts.delegate(
        { owner: LOCAL, run, wish: WISH },
        { agent: named('coder'), text: 'part', call: CallId.parse(call) },
        { deepest: 3, children: 8 },
      )

    test('is its session’s or its project’s until it has begun; then it stays', async () => {
      const { store, message } = now()
      const session = await store.createSession(LOCAL, null)
      const { run } = await store.submit(LOCAL, message(session.id))
      const placeOf = (id: RunId) => store.mind.workplace(LOCAL, id)
      assert.deepEqual(await placeOf(run.id), { began: null, session: session.id, project: null })
      const boat = await project('Boat', { folder: '/boat' })
      await store.changeSession(LOCAL, session.id, { project: boat.id })
      assert.equal((await placeOf(run.id)).project?.folder, '/boat')
      await store.mind.beginIn(LOCAL, run.id, '/boat')
      await store.mind.changeProject(LOCAL, boat.id, { folder: '/ship' })
      await store.mind.beginIn(LOCAL, run.id, '/ship')
      await store.mind.beginIn(OTHER, run.id, '/theirs')
      assert.equal((await placeOf(run.id)).began, '/boat')
      await assert.rejects(store.mind.workplace(OTHER, run.id), fails('run.missing'))
      await assert.rejects(store.mind.workplace(LOCAL, newRunId()), fails('run.missing'))
    })

    test('of one that was handed its task is that of the run which handed it on, at every depth', async () => {
      const { store, message } = now()
      const boat = await project('Boat', { folder: '/boat' })
      const session = await store.createSession(LOCAL, null, boat.id)
      const { run } = await store.submit(LOCAL, message(session.id))
      const grand = await handOn((await handOn(run.id, 'c1')).id, 'c2')
      const before = await store.mind.workplace(LOCAL, grand.id)
      assert.deepEqual([before.began, before.session, before.project?.id], [null, session.id, boat.id])
      assert.equal((await store.mind.projectOf(LOCAL, grand.session))?.id, boat.id)
      await store.mind.beginIn(LOCAL, run.id, '/boat')
      await store.changeSession(LOCAL, session.id, { project: null })
      assert.equal((await store.mind.workplace(LOCAL, grand.id)).began, '/boat')
      await store.cancel(LOCAL, run.id)
    })
  })

  describe('memories', () => {
    test('reach one project or everywhere, newest first, in pages', async () => {
      const { mind } = now().store
      const { id } = await project()
      for (const i of [1, 2, 3]) await remember(`general ${i}`)
      await remember('of the boat', { project: id })
      assert.deepEqual(await texts(null), ['general 3', 'general 2', 'general 1'])
      assert.deepEqual(await texts(id), ['of the boat'])
      assert.equal((await texts('all')).length, 4)
      const first = await mind.memories(LOCAL, { limit: 2, project: null })
      assert.ok(first.next)
      const rest = await mind.memories(LOCAL, { limit: 2, project: null, before: first.next })
      assert.deepEqual([rest.rows.map(({ text }) => text), rest.next], [['general 1'], null])
    })

    test('are there once, whoever says them again', async () => {
      const [one, again] = [await remember('Rex is a dog.'), await remember('Rex is a dog.', { always: true })]
      assert.deepEqual(again, one)
      const { id } = await project()
      assert.notEqual((await remember('Rex is a dog.', { project: id })).id, one.id)
      const byAgent = { by: { kind: 'agent' as const, agent: named('coder'), run: newRunId() } }
      assert.deepEqual((await remember('Tom is a cat.', byAgent)).by, byAgent.by)
    })

    test('change, are forgotten, and come back within an hour', async () => {
      const { store, clock } = now()
      const { mind } = store
      const rex = await remember('Rex is a dog.')
      const { id } = await project()
      clock.set(1000)
      const changed = await mind.changeMemory(LOCAL, rex.id, { text: 'Rex is a wolf.', project: id, always: true })
      assert.deepEqual([changed.text, changed.project, changed.always], ['Rex is a wolf.', id, true])
      assert.ok(changed.updated > rex.updated && changed.created === rex.created)
      assert.deepEqual([await texts(id, 'wolf'), await texts('all', 'dog')], [['Rex is a wolf.'], []])
      await mind.forget(LOCAL, rex.id)
      assert.deepEqual([await texts('all'), await texts('all', 'wolf')], [[], []])
      await assert.rejects(mind.changeMemory(LOCAL, rex.id, { always: false }), fails('memory.missing'))
      await assert.rejects(mind.forget(LOCAL, rex.id), fails('memory.missing'))
      assert.deepEqual(await mind.restoreMemory(LOCAL, rex.id), changed)
      assert.deepEqual(await texts(id, 'wolf'), ['Rex is a wolf.'])
      await mind.forget(LOCAL, rex.id)
      clock.set(HOUR + 1)
      assert.equal(await store.purge(), null)
      await assert.rejects(mind.restoreMemory(LOCAL, rex.id), fails('memory.missing'))
    })

    test('of another are missing', async () => {
      const { mind } = now().store
      const rex = await remember('Rex is a dog.')
      assert.deepEqual((await mind.memories(OTHER, { limit: 9, project: 'all', q: 'dog' })).rows, [])
      assert.deepEqual(await mind.memoriesFor(OTHER, null, 'my dog', 9), { always: [], fitting: [] })
      for (const [owner, id] of [
        [OTHER, rex.id],
        [LOCAL, newMemoryId()],
      ] as const) {
        await assert.rejects(mind.changeMemory(owner, id, { text: 'x' }), fails('memory.missing'))
        await assert.rejects(mind.forget(owner, id), fails('memory.missing'))
        await assert.rejects(mind.restoreMemory(owner, id), fails('memory.missing'))
      }
      const theirs = await mind.createProject(OTHER, { name: 'x', folder: null, instructions: '' })
      await assert.rejects(remember('x', { project: theirs.id }), fails('project.missing'))
      await assert.rejects(mind.changeMemory(LOCAL, rex.id, { project: theirs.id }), fails('project.missing'))
      await assert.rejects(mind.memories(LOCAL, { limit: 9, project: theirs.id }), fails('project.missing'))
      await assert.rejects(mind.memoriesFor(LOCAL, theirs.id, 'x', 9), fails('project.missing'))
    })

    test('for a run are those that are always told and those that fit, of its project and of everywhere', async () => {
      const { mind } = now().store
      const [boat, car] = [await project('Boat'), await project('Car')]
      await remember('The dog is named Rex.')
      await remember('The dog sleeps in the cabin of the boat.', { project: boat.id })
      await remember('The dog sleeps in the trunk of the car.', { project: car.id })
      await remember('Answer in English.', { always: true })
      await remember('Give lengths in feet.', { always: true, project: boat.id })
      const found = async (project: ProjectId | null, text: string, most = 9) => {
        const { always, fitting } = await mind.memoriesFor(LOCAL, project, text, most)
        return [always, fitting].map((some) => some.map(({ text }) => text))
      }
      assert.deepEqual(await found(null, 'Tell me about my dog.'), [['Answer in English.'], ['The dog is named Rex.']])
      const [always, fitting] = await found(boat.id, 'Where does my dog sleep?')
      assert.deepEqual(always, ['Answer in English.', 'Give lengths in feet.'])
      assert.deepEqual(fitting, ['The dog sleeps in the cabin of the boat.', 'The dog is named Rex.'])
      assert.equal((await found(boat.id, 'Where does my dog sleep?', 1))[1]!.length, 1)
      assert.deepEqual((await found(null, 'What is the weather like?'))[1], [])
    })

    /** As a model would measure them that knows two things only: what is about the sea, and what is not. */
    const measureAll = async (model: string, about = /boat|cabin|anchor/i) => {
      const { mind } = now().store
      const rows = await mind.unmeasured(model, 99)
      const at = ({ text }: { text: string }) => (about.test(text) ? [1, 0] : [0, 1])
      await mind.keepMeasured(
        model,
        rows.map((row) => ({ ...row, vector: Float32Array.from(at(row)), middle: 0, spread: 0.3 })),
      )
      return rows.map(({ text }) => text)
    }
    const others = Array.from({ length: 30 }, (_, i) => (i % 5) / 10)
    const byMeaning = async (model: string, owner: OwnerId, project: ProjectId | null, vector = [1, 0]) => {
      const question = { model, vector: Float32Array.from(vector), others }
      const { fitting } = await now().store.mind.memoriesFor(owner, project, 'ship ahoy', 9, async () => question)
      return fitting.map(({ text, found }) => [text, ...found])
    }

    test('are found by meaning where a model has measured them, and nowhere but where they reach', async () => {
      const { mind } = now().store
      const [boat, car] = [await project('Boat'), await project('Car')]
      await remember('The boat is called Tilda.')
      await remember('The cabin has four berths.', { project: boat.id })
      await remember('The anchor lies in the trunk.', { project: car.id })
      await remember('The dog is named Rex.')
      await remember('The boat always comes first.', { always: true })
      await mind.remember(OTHER, { text: 'Their boat is red.', project: null, always: false, by: { kind: 'person' } })
      assert.deepEqual(await byMeaning('m 2', LOCAL, null), [])
      assert.equal((await measureAll('m 2')).length, 5)
      assert.deepEqual(await mind.unmeasured('m 2', 99), [])
      const tilda = ['The boat is called Tilda.', 'meaning']
      assert.deepEqual(await byMeaning('m 2', LOCAL, null), [tilda])
      assert.deepEqual(await byMeaning('m 2', LOCAL, boat.id), [['The cabin has four berths.', 'meaning'], tilda])
      assert.deepEqual(await byMeaning('m 2', OTHER, null), [['Their boat is red.', 'meaning']])
      assert.deepEqual(await byMeaning('another 2', LOCAL, null), [])
      assert.deepEqual(await byMeaning('m 2', LOCAL, null, [1, 0, 0]), [])
      const { fitting } = await mind.memoriesFor(LOCAL, null, 'What is the boat called?', 9, async () => ({
        model: 'm 2',
        vector: Float32Array.from([1, 0]),
        others,
      }))
      assert.deepEqual(
        fitting.map(({ text, found }) => [text, ...found]),
        [['The boat is called Tilda.', 'words', 'meaning']],
      )
    })

    test('are not measured for where there is nothing to be found', async () => {
      const { mind } = now().store
      const asked = async (owner: OwnerId, project: ProjectId | null) => {
        let times = 0
        await mind.memoriesFor(owner, project, 'ship ahoy', 9, async () => (times++, null))
        return times
      }
      const { id } = await project('Boat')
      await remember('Answer in English.', { always: true })
      await remember('The cabin has four berths.', { project: id })
      assert.deepEqual([await asked(LOCAL, null), await asked(OTHER, null), await asked(LOCAL, id)], [0, 0, 1])
    })

    test('that say something else, are forgotten or whose model is another are measured anew', async () => {
      const { mind } = now().store
      const boat = await remember('The boat is called Tilda.')
      const stale = await mind.unmeasured('m 2', 9)
      await measureAll('m 2')
      await mind.changeMemory(LOCAL, boat.id, { text: 'The car is called Tilda.' })
      assert.deepEqual(await byMeaning('m 2', LOCAL, null), [])
      const late = stale.map((row) => ({ ...row, vector: Float32Array.from([1, 0]), middle: 0, spread: 0.3 }))
      await mind.keepMeasured('m 2', late)
      assert.deepEqual(await byMeaning('m 2', LOCAL, null), [], 'what it said before was measured')
      assert.deepEqual(await measureAll('m 2'), ['The car is called Tilda.'])
      await mind.changeMemory(LOCAL, boat.id, { always: true })
      await mind.changeMemory(LOCAL, boat.id, { text: 'The boat is called Tilda.', always: false })
      await measureAll('m 2')
      await mind.forget(LOCAL, boat.id)
      assert.deepEqual([await byMeaning('m 2', LOCAL, null), await mind.unmeasured('m 2', 9)], [[], []])
      await mind.keepMeasured('m 2', late)
      await mind.restoreMemory(LOCAL, boat.id)
      assert.deepEqual(await byMeaning('m 2', LOCAL, null), [])
      assert.deepEqual(await measureAll('m 2'), ['The boat is called Tilda.'])
      assert.deepEqual(await measureAll('another 2'), ['The boat is called Tilda.'])
      assert.deepEqual(await byMeaning('m 2', LOCAL, null), [])
      assert.deepEqual(await byMeaning('another 2', LOCAL, null), [['The boat is called Tilda.', 'meaning']])
    })

    test('count in how many runs they were told, each run once', async () => {
      const { store, clock, ask, begin } = now()
      const rex = await remember('Rex is a dog.')
      const session = await begin()
      const [one, two] = [(await ask(session)).run.id, (await ask(session)).run.id]
      for (const run of [one, two, one, one]) await store.mind.memoriesTold(LOCAL, run, [rex.id])
      await store.mind.memoriesTold(OTHER, one, [rex.id])
      await store.mind.memoriesTold(LOCAL, newRunId(), [rex.id])
      await store.mind.memoriesTold(LOCAL, one, [newMemoryId()])
      const { rows } = await store.mind.memories(LOCAL, { limit: 9, project: null })
      assert.deepEqual([rows[0]!.used, rows[0]!.lastUsed], [2, new Date(Math.floor(clock.wall())).toISOString()])
      await store.cancel(LOCAL, one)
      await store.cancel(LOCAL, two)
    })

    test('are seen by other processes', async () => {
      const peer = await now().world.another(new HandClock())
      await remember('Rex is a dog.')
      assert.equal((await peer.mind.memories(LOCAL, { limit: 9, project: null })).rows.length, 1)
    })
  })

  describe('snippets', () => {
    test('are kept by name, each owner’s own, and replaced', async () => {
      const { mind } = now().store
      await mind.writeSnippet(LOCAL, 'reply', 'Dear all')
      await mind.writeSnippet(LOCAL, 'Anrede', 'Hallo')
      await mind.writeSnippet(OTHER, 'reply', 'theirs')
      await mind.writeSnippet(LOCAL, 'reply', 'Hello all')
      assert.deepEqual(
        (await mind.snippets(LOCAL)).map(({ name, text }) => [name, text]),
        [
          ['Anrede', 'Hallo'],
          ['reply', 'Hello all'],
        ],
      )
      await mind.removeSnippet(LOCAL, 'reply')
      await mind.removeSnippet(LOCAL, 'never was')
      assert.deepEqual([(await mind.snippets(LOCAL)).length, (await mind.snippets(OTHER)).length], [1, 1])
    })

    test('there are so many and no more, and one that is there can still be written', async () => {
      const { mind } = now().store
      await Promise.all(Array.from({ length: MOST.snippets }, (_, i) => mind.writeSnippet(LOCAL, `s${i}`, 'x')))
      await assert.rejects(mind.writeSnippet(LOCAL, 'more', 'x'), fails('snippet.many'))
      assert.equal((await mind.writeSnippet(LOCAL, 's7', 'y')).text, 'y')
    })
  })

  describe('lessons', () => {
    const taught = async () => (await now().store.mind.lessons(LOCAL, { limit: 9 })).rows
    const lesson = (agent: string, instead = 'general') => ({ agent: named(agent), instead: named(instead) })

    test('are one for each message, the newest; the agent that was chosen takes it back', async () => {
      const { store, ask, begin } = now()
      const session = await begin()
      const [one, two] = [(await ask(session, 'first')).message.id, (await ask(session, 'second')).message.id]
      for (const message of [one, two]) await store.mind.teach(LOCAL, { message, ...lesson('coder') })
      await store.mind.teach(LOCAL, { message: one, ...lesson('writer') })
      assert.deepEqual(
        (await taught()).map(({ message, text, agent, instead }) => [message, text, agent, instead]),
        [
          [one, 'first', 'writer', 'general'],
          [two, 'second', 'coder', 'general'],
        ],
      )
      await store.mind.teach(LOCAL, { message: one, ...lesson('general') })
      await store.mind.unteach(LOCAL, two)
      assert.deepEqual(await taught(), [])
    })

    test('tell of a message that is very long its beginning and its end', async () => {
      const { store, ask, begin } = now()
      const texts = ['🦜'.repeat(2500), `${'🦜'.repeat(1_000_000)}end`]
      for (const text of texts) {
        const { message } = await ask(await begin(), text)
        await store.mind.teach(LOCAL, { message: message.id, ...lesson('coder') })
      }
      const [long, short] = await taught()
      assert.equal(short?.text, texts[0])
      assert.equal(long?.text, `${'🦜'.repeat(1500)}\n…\n${'🦜'.repeat(697)}end`)
    })

    test('are of a message of one’s own, and of what was asked', async () => {
      const { store, talk, begin } = now()
      const session = await begin()
      const { message } = await talk(session, 'hello')
      const answer = (await store.messages(LOCAL, session, { limit: 9 })).rows.find((m) => m.role === 'assistant')!
      const missing = fails('message.missing')
      await assert.rejects(store.mind.teach(OTHER, { message: message.id, ...lesson('coder') }), missing)
      await assert.rejects(store.mind.teach(LOCAL, { message: answer.id, ...lesson('coder') }), missing)
      await assert.rejects(store.mind.teach(LOCAL, { message: newMessageId(), ...lesson('coder') }), missing)
      await store.mind.teach(LOCAL, { message: message.id, ...lesson('coder') })
      await store.mind.unteach(OTHER, message.id)
      assert.deepEqual([(await taught()).length, (await store.mind.lessons(OTHER, { limit: 9 })).rows], [1, []])
    })

    test('go with their message: when it is withdrawn, and when its session is removed', async () => {
      const { store, clock, ask, talk, begin } = now()
      const kept = await begin()
      const { message } = await talk(kept, 'hello')
      await store.mind.teach(LOCAL, { message: message.id, ...lesson('coder') })
      const other = await begin()
      const asked = await ask(other, 'taken back')
      await store.mind.teach(LOCAL, { message: asked.message.id, ...lesson('coder') })
      await store.withdraw(LOCAL, other, asked.message.id)
      assert.equal((await taught()).length, 1)
      await store.removeSession(LOCAL, kept)
      assert.deepEqual(await taught(), [])
      await store.restoreSession(LOCAL, kept)
      assert.equal((await taught()).length, 1)
      await store.removeSession(LOCAL, kept)
      clock.set(HOUR + 1)
      await store.purge()
      assert.deepEqual(await taught(), [])
    })
  })
}
