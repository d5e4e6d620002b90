import { checkDatabase, newestIn } from './doctor-database.ts'
import { checkCloud, checkEndpoints } from './doctor-endpoints.ts'
import { checkNode, checkOpenFiles, checkPackages, checkPage, checkUnit } from './doctor-install.ts'
import { checkClock, checkDisk, checkGpu, checkHome, checkMemory } from './doctor-machine.ts'
import { checkModels } from './doctor-models.ts'
import { checkServices } from './doctor-ports.ts'
import { checkProxy } from './doctor-proxy.ts'
import { checkSandbox } from './doctor-sandbox.ts'
import { checkStream } from './doctor-stream.ts'
import { bad, type Finding, type Patient } from './finding.ts'
import { findModelFile } from './model-file.ts'

type Check = { name: string; look: (patient: Patient) => Finding | Finding[] | Promise<Finding | Finding[]> }

/** Every check, in the order in which it is told. */
const CHECKS: readonly Check[] = [
  { name: 'node', look: () => checkNode() },
  { name: 'packages', look: ({ project }) => checkPackages(project) },
  { name: 'page', look: ({ project }) => checkPage(project) },
  { name: 'home', look: ({ home }) => checkHome(home) },
  { name: 'services', look: checkServices },
  { name: 'disk', look: ({ home }) => checkDisk(home) },
  { name: 'memory', look: memory },
  { name: 'gpu', look: ({ home }) => checkGpu(home) },
  { name: 'models', look: (patient) => checkModels(patient) },
  { name: 'endpoints', look: checkEndpoints },
  { name: 'cloud', look: checkCloud },
  { name: 'database', look: database },
  { name: 'clock', look: ({ home }) => checkClock(newestIn(home)) },
  { name: 'unit', look: ({ unit }) => checkUnit(unit.path, unit.wanted) },
  { name: 'sandbox', look: () => checkSandbox() },
  { name: 'open files', look: () => checkOpenFiles() },
  { name: 'stream', look: ({ url, hosts }) => (url === null ? [] : checkStream(url, hosts)) },
  { name: 'proxy', look: ({ env }) => checkProxy(env) },
]

/** What each check says, as it comes, in the order of the checks. One that fails itself is told as such, and stops no other. */
export async function* examine(patient: Patient): AsyncGenerator<Finding[]> {
  const looks = CHECKS.map(async ({ name, look }) => {
    try {
      return [await look(patient)].flat()
    } catch (cause) {
      return [bad(name, `could not be checked: ${cause instanceof Error ? cause.message : String(cause)}`)]
    }
  })
  for (const findings of looks) yield await findings
}

async function memory({ home, engine }: Patient): Promise<Finding> {
  const model = engine.enabled ? await findModelFile({ home, model: engine.model }) : null
  return checkMemory(model?.bytes ?? 0)
}

async function database({ home, services }: Patient): Promise<Finding[]> {
  return checkDatabase(home, (await services.divinenode.health()).state !== 'down')
}
