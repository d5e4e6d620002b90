/** Runs every check, fast ones first, and ends with the test runner's own closing lines. `unit` leaves out the checks and the page. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { globSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { runFiles } from './test-files.ts'

const root = resolve(import.meta.dirname, '..')
const unit = process.argv[2] === 'unit'
process.chdir(root)

/** What it says is told once it has ended, so that several can be under way. */
async function run(title: string, command: string, ...args: readonly string[]): Promise<boolean> {
  const started = performance.now()
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  let said = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (piece: string) => (said += piece))
  const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null]
  const seconds = ((performance.now() - started) / 1000).toFixed(1)
  const outcome = code === 0 ? `good, ${seconds} s` : `failed (${signal ?? `exit ${code}`}) after ${seconds} s`
  console.log(`\n── ${title}\n${said}── ${title}: ${outcome}`)
  return code === 0
}

if (!unit) {
  const checks = await Promise.all([
    run('types', 'npm', 'run', '--silent', 'check:types'),
    run('lint', 'npm', 'run', '--silent', 'check:lint'),
    run('layers and sizes', 'npm', 'run', '--silent', 'check:shape'),
    run('formatting', 'npm', 'run', '--silent', 'check:format'),
  ])
  const built = checks.every(Boolean) && (await run('page', 'npm', 'run', '--silent', 'build'))
  if (!built || !(await run('size of the page', process.execPath, 'scripts/check-bundle.ts'))) process.exit(1)
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
await test(
  'tests',
  all.filter((file) => !isAlone(file)),
  2,
)
for (const line of skipped) console.log(line.trim())
if (skipped.length > 0 && process.env['PKN_TEST_NO_SKIP']) {
  console.error('Tests were skipped, and PKN_TEST_NO_SKIP says that none may be.')
  process.exit(1)
}
