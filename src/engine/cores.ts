import { readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'

/** Cores that this process may use, and not the threads that share one: two threads of one core only hinder each other here. */
export function usableCores(): number {
  const read = (path: string) => {
    try {
      return readFileSync(path, 'utf8')
    } catch {
      return '' // not Linux, or another generation of cgroups
    }
  }
  const quota = Math.min(
    quotaOf(read('/sys/fs/cgroup/cpu.max')),
    quotaOf(
      `${read('/sys/fs/cgroup/cpu/cpu.cfs_quota_us').trim()} ${read('/sys/fs/cgroup/cpu/cpu.cfs_period_us').trim()}`,
    ),
  )
  return Math.max(1, Math.min(physicalCores(read('/proc/cpuinfo')) ?? Infinity, availableParallelism(), quota))
}

/** What a cgroup lets its processes use, `quota period` in microseconds; no limit is Infinity. */
export function quotaOf(text: string): number {
  const [, quota, period] = /^(\d+) (\d+)\s*$/.exec(text) ?? []
  return Number(period) > 0 ? Number(quota) / Number(period) : Infinity
}

/** Null where the system doesn't tell. */
export function physicalCores(cpuinfo: string): number | null {
  const cores = new Set(
    cpuinfo.split('\n\n').map((b) => `${/^physical id\s*: (\d+)/m.exec(b)?.[1]}.${/^core id\s*: (\d+)/m.exec(b)?.[1]}`),
  )
  cores.delete('undefined.undefined')
  return cores.size > 0 ? cores.size : null
}
