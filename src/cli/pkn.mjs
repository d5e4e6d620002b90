// Plain JavaScript, and the first file to run: code that was compiled before, TypeScript included, is taken from the cache, which halves a start.
import { enableCompileCache } from 'node:module'
import { join, resolve } from 'node:path'

enableCompileCache(
  process.env.NODE_COMPILE_CACHE ?? join(resolve(import.meta.dirname, '../..'), 'node_modules', '.cache', 'pkn'),
)
await import('./main.ts')
