import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { LAUNCHD_LABEL } from './units.ts'

export type Supervisor = 'systemd' | 'launchd'

/** Where the unit of this user lies. */
export function unitPath(supervisor: Supervisor, env: NodeJS.ProcessEnv): string {
  const user = env['HOME'] || homedir()
  return supervisor === 'launchd'
    ? join(user, 'Library/LaunchAgents', `${LAUNCHD_LABEL}.plist`)
    : join(env['XDG_CONFIG_HOME'] || join(user, '.config'), 'systemd/user/pkn.service')
}

/** Writes it; one that was there and was another is kept beside it as `.old`. */
export function placeUnit(path: string, text: string): 'new' | 'same' | 'replaced' {
  const before = existsSync(path) ? readFileSync(path, 'utf8') : null
  if (before === text) return 'same'
  mkdirSync(dirname(path), { recursive: true })
  // Written first: a disk that is full leaves the one that was there in its place.
  writeFileSync(`${path}.new`, text, { mode: 0o644, flush: true })
  if (before !== null) renameSync(path, `${path}.old`)
  renameSync(`${path}.new`, path)
  return before === null ? 'new' : 'replaced'
}

/** The lines that decide what is run and with which home; another PATH doesn't make a unit outdated. */
export const essence = (unit: string): string =>
  unit
    .split('\n')
    .filter((line) => /^(ExecStart|WorkingDirectory)=|PKN_HOME|serve\.mjs/.test(line.trim()))
    .join('\n')
