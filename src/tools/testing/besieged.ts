import { mkdirSync, openSync, closeSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { systemClock } from '../../clock.ts'
import { openEgress } from '../egress.ts'
import { shell } from '../shell.ts'
import { openShells } from '../shells.ts'
import { openBench } from './bench.ts'

/** What an operator who names no private host has. */
const worldly = openEgress({ clock: systemClock, version: '0', allowPrivate: [] })
export const SECRET = 'the secret that is not theirs'
export const ENV_SECRET = 'the secret of the environment'

/** A workspace in a home like PKN's own, with what is worth stealing around it, and a shell in its sandbox. */
export async function besiegedShell(t: TestContext, egress = worldly) {
  const bench = await openBench()
  const { around, store } = bench
  for (const folder of ['.ssh', 'other']) mkdirSync(join(around, folder))
  for (const path of ['pkn.db', '.ssh/id_ed25519', 'other/notes.txt']) writeFileSync(join(around, path), SECRET)
  process.env['PKN_TEST_KEY'] = ENV_SECRET
  const held = openSync(join(around, 'pkn.db'), 'r+')
  const shells = openShells({ clock: systemClock, store, egress, say: () => {} })
  t.after(async () => {
    closeSync(held)
    delete process.env['PKN_TEST_KEY']
    await shells.close()
    await bench.close()
  })
  const tool = shell({ shells, clock: systemClock })
  /** What came of it; that it was tried at all is known by its last word. */
  const attempt = async (command: string, over: Parameters<typeof bench.call>[2] = {}, network = false) => {
    const { output } = await bench.call(tool, { command: `${command}\necho tried`, timeout_seconds: 30, network }, over)
    return output
  }
  return { ...bench, shells, tool, attempt }
}

/** The processes of this machine that have that word on their command line. */
export const running = (word: string): string[] =>
  readdirSync('/proc').filter((pid) => {
    if (!/^\d+$/.test(pid)) return false
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(word)
    } catch {
      return false
    }
  })

/** Resolves once none of them is there; a process that was killed takes a moment to be gone. */
export async function gone(word: string): Promise<void> {
  for (const until = Date.now() + 20_000; running(word).length > 0;) {
    if (Date.now() > until) throw new Error(`still there: ${running(word).join(', ')}`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
