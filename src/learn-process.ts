import { mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { flushCompileCache } from 'node:module'
import { dirname } from 'node:path'
import { serialize } from 'node:v8'
import type { Agent } from './core/ports.ts'
import { learn } from './core/route-learn.ts'

export type Homework = { agents: readonly Agent[]; file: string }

// The other end of learning.ts: takes agents, writes what was learnt from them to the file, whole or not at all, and ends.
process.once('message', ({ agents, file }: Homework) => {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  writeFileSync(`${file}.${process.pid}`, serialize(learn(agents)))
  renameSync(`${file}.${process.pid}`, file)
  process.disconnect()
  flushCompileCache()
})
