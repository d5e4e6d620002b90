import { run } from './run.ts'

// Whoever reads may leave early: `status | head -1`.
process.stdout.on('error', (cause: NodeJS.ErrnoException) => {
  if (cause.code !== 'EPIPE') throw cause
  process.exit(0)
})
process.exitCode = await run(process.argv.slice(2))
