import { test } from 'node:test'
import { runs } from './runs.ts'

test(
  'a token costs about what it costs in a plain proxy, and both deliver the same words',
  { skip: process.platform !== 'linux' && 'CPU time is read from /proc' },
  () => runs('run.ts', '--short'),
)
