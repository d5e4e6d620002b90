import assert from 'node:assert/strict'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { systemClock } from '../clock.ts'
import { toolsOf } from '../core/offer.ts'
import { openMcp } from './mcp.ts'
import { openBench } from './testing/bench.ts'

async function open(t: TestContext, how = '', callMs = 20_000) {
  const said: string[] = []
  const bench = await openBench()
  const program = {
    command: process.execPath,
    args: [join(import.meta.dirname, 'testing/mcp-raw.ts'), how],
    cwd: tmpdir(),
  }
  const { tools, close } = openMcp(
    toolsOf([]),
    [{ name: 'raw', kind: 'stdio', ...program, env: { PATH: process.env['PATH'] ?? '' } }],
    {
      clock: systemClock,
      say: ({ text }) => said.push(text),
      version: '1',
      seen: new Map(),
      limits: { startMs: 20_000, callMs, pauseMs: 1 },
    },
  )
  t.after(async () => {
    await close()
    await bench.close()
  })
  await tools.ready!(['mcp:raw'])
  const names = () => tools.named!('mcp:raw').map(({ name }) => name)
  const call = async (name: string) => {
    const tool = tools.find(`raw__${name}`)
    assert.ok(tool, name)
    return bench.call(tool, {})
  }
  return { call, names, said, ready: () => tools.ready!(['mcp:raw']) }
}

test('a server that asks for a model, for words of the user, or for anything else, is refused each, and its call goes on', async (t) => {
  const { call } = await open(t)
  const { ok, output } = await call('asks')
  assert.equal(ok, true)
  const answers = output.split('\n').find((line) => line.includes(' | ')) ?? ''
  for (const method of ['sampling/createMessage', 'elicitation/create', 'roots/list', 'tools/call', 'odd/thing'])
    assert.match(answers, new RegExp(`${method}: -32\\d{3}`))
  assert.match(answers, /ping: \{\}/)
})

test('a server that renames its tools in the middle has the new ones from then on, and the old are not called any more', async (t) => {
  const { call, names, ready } = await open(t)
  assert.ok(names().includes('raw__fine'))
  assert.match((await call('renames')).output, /done/)
  const old = await call('fine')
  assert.equal(old.ok, false)
  assert.match(old.output, /has changed raw__fine meanwhile/)
  await ready()
  assert.deepEqual(names(), ['raw__renamed'])
  assert.match((await call('renamed')).output, /renamed/)
})

test('of ten thousand tools so many are taken as a model can tell apart', async (t) => {
  const { names, call } = await open(t, 'thousands')
  assert.equal(names().length, 64)
  assert.match((await call('t1')).output, /t1/)
})

test('a server that says two thousand times that its tools changed is asked once', async (t) => {
  const { call, ready } = await open(t)
  assert.match((await call('changes')).output, /changed/)
  await ready()
  assert.match((await call('fine')).output, /fine/)
})

test('a server that closes its output in the middle of a call and goes on costs that call, at once', async (t) => {
  const { call, ready } = await open(t)
  const from = performance.now()
  const { ok, output } = await call('closes')
  assert.equal(ok, false)
  assert.match(output, /closed its output/)
  assert.ok(performance.now() - from < 15_000)
  await ready()
  assert.match((await call('fine')).output, /fine/)
})

test('answers that nobody waits for, that come twice or too late, or are none, change no other', async (t) => {
  const { call } = await open(t, '', 2000)
  assert.match((await call('answers-others')).output, /mine/)
  assert.match((await call('answers-twice')).output, /first/)
  assert.match((await call('late')).output, /did not answer within/)
  assert.match((await call('fine')).output, /fine/)
  assert.equal((await call('odd')).ok, false)
  assert.match((await call('fine')).output, /fine/)
})
