import assert from 'node:assert/strict'
import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, test } from 'node:test'
import { LogFile } from './log-file.ts'

let home: string
let path: string
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'pkn-log-'))
  path = join(home, 'divinenode.log')
})
afterEach(() => rmSync(home, { recursive: true, force: true }))

const read = () => readFileSync(path, 'utf8')
const BEGIN = /^\d{4}-\d\d-\d\dT\S+Z (INFO |WARN |ERROR) /
/** Long enough that the next line rotates the file. */
const long = 'x'.repeat(10 * 1024 * 1024)

test('nothing that a user or a model wrote can look like a line of its own, or command the terminal', async () => {
  const log = new LogFile(path, { echo: false })
  const evil = 'a\n2026-01-01T00:00:00.000Z INFO  forged\r\u2028\u0085\u009b2J\u001b[2J\u0000b\ttab'
  log.say({ level: 'info', text: evil })
  log.say({ level: 'error', text: 'failed', cause: new Error(evil) })
  log.say({ level: 'error', text: 'failed', cause: { what: evil } })
  await log.close()
  const text = read()
  assert.equal(text.split('\n').filter((line) => BEGIN.test(line)).length, 3)
  for (const line of text.trimEnd().split('\n')) assert.match(line, /^(\d{4}-|    )/)
  assert.doesNotMatch(text.replaceAll('\n', ''), /[\p{Cc}\u2028\u2029]/u)
  assert.match(text, /log-file\.test\.ts/, 'the trace is there')
})

test('at ten megabytes a new file begins, and the one before is kept', async () => {
  const log = new LogFile(path, { echo: false })
  log.say({ level: 'info', text: 'opened' })
  while (!existsSync(path)) await new Promise(setImmediate)
  log.say({ level: 'info', text: `first ${long}` })
  log.say({ level: 'info', text: 'second' })
  await log.close()
  assert.match(readFileSync(`${path}.1`, 'utf8'), /first/)
  assert.match(read(), /second/)
  assert.doesNotMatch(read(), /first/)
})

test('a log that somebody deleted is begun again, and stops nobody', async () => {
  const log = new LogFile(path, { echo: false })
  log.say({ level: 'info', text: 'opened' })
  while (!existsSync(path)) await new Promise(setImmediate)
  rmSync(path)
  log.say({ level: 'info', text: long })
  log.say({ level: 'info', text: 'after' })
  await log.close()
  assert.match(read(), /after/)
})

test('a log on a full disk is written again once there is room', { skip: !existsSync('/dev/full') }, async () => {
  symlinkSync('/dev/full', path)
  const log = new LogFile(path, { echo: false })
  const failed = new Promise<void>((resolve) => (log.onFailure = () => resolve()))
  log.say({ level: 'info', text: 'lost' })
  await failed
  rmSync(path)
  log.say({ level: 'info', text: 'there is room again' })
  await log.close()
  assert.match(read(), /there is room again/)
})
