import assert from 'node:assert/strict'
import { test } from 'node:test'
import { z } from 'zod'
import { scriptedModel } from '../models/scripted.ts'
import { newDisk } from '../store/memory-disk.ts'
import { openMemory } from '../store/memory.ts'
import { Fault } from '../wire/fault.ts'
import { textOf, type Draft } from '../wire/fold.ts'
import { LOCAL, type RunId } from '../wire/id.ts'
import type { Answer } from '../wire/tool.ts'
import type { PolicyRule } from './policy.ts'
import { agentNamed, chosen, listed, openRig } from './testing/rig.ts'
import { handClock } from './testing/hand-clock.ts'
import type { Tool } from './tool-ports.ts'

/** A file, and a tool that shows what it would change about it. */
function filing() {
  const file = { text: 'old', did: [] as string[] }
  const write: Tool<{ path: string; text: string }> = {
    name: 'write',
    about: 'Writes.',
    input: z.strictObject({ path: z.string(), text: z.string() }),
    effect: 'write',
    reach: 'workspace',
    subject: ({ path }) => ({ kind: 'files', paths: [path] }),
    preview: async ({ path, text }) => ({
      ok: true,
      shown: { kind: 'diff', path, diff: `-${file.text}\n+${text}`, added: 1, removed: 1, created: false },
    }),
    run: async ({ path, text }) => {
      file.did.push(`${path}: ${text}`)
      file.text = text
      return { ok: true, output: 'written' }
    },
  }
  const shell: Tool<{ command: string }> = {
    name: 'shell',
    about: 'Runs.',
    input: z.strictObject({ command: z.string() }),
    effect: 'run',
    reach: 'machine',
    subject: ({ command }) => ({ kind: 'command', command, network: false }),
    run: async ({ command }) => {
      file.did.push(command)
      return { ok: true, output: 'ran' }
    },
  }
  return { file, tools: [write, shell] as Tool[] }
}
type Called = { tool: string; input: Record<string, string> }
/** Makes those calls, one in each step, and says what it was told of the last. */
const calling = (...calls: Called[]) =>
  scriptedModel((turn, nth) => {
    const next = calls[nth - 1]
    return next === undefined
      ? [`told: ${turn.messages.at(-1)?.text}`]
      : [{ type: 'tool.call', id: `c${nth}`, ...next }]
  })
const writing = { tool: 'write', input: { path: 'a.txt', text: 'new' } }
const rigOf = (
  model: ReturnType<typeof scriptedModel>,
  tools: Tool[],
  more: Partial<Parameters<typeof openRig>[0]> = {},
) =>
  openRig({
    backends: listed(chosen(model)),
    agents: [agentNamed('general', { tools: ['write', 'shell'] })],
    tools,
    policy: [],
    ...more,
  })
const askOf = (draft: Draft) =>
  draft.parts.flatMap((p) => (p.kind === 'tool' && p.ask?.allow === null ? [p.ask] : []))[0]
type Rig = Awaited<ReturnType<typeof openRig>>
async function answer(rig: Rig, run: RunId, given: Partial<Answer> = {}, but: string | null = null) {
  const draft = await rig.until(run, (d) => askOf(d) !== undefined && askOf(d)!.id !== but)
  const ask = askOf(draft)!
  await rig.store.acts.answer(LOCAL, run, ask.id, { allow: true, scope: 'once', ...given })
  return ask
}

test('what a rule forbids is not done, also when a person changes a call into it', async () => {
  const { file, tools } = filing()
  const policy: PolicyRule[] = [{ path: 'secret/**', decision: 'deny' }]
  const rig = await rigOf(calling(writing), tools, { policy })
  const run = await rig.say('go')
  await answer(rig, run, { input: { path: 'secret/key', text: 'x' } })
  assert.match(textOf(await rig.draft(run)), /not allowed by your rules/)
  assert.deepEqual(file.did, [])
  await rig.close()
})

test('a rule that came while a call was asked for is heeded', async () => {
  const { file, tools } = filing()
  const disk = newDisk()
  const clock = handClock()
  const memory = () => openMemory({ clock, say: () => {}, disk })
  const first = await rigOf(calling(writing), tools, { store: memory(), clock })
  const run = await first.say('go')
  await first.until(run, (d) => askOf(d) !== undefined)
  await first.close()
  const second = await rigOf(
    scriptedModel((turn) => [`told: ${turn.messages.at(-1)?.text}`]),
    tools,
    { store: memory(), clock, policy: [{ tool: 'write', decision: 'deny' }] },
  )
  await answer(second, run)
  assert.match(textOf(await second.draft(run)), /not allowed by your rules/)
  assert.deepEqual(file.did, [])
  await second.close()
})

test('a change is asked for once more where its file is another than the one that was shown', async () => {
  const { file, tools } = filing()
  const rig = await rigOf(calling(writing), tools)
  const run = await rig.say('go')
  await rig.until(run, (d) => askOf(d) !== undefined)
  file.text = 'changed by hand'
  const first = await answer(rig, run)
  const second = await answer(rig, run, {}, first.id)
  assert.match(second.why ?? '', /changed since it was shown/)
  assert.deepEqual(second.shown?.kind === 'diff' && second.shown.diff, '-changed by hand\n+new')
  assert.equal((await rig.draft(run)).end?.reason, 'done')
  assert.deepEqual(file.did, ['a.txt: new'])
  await rig.close()
})

test('a call that a person changed is allowed once, and neither it nor what was asked is allowed for the chat', async () => {
  const { file, tools } = filing()
  const evil = { tool: 'shell', input: { command: 'rm -rf build' } }
  const rig = await rigOf(calling(evil, evil), tools)
  const run = await rig.say('go')
  const first = await answer(rig, run, { scope: 'session', input: { command: 'ls build' } })
  await answer(rig, run, { allow: false }, first.id)
  const draft = await rig.draft(run)
  assert.deepEqual(file.did, ['ls build'])
  const asks = draft.parts.flatMap((p) => (p.kind === 'tool' && p.ask ? [p.ask] : []))
  assert.deepEqual(
    asks.map(({ allow, scope }) => [allow, scope]),
    [
      [true, 'once'],
      [false, 'once'],
    ],
  )
  await rig.close()
})

test('a call about a folder tells nothing of a file in it that a rule refuses, or asks for', async () => {
  const told: boolean[][] = []
  const look: Tool<{ path: string }> = {
    name: 'look',
    about: 'Looks.',
    input: z.strictObject({ path: z.string() }),
    effect: 'read',
    reach: 'workspace',
    subject: ({ path }) => ({ kind: 'files', paths: [path] }),
    run: async (_, { may }) => {
      told.push(['a.txt', 'b/.env', 'private/x'].map(may))
      return { ok: true, output: 'seen' }
    },
  }
  const policy: PolicyRule[] = [
    { path: '**/.env*', decision: 'deny' },
    { path: 'private/**', decision: 'ask' },
    { path: 'asked', decision: 'ask' },
  ]
  const looking = (path: string) => ({ tool: 'look', input: { path } })
  const agents = [agentNamed('general', { tools: ['look'] })]
  const rig = await rigOf(calling(looking(''), looking('asked')), [look], { policy, agents })
  const run = await rig.say('go')
  await answer(rig, run)
  await rig.draft(run)
  assert.deepEqual(told, [
    [true, false, false],
    [true, false, true],
  ])
  await rig.close()
})

test('a question whose time is over takes no answer, also before anybody has looked', async () => {
  const clock = handClock()
  const { file, tools } = filing()
  const store = openMemory({ clock, say: () => {}, disk: newDisk() })
  const rig = await rigOf(calling(writing), tools, { store, clock, limits: { askMs: 60_000 } })
  const run = await rig.say('go')
  await rig.until(run, (d) => askOf(d) !== undefined)
  clock.move(60_000)
  await assert.rejects(answer(rig, run), (f) => f instanceof Fault && f.code === 'ask.over')
  await store.acts.expireAsks()
  assert.match(textOf(await rig.draft(run)), /Nobody answered in time/)
  assert.deepEqual(file.did, [])
  await rig.close()
})
