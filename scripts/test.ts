/** Runs every check, fast ones first, and ends with the test runner's own closing lines. `unit` leaves out the checks and the page. */
import { spawnSync } from 'node:child_process'
import { existsSync, globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

const root = resolve(import.meta.dirname, '..')
const unit = process.argv[2] === 'unit'
process.chdir(root)

function run(title: string, command: string, args: readonly string[]): void {
  const started = performance.now()
  console.log(`\n── ${title}`)
  const { status, signal, error } = spawnSync(command, args, { stdio: 'inherit' })
  if (error) throw error
  const seconds = ((performance.now() - started) / 1000).toFixed(1)
  if (status === 0) return console.log(`── ${title}: good, ${seconds} s`)
  console.error(`── ${title}: failed (${signal ?? `exit ${status}`}) after ${seconds} s`)
  process.exit(status ?? 1)
}

if (!unit) {
  run('types', 'npm', ['run', '--silent', 'check:types'])
  run('lint', 'npm', ['run', '--silent', 'check:lint'])
  run('layers and sizes', 'npm', ['run', '--silent', 'check:shape'])
  run('formatting', 'npm', ['run', '--silent', 'check:format'])
  run('page', 'npm', ['run', '--silent', 'build'])
  if (existsSync('scripts/check-bundle.ts')) run('size of the page', process.execPath, ['scripts/check-bundle.ts'])
}
const patterns = [
  'src/**/*.test.ts',
  'bench/**/*.test.ts',
  'scripts/**/*.test.ts',
  ...(unit ? [] : ['test/**/*.test.ts']),
]
/** What is measured against the machine is measured alone on it, or it tells of its neighbour. */
const isAlone = (file: string): boolean => /^bench[/\\]stream[/\\]/.test(file)
const all = patterns.flatMap((pattern) => globSync(pattern)).sort()
const files = all.filter((file) => !isAlone(file))
const folder = mkdtempSync(join(tmpdir(), 'pkn-report-'))
process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
const report = join(folder, 'report.tap')
const reporters = [
  '--test-reporter=spec',
  '--test-reporter-destination=stdout',
  '--test-reporter=tap',
  `--test-reporter-destination=${report}`,
]
run('what a token costs', process.execPath, ['--test', '--test-timeout=180000', ...all.filter(isAlone)])
run('tests', process.execPath, ['--test', '--test-timeout=180000', '--test-concurrency=2', ...reporters, ...files])
const skipped = readFileSync(report, 'utf8').match(/^\s*ok .*# SKIP.*$/gm) ?? []
for (const line of skipped) console.log(line.trim())
if (skipped.length > 0 && process.env['PKN_TEST_NO_SKIP']) {
  console.error('Tests were skipped, and PKN_TEST_NO_SKIP says that none may be.')
  process.exit(1)
}
