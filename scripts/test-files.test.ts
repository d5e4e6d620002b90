import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'

const RUNNER = join(import.meta.dirname, 'test-files.ts')
const FILES = {
  'open.test.mjs': `import { createServer } from 'node:http'
    import { test } from 'node:test'
    test('leaves a server behind', () => new Promise((listens) => createServer().listen(0, '127.0.0.1', listens)))`,
  'spins.test.mjs': `import { test } from 'node:test'
    test('goes round and round', () => { for (;;); })`,
  'well.test.mjs': `import { test } from 'node:test'
    test('is well', () => {})
    test('is left out', { skip: 'no reason' }, () => {})`,
}

test('a file that does not end is named and ended, and the others are run', { timeout: 60_000 }, async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'pkn-runner-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  for (const [name, text] of Object.entries(FILES)) writeFileSync(join(folder, name), text)
  const program = `import { runFiles } from ${JSON.stringify(RUNNER)}
    const ended = await runFiles(${JSON.stringify(Object.keys(FILES).map((name) => join(folder, name)))}, { concurrency: 3, testMs: 60_000, fileMs: 3000 })
    console.log(JSON.stringify(ended))`
  writeFileSync(join(folder, 'run.mjs'), program)
  // A runner within a runner has nothing of it: it would tell the outer one of its tests.
  const { NODE_TEST_CONTEXT: _, ...env } = process.env
  const [out, said] = await new Promise<[string, string]>((done) =>
    execFile(process.execPath, ['run.mjs'], { cwd: folder, env }, (_, out, said) => done([out, said])),
  )
  assert.match(said, /open\.test\.mjs did not end within 3 s, and was ended/)
  assert.match(said, /spins\.test\.mjs did not end within 3 s, and was ended/)
  assert.doesNotMatch(said, /well\.test\.mjs/)
  assert.match(out, /✔ is well/)
  const ended = JSON.parse(out.trim().split('\n').at(-1)!) as { failed: boolean; skipped: string[] }
  assert.equal(ended.failed, true)
  assert.equal(ended.skipped.length, 1)
})
