import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Say } from '../core/ports.ts'
import { Pull } from '../wire/shelf.ts'

/** What is kept of a pull over a restart: everything but how fast it is. */
export type PullRecord = Omit<Pull, 'bytesPerSecond' | 'secondsLeft'>

const fileOf = (folder: string, id: string) => join(folder, `${id}.json`)

/** Resolves once it is on the disk. */
export async function writeRecord(folder: string, record: PullRecord): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const path = fileOf(folder, record.id)
  const whole: Pull = { ...record, bytesPerSecond: null, secondsLeft: null }
  {
    await using file = await open(`${path}.new`, 'w', 0o600)
    await file.writeFile(JSON.stringify(whole))
    await file.sync()
  }
  await rename(`${path}.new`, path)
}

export const removeRecord = (folder: string, id: string): Promise<void> => rm(fileOf(folder, id), { force: true })

/** Those that can be read; oldest first. */
export async function readRecords(folder: string, say: Say): Promise<PullRecord[]> {
  const names = await readdir(folder).catch(() => [])
  const records: PullRecord[] = []
  for (const name of names.filter((n) => n.endsWith('.json'))) {
    try {
      const {
        bytesPerSecond: _,
        secondsLeft: __,
        ...record
      } = Pull.parse(JSON.parse(await readFile(join(folder, name), 'utf8')))
      records.push(record)
    } catch (cause) {
      say({ level: 'warn', text: `A model on its way cannot be read and is passed over: ${name}`, cause })
    }
  }
  return records.sort((a, b) => a.created.localeCompare(b.created))
}
