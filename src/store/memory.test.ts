import { storeContract } from './contract.ts'
import { newDisk } from './memory-disk.ts'
import { openMemory } from './memory.ts'

storeContract('the store in memory', async (clock) => {
  const disk = newDisk()
  const stores = [openMemory({ clock, disk })]
  return {
    store: stores[0]!,
    async another(clock) {
      const store = openMemory({ clock, disk })
      stores.push(store)
      return store
    },
    async end() {
      for (const store of stores) await store.close()
    },
  }
})
