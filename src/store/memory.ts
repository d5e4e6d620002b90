import type { Clock, Say } from '../core/ports.ts'
import type { ArgsOf, ChangeName, Changes, Ledger, ResultOf } from './changes.ts'
import { LocalStore } from './local-store.ts'
import { memoryChanges } from './memory-changes.ts'
import { memoryReads } from './memory-reads.ts'
import { newDisk, type Disk } from './memory-disk.ts'

/** Keeps everything in memory. Stores over one disk see each other as processes over one database do. */
export function openMemory({ clock, say = () => {}, disk = newDisk() }: { clock: Clock; say?: Say; disk?: Disk }) {
  return new LocalStore({ ledger: memoryLedger(disk), clock, say })
}

export function memoryLedger(disk: Disk): Ledger {
  const changes: Changes = memoryChanges(disk)
  let watcher: (() => void) | null = null
  let missed = false
  const changed = () => {
    missed = watcher === null
    watcher?.()
  }
  disk.peers.add(changed)
  return {
    reads: memoryReads(disk),
    async write<K extends ChangeName>(kind: K, args: ArgsOf<K>): Promise<ResultOf<K>> {
      const change = changes[kind] as (args: ArgsOf<K>) => ResultOf<K> // TypeScript can't tell that K picks both alike
      const result = change(args)
      // Attempts to claim are no news, or two stores that wait would wake each other for ever.
      const nothing = kind === 'renew' || (kind === 'claim' && (result as ResultOf<'claim'>).run === null)
      if (!nothing) disk.tell(changed)
      return result
    },
    watch(call) {
      watcher = call
      if (missed) queueMicrotask(changed)
      return () => {
        watcher = null
      }
    },
    async close() {
      disk.peers.delete(changed)
    },
  }
}
