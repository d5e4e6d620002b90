import { ok, warn, type Finding } from './finding.ts'

const OURS = ['localhost', '127.0.0.1']

/** A proxy of the environment must not stand between curl and this machine: most of them hold a stream back, or refuse. */
export function checkProxy(env: NodeJS.ProcessEnv): Finding {
  const set = ['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY'].flatMap((name) =>
    [name, name.toLowerCase()].filter((one) => (env[one] ?? '') !== ''),
  )
  if (set.length === 0) return ok('proxy', 'none in the environment')
  const spared = (env['NO_PROXY'] || env['no_proxy'] || '').split(/[\s,]+/)
  const missing = spared.includes('*') ? [] : OURS.filter((host) => !spared.includes(host))
  if (missing.length === 0) return ok('proxy', `${set.join(', ')} set, and this machine is spared by NO_PROXY`)
  const list = [...spared.filter((host) => host !== ''), ...missing].join(',')
  return warn(
    'proxy',
    `${set.join(', ')} set, but NO_PROXY does not name ${missing.join(' and ')}`,
    `export NO_PROXY=${list} no_proxy=${list}`,
  )
}
