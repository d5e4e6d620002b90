import { existsSync } from 'node:fs'
import { bad, ok, quoted, warn, type Finding, type Patient } from './finding.ts'
import { livingProcess, readPidFile } from './pid-file.ts'
import { accepts } from './port.ts'
import { statusOf } from './service-status.ts'
import type { Service } from './service.ts'

export const checkServices = async ({ services }: Pick<Patient, 'services'>): Promise<Finding[]> =>
  (await Promise.all(Object.values(services).map(async (one) => [...stale(one), await checkService(one)]))).flat()

/** Whether it answers, and who holds its port if it doesn't. */
export async function checkService(service: Service): Promise<Finding> {
  const { name, state, port, pid, text } = await statusOf(service)
  const who = pid === null ? '' : `, pid ${pid}`
  switch (state) {
    case 'running':
      return ok(name, `port ${port}${who}; ${text}`)
    case 'loading':
      return ok(name, `port ${port}${who}; ${text}`)
    case 'no answer':
      return bad(name, `runs${who}, but does not answer on port ${port}; ${text}`, `./pkn restart ${name}`, true)
    case 'not installed':
      return ok(name, 'not installed, and not needed')
    case 'not running':
      if (text !== '') return await portTaken(service, text)
      if (name === 'divinenode') return warn(name, `not running; port ${port} is free`, './pkn start', true)
      return ok(name, `not running; port ${port} is free`)
  }
}

async function portTaken({ name, port }: Service, text: string): Promise<Finding> {
  if (name === 'ollama') return warn(name, text, 'export OLLAMA_HOST=127.0.0.1:11435')
  const other = await freeAbove(port)
  if (name === 'divinenode') return bad(name, text, `./pkn config set port ${other}`)
  return warn(name, `${text}; the engine takes a free one instead`, `./pkn config set engine.port ${other}`)
}

async function freeAbove(port: number): Promise<number> {
  for (let next = port + 1; next < Math.min(port + 50, 65_535); next += 1) if (!(await accepts(next))) return next
  return port + 1
}

/** Does no harm, since a number that another process has got by now is never taken for it, but says that something ended by itself. */
function stale({ name, pidFile }: Service): Finding[] {
  if (!existsSync(pidFile) || livingProcess(pidFile) !== null) return []
  return [
    warn(
      name,
      readPidFile(pidFile) === null
        ? 'its pid file holds nothing that names a process, and is of no use'
        : 'ended by itself, or with the machine: its pid file names a process that is gone',
      `rm ${quoted(pidFile)}`,
      true,
    ),
  ]
}
