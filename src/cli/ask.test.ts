import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, afterEach, before, it } from 'node:test'
import { freePort, scratch, startProcess, type ServerProcess } from '../../test/process.ts'
import { startUpstream, type Reply, type Upstream } from '../../test/e2e/upstream.ts'
import { connectTo } from '../client/client.ts'
import type { Entry } from '../wire/event.ts'
import { AgentName, type RunId } from '../wire/id.ts'
import { foldAll, EMPTY, textOf } from '../wire/fold.ts'
import { command, hasPty, type Running } from './testing/command.ts'

const HOSTILE =
  'a\u001B]52;c;ZXZpbA==\u0007b \u001B]8;;http://evil.example\u001B\\link\u001B]8;;\u001B\\ \u001B[2J\u001B[1;1Hc \u009B31md\r e\u202Ef\u2066g\u0000h\u007F 👩‍👧 日本'
const LONG = Array.from({ length: 60 }, (_, i) => `word${i}`).join(' ')

const { home, remove } = scratch()
let upstream: Upstream
let server: ServerProcess
let env: NodeJS.ProcessEnv
const running: Running[] = []
before(async () => {
  upstream = await startUpstream((question): Reply => {
    if (question.startsWith('long')) return { text: LONG, everyMs: 60 }
    if (question.startsWith('think')) return { text: 'thought about', thought: 'hm hm hm', everyMs: 400 }
    // In pieces of two characters, so that sequences are cut everywhere.
    if (question.startsWith('hostile')) return { text: HOSTILE, size: 2 }
    if (question.startsWith('broken')) return { text: '', status: 400 }
    return { text: `Heard ${question.length} characters, and a [${/\[(.*)\]/s.exec(question)?.[1] ?? ''}].` }
  })
  const port = await freePort()
  server = await startProcess(home, { LLAMA_BASE_URL: upstream.url, PKN_PORT: `${port}` })
  env = {
    PATH: process.env['PATH'],
    HOME: home,
    PKN_HOME: home,
    PKN_PORT: `${port}`,
    PKN_LOG_FILE: join(home, 'divinenode.log'),
    PKN_ENGINE: 'off',
    LLAMA_BASE_URL: upstream.url,
    OLLAMA_BASE_URL: 'http://127.0.0.1:9',
  }
})
afterEach(() => {
  for (const { child } of running.splice(0)) child.kill('SIGKILL')
})
after(async () => {
  await server.kill()
  await upstream.close()
  remove()
})

const begin = (words: string[], columns?: number): Running => {
  const one = command(env, words, columns)
  running.push(one)
  if (columns === undefined) one.child.stdin.end()
  return one
}
async function pkn(
  words: string[],
  input: string | Uint8Array = '',
): Promise<{ code: number | null; out: string; err: string }> {
  const one = command(env, words)
  one.child.stdin.end(input)
  return { code: await one.code, out: one.out(), err: one.err() }
}
const client = () => connectTo(server.url)

it('writes the answer to standard output and nothing else, and nothing to standard error where nobody looks', async () => {
  const answer = await pkn(['ask', 'say', '[this]'])
  assert.deepEqual(answer, { code: 0, out: 'Heard 10 characters, and a [this].\n', err: '' })
})

it('takes the question from standard input, and what comes in beside a question as a file of the message', async () => {
  assert.match((await pkn(['ask'], 'piped [in]')).out, /Heard 10 characters, and a \[in\]/)
  const both = await pkn(['ask', '--json=answer', 'review'], 'diff --git [a/b]\n')
  const { session, text } = JSON.parse(both.out) as { session: never; text: string }
  assert.match(text, /\[a\/b\]/)
  const { messages } = await client().call('messagesList', { params: { session }, query: {} })
  assert.deepEqual(
    [messages[0]?.text, messages[0]?.attachments.map(({ name }) => name)],
    ['review', ['standard input']],
  )
})

it('says that what comes in is cut, to the person and to the agent', async () => {
  const cut = await pkn(['ask', '--json=answer', 'review'], 'é'.repeat(600_000))
  assert.match(cut.err, /is cut: the first 1,000,000 bytes/)
  const { session } = JSON.parse(cut.out) as { session: never }
  const { messages } = await client().call('messagesList', { params: { session }, query: {} })
  assert.match(messages[0]?.text ?? '', /^review\n\n\(What came in .* is cut/)
  assert.ok((messages[0]?.attachments[0]?.bytes ?? 0) <= 1_000_002)
})

it('gives the log of the run, entry by entry, or one object', async () => {
  const lines = (await pkn(['ask', '--json', 'hostile'])).out.trim().split('\n')
  // oxlint-disable-next-line no-control-regex -- these very characters are looked for
  for (const line of lines) assert.doesNotMatch(line, /[\u0000-\u001F\u007F-\u009F\u202A-\u202E\u2066-\u2069]/)
  const draft = foldAll(
    EMPTY,
    lines.map((line) => JSON.parse(line) as Entry),
  )
  assert.equal(textOf(draft), HOSTILE)
  assert.equal(draft.end?.reason, 'done')
  const one = JSON.parse((await pkn(['ask', '--json=answer', '--agent', 'coder', 'x'])).out) as Record<string, unknown>
  assert.deepEqual([one['agent'], one['model'], one['reason']], ['coder', 'qwen3-8b-q4', 'done'])
})

it('goes on in a session that is named, or in the last one', async () => {
  const first = JSON.parse((await pkn(['ask', '--json=answer', 'one'])).out) as { session: never }
  assert.equal((await pkn(['ask', '--session', first.session, 'two'])).code, 0)
  assert.equal((await pkn(['ask', '--session', 'last', 'three'])).code, 0)
  const { messages } = await client().call('messagesList', { params: first, query: {} })
  assert.deepEqual(
    messages.flatMap(({ role, text }) => (role === 'user' ? [text] : [])),
    ['one', 'two', 'three'],
  )
})

it('brings files', async () => {
  const path = join(home, 'notes.txt')
  writeFileSync(path, 'what [stands] there')
  assert.match((await pkn(['ask', '--attach', path, 'read it'])).out, /\[stands\]/)
  const none = await pkn(['ask', '--attach', join(home, 'nothing'), 'read it'])
  assert.deepEqual([none.code, none.out, /ENOENT/.test(none.err)], [2, '', true])
})

it('lets nothing that a model says steer the terminal', async () => {
  const { out } = await pkn(['ask', 'hostile'])
  assert.equal(out, 'ab link c d efgh 👩‍👧 日本\n')
})

it('ends with 1 when it failed, 2 when it was not understood, 3 when there is no server', async () => {
  const failed = await pkn(['ask', 'broken'])
  assert.deepEqual([failed.code, failed.out], [1, ''])
  assert.match(failed.err, /the test wants it so/)
  const chats = async () => (await connectTo(server.url).call('sessionsList', { query: {} })).sessions.length
  const before = await chats()
  const missing = await pkn(['ask', '--agent', 'nobody', 'x'])
  assert.deepEqual([missing.code, /nobody/.test(missing.err)], [2, true])
  assert.equal(await chats(), before, 'what was refused leaves no chat behind')
  for (const words of [
    ['ask'],
    ['ask', '--json=xml', 'x'],
    ['ask', '--session', 'x', 'x'],
    ['ask', '--timeout', 'soon', 'x'],
  ])
    assert.equal((await pkn(words)).code, 2, words.join(' '))
  const usual = env['PKN_PORT']
  env['PKN_PORT'] = `${await freePort()}`
  const away = await pkn(['ask', 'x'])
  env['PKN_PORT'] = usual
  assert.deepEqual([away.code, away.out], [3, ''])
  assert.match(away.err, /does not answer at http:\/\/127\.0\.0\.1:\d+\. Start it with: pkn start/)
})

it('stops the run on the server with Ctrl-C, and ends once it has stopped', async () => {
  const one = begin(['ask', '--json', 'long one'])
  await one.until(/text\.delta/)
  one.child.kill('SIGINT')
  assert.equal(await one.code, 130)
  const last = JSON.parse(one.out().trim().split('\n').at(-1) ?? '') as Entry
  assert.equal(last.event.type === 'run.end' && last.event.reason, 'cancelled')
  assert.match(one.err(), /Stopped/)
  assert.equal(upstream.open, 0)
})

it('stops the run when its time is over', async () => {
  const late = await pkn(['ask', '--timeout', '0.5', 'long two'])
  assert.equal(late.code, 1)
  assert.match(late.err, /as --timeout wants it/)
  assert.ok(LONG.startsWith(late.out.trim()))
})

it('reads on where it was when the server was killed in the middle, and says so', async () => {
  const one = begin(['ask', 'long three'])
  await one.until(/word5/)
  await server.kill('SIGKILL')
  await one.until(/The server is away/, 'err')
  server = await startProcess(home, { LLAMA_BASE_URL: upstream.url, PKN_PORT: env['PKN_PORT']! })
  assert.equal(await one.code, 0)
  assert.equal(one.out(), `${LONG}\n`)
  assert.match(one.err(), /The server is back/)
})

it('leaves the run going when Ctrl-C comes twice while the server is away, and says how to come back', async () => {
  const one = begin(['ask', 'long four'])
  await one.until(/word5/)
  await server.kill('SIGKILL')
  await one.until(/The server is away/, 'err')
  one.child.kill('SIGINT')
  await one.until(/Stopping/, 'err')
  one.child.kill('SIGINT')
  assert.equal(await one.code, 130)
  assert.match(one.err(), /The run goes on\. Follow it with: pkn chat --open ses_/)
  server = await startProcess(home, { LLAMA_BASE_URL: upstream.url, PKN_PORT: env['PKN_PORT']! })
})

it(
  'shows on a terminal what goes on, in one line that is gone before the words come',
  { skip: !hasPty && 'no python3 with pty' },
  async () => {
    const one = begin(['ask', 'think of [it]'], 40)
    assert.equal(await one.code, 0)
    // oxlint-disable-next-line no-control-regex -- the terminal's own
    assert.match(one.out(), /\r\u001B\[KThinking · 0 s/)
    // oxlint-disable-next-line no-control-regex -- the terminal's own
    const lines = one.out().split(/\r?\n|\r\u001B\[K/)
    for (const line of lines) assert.ok(line.length < 40, line)
    assert.ok(one.out().trim().endsWith('thought about'))
  },
)

it('starts the server where that is wanted', async () => {
  const usual = env
  const own = scratch()
  env = {
    ...env,
    PKN_HOME: own.home,
    HOME: own.home,
    PKN_PORT: `${await freePort()}`,
    PKN_LOG_FILE: join(own.home, 'divinenode.log'),
  }
  try {
    const started = await pkn(['ask', '--start', 'say [started]'])
    assert.deepEqual([started.code, started.out], [0, 'Heard 13 characters, and a [started].\n'], started.err)
    assert.match(readFileSync(join(own.home, 'divinenode.log'), 'utf8'), /DivineNode listens/)
  } finally {
    await pkn(['stop', 'divinenode'])
    env = usual
    own.remove()
  }
})

it('says what was looked up for the answer, on standard error', async () => {
  const { id } = await client().call('memoriesAdd', {
    body: { text: 'The zanzibar is blue.\u001B[2J', project: null, always: false },
  })
  const { out, err } = await pkn(['ask', 'Which colour has the zanzibar?'])
  assert.match(out, /^Heard \d+ characters/)
  assert.equal(err, 'Used 1 memory\n')
  const answer = JSON.parse((await pkn(['ask', '--json=answer', 'Which colour has the zanzibar?'])).out) as Record<
    string,
    unknown
  >
  assert.deepEqual(
    [answer['memories'], answer['sources']],
    [[{ memory: id, text: 'The zanzibar is blue.\u001B[2J', by: ['words'] }], []],
  )
  const listed = await pkn(['memory'])
  assert.match(listed.out, new RegExp(`^${id.slice(0, 12)}  where it fits  used 2 ×  The zanzibar is blue`))
  // oxlint-disable-next-line no-control-regex -- this very character is looked for
  assert.doesNotMatch(listed.out, /\u001B/)
  assert.equal((await pkn(['memory', 'remove', 'mem_none'])).code, 1)
  assert.match((await pkn(['memory', 'remove', id.slice(0, 12)])).out, /^Forgotten: The zanzibar is blue/)
  assert.match((await pkn(['memory', 'add', '--always', 'Speak', 'Portuguese.'])).out, /^Remembered: mem_/)
  assert.match((await pkn(['memory', 'list', 'portuguese'])).out, /always .* Speak Portuguese\.\n$/)
})

it('lists what was learnt about who answers, and forgets one of it', async () => {
  assert.deepEqual((await pkn(['agents', 'lessons'])).out, 'Nothing was learnt yet.\n')
  const asked = JSON.parse((await pkn(['ask', '--new', '--json=answer', 'Why is a zebra striped?\u001B[2J'])).out) as {
    run: RunId
    agent: AgentName
  }
  const agent = AgentName.parse(asked.agent === 'reasoner' ? 'general' : 'reasoner')
  await client().call('runsAgain', { params: { run: asked.run }, body: { agent, instead: true } })
  const listed = await pkn(['agents'])
  assert.match(listed.out, new RegExp(`^(\\S+)  ${agent}, not ${asked.agent}  Why is a zebra striped\\?`))
  // oxlint-disable-next-line no-control-regex -- this very character is looked for
  assert.doesNotMatch(listed.out, /\u001B/)
  assert.equal((await pkn(['agents', 'forget', 'none-such'])).code, 1)
  assert.equal((await pkn(['agents', 'forget'])).code, 2)
  const [id = ''] = listed.out.split(' ')
  assert.match((await pkn(['agents', 'forget', id])).out, /^Forgotten: Why is a zebra striped\?/)
  assert.deepEqual((await pkn(['agents', 'lessons', '--json'])).out, '[]\n')
})
