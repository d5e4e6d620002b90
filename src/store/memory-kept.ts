import type { KeptChanges, KeptReads } from './kept-rows.ts'
import type { Disk } from './memory-disk.ts'

export function memoryKeptChanges(disk: Disk): KeptChanges {
  return {
    keepOutput: (row) => {
      const known = [...disk.outputs.values()].find(({ run, hash }) => run === row.run && hash === row.hash)
      if (known !== undefined) return known
      disk.outputs.set(row.id, row)
      return row
    },
    keepVersion: (row) => {
      const seq = disk.next()
      disk.versions.set(seq, { ...row, seq, undone: 0 })
      return seq
    },
    undo: ({ seqs }) => {
      for (const seq of seqs) {
        const version = disk.versions.get(seq)
        if (version !== undefined) disk.versions.set(seq, { ...version, undone: 1 })
      }
      return null
    },
  }
}

export function memoryKeptReads(disk: Disk): KeptReads {
  return {
    output: (owner, id) => {
      const output = disk.outputs.get(id)
      return output?.owner === owner ? output : null
    },
    versionsOf: (owner, run, call) =>
      [...disk.versions.values()]
        .filter((v) => v.owner === owner && v.run === run && (call === null || v.call === call) && v.undone === 0)
        .sort((a, b) => b.seq - a.seq),
    isKept: (hash) =>
      [...disk.outputs.values()].some((output) => output.hash === hash) ||
      [...disk.versions.values()].some(({ before, after }) => before === hash || after === hash),
  }
}
