import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { systemClock } from '../clock.ts'
import { allowanceOf, judge } from '../core/policy.ts'
import { LOCAL, newSessionId, type AgentName } from '../wire/id.ts'
import { openEgress, type Egress } from './egress.ts'
import { processes } from './processes.ts'
import { findSandbox, probe, type Sandbox } from './sandbox.ts'
import { shell } from './shell.ts'
import { shellKill } from './shell-kill.ts'
import { shellOutput } from './shell-output.ts'
import { openShells } from './shells.ts'
import { system } from './system.ts'
import { boundedLines, settled, terminalText } from './terminal-text.ts'
import { openBench } from './testing/bench.ts'
import { gone, running } from './testing/besieged.ts'
import { visible } from './visible.ts'

const FREE: Sandbox = { kind: 'none', why: 'bubblewrap (bwrap) is not installed', get: null }
const sandbox = await findSandbox()
const skip = sandbox.kind === 'none' ? `no sandbox on this machine: ${sandbox.why}` : false

const worldly = openEgress({ clock: systemClock, version: '0', allowPrivate: [] })
async function opened(t: TestContext, found: () => Promise<Sandbox> = findSandbox, egress: Egress = worldly) {
  const bench = await openBench()
  const parts = {
    clock: systemClock,
    shells: openShells({
      clock: systemClock,
      store: bench.store,
      egress,
      say: ({ text, cause }) => assert.fail(`${text} ${String(cause)}`),
      sandbox: found,
    }),
  }
  t.after(async () => {
    await parts.shells.close()
    await bench.close()
  })
  const tools = {
    shell: shell(parts),
    output: shellOutput(parts),
    kill: shellKill(parts),
    processes: processes(parts),
    system: system(parts),
  }
  const background = async (command: string, over: Parameters<typeof bench.call>[2] = {}) => {
    const { ok, output } = await bench.call(tools.shell, { command, background: true }, over)
    return { ok, output, handle: /bg_\w+/.exec(output)?.[0] ?? '' }
  }
  /** Looks until that was written. */
  const until = async (handle: string, wanted: RegExp) => {
    for (let all = ''; ; await new Promise((resolve) => setTimeout(resolve, 10))) {
      all += (await bench.call(tools.output, { handle })).output
      if (wanted.test(all)) return all
    }
  }
  return { ...bench, ...parts, tools, background, until }
}

test('a command gives back what it wrote to both outputs in its order, its exit code and its time', async (t) => {
  const { call, tools, folder } = await opened(t)
  const good = await call(tools.shell, { command: 'echo one; echo two >&2; echo three > file; pwd; cat file' })
  assert.equal(good.ok, true)
  assert.match(good.output, new RegExp(`^one\ntwo\n${folder}\nthree\n\\[exit code 0 after [\\d.]+ s`))
  assert.equal(readFileSync(join(folder, 'file'), 'utf8'), 'three\n')
  const bad = await call(tools.shell, { command: 'echo no >&2; exit 7' })
  assert.equal(bad.ok, false)
  assert.match(bad.output, /^no\n\[exit code 7/)
  assert.match((await call(tools.shell, { command: 'true' })).output, /^\(no output\)\n\[exit code 0/)
  assert.match((await call(tools.shell, { command: 'no-such-program' })).output, /not found\n\[exit code 127/)
  assert.match((await call(tools.shell, { command: 'kill -SEGV $$' })).output, /exit code 139|SIGSEGV/)
})

test('Node and Python can be used', { skip }, async (t) => {
  const { call, tools } = await opened(t)
  const { output } = await call(tools.shell, {
    command: "node -e 'console.log(process.version)'; perl -e 'print 6*7'; python3 -c 'print(6*7)' || echo none",
  })
  assert.match(output, new RegExp(`${process.version}\n42(?:42\n|.*none\n)`, 's'))
})

test('output is shown as it comes', async (t) => {
  const { call, tools, said } = await opened(t)
  const stop = new AbortController()
  const say = (text: string) => {
    said.push(text)
    if (text.includes('first')) stop.abort()
  }
  const { ok, output } = await call(tools.shell, { command: 'printf first; sleep 600' }, { say, signal: stop.signal })
  assert.equal(ok, false)
  assert.match(output, /^first\n\[ended, because it was told to/)
})

test('what does not end in its time is ended, with what it wrote until then', async (t) => {
  const { call, tools } = await opened(t)
  const { ok, output } = await call(tools.shell, { command: 'echo begun; sleep 600', timeout_seconds: 1 })
  assert.equal(ok, false)
  assert.match(
    output,
    /^begun\n\[ended, because its time was over after 1\.\d s.*\]\nIt was given 1 s\. With timeout_seconds/,
  )
})

test('a run that was stopped already starts nothing', async (t) => {
  const { call, tools, folder } = await opened(t)
  const { ok } = await call(tools.shell, { command: 'touch started' }, { signal: AbortSignal.abort() })
  assert.equal(ok, false)
  assert.equal(existsSync(join(folder, 'started')), false)
})

test('of a long output the end is told first, and of an endless one the beginning and the end', async (t) => {
  const { call, tools } = await opened(t)
  const long = await call(tools.shell, { command: 'seq 1 5000; echo the last >&2; exit 2' })
  assert.match(
    long.output,
    /^\[exit code 2[^\n]*\n\[its last lines:\]\n(?:\d+\n)+the last\n\[all of it from the beginning:\]\n1\n2\n/,
  )
  const endless = await call(tools.shell, { command: 'seq 1 400000' })
  assert.ok(endless.output.length < 2_000_000)
  assert.match(endless.output, /\n1\n2\n[^]*\n… \d+ lines are left out here …\n[^]*\n399999\n400000\n\[exit/)
  const yes = await call(tools.shell, { command: 'yes "$(head -c 500 /dev/zero | tr "\\0" y)"' })
  assert.equal(yes.ok, false)
  assert.match(yes.output, /wrote more than 16 MB/)
  const line = await call(tools.shell, { command: "head -c 300000 /dev/zero | tr '\\0' x" })
  assert.equal(line.ok, true)
})

test('a command that cannot be one is refused before anything runs', async (t) => {
  const { call, tools } = await opened(t)
  for (const input of [
    {},
    { command: '' },
    { command: 'a\0b' },
    { command: 'x'.repeat(20_001) },
    { command: 'true', timeout_seconds: 601 },
  ])
    assert.equal((await call(tools.shell, input)).ok, false)
  assert.equal(
    (await call(tools.shell, { command: 'echo \'a\n  quoted "text" $HOME\' | wc -l' })).output.split('\n')[0],
    '2',
  )
})

test('where the sandbox breaks, that is said, and nothing runs without it', async (t) => {
  const other = await openBench()
  t.after(other.close)
  const broken = join(other.around, 'bwrap')
  writeFileSync(broken, '#!/bin/sh\necho "bwrap: no permissions" >&2\nexit 1\n')
  chmodSync(broken, 0o755)
  const within: Sandbox = { kind: 'bubblewrap', path: broken, version: '0', sized: true, closed: true, held: true }
  const { call, tools, folder } = await opened(t, () => Promise.resolve(within))
  const { ok, output } = await call(tools.shell, { command: 'touch ran' })
  assert.equal(ok, false)
  assert.match(output, /could not be started: bwrap: no permissions/)
  assert.equal(existsSync(join(folder, 'ran')), false)
})

test('a machine without bubblewrap is known, and so is one where it does not work', async (t) => {
  const { folder } = await opened(t)
  const none = await probe(folder)
  assert.ok(none.kind === 'none' && none.why.length > 10)
  if (process.platform !== 'linux') return
  mkdirSync(join(folder, 'bin'))
  writeFileSync(
    join(folder, 'bin/bwrap'),
    '#!/bin/sh\necho "bwrap: setting up uid map: Permission denied" >&2\nexit 1\n',
  )
  chmodSync(join(folder, 'bin/bwrap'), 0o755)
  const refused = await probe(join(folder, 'bin'))
  assert.ok(refused.kind === 'none' && /uid map: Permission denied/.test(refused.why) && refused.get !== null)
  // One that confines nothing is not taken for one that does.
  writeFileSync(
    join(folder, 'bin/bwrap'),
    '#!/bin/bash\nwhile [ $# -gt 0 ] && [ "$1" != -- ]; do shift; done; shift; exec "$@"\n',
  )
  const lying = await probe(join(folder, 'bin'))
  assert.equal(lying.kind, 'none')
})

test('without a sandbox a command runs, says that nothing confines it, and is asked for whatever is allowed', async (t) => {
  process.env['PKN_TEST_KEY'] = 'the secret of the environment'
  t.after(() => delete process.env['PKN_TEST_KEY'])
  const { call, tools, use } = await opened(t, () => Promise.resolve(FREE))
  const { ok, output, shown } = await call(tools.shell, { command: 'env; echo done' })
  assert.equal(ok, true)
  assert.match(
    output,
    /done\n\[exit code 0 after [\d.]+ s; nothing confined it: bubblewrap \(bwrap\) is not installed\]/,
  )
  assert.doesNotMatch(output, /the secret/)
  assert.ok(shown?.kind === 'command' && shown.sandbox === null && shown.network)
  const preview = await tools.shell.preview!({ command: 'ls' }, use())
  assert.ok(preview.ok && preview.shown.kind === 'command' && preview.shown.sandbox === null)
  assert.match((await tools.shell.insists!({ command: 'ls' }, { answered: true })) ?? '', /Nothing confines/)
  const word = `600.${process.pid}77`
  const late = await call(tools.shell, { command: `sleep ${word} & sleep ${word}`, timeout_seconds: 1 })
  assert.equal(late.ok, false)
  await gone(word)
})

test('the network is asked for where only a rule allows it', { skip }, async (t) => {
  const { tools } = await opened(t)
  assert.equal(await tools.shell.insists!({ command: 'ls' }, { answered: false }), null)
  assert.match((await tools.shell.insists!({ command: 'ls', network: true }, { answered: false })) ?? '', /network/)
  assert.equal(await tools.shell.insists!({ command: 'ls', network: true }, { answered: true }), null)
})

test('what was allowed for a chat is that very command, and not with the network', async (t) => {
  const { tools } = await opened(t)
  const call = (command: string, network = false) => ({
    tool: tools.shell,
    agent: 'coder' as AgentName,
    subject: { kind: 'command', command, network } as const,
  })
  const allowed = [allowanceOf(tools.shell, call('npm test').subject)]
  assert.equal(judge(call('npm test'), [], allowed).decision, 'allow')
  for (const other of [call('npm test; curl x'), call('npm test '), call('npm test', true)])
    assert.equal(judge(other, [], allowed).decision, 'ask')
})

test('a command in the preview is the one that runs, with everything in it to be seen', async (t) => {
  const { tools, use, folder } = await opened(t)
  const hidden = 'ls \u202e#\u2066 gnp.exe\u200b\u001b[2K\rrm -rf x\u0007 \u00a0\u3164\u{e0041}\ud800\u2028'
  const preview = await tools.shell.preview!({ command: hidden }, use())
  assert.ok(preview.ok && preview.shown.kind === 'command')
  const { command } = preview.shown
  assert.equal(
    command,
    'ls ⟨U+202E⟩#⟨U+2066⟩ gnp.exe⟨U+200B⟩⟨U+001B⟩[2K⟨U+000D⟩rm -rf x⟨U+0007⟩ ⟨U+00A0⟩⟨U+3164⟩⟨U+E0041⟩⟨U+D800⟩⟨U+2028⟩',
  )
  assert.equal(preview.shown.folder, folder)
  assert.equal(visible('grep -n "größe" *.ts | head\n\tdone'), 'grep -n "größe" *.ts | head\n\tdone')
  assert.equal(visible(`ls${' '.repeat(500)}; rm -rf x`), 'ls ⟨500 spaces⟩ ; rm -rf x')
  assert.equal(visible(`ls${'\n'.repeat(100)}rm -rf x`), 'ls\n⟨99 empty lines⟩\nrm -rf x')
})

test('escapes are gone from an output, bars that write over themselves are one line, and what is no UTF-8 is replaced', () => {
  for (const [raw, text] of [
    ['\u001b[1;31mred\u001b[0m', 'red'],
    ['10%\r50%\r100%', '100%'],
    ['a long line\rshort\u001b[K', 'shortg line'],
    ['\u001b]0;title\u0007text', 'text'],
    ['\u001b]8;;http://x\u001b\\link\u001b]8;;\u001b\\', 'link'],
    ['abc\b\bX', 'aXc'],
    ['bell\u0007\u0000', 'bell'],
    ['cut \u001b[3', 'cut '],
    ['windows\r', 'windows'],
  ] as const)
    assert.equal(settled(raw), text)
  const [lines, live]: string[][] = [[], []]
  const text = terminalText({ line: (line) => lines!.push(line), live: (part) => live!.push(part) })
  const bytes = Buffer.from('grö\u001b[31mß\u001b[0me\nbar 1\rbar 2\nrest')
  for (const byte of [...bytes, 0xff]) text.push(Uint8Array.of(byte))
  text.end()
  assert.deepEqual(lines, ['größe', 'bar 2', 'rest\ufffd'])
  assert.match(live!.join(''), /größe\n[^]*bar 2\nrest\ufffd/)
})

test('lines within a bound keep their beginning and their end', () => {
  const lines = boundedLines(1000)
  for (let i = 0; i < 10_000; i++) lines.add(`line ${i}`)
  const text = lines.text()
  assert.ok(text.length < 2000)
  assert.match(text, /^line 0\nline 1\n[^]*… \d+ lines are left out here …\n[^]*line 9999$/)
  const left = Number(/… (\d+)/.exec(text)?.[1])
  assert.equal(left + text.split('\n').length - 1, lines.lines())
})

test('a command in the background gives a handle at once, tells what is new, and is ended with it', async (t) => {
  const { call, tools, background, until } = await opened(t)
  const { ok, handle } = await background('echo up; read -r x < pipe 2>/dev/null; trap "" TERM; sleep 600')
  assert.equal(ok, true)
  assert.match(await until(handle, /up/), /\[it runs, for \d+ s now\]/)
  assert.match((await call(tools.output, { handle })).output, /^\(nothing new\)\n\[it runs/)
  assert.match(
    (await call(tools.processes, { name: 'no such program' })).output,
    new RegExp(`${handle}  runs for \\d+ s  echo up`),
  )
  assert.match((await call(tools.kill, { handle })).output, /is gone\. \[ended, because it was told to/)
  assert.match((await call(tools.kill, { handle })).output, /had ended already/)
  assert.match((await call(tools.output, { handle })).output, /\[ended, because it was told to/)
})

test('a command in the background that ends says how', async (t) => {
  const { background, until } = await opened(t)
  const { handle } = await background('echo work; exit 3')
  assert.match(await until(handle, /exit code/), /work\n[^]*\[exit code 3 after/)
})

test('a session has four in the background at most, and sees only its own', async (t) => {
  const { call, tools, background } = await opened(t)
  const begun = []
  for (let i = 0; i < 4; i++) begun.push(await background('sleep 600'))
  assert.deepEqual(
    begun.map(({ ok }) => ok),
    [true, true, true, true],
  )
  const fifth = await background('sleep 600')
  assert.equal(fifth.ok, false)
  assert.match(fifth.output, /There are 4 in the background already \(bg_/)
  const session = newSessionId()
  const handle = begun[0]?.handle ?? ''
  assert.equal((await call(tools.output, { handle }, { session })).ok, false)
  assert.equal((await call(tools.kill, { handle }, { session })).ok, false)
  assert.equal((await background('sleep 600', { session })).ok, true)
  await call(tools.kill, { handle })
  assert.equal((await background('sleep 600')).ok, true)
})

test('a handle of a server that is gone is told as gone', async (t) => {
  const { call, tools } = await opened(t)
  for (const tool of [tools.output, tools.kill]) {
    const { ok, output } = await call(tool, { handle: 'bg_00000' })
    assert.equal(ok, false)
    assert.match(output, /"bg_00000" is gone: .* ends with the server, which was restarted/)
  }
})

test('when a session is removed, what it runs in the background is ended', async (t) => {
  const { call, store, background, use } = await opened(t)
  const word = `600.${process.pid}99`
  const kept = newSessionId()
  await background(`sleep ${word}1`, { session: kept })
  const { ok } = await background(`sleep ${word}0`)
  assert.equal(ok, true)
  while (running(`sleep\0${word}0`).length === 0) await new Promise((resolve) => setTimeout(resolve, 10))
  await store.removeSession(LOCAL, use().session)
  await gone(`${word}0`)
  assert.ok(running(`sleep\0${word}1`).length > 0)
  assert.ok(call)
})

test('processes are told by name, never with what they were called with', async (t) => {
  const { call, tools } = await opened(t)
  const { ok, output } = await call(tools.processes, {})
  assert.equal(ok, true)
  assert.match(output, /On this machine \(\d+ processes\):\n\s*PID .*\n\s*\d+ /)
  assert.ok(output.split('\n').length < 60)
  const own = execFileSync('ps', ['-o', 'args=', '-p', String(process.pid)], { encoding: 'utf8' })
  const { output: nodes } = await call(tools.processes, { name: 'node' })
  assert.match(nodes, /with "node"/)
  for (const word of own.split(' ').filter((part) => part.startsWith('--'))) assert.ok(!nodes.includes(word.trim()))
})

test('the machine is told: system, processor, memory, disk, load, programs', async (t) => {
  const { call, tools } = await opened(t)
  const { ok, output } = await call(tools.system, {})
  assert.equal(ok, true)
  for (const part of [
    /^System: \w+/,
    /\nProcessor: \d+ × .*; load \d/,
    /\nMemory: [\d.]+ GB of/,
    /\nDisk .* GB free/,
    /\nCommands: /,
    /\nnode: v\d+/,
  ])
    assert.match(output, part)
})
