import assert from 'node:assert/strict'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { afterEach, beforeEach, it } from 'node:test'
import { getFromPackage } from './pull-package.ts'

const skip = process.platform === 'win32'
const before = { ...process.env }
let home: string
beforeEach(() => void (home = mkdtempSync(join(tmpdir(), 'pkn-package-'))))
afterEach(() => {
  process.env = { ...before }
  rmSync(home, { recursive: true, force: true })
})

/** A python3 that does this instead; `$1` is the folder that it is to write to. */
function python(script: string): void {
  mkdirSync(join(home, 'bin'))
  writeFileSync(join(home, 'bin', 'python3'), `#!/bin/sh\nset -- "$TMPDIR" "$@"\n${script}\n`, { mode: 0o755 })
  process.env['PATH'] = `${join(home, 'bin')}${delimiter}${before['PATH']}`
}
const get = (signal: AbortSignal, tell: (done: number) => void = () => undefined) =>
  getFromPackage({ package: 'some==1', file: 'm.gguf', to: join(home, 'm.gguf'), tell, signal })

it('has ended, and left nothing behind, once it says that it was stopped', { skip }, async () => {
  const ended = join(home, 'ended')
  python(`trap 'for i in 1 2 3 4 5 6; do sleep 0.05; echo more > "$1/$i"; done; echo > ${ended}; exit 1' TERM
    echo some > "$1/some"; while :; do sleep 0.05; done`)
  const stop = new AbortController()
  const got = await get(stop.signal, (done) => done > 0 && stop.abort())
  assert.deepEqual(got, { ok: false, why: 'it was stopped' })
  assert.ok(existsSync(ended))
  assert.deepEqual(readdirSync(home).sort(), ['bin', 'ended'])
})

it('lets the package run nothing, and pip see the way to its index but no secret', { skip }, async () => {
  const seen = join(home, 'seen')
  python(`echo "$@" > ${seen}; env >> ${seen}`)
  process.env['SOME_API_KEY'] = 'canary'
  process.env['https_proxy'] = 'http://proxy'
  process.env['PIP_INDEX_URL'] = 'http://index'
  assert.equal((await get(new AbortController().signal)).ok, false)
  const said = readFileSync(seen, 'utf8')
  assert.match(said, /--only-binary=:all:/)
  assert.match(said, /PIP_INDEX_URL=http:\/\/index/)
  assert.match(said, /https_proxy=http:\/\/proxy/)
  assert.doesNotMatch(said, /canary/)
})
