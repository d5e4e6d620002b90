import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { loadConfig } from '../config.ts'
import { recoverDatabase } from '../services/recover.ts'
import { alone } from '../services/service-lock.ts'
import { Failed, type ExitCode } from './command.ts'
import { openServices } from './services.ts'
import { say, sayJson } from './terminal.ts'

const PEOPLE: Record<string, string> = { sessions: 'chats', runs: 'runs', messages: 'messages', chunks: 'log entries' }

/** Puts a database in place that holds what can be read of the damaged one, which is kept. */
export async function recover(json: boolean): Promise<ExitCode> {
  const config = loadConfig(process.env, { file: 'ignored' })
  const path = join(config.home, 'pkn.db')
  if (!existsSync(path)) throw new Failed(`There is no database at ${path}; it is made with the next start.`)
  const { divinenode } = openServices(config).services
  if ((await divinenode.health()).state !== 'down')
    throw new Failed('The server runs, and has the database open. Stop it first: ./pkn stop divinenode')
  // A server of this home on another port holds the same lock.
  const found = await alone(
    `${path}-lock`,
    () => say('Another process has the database open; waiting for it to end (Ctrl-C gives up, nothing was changed).'),
    () => Promise.resolve(recoverDatabase(path)),
  )
  if ('why' in found) throw new Failed(`The database could not be recovered: ${found.why}. It was left as it is.`)
  if (json) {
    sayJson(found)
    return 0
  }
  const rows = found.tables.filter(({ table }) => table in PEOPLE)
  say(`Recovered: ${rows.map(({ table, copied }) => `${copied} ${PEOPLE[table] ?? table}`).join(', ')}.`)
  const lost = rows.filter((row) => row.lost > 0).map((row) => `at least ${row.lost} ${PEOPLE[row.table] ?? row.table}`)
  if (lost.length > 0) say(`Could not be read: ${lost.join(', ')}.`)
  if (found.renamed > 0) say(`${found.renamed} chats lost their names, and are called "Recovered chat".`)
  if (found.cut > 0) say(`${found.cut} answers end where they were damaged.`)
  if (found.orphans > 0) say(`${found.orphans} rows belonged to something that is gone, and were left out.`)
  say(`The damaged file is kept as ${found.kept}. Go on with: ./pkn start`)
  return 0
}
