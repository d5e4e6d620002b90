import assert from 'node:assert/strict'
import { test } from 'node:test'
import { systemClock } from '../clock.ts'
import { scriptedModel } from '../models/scripted.ts'
import { openMemory } from '../store/memory.ts'
import { LOCAL, type OwnerId } from '../wire/id.ts'
import { openMeaning } from './meaning.ts'
import type { Embedder, LogLine } from './ports.ts'
import { Tasks } from './tasks.ts'
import { chosen, listed, openRig } from './testing/rig.ts'

const none = new AbortController().signal
/** It knows what is about the sea, and of everything else only that it differs. */
function vectorOf(text: string): Float32Array {
  let h = 7
  for (let i = 0; i < text.length; i++) h = (Math.imul(h, 31) + text.charCodeAt(i)) >>> 0
  const sea = /vessel|boat/.test(text)
  return Float32Array.from([sea ? 0.9 : 0, Math.sin(h), Math.cos(h)].map((x, i) => (sea && i > 0 ? x * 0.43589 : x)))
}

async function opened(over: Partial<Embedder> & { name?: () => string | null } = {}) {
  const lines: LogLine[] = []
  const asked: string[] = []
  const say = (line: LogLine) => void lines.push(line)
  const tasks = new Tasks(say)
  const stopping = new AbortController()
  const store = openMemory({ clock: systemClock })
  const embedder: Embedder = {
    model: async () => {
      const name = over.name === undefined ? 'a' : over.name()
      return name === null ? null : { name, endpoint: 'near' }
    },
    embed: async (texts, what, signal) => {
      if (what === 'question') asked.push(...texts)
      return over.embed === undefined ? texts.map(vectorOf) : over.embed(texts, what, signal)
    },
  }
  const meaning = openMeaning({
    embedder,
    mind: store.mind,
    quiet: async () => undefined,
    clock: systemClock,
    say,
    tasks,
    stop: stopping.signal,
  })
  const keep = (text: string, owner: OwnerId = LOCAL) =>
    store.mind.remember(owner, { text, project: null, always: false, by: { kind: 'person' } })
  const close = async () => {
    stopping.abort()
    await tasks.settled()
  }
  return { lines, asked, tasks, store, meaning, keep, close, embedder }
}

test('a memory that shares no word with the question is told where it means the same, and it is said how it was found', async () => {
  const { meaning, store, keep, tasks, close } = await opened()
  await keep('The boat is called Tilda.')
  await keep('Somebody else owns a boat.', 'somebody' as OwnerId)
  await keep('The printer is out of ink.')
  assert.equal(await meaning.question('Which name has my vessel?', none), null, 'it is not ready at first')
  await tasks.settled()
  const rig = await openRig({ backends: listed(chosen(scriptedModel(['well']))), store, meaning })
  const { recalls } = await rig.draft(await rig.say('Which name has my vessel?'))
  assert.deepEqual(
    recalls.flatMap(({ memories }) => memories.map(({ text, by }) => [text, by])),
    [['The boat is called Tilda.', ['meaning']]],
  )
  await keep('A boat needs paint each spring.')
  const again = await rig.draft(await rig.say('Which colour suits the vessel in May?'))
  assert.equal(again.recalls[0]?.memories.length, 2, 'one that was written just now is found at once')
  await rig.close()
  await close()
})

test('a model that is slow, fails or is gone leaves the words, and that is said once', async () => {
  let state: 'good' | 'slow' | 'broken' = 'good'
  const { meaning, keep, tasks, lines, close } = await opened({
    embed: (texts, _, signal) => {
      if (state === 'good') return Promise.resolve(texts.map(vectorOf))
      if (state === 'broken') return Promise.reject(new Error('out of order'))
      return new Promise((_resolve, reject) =>
        signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true }),
      )
    },
  })
  await keep('The boat is called Tilda.')
  await meaning.question('vessel', none)
  await tasks.settled()
  assert.ok(await meaning.question('vessel', none))
  assert.deepEqual(lines, [])
  state = 'broken'
  for (let i = 0; i < 3; i++) assert.equal(await meaning.question('vessel', none), null)
  assert.deepEqual(
    lines.map(({ text }) => text),
    ['Memories were looked up by words alone: Error: out of order'],
  )
  state = 'slow'
  assert.equal(await meaning.question('vessel', none), null)
  assert.equal(lines.length, 2)
  state = 'good'
  assert.ok(await meaning.question('vessel', none))
  await close()
})

test('another model measures all of them anew, and nothing of one is compared with anything of the other', async () => {
  let name = 'a'
  const { meaning, store, keep, tasks, close } = await opened({ name: () => name })
  await keep('The boat is called Tilda.')
  await meaning.question('vessel', none)
  await tasks.settled()
  assert.equal((await meaning.question('vessel', none))?.model, 'a 3')
  name = 'b'
  assert.equal(await meaning.question('vessel', none), null)
  await tasks.settled()
  assert.equal((await meaning.question('vessel', none))?.model, 'b 3')
  assert.deepEqual(await store.mind.unmeasured('b 3', 9), [])
  assert.equal((await store.mind.unmeasured('a 3', 9)).length, 1)
  await close()
})

test('nothing is measured where there is no model, or no memory that could be found', async () => {
  const without = await opened({ name: () => null })
  await without.keep('The boat is called Tilda.')
  assert.equal(await without.meaning.question('vessel', none), null)
  await without.tasks.settled()
  assert.deepEqual([without.asked, without.lines], [[], []])
  await without.close()

  const empty = await opened()
  const rig = await openRig({
    backends: listed(chosen(scriptedModel(['well']))),
    store: empty.store,
    meaning: empty.meaning,
  })
  await rig.draft(await rig.say('Which name has my vessel?'))
  await empty.tasks.settled()
  assert.deepEqual(empty.asked, [])
  await rig.close()
  await empty.close()
})
