/**
 * How well memories are found: node bench/memory/run.ts [--url http://host/v1 [--model NAME]] [--all]
 * By their words, and with an embedding model at the endpoint by meaning too. `--all` tells also of the questions by which it was chosen.
 */
import { setTimeout } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { systemClock } from '../../src/clock.ts'
import { openMeaning } from '../../src/core/meaning.ts'
import { Tasks } from '../../src/core/tasks.ts'
import { openEmbedder } from '../../src/models/embed.ts'
import { openMemory } from '../../src/store/memory.ts'
import { LOCAL } from '../../src/wire/id.ts'
import * as all from './questions.ts'

const { values } = parseArgs({
  options: { url: { type: 'string' }, model: { type: 'string' }, all: { type: 'boolean', default: false } },
})
const MOST = 6
const clock = systemClock
const store = openMemory({ clock })
const names = new Map<string, string>()
for (const line of all.FACTS.trim().split('\n')) {
  const [name = '', text = ''] = line.split(' | ')
  names.set((await store.mind.remember(LOCAL, { text, project: null, always: false, by: { kind: 'person' } })).id, name)
}

const stopping = new AbortController()
const say = ({ text }: { text: string }) => console.error(text)
const tasks = new Tasks(say)
const waits: number[] = []
let late = 0
const meaning = values.url === undefined ? null : await opened(values.url)

async function opened(endpoint: string) {
  const embedder = openEmbedder({
    embedding: { endpoint, model: values.model },
    endpoints: { configured: [], usual: [] },
    clock,
  })
  const began = clock.now()
  const meaning = openMeaning({
    embedder,
    mind: store.mind,
    quiet: async () => undefined,
    clock,
    say,
    tasks,
    stop: stopping.signal,
  })
  await meaning.question('', stopping.signal)
  await tasks.settled()
  for (let tries = 0; (await meaning.question('Is it ready?', stopping.signal)) === null; tries++)
    if (tries === 9) throw new Error(`${endpoint} measures nothing`)
  console.log(`measured within ${((clock.now() - began) / 1000).toFixed(1)} s`)
  return meaning
}

/** Waited for as PKN does, and once more where it was too slow, since the bench is about what is found. */
async function measured(text: string) {
  if (meaning === null) return null
  for (let tries = 0; ; tries++) {
    const began = clock.now()
    const vector = await meaning.question(text, stopping.signal)
    waits.push(clock.now() - began)
    if (vector !== null || tries === 9) return vector
    late++
    await setTimeout(500)
  }
}

type Found = { id: string; found: readonly string[] }
async function found(text: string, by: 'words' | 'both'): Promise<Found[]> {
  const question = by === 'both' ? () => measured(text) : undefined
  const { fitting } = await store.mind.memoriesFor(LOCAL, null, text, MOST, question)
  return fitting.map(({ id, found }) => ({ id: names.get(id) ?? id, found }))
}

const percent = (n: number, of: number) => (of === 0 ? '-' : `${((100 * n) / of).toFixed(0)} %`)

async function tell(name: string, asked: readonly all.Asked[], by: 'words' | 'both') {
  let [needed, got, first, told, alone] = [0, 0, 0, 0, 0]
  for (const [question, ...needs] of asked) {
    const rows = await found(question, by)
    const there = rows.filter(({ id }) => needs.includes(id))
    needed += needs.length
    told += rows.length
    got += there.length
    first += needs.includes(rows[0]?.id ?? '') ? 1 : 0
    alone += there.filter(({ found }) => found.join() === 'meaning').length
  }
  console.log(
    `${name} (${asked.length}), by ${by === 'words' ? 'words' : 'words and meaning'}: recall ${percent(got, needed)}, precision ${percent(got, told)}, first ${percent(first, asked.length)}; by meaning alone ${alone}`,
  )
}
async function tellNone(name: string, asked: readonly string[], by: 'words' | 'both') {
  const wrong = []
  for (const text of asked) for (const { id } of await found(text, by)) wrong.push(`${text} -> ${id}`)
  console.log(`${name} (${asked.length}), by ${by}: told ${wrong.length}${wrong.map((one) => `\n  ${one}`).join('')}`)
}

for (const by of meaning === null ? (['words'] as const) : (['words', 'both'] as const)) {
  if (values.all) {
    await tell('questions', all.ASKED, by)
    await tell('no word in common', all.MEANT, by)
    await tellNone('nothing needed', all.NOTHING, by)
  }
  await tell('held out', all.HELD_OUT, by)
  await tell('held out, no word in common', all.MEANT_HELD_OUT, by)
  await tellNone('held out, nothing needed', all.NOTHING_HELD_OUT, by)
}
if (waits.length > 0) {
  const sorted = waits.toSorted((a, b) => a - b)
  const at = (share: number) => sorted[Math.floor(share * (sorted.length - 1))]!.toFixed(0)
  console.log(
    `a question's vector: median ${at(0.5)} ms, 95 % within ${at(0.95)} ms; too late ${late} of ${waits.length}`,
  )
}
stopping.abort()
await tasks.settled()
await store.close()
