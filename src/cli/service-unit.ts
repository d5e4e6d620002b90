import { userInfo } from 'node:os'
import { resolve } from 'node:path'
import { loadConfig, type Config } from '../config.ts'
import { launchdPlist, LAUNCHD_LABEL, systemdUnit, unitEnvironment, type UnitGiven } from '../services/units.ts'
import { placeUnit, unitPath, type Supervisor } from '../services/units-place.ts'
import { readArgs, UsageError, type ExitCode } from './command.ts'
import { say } from './terminal.ts'

const PROJECT = resolve(import.meta.dirname, '../..')

/** Lets the system start PKN with the machine or the session, and again when it fails. */
export async function service(args: string[]): Promise<ExitCode> {
  const flag = { type: 'boolean' } as const
  const { values, positionals } = readArgs(args, { print: flag, systemd: flag, launchd: flag, system: flag }, 1)
  const [word] = positionals
  if (word === undefined) throw new UsageError('service takes the word install')
  if (word !== 'install') throw new UsageError(`"${word}" is not install`)
  if (values.systemd === true && values.launchd === true)
    throw new UsageError('--systemd and --launchd exclude each other')
  const mac = process.platform === 'darwin'
  const supervisor: Supervisor = values.launchd === true || (mac && values.systemd !== true) ? 'launchd' : 'systemd'
  const system = values.system === true
  if (system && supervisor === 'launchd') throw new UsageError('--system is for systemd')
  if (system && values.print !== true)
    throw new UsageError(
      'a unit of the system is written by root: pkn service install --print --system | sudo tee /etc/systemd/system/pkn.service',
    )
  const given = unitGiven(loadConfig())
  const text = supervisor === 'launchd' ? launchdPlist(given) : systemdUnit(given, system ? 'system' : 'user')
  if (values.print === true) {
    process.stdout.write(text)
    return 0
  }
  const path = unitPath(supervisor, process.env)
  const done = placeUnit(path, text)
  say(
    {
      new: `Written: ${path}`,
      same: `${path} is as it should be`,
      replaced: `Written: ${path} (the one before is ${path}.old)`,
    }[done],
  )
  say('\nThese enable it. Stop what runs first: ./pkn stop\n')
  for (const line of supervisor === 'launchd' ? launchdCommands(path) : systemdCommands(given.user)) say(`  ${line}`)
  return 0
}

/** The unit of this user on this system, as it is to be. */
export function unitHere(config: Config): { path: string; wanted: string } {
  const given = unitGiven(config)
  return process.platform === 'darwin'
    ? { path: unitPath('launchd', process.env), wanted: launchdPlist(given) }
    : { path: unitPath('systemd', process.env), wanted: systemdUnit(given, 'user') }
}

const unitGiven = (config: Config): UnitGiven => ({
  project: PROJECT,
  home: config.home,
  node: process.execPath,
  logFile: config.logFile,
  user: userInfo().username,
  env: unitEnvironment(process.env),
})

const systemdCommands = (user: string) => [
  'systemctl --user daemon-reload',
  'systemctl --user enable --now pkn.service',
  `loginctl enable-linger ${user}   # so that it also runs while nobody is logged in`,
  'systemctl --user status pkn.service',
]
const launchdCommands = (path: string) => [
  `launchctl bootstrap gui/$(id -u) '${path}'`,
  `launchctl print gui/$(id -u)/${LAUNCHD_LABEL}`,
]
