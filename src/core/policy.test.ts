import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { AgentName } from '../wire/id.ts'
import { allowanceOf, judge, type PolicyRule } from './policy.ts'
import type { Subject, Tool } from './tool-ports.ts'

const coder = 'coder' as AgentName
const tool = (name: string, effect: Tool['effect'], reach: Tool['reach']) => ({ name, effect, reach })
const READ = tool('read', 'read', 'workspace')
const WRITE = tool('write', 'write', 'workspace')
const SHELL = tool('shell', 'run', 'machine')
const FETCH = tool('fetch', 'read', 'network')
const files = (...paths: string[]): Subject => ({ kind: 'files', paths })
const ask = (
  t: typeof READ,
  subject: Subject,
  rules: PolicyRule[] = [],
  allowed: { tool: string; key: string }[] = [],
) => judge({ tool: t, agent: coder, subject }, rules, allowed).decision

test('without rules one may look in the workspace, and is asked for everything else', () => {
  assert.equal(ask(READ, files('a.txt')), 'allow')
  for (const [t, subject] of [
    [WRITE, files('a.txt')],
    [SHELL, { kind: 'command', command: 'ls', network: false }],
    [FETCH, { kind: 'host', host: 'example.org' }],
    [tool('look', 'read', 'machine'), { kind: 'none' }],
  ] as const)
    assert.equal(ask(t, subject), 'ask')
})

test('the first rule that fits decides, and a rule for files fits by its pattern', () => {
  const rules: PolicyRule[] = [
    { path: '**/.env*', decision: 'deny' },
    { effect: 'write', path: 'notes/*.md', decision: 'allow' },
    { effect: 'write', path: 'src/**', decision: 'deny' },
  ]
  assert.equal(ask(READ, files('a/b/.env.local'), rules), 'deny')
  assert.equal(ask(READ, files('.env'), rules), 'deny')
  assert.equal(ask(WRITE, files('src/a\nb/c'), rules), 'deny', 'a name may hold any sign')
  assert.equal(ask(READ, files('x\n/.env\n'), rules), 'deny')
  assert.equal(ask(WRITE, files('notes/a.md'), rules), 'allow')
  assert.equal(ask(WRITE, files('notes/deep/a.md'), rules), 'ask')
  assert.equal(ask(WRITE, files('src/x/y.ts'), rules), 'deny')
  assert.equal(ask(WRITE, files('notes/a.md', 'other'), rules), 'ask', 'every file must be allowed')
  assert.equal(ask(WRITE, files('other', 'src/a'), rules), 'deny', 'one that is refused is enough')
  assert.equal(ask(WRITE, files(), rules), 'ask')
})

test('a host fits by its labels, not by how its name ends', () => {
  const rules: PolicyRule[] = [{ host: '*.example.org', decision: 'allow' }]
  assert.equal(ask(FETCH, { kind: 'host', host: 'docs.example.org' }, rules), 'allow')
  for (const host of ['example.org', 'evilexample.org', 'example.org.evil.net', '.example.org'])
    assert.equal(ask(FETCH, { kind: 'host', host }, rules), 'ask', host)
})

test('what was allowed for the chat is exactly that command, with or without the network, or that host, and never what is refused', () => {
  const ls: Subject = { kind: 'command', command: 'ls', network: false }
  const allowed = [allowanceOf(SHELL, ls), allowanceOf(FETCH, { kind: 'host', host: 'a.org' })]
  assert.equal(ask(SHELL, ls, [], allowed), 'allow')
  assert.equal(ask(SHELL, { ...ls, network: true }, [], allowed), 'ask')
  assert.equal(ask(SHELL, { ...ls, command: 'ls; rm -r .' }, [], allowed), 'ask')
  // No command without the network is spelled like one with it.
  for (const text of ['ls\nwith network', 'with network\nls']) {
    const odd: { tool: string; key: string }[] = [allowanceOf(SHELL, { ...ls, command: text })]
    assert.equal(ask(SHELL, { ...ls, network: true }, [], odd), 'ask')
    assert.equal(ask(SHELL, ls, [], odd), 'ask')
  }
  const out = [allowanceOf(SHELL, { ...ls, network: true })]
  assert.deepEqual([ask(SHELL, { ...ls, network: true }, [], out), ask(SHELL, ls, [], out)], ['allow', 'ask'])
  assert.equal(ask(FETCH, { kind: 'host', host: 'a.org' }, [], allowed), 'allow')
  assert.equal(ask(FETCH, { kind: 'host', host: 'b.org' }, [], allowed), 'ask')
  assert.equal(ask(SHELL, ls, [{ tool: 'shell', decision: 'deny' }], allowed), 'deny')
  assert.equal(ask(SHELL, ls, [{ tool: 'sh*', agent: 'other' as AgentName, decision: 'deny' }], allowed), 'allow')
})
