import { spawnSync } from 'node:child_process'
import { join, resolve } from 'node:path'
import { ConfigError, loadConfig, type Config } from '../config.ts'
import { examine } from '../services/doctor.ts'
import { bad, quoted, type Finding, type Mend, type Patient } from '../services/finding.ts'
import { Failed, oneOf, readArgs, UsageError, type ExitCode } from './command.ts'
import { recover } from './doctor-recover.ts'
import { unitHere } from './service-unit.ts'
import { openServices } from './services.ts'
import { agreed, green, grey, red, say, sayJson, yellow } from './terminal.ts'

const PROJECT = resolve(import.meta.dirname, '../..')

/** 0 if nothing is bad, and after --fix nothing any more; warnings are no failure. */
export async function doctor(args: string[]): Promise<ExitCode> {
  const { values, positionals } = readArgs(
    args,
    {
      fix: { type: 'boolean' },
      yes: { type: 'boolean', short: 'y' },
      json: { type: 'boolean' },
      url: { type: 'string' },
    },
    1,
  )
  if (positionals[0] !== undefined) {
    oneOf(positionals[0], ['recover'], 'thing that the doctor does')
    return await recover(values.json === true)
  }
  if (values.url !== undefined && !/^https?:\/\//.test(values.url))
    throw new UsageError(`--url is "${values.url}", but must be an address such as https://pkn.example.org`)
  const { config, broken } = settings()
  const patient = patientOf(config, values.url ?? null)
  const json = values.json === true
  if (values.fix === true && values.yes !== true && (json || !process.stdin.isTTY || !process.stdout.isTTY))
    throw new Failed('--fix asks before each command, so it needs a terminal, or --yes.')
  if (!json) for (const finding of broken) show(finding)
  const found = [...broken, ...(await tell(patient, json))]
  const mends = [...new Map(found.flatMap(mendOf).map((mend) => [mend.command, mend])).values()]
  if (values.fix === true) {
    await mend(mends, values.yes === true, json)
    const after = [...settings().broken, ...(await tell(patient, true))]
    if (json) sayJson({ found, mended: mends.filter(({ safe }) => safe), after })
    else say(summary(after))
    return after.some(({ level }) => level === 'bad') ? 1 : 0
  }
  if (json) sayJson({ found })
  else {
    say(`\n${summary(found)}`)
    if (mends.some(({ safe }) => safe)) say('`./pkn doctor --fix` runs the commands marked with *, each after asking.')
  }
  return found.some(({ level }) => level === 'bad') ? 1 : 0
}

/** With settings that can't be read, everything else is looked at as if there were none. */
function settings(): { config: Config; broken: Finding[] } {
  try {
    return { config: loadConfig(), broken: [] }
  } catch (cause) {
    if (!(cause instanceof ConfigError)) throw cause
    const config = loadConfig(process.env, { file: 'ignored' })
    const edit = `\${EDITOR:-vi} ${quoted(join(config.home, 'pkn.config.json'))}`
    return { config, broken: [bad('config', cause.message, edit)] }
  }
}

function patientOf(config: Config, url: string | null): Patient {
  const { services } = openServices(config)
  return {
    home: config.home,
    project: PROJECT,
    services,
    endpoints: [
      ...config.endpoints.configured.map((endpoint) => ({ ...endpoint, configured: true })),
      ...config.endpoints.usual.map((endpoint) => ({ ...endpoint, configured: false })),
    ],
    cloud: config.cloud,
    engine: config.engine,
    unit: unitHere(config),
    env: process.env,
    url,
    hosts: config.hosts,
  }
}

async function tell(patient: Patient, quiet: boolean): Promise<Finding[]> {
  const all: Finding[] = []
  for await (const findings of examine(patient)) {
    all.push(...findings)
    if (!quiet) for (const finding of findings) show(finding)
  }
  return all
}

function show(finding: Finding): void {
  const mark = finding.level === 'ok' ? green('✓') : finding.level === 'warn' ? yellow('!') : red('✗')
  say(`${mark} ${finding.check.padEnd(12)} ${finding.text}`)
  for (const { command, safe } of mendOf(finding)) say(`  ${''.padEnd(12)} ${grey('→')} ${command}${safe ? ' *' : ''}`)
}

const mendOf = (finding: Finding): Mend[] => (finding.level === 'ok' || finding.mend === null ? [] : [finding.mend])

async function mend(mends: Mend[], yes: boolean, quiet: boolean): Promise<void> {
  const safe = mends.filter((one) => one.safe)
  if (safe.length === 0 && mends.length > 0 && !quiet)
    say('\nNothing here is mended without you; the commands above are yours to run.')
  if (safe.length > 0 && !quiet) say('')
  for (const { command } of safe) {
    if (!yes && !(await agreed(`Run ${command}?`))) continue
    if (!quiet) say(`$ ${command}`)
    const { status } = spawnSync('/bin/sh', ['-c', command], {
      cwd: PROJECT,
      stdio: quiet ? ['ignore', 'ignore', 'inherit'] : 'inherit',
    })
    if (status !== 0 && !quiet) say(red(`It failed (exit code ${status ?? '?'}).`))
  }
  if (!quiet) say('')
}

function summary(found: Finding[]): string {
  const bad = found.filter(({ level }) => level === 'bad').length
  const warned = found.filter(({ level }) => level === 'warn').length
  if (bad + warned === 0) return green('All is well.')
  return `${bad} to mend, ${warned} to know of.`
}
