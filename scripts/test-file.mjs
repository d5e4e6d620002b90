// Loaded before a test file: says that its process is under way, so that the one that never ends can be named and ended (test-files.ts).
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const { PKN_TEST_UNDER_WAY: under } = process.env
const file = process.argv[1]
if (under !== undefined && file !== undefined) {
  // What the tests start is none of them.
  delete process.env.PKN_TEST_UNDER_WAY
  const note = join(under, String(process.pid))
  writeFileSync(note, file)
  process.on('exit', () => rmSync(note, { force: true }))
}
