import assert from 'node:assert/strict'
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, afterEach, before, it } from 'node:test'
import { startUpstream, type Reply, type Upstream } from '../../test/e2e/upstream.ts'
import { freePort, scratch, startProcess, type ServerProcess } from '../../test/process.ts'
import { command, hasPty, type Running } from './testing/command.ts'
import { widthOf } from './width.ts'

const HOSTILE =
  'a\u001B]52;c;ZXZpbA==\u0007b \u001B]8;;http://evil.example\u001B\\link\u001B]8;;\u001B\\ \u001B[2J\u001B[1;1Hc \u009B31md\r e\u202Ef\u2066g\u0000h\u007F'
const LONG = Array.from({ length: 60 }, (_, i) => `word${i}`).join(' ')
const RICH =
  '# Title here\n\n- a **bold** point that is longer than a line of forty columns can be\n- `code`\n\n```js\nconst one = 1\n```\n日本語のとても長い文章は言葉の間に空白がないので、どこでも改行できます。'

const WRITE = { tool: 'write', input: { path: 'a.txt', content: 'evil \u202Etxt\u001B]52;c;x\u0007' } }
const BEANS = { tool: 'plan', input: { steps: ['Dig', 'Sow'] } }
const ASK = { tool: 'ask_user', input: { question: 'Which one?', options: ['red', 'blue'] } }

const { home, remove } = scratch()
let upstream: Upstream
let server: ServerProcess
let env: NodeJS.ProcessEnv
const running: Running[] = []
before(async () => {
  upstream = await startUpstream((question, results): Reply => {
    if (question.startsWith('long')) return { text: LONG, everyMs: 60 }
    if (question.startsWith('think')) return { text: 'thought about', thought: 'deep in it', everyMs: 200 }
    if (question.startsWith('hostile')) return { text: HOSTILE, size: 2 }
    if (question.startsWith('rich')) return { text: RICH, size: 7 }
    if (question.startsWith('write')) return { text: 'written', calls: results.length > 0 ? [] : [WRITE] }
    if (question.startsWith('beans')) return { text: 'grown', calls: results.length > 0 ? [] : [BEANS] }
    if (question.startsWith('ask')) return { text: 'asked', calls: results.length > 0 ? [] : [ASK] }
    return { text: `Heard: ${question.replaceAll('\n', ' / ')}.` }
  })
  mkdirSync(join(home, 'agents'))
  writeFileSync(
    join(home, 'agents', 'scribe.md'),
    '---\nname: scribe\ntitle: Scribe\nabout: Writes files.\ntools: [write, ask_user]\nexamples: |\n  write a file\n---\n\nWrite.\n',
  )
  const port = await freePort()
  server = await startProcess(home, { LLAMA_BASE_URL: upstream.url, PKN_PORT: `${port}` })
  env = {
    PATH: process.env['PATH'],
    HOME: home,
    PKN_HOME: home,
    PKN_PORT: `${port}`,
    PKN_LOG_FILE: join(home, 'divinenode.log'),
    OLLAMA_BASE_URL: 'http://127.0.0.1:9',
  }
})
afterEach(() => {
  for (const { child } of running.splice(0)) child.kill('SIGKILL')
})
after(async () => {
  await server?.kill()
  await upstream.close()
  remove()
})

const begin = (words: string[], columns?: number, more: NodeJS.ProcessEnv = {}): Running => {
  const one = command({ ...env, ...more }, ['chat', ...words], columns)
  running.push(one)
  return one
}
async function piped(input: string, words: string[] = []): Promise<{ code: number | null; out: string }> {
  const one = begin(words)
  one.child.stdin.end(input)
  return { code: await one.code, out: one.out() }
}
// oxlint-disable-next-line no-control-regex -- the terminal's own
const bare = (text: string) => text.replaceAll(/\u001B\[[0-9;?]*[A-Za-z]/g, '').replaceAll('\r', '')
const onTerminal = { skip: !hasPty && 'no python3 with pty' }
// oxlint-disable-next-line no-control-regex -- the terminal's own
const PROMPT = /› (?:\u001B\[\d*G)?$/

it('talks in plain lines where there is no terminal, and leaves at the end of what comes in', async () => {
  const { code, out } = await piped('one\\\ntwo\n/agents\n/nothing\nthree\n')
  assert.equal(code, 0)
  assert.match(out, /Heard: one \/ two\.\n/)
  assert.match(out, /^ {2}coder +\S/m)
  assert.match(out, /there is no \/nothing/)
  assert.match(out, /Heard: three\.\n/)
  // oxlint-disable-next-line no-control-regex -- colours begin with it
  assert.doesNotMatch(out, /\u001B/)
})

it('lets nothing that a model says steer the terminal', async () => {
  const { out } = await piped('hostile\n')
  assert.match(out, /^ab link c d efgh$/m)
  // oxlint-disable-next-line no-control-regex -- these very characters are looked for
  assert.doesNotMatch(out, /[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u202A-\u202E\u2066-\u2069]/)
})

it('resumes the newest session, shows what was said, and takes a session out as a file', async () => {
  const path = join(home, 'out.md')
  const { out } = await piped(`/history\n/export ${path}\n/export ${path}\n/sessions\n/open 1\n/quit\n`, ['--resume'])
  assert.match(out, /Written to/)
  assert.match(out, /EEXIST/)
  assert.match(readFileSync(path, 'utf8'), /hostile/)
})

it('names who answers, lays words out for 40 columns, and keeps code and CJK as they are', onTerminal, async () => {
  const one = begin([], 40)
  await one.until(PROMPT)
  const from = one.out().length
  one.type('rich\r')
  await one.until(/できます。[^]*› /, 'out', from)
  const text = bare(one.out().slice(from))
  assert.match(text, /General|Coder|Reasoner|Researcher|Executor|Consultant/)
  assert.match(text, /· qwen3-8b-q4/)
  assert.match(text, /^- a \*\*bold\*\* point that is longer than\n {2}a line of forty columns can be$/m)
  assert.match(text, /^```js\nconst one = 1\n```$/m)
  // oxlint-disable-next-line no-control-regex -- the terminal's own
  assert.match(one.out(), /\u001B\[1mbold\u001B\[0m/)
  for (const line of text.slice(text.indexOf('日本')).split('\n')) assert.ok(widthOf(line) <= 39, line)
  one.type('\u0004')
  assert.equal(await one.code, 0)
})

it('hides what a model thinks behind its sign, and shows it dimmed where that is wanted', onTerminal, async () => {
  const one = begin([], 60)
  await one.until(PROMPT)
  one.type('think now\r')
  await one.until(/thought about/)
  await one.until(PROMPT)
  assert.match(one.out(), /Thinking/)
  assert.doesNotMatch(one.out(), /deep/)
  one.type('/think\r')
  await one.until(/Thoughts are shown/)
  one.type('think again\r')
  await one.until(/thought about[^]*thought about/)
  // oxlint-disable-next-line no-control-regex -- the terminal's own
  assert.match(one.out(), /\u001B\[90mdeep\u001B\[0m/)
})

it('stops the answer with Ctrl-C, and takes up what was typed meanwhile', onTerminal, async () => {
  const one = begin([], 60)
  await one.until(PROMPT)
  one.type('long one\r')
  await one.until(/word3/)
  one.type('and then\r')
  await one.until(/Comes next: and then/)
  one.type('\u0003')
  await one.until(/Stopped[^]*Heard: and then\./)
  assert.equal(upstream.open, 0)
})

it(
  'is left while a run goes on, comes back to it, and reads on where it was when the server was killed',
  onTerminal,
  async () => {
    const one = begin([], 60)
    await one.until(PROMPT)
    one.type('long two\r')
    await one.until(/word3/)
    one.type('/quit\r')
    assert.equal(await one.code, 0)
    assert.match(one.out(), /The run goes on without this chat: pkn chat --resume/)
    const two = begin(['--resume'], 60)
    await two.until(/word5/)
    await server.kill('SIGKILL')
    await two.until(/The server is away/)
    server = await startProcess(home, { LLAMA_BASE_URL: upstream.url, PKN_PORT: env['PKN_PORT']! })
    await two.until(/word59/)
    const words = bare(two.out()).match(/\bword\d+\b/g) ?? []
    assert.deepEqual(words.slice(-60), LONG.split(' '))
  },
)

it('takes a paste of several lines as one mark that presses no key', onTerminal, async () => {
  const one = begin([], 60)
  await one.until(PROMPT)
  one.type('\u001B[200~first\nsecond\u001B]52;c;x\u0007\nthird\u001B[201~')
  await one.until(/\[pasted 1: 3 lines\]/)
  one.type('end\r')
  await one.until(/Heard: first \/ second \/ third ?end\./)
})

it('keeps what was typed for the next time, for its owner alone, and completes commands', onTerminal, async () => {
  const one = begin([], 60)
  await one.until(PROMPT)
  one.type('remember this\r')
  await one.until(/Heard: remember this\./)
  await one.until(PROMPT)
  one.type('/ses\t')
  await one.until(/\/sessions/)
  one.type('\u0003\u0004')
  const path = join(home, 'chat-history')
  assert.ok(existsSync(path))
  assert.equal(statSync(path).mode & 0o077, 0)
  const two = begin([], 60)
  await two.until(PROMPT)
  two.type('\u001B[A')
  await two.until(/remember this/)
})

it('writes no colours with NO_COLOR, and no control at all where the terminal is dumb', onTerminal, async () => {
  const plain = begin([], 60, { NO_COLOR: '1' })
  await plain.until(PROMPT)
  plain.type('rich\r')
  await plain.until(/できます。/)
  await plain.until(PROMPT)
  // oxlint-disable-next-line no-control-regex -- the terminal's own
  assert.doesNotMatch(plain.out(), /\u001B\[\d+m/)
  const dumb = begin([], 60, { TERM: 'dumb' })
  await dumb.until(/› $/)
  dumb.type('rich\n')
  await dumb.until(/できます。[^]*› $/)
  // oxlint-disable-next-line no-control-regex -- the terminal's own
  assert.doesNotMatch(dumb.out(), /\u001B/)
})

it(
  'shows exactly what an agent asks for, hidden characters by their names, and answers with one key',
  onTerminal,
  async () => {
    const one = begin(['--agent', 'scribe'], 70)
    await one.until(PROMPT)
    one.type('write it\r')
    await one.until(/May the agent use/)
    await one.until(/evil ‹U\+202E›txt‹ESC›\]52;c;x‹U\+0007›/)
    await one.until(/a allow · s allow in this session/)
    one.type('d')
    await one.until(/✗ /)
    await one.until(PROMPT)
    const from = one.out().length
    one.type('write again\r')
    await one.until(/a allow/, 'out', from)
    one.type('a')
    await one.until(/✓ /, 'out', from)
  },
)

it('answers a question by its number, in plain lines too', onTerminal, async () => {
  const one = begin(['--agent', 'scribe'], 70)
  await one.until(PROMPT)
  one.type('ask me\r')
  await one.until(/answer › /)
  one.type('2\r')
  await one.until(/✓ The user answers: blue/)
  const { out } = await piped('ask me\n1\nwrite it\n/deny not now\n', ['--agent', 'scribe'])
  assert.match(out, /✓ The user answers: red/)
  assert.match(out, /✗ .*not now/)
})

it('shows a plan, takes its steps as they were changed in an editor, and goes on with them', onTerminal, async () => {
  const editor = join(home, 'plan-editor.sh')
  writeFileSync(editor, '#!/bin/sh\nsed -i.bak "s/Sow/Buy/" "$1"\n', { mode: 0o755 })
  const one = begin([], 70, { EDITOR: editor, VISUAL: '' })
  await one.until(PROMPT)
  one.type('/plan\r')
  await one.until(/Each answer begins with a plan that you approve\./)
  one.type('beans\r')
  await one.until(/The agent shows its plan:[^]*1\. Dig[^]*2\. Sow/)
  await one.until(/a approve · d refuse · e change the steps/)
  one.type('e')
  await one.until(/grown/)
  const { out } = await piped('beans\na\n', ['--plan'])
  assert.match(out, /shows its plan[^]*grown/)
})

it('does what a person made of a call in their editor', onTerminal, async () => {
  const editor = join(home, 'editor.sh')
  writeFileSync(editor, '#!/bin/sh\nsed -i.bak "s/a\\.txt/b.txt/" "$1"\n', { mode: 0o755 })
  const one = begin(['--agent', 'scribe'], 70, { EDITOR: editor, VISUAL: '' })
  await one.until(PROMPT)
  one.type('write it\r')
  await one.until(/a allow/)
  one.type('e')
  await one.until(/✓ .*b\.txt/)
})
