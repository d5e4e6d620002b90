import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, it } from 'node:test'
import { onPath } from './on-path.ts'
import { launchdPlist, systemdUnit, unitEnvironment, type UnitGiven } from './units.ts'
import { essence, placeUnit, unitPath } from './units-place.ts'

let folder: string
let given: UnitGiven
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pkn-units-'))
  const project = join(folder, 'my 100% "own" place')
  mkdirSync(join(project, 'docs'), { recursive: true })
  given = {
    project,
    home: join(folder, 'a $HOME & <more>'),
    node: process.execPath,
    logFile: join(folder, 'divinenode.log'),
    user: 'somebody',
    env: { PATH: '/usr/bin:/bin', PKN_PORT: '8011' },
  }
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const analyze = onPath('systemd-analyze')
for (const scope of ['user', 'system'] as const)
  it(`systemd takes the unit of the ${scope}`, { skip: analyze === null && 'there is no systemd-analyze' }, () => {
    const path = join(folder, 'pkn.service')
    writeFileSync(path, systemdUnit({ ...given, user: 'root' }, scope))
    const args = scope === 'user' ? ['--user'] : []
    const { status, stderr } = spawnSync(analyze ?? '', ['verify', ...args, '--man=no', path], {
      env: { ...process.env, XDG_RUNTIME_DIR: folder },
      encoding: 'utf8',
    })
    assert.deepEqual([status, stderr.split('\n').filter((line) => line.includes('pkn.service'))], [0, []], stderr)
  })

const plutil = onPath('plutil')
const python = onPath('python3')
it('launchd takes the agent', { skip: plutil === null && python === null && 'there is no plutil' }, () => {
  const path = join(folder, 'pkn.plist')
  writeFileSync(path, launchdPlist(given))
  const read = 'import plistlib, sys; print(plistlib.load(open(sys.argv[1], "rb"))["WorkingDirectory"])'
  const { status, stdout, stderr } =
    plutil === null
      ? spawnSync(python ?? '', ['-c', read, path], { encoding: 'utf8' })
      : spawnSync(plutil, ['-lint', path], { encoding: 'utf8' })
  assert.equal(status, 0, stdout + stderr)
  if (plutil === null) assert.equal(stdout.trim(), given.project)
})

it('names the program, its home and who stops it how, and escapes what a system would take for its own', () => {
  const unit = systemdUnit(given, 'user')
  assert.match(unit, /^ExecStart=\S+ --max-semi-space-size=1 ".*my 100%% \\"own\\" place\/src\/serve\.mjs"$/m)
  assert.match(unit, /^Environment="PKN_HOME=.*a \$HOME & <more>"$/m)
  assert.match(unit, /^Environment="PKN_PORT=8011"$/m)
  assert.match(unit, /^Restart=on-failure$/m)
  assert.match(unit, /^KillMode=mixed$/m)
  assert.doesNotMatch(unit, /^User=|MemoryDenyWriteExecute|PrivateDevices/m)
  assert.match(systemdUnit(given, 'system'), /^User=somebody$/m)
  assert.match(launchdPlist(given), /<string>.*a \$HOME &amp; &lt;more&gt;<\/string>/)
})

it('puts no key into a unit', () => {
  const env = {
    PATH: '/bin',
    PKN_HOST: '127.0.0.1',
    OPENAI_API_KEY: 'sk-1',
    HF_TOKEN: 'hf-1',
    HTTPS_PROXY: 'http://me:secret@proxy:1',
    HTTP_PROXY: 'http://proxy:1',
    HF_ENDPOINT: '',
    HOME: '/root',
  }
  assert.deepEqual(unitEnvironment(env), { PATH: '/bin', PKN_HOST: '127.0.0.1', HTTP_PROXY: 'http://proxy:1' })
})

it('keeps a unit that was changed by hand beside the new one', () => {
  const path = unitPath('systemd', { HOME: folder })
  const unit = systemdUnit(given, 'user')
  assert.equal(placeUnit(path, unit), 'new')
  assert.equal(placeUnit(path, unit), 'same')
  writeFileSync(path, `${unit}# mine\n`)
  assert.equal(placeUnit(path, unit), 'replaced')
  assert.match(readFileSync(`${path}.old`, 'utf8'), /# mine/)
  assert.equal(existsSync(unitPath('launchd', { HOME: folder })), false)
  assert.equal(essence(unit), essence(unit.replace('/usr/bin:/bin', '/opt/bin')))
  assert.notEqual(essence(unit), essence(unit.replaceAll('serve.mjs', 'other.mjs')))
})
