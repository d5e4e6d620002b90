import { test } from 'node:test'
import { runs } from './runs.ts'

test(
  'answers that come and go do not stay in memory',
  { skip: process.platform !== 'linux' && 'memory is read from /proc' },
  () => runs('soak.ts', '1500', '0.5'),
)
