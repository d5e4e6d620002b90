import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { storeContract } from './contract.ts'
import { openSqlite } from './sqlite.ts'

const quiet = () => {}

storeContract('the store in SQLite', async (clock) => {
  const home = mkdtempSync(join(tmpdir(), 'pkn-store-'))
  const path = join(home, 'pkn.db')
  const stores = [await openSqlite({ path, clock, say: quiet })]
  return {
    store: stores[0]!,
    async another(clock) {
      const store = await openSqlite({ path, clock, say: quiet })
      stores.push(store)
      return store
    },
    async end() {
      for (const store of stores) await store.close()
      rmSync(home, { recursive: true })
    },
  }
})
