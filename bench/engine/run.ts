/**
 * Our engine beside llama.cpp's own server: tokens per second of writing and reading, on the same file and threads, in one run, the two asked
 * in turn; then how much one, two and four conversations at once write together.
 *
 *     npm run bench:engine -- --llama PATH --model FILE [--threads 1,2] [--rounds 7] [--sequences 4] [--tokens 256]
 *
 * Ends with 1 if the engine is more than 5 % slower than the server at writing or reading.
 */
import { parseArgs } from 'node:util'
import { findLlama, hear, llamaServer, pknEngine, type Heard, type Server, type Shape } from './servers.ts'

const { values } = parseArgs({
  options: {
    llama: { type: 'string' },
    model: { type: 'string' },
    threads: { type: 'string', default: '1' },
    rounds: { type: 'string', default: '7' },
    sequences: { type: 'string', default: '4' },
    tokens: { type: 'string', default: '256' },
  },
})
const PROMISED = 0.95
const WRITE = Number(values.tokens)
const ASKED = 'Tell me a long and detailed story about a lighthouse keeper, his dog and the sea.'
/** About 1,500 tokens for the vocabularies of today. */
const LONG = 'The ferry leaves the old harbour at dawn with seven people and nine boxes of apples on board. '.repeat(70)

const program = findLlama(values.llama)
if (program === null || values.model === undefined) {
  if (program === null)
    process.stderr.write('There is no llama-server: name one with --llama PATH, or put it on PATH.\n')
  if (values.model === undefined) process.stderr.write('There is no model: name its file with --model FILE.\n')
  process.exit(2)
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1))
let kept = true
for (const threads of values.threads.split(',').map(Number)) {
  const shape = { model: values.model, threads, sequences: Number(values.sequences), context: 4096 }
  kept = (await compare(shape, program)) && kept
}
process.exitCode = kept ? 0 : 1

async function compare(shape: Shape, program: string): Promise<boolean> {
  const servers: Server[] = []
  try {
    const ours = await pknEngine(shape)
    servers.push(ours)
    const theirs = await llamaServer(shape, program)
    servers.push(theirs)
    print(`${shape.threads} thread(s), ${shape.sequences} x ${shape.context} tokens`)
    await Promise.all([hear(ours, 'Hello', 8), hear(theirs, 'Hello', 8)])
    const writing = await inTurn(ours, theirs, (server, round) => hear(server, `${round}. ${ASKED}`, WRITE))
    const reading = await inTurn(ours, theirs, (server, round) => hear(server, `Round ${round}. ${LONG}`, 2))
    const wrote = report('writing', writing, (heard) => heard.write, cpuMs)
    const read = report('reading', reading, (heard) => heard.read, cpuMs)
    const same = writing.filter(([a, b]) => a.text === b.text).length
    print(`  the same words in ${same} of ${writing.length} answers`)
    for (const n of [1, 2, 4].filter((n) => n <= shape.sequences)) {
      const together = await inTurn(ours, theirs, (server) => atOnce(server, n), 3)
      report(`${n} at once`, together, (sum) => sum)
    }
    return wrote >= PROMISED && read >= PROMISED
  } finally {
    await Promise.all(servers.map((server) => server.stop()))
  }
}

/** Each round asks both, and each goes first in turn, so that what else the machine does hits both alike. */
async function inTurn<T>(
  ours: Server,
  theirs: Server,
  ask: (server: Server, round: number) => Promise<T>,
  rounds = Number(values.rounds),
): Promise<[T, T][]> {
  const pairs: [T, T][] = []
  for (let round = 0; round < rounds; round++) {
    if (round % 2 === 0) pairs.push([await ask(ours, round), await ask(theirs, round)])
    else {
      const their = await ask(theirs, round)
      pairs.push([await ask(ours, round), their])
    }
  }
  return pairs
}

/** Tokens per second of all together, from the first question to the last answer's end. */
async function atOnce(server: Server, n: number): Promise<number> {
  const from = performance.now()
  const heard = await Promise.all(Array.from({ length: n }, (_, i) => hear(server, `Story ${i}: ${ASKED}`, WRITE / 2)))
  return (heard.reduce((sum, { written }) => sum + written, 0) * 1000) / (performance.now() - from)
}

function report<T>(name: string, pairs: [T, T][], speed: (heard: T) => number, cpu?: (heard: T) => number): number {
  const ours = pairs.map(([heard]) => speed(heard))
  const theirs = pairs.map(([, heard]) => speed(heard))
  const ratio = middle(pairs.map(([a, b]) => speed(a) / speed(b)))
  const best = Math.max(...ours) / Math.max(...theirs)
  const row = [name, ...[middle(ours), middle(theirs), Math.max(...ours), Math.max(...theirs)].map((n) => n.toFixed(1))]
  print(
    `  ${row[0]!.padEnd(10)} pkn ${row[1]}/s, llama.cpp ${row[2]}/s (best ${row[3]}, ${row[4]}): ratio ${ratio.toFixed(3)}, of the best ${best.toFixed(3)}`,
  )
  // On a machine that does other things as well, the best of each is what it can do.
  if (cpu !== undefined) {
    const [a, b] = [middle(pairs.map(([heard]) => cpu(heard))), middle(pairs.map(([, heard]) => cpu(heard)))]
    print(`             CPU per token ${a.toFixed(2)} ms, ${b.toFixed(2)} ms: ratio ${(b / a).toFixed(3)}`)
  }
  return Math.max(ratio, best)
}

function cpuMs(heard: Heard): number {
  return heard.cpuMs
}

function middle(numbers: number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b)
  const half = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2
}

function print(line: string): void {
  process.stdout.write(`${line}\n`)
}
