import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after } from 'node:test'
import type { LogLine } from '../core/ports.ts'
import { storeContract } from './contract.ts'
import { openSqlite } from './sqlite.ts'

// One folder for all, so that the writing thread is compiled once.
const home = mkdtempSync(join(tmpdir(), 'pkn-store-'))
after(() => rmSync(home, { recursive: true }))
let count = 0

storeContract('the store in SQLite', async (clock) => {
  const path = join(home, `${++count}.db`)
  const lines: LogLine[] = []
  const say = (line: LogLine) => lines.push(line)
  const stores = [await openSqlite({ path, clock, say })]
  return {
    store: stores[0]!,
    async another(clock) {
      const store = await openSqlite({ path, clock, say })
      stores.push(store)
      return store
    },
    async end() {
      for (const store of stores) await store.close()
      assert.deepEqual(lines, [])
    },
  }
})
