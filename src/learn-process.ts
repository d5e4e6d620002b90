import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { flushCompileCache } from 'node:module'
import { dirname } from 'node:path'
import { deserialize, serialize } from 'node:v8'
import type { Agent } from './core/ports.ts'
import { learn, use, type Lesson } from './core/route-learn.ts'
import { learnMoves } from './core/route-moves.ts'
import type { Correction } from './core/route-near.ts'

/** What is to be learnt into `file`: from the agents' examples, or from corrections beside what was learnt from those into `examples`. */
export type Homework = { agents: readonly Agent[]; file: string } & (
  { from: 'examples' } | { from: 'corrections'; examples: string; corrections: readonly Correction[] }
)

// The other end of learn-apart.ts: writes what was learnt to the file, whole or not at all, and ends.
process.once('message', (homework: Homework) => {
  const { file } = homework
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  writeFileSync(`${file}.${process.pid}`, serialize(learnt(homework)), { mode: 0o600 })
  renameSync(`${file}.${process.pid}`, file)
  process.disconnect()
  flushCompileCache()
})

function learnt(homework: Homework) {
  switch (homework.from) {
    case 'examples':
      return learn(homework.agents)
    case 'corrections': {
      const { agents, examples, corrections } = homework
      // Written above by a process before this one; gone if the agents have changed since.
      const lesson = existsSync(examples) ? (deserialize(readFileSync(examples)) as Lesson) : learn(agents)
      return learnMoves(agents, use(lesson), corrections)
    }
  }
}
