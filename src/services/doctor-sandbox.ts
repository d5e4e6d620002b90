import { findSandbox, type Sandbox } from '../tools/sandbox.ts'
import { ok, warn, type Finding } from './finding.ts'

/** What confines the commands that agents run; tried out, and not only looked for. */
export async function checkSandbox(found?: Sandbox): Promise<Finding> {
  const sandbox = found ?? (await findSandbox())
  if (sandbox.kind === 'bubblewrap')
    return ok('sandbox', `commands of agents are confined by bubblewrap ${sandbox.version}`)
  const text = `nothing confines what agents run: ${sandbox.why}. Each command is asked for`
  return sandbox.get === null ? warn('sandbox', text) : warn('sandbox', text, sandbox.get)
}
