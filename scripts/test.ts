/** Runs every check, fast ones first, and ends with the test runner's own closing lines. `unit` leaves out the checks and the page. */
import { spawnSync } from 'node:child_process'
import { existsSync, globSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join, resolve } from 'node:path'
import { runFiles } from './test-files.ts'

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
/** What is measured against the machine is measured alone on the machine, or it tells of its neighbour. */
const isAlone = (file: string): boolean => /^bench[/\\]stream[/\\]stream\./.test(file)
/** Those that take long come first, so that none of them is under way alone at the end. */
const LONG_ONES = /^test[/\\](?:e2e|llama|chaos)[/\\]|(?:page|markdown|refresh|views|storm)\.test\.ts$/g
const weight = (file: string): number => file.match(LONG_ONES)?.length ?? 0
const all = patterns.flatMap((pattern) => globSync(pattern)).sort((a, b) => weight(b) - weight(a) || (a < b ? -1 : 1))
// What was stripped of its types once is not stripped by each process again.
process.env['NODE_COMPILE_CACHE'] ??= join(root, 'node_modules', '.cache', 'pkn')
const skipped: string[] = []
async function test(title: string, files: readonly string[], concurrency: number): Promise<void> {
  const started = performance.now()
  console.log(`\n── ${title}`)
  const fileMs = process.env['PKN_LONG'] === undefined ? 300_000 : 3_600_000
  const ended = await runFiles(files, { concurrency, testMs: 180_000, fileMs })
  skipped.push(...ended.skipped)
  const seconds = ((performance.now() - started) / 1000).toFixed(1)
  if (!ended.failed) return console.log(`── ${title}: good, ${seconds} s`)
  console.error(`── ${title}: failed after ${seconds} s`)
  process.exit(1)
}
await test('what a token costs', all.filter(isAlone), 1)
// One more than there are cores: a page, a server or a model is waited for half of the time.
await test(
  'tests',
  all.filter((file) => !isAlone(file)),
  availableParallelism() + 1,
)
for (const line of skipped) console.log(line.trim())
if (skipped.length > 0 && process.env['PKN_TEST_NO_SKIP']) {
  console.error('Tests were skipped, and PKN_TEST_NO_SKIP says that none may be.')
  process.exit(1)
}
