import assert from 'node:assert/strict'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { before, after, describe, test } from 'node:test'
import { z } from 'zod'
import { systemClock } from '../clock.ts'
import { agentNamed, chosen, listed } from '../core/testing/rig.ts'
import type { Tool } from '../core/tool-ports.ts'
import { openDocuments } from '../documents/open-documents.ts'
import { scriptedModel } from '../models/scripted.ts'
import { API, type RouteName } from '../wire/api.ts'
import type { FaultCode } from '../wire/fault.ts'
import {
  newAskId,
  newMemoryId,
  newMessageId,
  newProjectId,
  newRunId,
  newSessionId,
  newSourceId,
  OwnerId,
  type SessionId,
} from '../wire/id.ts'
import { newAttachmentId } from '../wire/attachment.ts'
import { serve } from './testing/serve.ts'

const THEM = OwnerId.parse('somebody else')
const SECRET = 'Xylophone'

type Ids = {
  session: string
  message: string
  run: string
  attachment: string
  ask: string
  output: string
  source: string
  project: string
  memory: string
  /** What is the caller's own. */
  ownMemory: string
}
type Call = { path: string; body?: object; is: FaultCode }
/** Calls that name what belongs to another; or what is listed, which must say nothing of it; or why there is nothing of anybody in it. */
type Row = ((ids: Ids, mine: SessionId) => readonly Call[]) | { lists: string } | 'nobody'

const session = (rest: string, body?: object): Row => {
  return ({ session }) => [{ path: `/v1/sessions/${session}${rest}`, ...(body && { body }), is: 'session.missing' }]
}
const project = (rest: string, body?: object): Row => {
  return ({ project }) => [{ path: `/v1/projects/${project}${rest}`, ...(body && { body }), is: 'project.missing' }]
}
const run = (rest: string, body?: object): Row => {
  return ({ run }) => [{ path: `/v1/runs/${run}${rest}`, ...(body && { body }), is: 'run.missing' }]
}

const ROWS: { [name in RouteName]?: Row } = {
  health: 'nobody',
  openapi: 'nobody',
  sessionsCreate: ({ project }) => [{ path: '/v1/sessions', body: { project }, is: 'project.missing' }],
  sessionsList: { lists: '/v1/sessions?show=all' },
  sessionsRead: session(''),
  sessionsChange: ({ session, run, message, project }, mine) => [
    { path: `/v1/sessions/${mine}`, body: { project }, is: 'project.missing' },
    { path: `/v1/sessions/${session}`, body: { title: 'taken' }, is: 'session.missing' },
    { path: `/v1/sessions/${mine}`, body: { tip: run }, is: 'run.missing' },
    { path: `/v1/sessions/${mine}`, body: { tip: message }, is: 'run.missing' },
  ],
  sessionsRemove: session(''),
  sessionsRestore: session('/restore', {}),
  messagesList: ({ session, run }, mine) => [
    { path: `/v1/sessions/${session}/messages`, is: 'session.missing' },
    { path: `/v1/sessions/${mine}/messages?run=${run}`, is: 'run.missing' },
  ],
  messagesSubmit: ({ session, run, attachment, message }, mine) => [
    { path: `/v1/sessions/${session}/messages`, body: { text: 'hi' }, is: 'session.missing' },
    { path: `/v1/sessions/${mine}/messages`, body: { text: 'hi', after: run }, is: 'run.missing' },
    { path: `/v1/sessions/${mine}/messages`, body: { attachments: [attachment] }, is: 'attachment.missing' },
    // An id that is taken tells no more than that: nothing of what was said under it.
    ...(message.startsWith('none') ? [] : [{ path: `/v1/sessions/${mine}/messages`, body: { id: message, text: 'hi' }, is: 'message.conflict' as const }]), // prettier-ignore
  ],
  messagesWithdraw: ({ session, message }, mine) => [
    { path: `/v1/sessions/${session}/messages/${message}`, is: 'session.missing' },
    { path: `/v1/sessions/${mine}/messages/${message}`, is: 'message.missing' },
  ],
  foldersList: { lists: '/v1/folders' },
  foldersChange: 'nobody',
  feed: { lists: '/v1/feed' },
  toolsList: 'nobody',
  asksList: { lists: '/v1/asks' },
  asksAnswer: ({ run, ask }) => [{ path: `/v1/runs/${run}/asks/${ask}`, body: { allow: true }, is: 'run.missing' }],
  outputsRead: ({ output }) => [{ path: `/v1/outputs/${output}`, is: 'output.missing' }],
  runsRead: run(''),
  runsFollow: run('/events'),
  runsWatch: ({ run }) => [{ path: `/v1/events?runs=${run}:0`, is: 'run.missing' }],
  runsCancel: run('/cancel', {}),
  runsUndo: run('/undo', {}),
  runsAgain: run('/again', {}),
  route: ({ session }) => [{ path: '/v1/route', body: { text: 'hi', session }, is: 'session.missing' }],
  agents: 'nobody',
  agentsRead: 'nobody',
  agentsWrite: 'nobody',
  agentsRemove: 'nobody',
  agentsRestore: 'nobody',
  agentsAstray: 'nobody',
  agentFiles: 'nobody',
  models: 'nobody',
  modelsSpeeds: 'nobody',
  catalogue: 'nobody',
  installedList: 'nobody',
  installedRemove: 'nobody',
  installedUse: 'nobody',
  pullsList: 'nobody',
  pullsBegin: 'nobody',
  pullsCancel: 'nobody',
  pullsForget: 'nobody',
  modelsLook: 'nobody',
  servicesStart: 'nobody',
  search: { lists: `/v1/search?q=${SECRET}` },
  runsExport: run('/export'),
  sessionsExport: session('/export'),
  exportAll: { lists: '/v1/export' },
  importFile: 'nobody',
  attachmentsAdd: 'nobody',
  attachmentsRead: ({ attachment }) => [{ path: `/v1/attachments/${attachment}`, is: 'attachment.missing' }],
  projectsList: { lists: '/v1/projects' },
  projectsCreate: 'nobody',
  projectsRead: project(''),
  projectsChange: project('', { name: 'taken' }),
  projectsRemove: project(''),
  projectsRestore: project('/restore', {}),
  memoriesList: ({ project }) => [
    { path: `/v1/memories?project=${project}`, is: 'project.missing' },
    { path: `/v1/memories?project=${project}&q=${SECRET}`, is: 'project.missing' },
  ],
  memoriesAdd: ({ project }) => [{ path: '/v1/memories', body: { text: 'x', project }, is: 'project.missing' }],
  memoriesChange: ({ memory, project, ownMemory }) => [
    { path: `/v1/memories/${memory}`, body: { text: 'taken' }, is: 'memory.missing' },
    { path: `/v1/memories/${ownMemory}`, body: { project }, is: 'project.missing' },
  ],
  memoriesRemove: ({ memory }) => [{ path: `/v1/memories/${memory}`, is: 'memory.missing' }],
  memoriesRestore: ({ memory }) => [{ path: `/v1/memories/${memory}/restore`, body: {}, is: 'memory.missing' }],
  snippetsList: { lists: '/v1/snippets' },
  // Names are each owner's own.
  snippetsWrite: 'nobody',
  snippetsRemove: 'nobody',
  lessonsList: { lists: '/v1/lessons' },
  // One that is not there, or another's, is no fault: see below.
  lessonsRemove: 'nobody',
  sourcesList: { lists: '/v1/sources?project=all' },
  sourcesAdd: () => [{ path: '/v1/sources', body: { path: '/', project: newProjectId() }, is: 'project.missing' }],
  sourcesIndex: ({ source }) => [{ path: `/v1/sources/${source}/index`, body: {}, is: 'source.missing' }],
  sourcesRemove: ({ source }) => [{ path: `/v1/sources/${source}`, is: 'source.missing' }],
  documentsSearch: { lists: `/v1/documents/search?q=${SECRET}` },
  documentsRead: ({ source }) => [{ path: `/v1/sources/${source}/text?path=secret.md`, is: 'source.missing' }],
  // What names a session that is missing begins a new one: see below.
  seedChat: 'nobody',
  seedStream: 'nobody',
  seedClassify: 'nobody',
  seedAgents: 'nobody',
  seedVote: 'nobody',
  seedSession: ({ session }) => [{ path: `/api/session/${session}`, is: 'session.missing' }],
  seedHistory: ({ session }) => [{ path: `/api/session/${session}/history`, is: 'session.missing' }],
}

const shows: Tool<object> = {
  name: 'shows',
  about: 'Shows a lot.',
  input: z.object({}),
  effect: 'run',
  reach: 'machine',
  run: async () => ({ ok: true, output: `${SECRET} `.repeat(20_000) }),
}

describe("what is another's", () => {
  let app: Awaited<ReturnType<typeof serve>>
  let theirs: Ids
  let folder: string
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pkn-owners-'))
    await mkdir(join(folder, SECRET))
    await writeFile(join(folder, SECRET, 'secret.md'), `${SECRET} is told to nobody.`)
    const documents = openDocuments({
      home: join(folder, 'home'),
      clock: systemClock,
      say: () => {},
      embedder: null,
      hasProject: async () => false,
      quiet: async () => undefined,
    })
    const { id: source } = await documents.add(THEM, join(folder, SECRET), null)
    const model = scriptedModel((turn) =>
      turn.messages.at(-1)?.role === 'tool' ? [SECRET] : [{ type: 'tool.call', id: 'x', tool: 'shows', input: {} }],
    )
    app = await serve({
      backends: listed(chosen(model)),
      agents: [agentNamed('general', { tools: ['shows'] })],
      tools: [shows],
      documents,
      policy: [],
    })
    const { store, blobs } = app
    const { id } = await store.createSession(THEM, SECRET)
    await store.changeSession(THEM, id, { folder: SECRET })
    const hash = await blobs.put(Buffer.from(SECRET))
    const file = await store.addAttachment(THEM, { name: SECRET, type: 'text/plain', bytes: SECRET.length, hash })
    const wish = { agent: null, backend: 'local', model: null, priority: 'interactive' } as const
    const asked = await store.submit(THEM, { ...wish, id: newMessageId(), session: id, text: SECRET, attachments: [file.id] }) // prettier-ignore
    const answer = async (of: typeof asked.run.id) => {
      await app.until(of, (draft) => draft.parts.some((part) => part.kind === 'tool' && part.ask !== null))
      return (await store.acts.asks(THEM, { limit: 9 })).rows[0]!
    }
    const shared = await store.mind.createProject(THEM, { name: SECRET, folder: null, instructions: SECRET })
    const fact = { text: SECRET, always: false, by: { kind: 'person' } } as const
    const { id: memory } = await store.mind.remember(THEM, { ...fact, project: shared.id })
    const { id: ownMemory } = await store.mind.remember(app.owner, { ...fact, text: 'mine', project: null })
    await store.mind.writeSnippet(THEM, SECRET, SECRET)
    const taught = { agent: agentNamed('coder').name, instead: agentNamed('general').name }
    await store.mind.teach(THEM, { message: asked.message.id, ...taught })
    const known = { project: shared.id, memory, ownMemory }
    const first = await answer(asked.run.id)
    await store.acts.answer(THEM, asked.run.id, first.ask, { allow: true, scope: 'once' })
    const draft = await app.draft(asked.run.id)
    const [tool] = draft.parts.flatMap((part) => (part.kind === 'tool' ? [part] : []))
    const output = tool?.result?.rest?.output
    assert.ok(output)
    const open = await store.submit(THEM, { ...wish, id: newMessageId(), session: id, text: SECRET })
    const { ask } = await answer(open.run.id)
    theirs = {
      session: id,
      message: open.message.id,
      run: open.run.id,
      attachment: file.id,
      ask,
      output,
      source,
      ...known,
    }
  })
  after(async () => {
    await app.close()
    await app.documents.close()
    await rm(folder, { recursive: true })
  })

  const snapshot = async () => {
    const id = theirs.session as SessionId // it was created above
    const { archive } = await app.store.archive(THEM, id)
    const runs = await Promise.all(archive.turns.flatMap((t) => t.answers).map((a) => app.store.run(THEM, a.id)))
    const { mind } = app.store
    const page = { limit: 9 }
    const known = [mind.projects(THEM), mind.memories(THEM, { ...page, project: 'all' }), mind.snippets(THEM), mind.lessons(THEM, page)] // prettier-ignore
    return { archive, runs, session: await app.store.session(THEM, id), known: await Promise.all(known) }
  }

  test('is thought of on every route: one that is added is added to this table', () => {
    assert.deepEqual(Object.keys(ROWS).toSorted(), Object.keys(API).toSorted())
  })

  test('is as missing on every route, as what never was, and stays as it is', async () => {
    const nothing: Ids = {
      session: newSessionId(),
      message: `none-${newMessageId()}`,
      run: newRunId(),
      attachment: newAttachmentId(),
      ask: newAskId(),
      output: `out_${'0'.repeat(26)}`,
      source: newSourceId(),
      project: newProjectId(),
      memory: newMemoryId(),
      ownMemory: theirs.ownMemory,
    }
    const before = await snapshot()
    for (const ids of [theirs, nothing])
      for (const [name, row] of Object.entries(ROWS)) {
        if (typeof row !== 'function') continue
        const { method } = API[name as RouteName] // its own keys
        for (const { path, body, is } of row(ids, app.session)) {
          const answer = await app.ask(method, path, { body })
          const told = `${method} ${path} ${JSON.stringify(body)}: ${answer.status} ${answer.text.slice(0, 300)}`
          assert.equal(answer.json()['code'], is, told)
          assert.doesNotMatch(answer.text, new RegExp(SECRET), told)
        }
      }
    assert.deepEqual(await snapshot(), before)
  })

  test('is in no list, no feed and nothing that is found', async () => {
    const told = new RegExp(`${SECRET}|${Object.values(theirs).join('|')}`)
    for (const [name, row] of Object.entries(ROWS)) {
      if (typeof row === 'function' || row === 'nobody' || name === 'feed') continue
      const { status, text } = await app.ask('GET', row.lists)
      assert.equal(status, 200, text)
      assert.doesNotMatch(text, told)
    }
    for await (const { event, data } of app.frames('GET', '/v1/feed')) {
      assert.doesNotMatch(data, told)
      if (event === 'session') break
      await app.store.changeSession(THEM, theirs.session as SessionId, { pinned: true })
      await app.store.createSession(app.owner, 'mine')
    }
  })

  test('is not gone on with by the clients of the first PKN, which get a session of their own', async () => {
    const before = await snapshot()
    const body = { message: 'hi', session_id: theirs.session, user_id: THEM }
    for await (const { data } of app.frames('POST', '/api/multi-agent/chat/stream', { body })) {
      const { session_id: id } = JSON.parse(data) as { session_id: string }
      assert.notEqual(id, theirs.session)
      assert.equal((await app.store.session(app.owner, id as SessionId)).id, id)
      break
    }
    assert.deepEqual(await snapshot(), before)
  })

  test('is not removed with a name that is each owner’s own, nor by who may not see it', async () => {
    const before = await snapshot()
    for (const path of [`/v1/snippets/${SECRET}`, `/v1/lessons/${before.archive.turns[0]!.id}`])
      assert.equal((await app.ask('DELETE', path)).status, 204)
    await app.ask('PUT', `/v1/snippets/${SECRET}`, { body: { text: 'mine' } })
    assert.deepEqual(await snapshot(), before)
  })

  test('a cursor of theirs leads nowhere', async () => {
    const { next } = await app.store.messages(THEM, theirs.session as SessionId, { limit: 1 })
    assert.ok(next)
    const answer = await app.ask('GET', `/v1/sessions/${app.session}/messages?before=${next}`)
    assert.deepEqual([answer.status, answer.json()['code']], [400, 'request.invalid'])
  })
})
