import { execFileSync } from 'node:child_process'
import { createWriteStream, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { finished } from 'node:stream/promises'
import { run } from 'node:test'
import { spec, tap } from 'node:test/reporters'

export type Ended = { failed: boolean; skipped: readonly string[] }
type Options = { concurrency: number; testMs: number; fileMs: number }

/**
 * Runs test files, each in a process of its own, and tells of them as `node --test` does. A file that does not end in its time (it may have left a
 * server open behind its last test, or be in an endless loop: the runner of Node waits for both for ever) is named, ended with all that it
 * started, and counts as failed; the others go on.
 */
export async function runFiles(files: readonly string[], { concurrency, testMs, fileMs }: Options): Promise<Ended> {
  const folder = mkdtempSync(join(tmpdir(), 'pkn-tests-'))
  const under = join(folder, 'under-way')
  mkdirSync(under)
  const watch = setInterval(() => endLate(under, fileMs), 1000)
  try {
    const events = run({
      files: [...files],
      concurrency,
      timeout: testMs,
      execArgv: ['--import', join(import.meta.dirname, 'test-file.mjs')],
      env: { ...process.env, PKN_TEST_UNDER_WAY: under },
    })
    let failed = false
    events.on('test:fail', ({ todo }) => {
      if (todo === undefined || todo === false) failed = true
    })
    const report = join(folder, 'report.tap')
    const kept = events.compose(tap).pipe(createWriteStream(report))
    events.compose(new spec()).pipe(process.stdout, { end: false })
    await finished(kept)
    return { failed, skipped: readFileSync(report, 'utf8').match(/^\s*ok .*# SKIP.*$/gm) ?? [] }
  } finally {
    clearInterval(watch)
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Each file that is under way has its process's number as a name here, and says which it is. */
function endLate(under: string, fileMs: number): void {
  for (const name of readdirSync(under)) {
    const path = join(under, name)
    const stat = statSync(path, { throwIfNoEntry: false })
    if (stat === undefined || Date.now() - stat.mtimeMs < fileMs) continue
    const file = relative('.', readFileSync(path, 'utf8'))
    console.error(`\n✖ ${file} did not end within ${fileMs / 1000} s, and was ended\n`)
    rmSync(path, { force: true })
    for (const pid of familyOf(Number(name))) {
      try {
        process.kill(pid, 'SIGKILL')
      } catch {
        // It has ended by itself meanwhile.
      }
    }
  }
}

function familyOf(pid: number): number[] {
  const rows = execFileSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' })
  const all = rows
    .trim()
    .split('\n')
    .map((row) => row.trim().split(/\s+/).map(Number))
  const family = [pid]
  for (const one of family) for (const [child, parent] of all) if (parent === one) family.push(child!)
  return family
}
