import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import type { Agent, LogLine } from './core/ports.ts'
import { agentNamed } from './core/testing/rig.ts'
import { learnRouter } from './learning.ts'

const home = mkdtempSync(join(tmpdir(), 'pkn-learning-'))
after(() => rmSync(home, { recursive: true, force: true }))

const CODE = ['fix this function', 'write a unit test', 'why does my loop crash', 'refactor the parser class']
const TALK = ['good morning', 'tell me a story', 'what a lovely day', 'thank you so much']
const both = [agentNamed('general', { sampleMessages: TALK }), agentNamed('coder', { sampleMessages: CODE })]

function learning(folder: string, list: () => readonly Agent[] = () => both) {
  const lines: LogLine[] = []
  const agents = { list, find: () => null }
  return { lines, ...learnRouter({ agents, folder, say: (line) => void lines.push(line) }) }
}
const asked = { text: 'fix the crash in this loop', recent: [], forced: null }

test('where nothing can be kept the router learns all the same, and the log says what is wrong', async () => {
  const folder = join(home, 'a-file-and-no-folder')
  writeFileSync(folder, '')
  const { router, lines, close } = learning(folder)
  assert.equal((await router()).route(asked).agent, 'coder')
  assert.ok(lines.some(({ level, cause }) => level === 'warn' && cause !== undefined))
  close()
})

test('agents that change again and again while they are learnt end with the newest, and without a complaint', async () => {
  let list = both
  const { router, again, lines, close } = learning(join(home, 'cache'), () => list)
  for (let i = 0; i < 4; i++) {
    list = [...both, agentNamed('gardener', { sampleMessages: ['when do I plant roses', `prune the hedge ${i}`] })]
    again()
    if (i === 1) await router()
  }
  assert.equal((await router()).route({ ...asked, text: 'plant the roses' }).agent, 'gardener')
  assert.deepEqual(lines, [])
  close()
})

test('a server that stops while its router learns stops in peace', async () => {
  const { again, lines, close } = learning(join(home, 'stopped'))
  again()
  close()
  for (let i = 0; i < 20; i++) await new Promise((resolve) => setImmediate(resolve))
  assert.deepEqual(lines, [])
})
