/**
 * Answers without end: thousands of runs in one server, readers that stay and readers that leave, and how its memory goes.
 * `node bench/stream/soak.ts [answers] [growth]`: 20,000 and 0.1 if not said. Ends with 1 if the memory at the end is above the most of the first half by
 * more than that share; some thousand answers must have gone by before the heap has its size.
 */
import { request } from 'node:http'
import { readFileSync } from 'node:fs'
import { scratch, startProcess } from '../../test/process.ts'
import { startMisbehaving } from '../../src/models/misbehave.ts'

const answers = Number(process.argv[2] ?? 20_000)
const most = Number(process.argv[3] ?? 0.1)
const PARALLEL = 16

const { home, remove } = scratch()
const upstream = await startMisbehaving({ models: ['burst:40'] })
const server = await startProcess(home, { LLAMA_BASE_URL: upstream.url })
const residentMb = () => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${server.pid}/status`, 'utf8'))?.[1]) / 1024

/** One answer; a reader in three leaves after the first bytes. */
function ask(n: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const call = request(
      {
        host: '127.0.0.1',
        port: server.port,
        path: '/api/multi-agent/chat/stream',
        method: 'POST',
        agent: false,
        headers: { 'content-type': 'application/json' },
      },
      (response) => {
        response.on('data', () => {
          if (n % 3 === 0) call.destroy()
        })
        response.on('close', resolve)
      },
    )
    call.on('error', (error) => (n % 3 === 0 ? resolve() : reject(error)))
    call.end(JSON.stringify({ message: `question ${n}` }))
  })
}

try {
  const marks: number[] = []
  let next = 0
  const one = async (): Promise<void> => {
    while (next < answers) {
      const n = next++
      await ask(n)
      if (n % Math.ceil(answers / 10) === 0) {
        marks.push(residentMb())
        console.log(`${n} answers, ${marks.at(-1)?.toFixed(0)} MB`)
      }
    }
  }
  await Promise.all(Array.from({ length: PARALLEL }, one))
  marks.push(residentMb())
  const half = Math.max(...marks.slice(0, Math.ceil(marks.length / 2)))
  const growth = marks.at(-1)! / half - 1
  console.log(
    `${answers} answers: ${marks.at(-1)?.toFixed(0)} MB, ${(growth * 100).toFixed(1)} % over the most of the first half`,
  )
  process.exitCode = growth > most ? 1 : 0
} finally {
  await server.kill('SIGTERM')
  await upstream.close()
  remove()
}
