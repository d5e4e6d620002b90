/** How fast documents are indexed and found, and what that costs the server meanwhile. `node bench/documents/run.ts [PASSAGES]` */
import { mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setTimeout as pause } from 'node:timers/promises'
import { systemClock } from '../../src/clock.ts'
import type { Embedder } from '../../src/core/ports.ts'
import { numbers } from '../../src/core/testing/numbers.ts'
import { openDocuments } from '../../src/documents/open-documents.ts'
import { LOCAL } from '../../src/wire/id.ts'

const PASSAGES = Number(process.argv[2] ?? 50_000)
const A_FILE = 20
const WIDTH = 384
const random = numbers(7)
const SYLLABLES = 'ka lo mi ren tas ver uno pel dor shi gan bel cor fin ast'.split(' ')
const word = (n: number): string => [n % 15, Math.trunc(n / 15) % 15, Math.trunc(n / 225) % 15, Math.trunc(n / 3375)].map((i) => SYLLABLES[i % 15]).join('') // prettier-ignore
/** By Zipf's law, as words are: the commonest stand in nearly every passage. */
const someWord = (): string => word(Math.trunc(40_000 ** random()) - 1)
const sentence = (): string => `${Array.from({ length: 12 }, someWord).join(' ')}.`
const passage = (): string => `## ${someWord()} ${someWord()}\n\n${Array.from({ length: 9 }, sentence).join('\n')}\n`

const folder = await mkdtemp(join(tmpdir(), 'pkn-bench-'))
let bytes = 0
for (let i = 0; i < PASSAGES / A_FILE; i++) {
  const place = join(folder, 'documents', String(i % 50))
  await mkdir(place, { recursive: true })
  const text = Array.from({ length: A_FILE }, passage).join('\n')
  bytes += text.length
  await writeFile(join(place, `${i}.md`), text)
}

/** Takes no time of its own: what is measured is everything but the model. */
const embedder: Embedder = {
  model: async () => ({ name: 'bench', endpoint: 'bench' }),
  embed: async (texts) => texts.map(() => Float32Array.from({ length: WIDTH }, () => (random() - 0.5) / 5.6)),
}
const delay = monitorEventLoopDelay({ resolution: 1 })
const ms = (n: number): string => `${n.toFixed(n < 10 ? 1 : 0)} ms`
const open = (model: Embedder | null) =>
  openDocuments({
    home: join(folder, 'home'),
    clock: systemClock,
    say: ({ text, cause }) => console.log(text, cause ?? ''),
    embedder: model,
    hasProject: async () => true,
    quiet: async () => undefined,
  })
let documents = open(null)
const settled = async (isDone: (source: Awaited<ReturnType<typeof documents.sources>>[number]) => boolean) => {
  for (;;) {
    const [source] = await documents.sources(LOCAL, 'all')
    if (source && isDone(source)) return source
    await pause(50)
  }
}
const loop = () => {
  const told = `the server's event loop: p99 ${ms(delay.percentile(99) / 1e6 - 1)}, at most ${ms(delay.max / 1e6 - 1)}`
  delay.reset()
  return told
}
async function searches(name: string, question: () => string) {
  const times: number[] = []
  let found = 0
  delay.reset()
  for (let i = 0; i < 60; i++) {
    const began = performance.now()
    found += (await documents.find(LOCAL, null, question(), 8, new AbortController().signal)).length
    times.push(performance.now() - began)
  }
  const [first] = times
  times.sort((a, b) => a - b)
  console.log(`${name}: median ${ms(times[30]!)}, p95 ${ms(times[56]!)}, first ${ms(first!)}; ${(found / 60).toFixed(1)} found; ${loop()}`) // prettier-ignore
}
const words = (n: number) => () => Array.from({ length: n }, someWord).join(' ')

delay.enable()
let began = performance.now()
await documents.add(LOCAL, join(folder, 'documents'), null)
const ready = await settled(({ state }) => state !== 'indexing')
const seconds = (performance.now() - began) / 1000
const size = (await stat(join(folder, 'home', 'cache', 'documents.db'))).size
console.log(`${ready.files} files, ${ready.passages} passages, ${(bytes / 1e6).toFixed(0)} MB`)
console.log(`indexed in ${seconds.toFixed(1)} s: ${Math.round(ready.passages / seconds)} passages/s, ${(bytes / 1e6 / seconds).toFixed(1)} MB/s; ${loop()}`) // prettier-ignore
console.log(`index ${(size / 1e6).toFixed(0)} MB: ${(size / bytes).toFixed(2)} of the text`)
began = performance.now()
await documents.again(LOCAL, ready.id)
await settled(({ state }) => state !== 'indexing')
console.log(`looked through again, nothing has changed: ${ms(performance.now() - began)}; ${loop()}`)
await searches('3 words', words(3))
await searches('8 words', words(8))
await searches('40 words', words(40))
await documents.close()

documents = open(embedder)
began = performance.now()
await settled(({ meaning, passages }) => meaning !== null && meaning.done >= passages)
console.log(`vectors of ${WIDTH} numbers stored: ${Math.round(ready.passages / ((performance.now() - began) / 1000))} a second; ${loop()}`) // prettier-ignore
await searches('8 words, and by meaning', words(8))
await documents.close()
await rm(folder, { recursive: true })
