import assert from 'node:assert/strict'
import { test } from 'node:test'
import { scriptedModel } from '../models/scripted.ts'
import { newDisk } from '../store/memory-disk.ts'
import { openMemory } from '../store/memory.ts'
import { systemClock } from '../clock.ts'
import { delegate } from '../tools/delegate.ts'
import type { Draft } from '../wire/fold.ts'
import { LOCAL, newMessageId, type OwnerId, type ProjectId, type SessionId } from '../wire/id.ts'
import { estimateTokens } from './estimate.ts'
import type { Turn } from './model-ports.ts'
import { documentsOf, passageOf } from './testing/documents-of.ts'
import { handClock } from './testing/hand-clock.ts'
import { agentNamed, chosen, gate, listed, openRig, type Rig } from './testing/rig.ts'

const byPerson = { by: { kind: 'person' } } as const
const keep = (rig: Rig, text: string, over: { project?: ProjectId; always?: boolean; owner?: OwnerId } = {}) =>
  rig.store.mind.remember(over.owner ?? LOCAL, {
    text,
    project: over.project ?? null,
    always: over.always ?? false,
    ...byPerson,
  })
const inProject = async (rig: Rig, name: string, instructions = ''): Promise<[SessionId, ProjectId]> => {
  const { id } = await rig.store.mind.createProject(LOCAL, { name, folder: null, instructions })
  const session = await rig.store.createSession(LOCAL, null)
  await rig.store.changeSession(LOCAL, session.id, { project: id })
  return [session.id, id]
}
const questionIn = ({ messages }: Turn): string => messages.findLast(({ role }) => role === 'user')!.text
const systemIn = ({ messages }: Turn): string => messages[0]!.text
const textsOf = ({ recalls }: Draft): string[] => recalls.flatMap(({ memories }) => memories.map(({ text }) => text))

const guide = passageOf('guide.md', 'The frobnicator is started with make frob.', { from: 10, to: 24 })

test('what fits a question is one event before the first step, and is put before the question as material', async () => {
  const model = scriptedModel(['well'])
  const documents = documentsOf(() => [guide])
  const rig = await openRig({ backends: listed(chosen(model)), documents })
  await keep(rig, 'The frobnicator is blue.')
  await keep(rig, 'Answer in short sentences.', { always: true })
  await keep(rig, 'The cat is called Tom.')
  const question = 'How do we start the frobnicator here?'
  const run = await rig.say(question)
  const entries = await rig.entries(run)
  const types = entries.map(({ event }) => event.type)
  assert.equal(types.filter((type) => type === 'recall').length, 1)
  assert.ok(types.indexOf('recall') < types.indexOf('step.start'))
  const { recalls } = await rig.draft(run)
  assert.deepEqual(textsOf({ recalls } as Draft), ['Answer in short sentences.', 'The frobnicator is blue.'])
  assert.deepEqual(
    recalls[0]!.passages.map(({ n, path }) => [n, path]),
    [[1, 'guide.md']],
  )
  const told = questionIn(model.asked[0]!)
  assert.match(told, /^\[material /)
  assert.match(told, /- The frobnicator is blue\.\n/)
  assert.match(told, /^\[1\] guide\.md:10-24\nThe frobnicator is started with make frob\.$/m)
  assert.ok(told.endsWith(`\n\n${question}`))
  assert.ok(!told.includes('Tom'))
  // The history tells it with the answer, without its words.
  const answer = (await rig.store.messages(LOCAL, rig.session, { run, limit: 2 })).rows[1]
  assert.equal(answer?.recalled?.memories.length, 2)
  const { source } = recalls[0]!.passages[0]!
  assert.deepEqual(answer?.recalled?.passages, [{ n: 1, source, path: 'guide.md', from: 10, to: 24 }])
  const { rows } = await rig.store.mind.memories(LOCAL, { limit: 10, project: null })
  assert.deepEqual(Object.fromEntries(rows.map(({ text, used }) => [text, used])), {
    'The frobnicator is blue.': 1,
    'Answer in short sentences.': 1,
    'The cat is called Tom.': 0,
  })
  await rig.close()
})

test('where nothing fits there is no event, and the model is told what it was told before there were memories', async () => {
  const model = scriptedModel(['well'])
  const rig = await openRig({ backends: listed(chosen(model)) })
  const entries = await rig.entries(await rig.say('What is a monad?'))
  assert.ok(entries.every(({ event }) => event.type !== 'recall'))
  assert.equal(questionIn(model.asked[0]!), 'What is a monad?')
  await rig.close()
})

test('neither the memories of another owner nor those of another project are ever told', async () => {
  const model = scriptedModel(['well'])
  const rig = await openRig({ backends: listed(chosen(model)) })
  const [session, project] = await inProject(rig, 'Ours')
  const [, other] = await inProject(rig, 'Theirs')
  await keep(rig, 'The frobnicator is blue.', { project })
  await keep(rig, 'The frobnicator is red.', { project: other, always: true })
  await keep(rig, 'The frobnicator is green.', { owner: 'somebody' as OwnerId, always: true })
  assert.deepEqual(textsOf(await rig.draft(await rig.say('Which colour has the frobnicator?', { session }))), [
    'The frobnicator is blue.',
  ])
  assert.deepEqual(textsOf(await rig.draft(await rig.say('Which colour has the frobnicator?'))), [])
  await rig.close()
})

test('the instructions of a project follow those of the agent, in the same words from turn to turn, also for whom it hands a task', async () => {
  const model = scriptedModel((_, nth) =>
    nth === 1
      ? [{ type: 'tool.call', id: 'c', tool: 'delegate', input: { agent: 'coder', task: 'count the frobnicators' } }]
      : ['well'],
  )
  const rig = await openRig({
    backends: listed(chosen(model)),
    tools: [delegate],
    agents: [agentNamed('general', { tools: ['delegate'], mayDelegateTo: ['coder' as never] }), agentNamed('coder')],
  })
  const [session, project] = await inProject(rig, 'Frob\nworks', 'Always write in metric units.')
  await keep(rig, 'There are three frobnicators.', { project })
  await rig.draft(await rig.say('go and see', { session }))
  await rig.draft(await rig.say('once more, please, about the weather', { session }))
  const own = model.asked.map(systemIn).filter((text) => text.startsWith('You are the general.'))
  assert.ok(own.length >= 3)
  assert.deepEqual(
    [...new Set(own)],
    ['You are the general.\n\nInstructions of the project Frob works:\nAlways write in metric units.'],
  )
  const child = model.asked.find((turn) => systemIn(turn).startsWith('You are the coder.'))!
  assert.match(systemIn(child), /Always write in metric units\.$/)
  assert.match(questionIn(child), /There are three frobnicators\./, 'a child is told what fits its own task')
  await rig.close()
})

test('at a context of 2,048 tokens, much that fits takes little room, and the question and the newest exchange stay', async () => {
  const model = scriptedModel(['well'])
  const passages = Array.from({ length: 20 }, (_, i) => passageOf(`d${i}.md`, `frobnicator ${i} `.repeat(120)))
  const rig = await openRig({
    backends: listed(chosen(model, { context: 2048 })),
    documents: documentsOf((text) => (text.includes('frobnicator') ? passages : [])),
  })
  const [session] = await inProject(rig, 'Big', 'Mind the frobnicator. '.repeat(800))
  for (let i = 0; i < 30; i++)
    await keep(rig, `The frobnicator has property ${i}, ${'which is long '.repeat(9)}.`, { always: true })
  await rig.draft(await rig.say('First of all, hello', { session }))
  const run = await rig.say('What is to be said of the frobnicator?', { session })
  const draft = await rig.draft(run)
  const turn = model.asked.at(-1)!
  const told = questionIn(turn)
  assert.ok(told.endsWith('What is to be said of the frobnicator?'))
  assert.ok(estimateTokens(told) < 2048 * 0.14, `${estimateTokens(told)}`)
  assert.match(told, /^\[1\] d0\.md/m)
  const all = turn.messages.reduce((sum, { text }) => sum + estimateTokens(text), 0)
  assert.ok(all < 2048 * 0.75, `${all}`)
  assert.ok(turn.messages.some(({ text }) => text.endsWith('First of all, hello')))
  assert.match(systemIn(turn), /The rest of these instructions is left out/)
  assert.ok((draft.cut?.recalled ?? 0) > 0, 'that some was left out stands in the log')
  await rig.close()
})

test('documents that take long are waited for visibly, and not for ever; what is remembered is told all the same', async () => {
  const clock = handClock()
  const model = scriptedModel(['well'])
  const { opened, open } = gate()
  const begun = gate()
  let signal: AbortSignal | undefined
  const documents = documentsOf(async (_, given) => {
    signal = given
    begun.open()
    await opened
    return [guide]
  })
  const rig = await openRig({ backends: listed(chosen(model)), documents, clock })
  await keep(rig, 'The frobnicator is blue.')
  const run = await rig.say('Which colour has the frobnicator?')
  await begun.opened
  clock.move(299)
  clock.move(1)
  await rig.until(run, ({ phase }) => phase?.phase === 'starting')
  clock.move(1500)
  const { recalls } = await rig.draft(run)
  assert.equal(recalls[0]?.memories.length, 1)
  assert.deepEqual(recalls[0]?.passages, [])
  assert.ok(signal?.aborted)
  assert.ok(rig.lines.some(({ text }) => /Documents were not searched within 1500 ms/.test(text)))
  open()
  await rig.close()
})

test('documents that cannot be searched cost the run nothing but them, and that is logged', async () => {
  const model = scriptedModel(['well'])
  const documents = documentsOf(() => Promise.reject(new Error('the index is gone')))
  const rig = await openRig({ backends: listed(chosen(model)), documents })
  await keep(rig, 'The frobnicator is blue.')
  const draft = await rig.draft(await rig.say('Which colour has the frobnicator?'))
  assert.equal(draft.end?.reason, 'done')
  assert.equal(textsOf(draft).length, 1)
  assert.ok(rig.lines.some(({ level, text }) => level === 'warn' && /documents/.test(text)))
  await rig.close()
})

test('a run that is stopped while documents are searched ends, and nothing is asked of a model', async () => {
  const model = scriptedModel(['well'])
  const begun = gate()
  const documents = documentsOf(async (_, signal) => {
    begun.open()
    await new Promise((resolve) => signal.addEventListener('abort', resolve))
    return [guide]
  })
  const rig = await openRig({ backends: listed(chosen(model)), documents })
  const run = await rig.say('Which colour has the frobnicator?')
  await begun.opened
  await rig.store.cancel(LOCAL, run)
  assert.equal((await rig.draft(run)).end?.reason, 'cancelled')
  assert.equal(model.asked.length, 0)
  await rig.close()
})

for (const at of ['before its first step', 'in its first step'])
  test(`a run whose server died ${at} is shown the same again, whatever is remembered by then`, async () => {
    const disk = newDisk()
    const open = () => openMemory({ clock: systemClock, say: () => {}, disk })
    const { opened, open: release } = gate()
    const began = gate()
    const hung = listed(
      chosen(
        scriptedModel(async function* () {
          began.open()
          await opened
          yield 'never'
        }),
      ),
    )
    const choose: typeof hung.choose = async (...wanted) => {
      began.open()
      await opened
      return hung.choose(...wanted)
    }
    const first = await openRig({
      store: open(),
      backends: at === 'in its first step' ? hung : { ...hung, choose },
      documents: documentsOf(() => [guide]),
    })
    await keep(first, 'The frobnicator is blue.')
    const run = await first.say('Which colour has the frobnicator?')
    await began.opened
    const stopped = first.stop()
    release()
    await stopped
    assert.equal((await first.until(run, ({ recalls }) => recalls.length > 0)).steps.length, 0)
    const model = scriptedModel(['well'])
    const later = documentsOf(() => [])
    const second = await openRig({ store: open(), backends: listed(chosen(model)), documents: later })
    await keep(second, 'The frobnicator is orange now.')
    const draft = await second.draft(run)
    assert.equal(draft.end?.reason, 'done')
    assert.deepEqual(textsOf(draft), ['The frobnicator is blue.'])
    assert.deepEqual(later.asked, [], 'nothing is looked up again')
    const told = questionIn(model.asked[0]!)
    assert.match(told, /blue/)
    assert.match(told, /^\[1\] guide\.md:10-24$/m)
    assert.doesNotMatch(told, /orange/)
    await second.close()
    await first.store.close()
  })

test('each version of an answer looks up for itself, and one that goes on with another rests on what that rested on', async () => {
  const model = scriptedModel(['well'])
  const documents = documentsOf(() => [guide])
  const rig = await openRig({ backends: listed(chosen(model)), documents })
  const run = await rig.say('How is the frobnicator started?')
  await rig.draft(run)
  await keep(rig, 'The frobnicator is blue.')
  const again = await rig.store.again(LOCAL, run, { continues: false, key: null })
  assert.deepEqual(textsOf(await rig.draft(again.id)), ['The frobnicator is blue.'])
  const on = await rig.store.again(LOCAL, run, { continues: true, key: null })
  const draft = await rig.draft(on.id)
  assert.deepEqual(
    draft.recalls.map(({ memories, passages }) => [memories.length, passages.map(({ n }) => n)]),
    [[0, [1]]],
  )
  assert.equal(documents.asked.length, 2)
  assert.match(
    model.asked
      .at(-1)!
      .messages.map(({ text }) => text)
      .join('\n'),
    /^\[1\] guide\.md/m,
  )
  await rig.close()
})

test('what is asked next is read from where it differs: what comes before the question stays as it was', async () => {
  const model = scriptedModel(['well'])
  const rig = await openRig({ backends: listed(chosen(model)), documents: documentsOf(() => [guide]) })
  for (const text of [
    'How is the frobnicator started?',
    'And which colour has the frobnicator?',
    'Where is the frobnicator kept?',
  ])
    await rig.draft(await rig.say(text, { id: newMessageId() }))
  const [, second, third] = model.asked
  assert.deepEqual(third!.messages.slice(0, 3), second!.messages.slice(0, 3))
  await rig.close()
})
