import { spawn, type ChildProcess } from 'node:child_process'
import { accessSync, closeSync, constants, mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { release, tmpdir, totalmem } from 'node:os'
import { delimiter, join } from 'node:path'
import { Writable } from 'node:stream'
import { holdWorkspace } from './confined.ts'
import { callFilter } from './sandbox-calls.ts'
import type { Egress } from './egress.ts'
import { DEVICES_KEPT, environment, inside, OWN_NODE } from './sandbox-inside.ts'
import { handingOut, proxied } from './sandbox-network.ts'

/** What confines commands on this machine, or why nothing does; `get` is a command that mends that, if there is one. */
export type Sandbox =
  | { kind: 'bubblewrap'; path: string; version: string; sized: boolean; closed: boolean; held: boolean }
  | { kind: 'none'; why: string; get: string | null }

/** How a command is started. Where it is `confined`, it has descriptors 3 and 4, which `attend` is for, with the network 5 for `takeNetwork`, and at last the folder, held open. */
export type Invocation = {
  file: string
  args: string[]
  env: Record<string, string>
  filter: Buffer | null
  confined: boolean
}

const GB = 1024 ** 3
/** For one command with all that it starts, unless it is said of one process or file. */
export const BOUNDS = {
  processes: 512,
  fileBytes: 2 * GB,
  openFiles: 4096,
  /** Of one process. */
  memoryBytes: Math.min(4 * GB, Math.round(totalmem() / 2)),
}

/**
 * The command as bubblewrap is asked to run it: in namespaces of its own, without rights, with the workspace and nothing else to write. Its
 * network is its own too, and leads nowhere; where it is allowed one, programs in it are told of a proxy, which the server answers.
 */
export function invocation(
  sandbox: Sandbox,
  { folder, command, network }: { folder: string; command: string; network: Pick<Egress, 'allowPrivate'> | null },
): Invocation {
  const shell = shellOf()
  if (sandbox.kind === 'none') {
    const { PATH = '/usr/local/bin:/usr/bin:/bin', HOME = folder, LANG = 'C.UTF-8' } = process.env
    const env = { PATH, HOME, LANG, TERM: 'dumb', PWD: folder, PKN_WORKSPACE: folder }
    return {
      file: shell,
      args: ['-c', `${closing('[0-2]')}${bounding(shell, false)}`, shell, command],
      env,
      filter: null,
      confined: false,
    }
  }
  const { path, sized, closed, held } = sandbox
  const folderAt = network === null ? 5 : 6
  const filter = callFilter()
  const env = { ...environment(folder), ...(network === null ? {} : proxied(network.allowPrivate)) }
  const root = process.getuid?.() === 0
  const args = [
    '--die-with-parent --new-session --unshare-user --unshare-pid --unshare-ipc --unshare-uts --unshare-net'.split(' '),
    ['--unshare-cgroup-try', ...(closed ? ['--disable-userns'] : [])],
    ['--cap-drop', 'ALL', '--hostname', 'pkn', ...(root ? ['--uid', '1000', '--gid', '1000'] : [])],
    inside(folder, { sized, held: held ? folderAt : null }),
    Object.entries(env).flatMap(([name, value]) => ['--setenv', name, value]),
    filter === null ? [] : ['--seccomp', '3'],
    ['--', shell, '-c', bounding(shell, true, network !== null), shell, command],
  ].flat()
  // The first process within has the environment of bubblewrap itself, for all to read. Descriptors that this process was itself started with would be inherited, also by what bubblewrap leaves within.
  const start = ['-c', `${closing(`[0-${folderAt}]`)}${root ? DEVICES_KEPT : 'exec "$0" "$@"'}`, path, ...args]
  if (!root) return { file: shell, args: start, env, filter, confined: true }
  const kept = ['--mount', '--propagation', 'private', shell, ...start]
  return { file: 'unshare', args: kept, env, filter, confined: true }
}

/** A shell that bounds itself and then becomes the one that runs the command, with both of its outputs as one. */
function bounding(shell: string, confined: boolean, network = false): string {
  const unit = shell.endsWith('bash') ? 1024 : 512
  // Before 5.14 processes were counted for the user of the whole machine, and not within the namespace.
  const [major = 0, minor = 0] = release().split('.').map(Number)
  const counted = confined && (major > 5 || (major === 5 && minor >= 14))
  const bounds = [
    'ulimit -c 0',
    `ulimit -f ${Math.round(BOUNDS.fileBytes / unit)}`,
    `ulimit -n ${BOUNDS.openFiles}`,
    `ulimit -d ${Math.round(BOUNDS.memoryBytes / 1024)}`,
    ...(counted ? [`{ ulimit -u ${BOUNDS.processes} || ulimit -p ${BOUNDS.processes}; }`] : []),
    '{ echo 500 > /proc/self/oom_score_adj; }',
  ].map((step) => `${step} 2>/dev/null`)
  // Here bubblewrap dies with the server, but the server may have died before it did: only one that answers lets anything run.
  const alive = ['echo ready >&4', 'read -r go <&4 || exit 125', 'exec 4>&-']
  const open = network ? handingOut(OWN_NODE) : []
  return [...open, ...(confined ? alive : []), ...bounds, 'exec 2>&1', 'exec "$0" -c "$1"'].join('; ')
}

const closing = (kept: string): string =>
  `for f in /proc/self/fd/* /dev/fd/*; do f=\${f##*/}; case $f in ${kept}|'*') ;; *) eval "exec $f>&-" 2>/dev/null;; esac; done; `

const shellOf = (): string => (isProgram('/bin/bash') ? '/bin/bash' : '/bin/sh')

let found: Promise<Sandbox> | null = null
/** Finds out once, by running something in it that looks whether it is confined. */
export function findSandbox(): Promise<Sandbox> {
  found ??= probe()
  return found
}

/** The same for any PATH, and each time anew. */
export async function probe(path = process.env['PATH'] ?? ''): Promise<Sandbox> {
  if (process.platform !== 'linux') return none(`there is no bubblewrap for ${process.platform}`, null)
  const file = path
    .split(delimiter)
    .map((folder) => join(folder, 'bwrap'))
    .find(isProgram)
  if (file === undefined) return none('bubblewrap (bwrap) is not installed', getCommand())
  const help = await output(file, ['--help'])
  const version = /[\d.]+/.exec((await output(file, ['--version'])).out)?.[0] ?? ''
  const has = (option: string) => help.out.includes(option)
  const sandbox = {
    kind: 'bubblewrap',
    path: file,
    version,
    sized: has('--size'),
    closed: has('--disable-userns'),
    held: has('--bind-fd'),
  } as const
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'pkn-probe-')))
  try {
    const command =
      'test ! -e /root && test ! -e /etc/shadow && ! touch /usr/pkn 2>/dev/null && touch probe && echo confined'
    const started = invocation(sandbox, { folder, command, network: null })
    const { out, error } = await output(started.file, started.args, started.env, started.filter, folder)
    if (out.trim() === 'confined') return sandbox
    const what = (error || out).trim().split('\n').at(-1)?.slice(0, 300) ?? ''
    return none(`bubblewrap does not work here: ${what === '' ? 'it said nothing' : what}`, mendOf(what))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
const none = (why: string, get: string | null): Sandbox => ({ kind: 'none', why, get })

function getCommand(): string | null {
  const managers = { 'apt-get': 'install -y', dnf: 'install -y', pacman: '-S', zypper: 'install', apk: 'add' }
  for (const [name, verb] of Object.entries(managers))
    if (['/usr/bin', '/sbin', '/usr/sbin'].some((folder) => isProgram(join(folder, name))))
      return `sudo ${name} ${verb} bubblewrap`
  return null
}

/** Ubuntu lets only programs with a profile make namespaces of a user. */
const mendOf = (what: string): string | null =>
  /uid map|user namespace|unprivileged/i.test(what)
    ? 'sudo sysctl kernel.apparmor_restrict_unprivileged_userns=0'
    : null

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

function output(
  file: string,
  args: string[],
  env: Record<string, string> = {},
  filter: Buffer | null = null,
  folder: string | null = null,
) {
  return new Promise<{ out: string; error: string }>((resolve) => {
    const held = folder === null ? [] : [holdWorkspace(folder)]
    const child = spawn(file, args, {
      env,
      stdio: ['ignore', 'pipe', 'pipe', 'pipe', 'pipe', ...held],
      timeout: 10_000,
    })
    for (const dir of held) closeSync(dir)
    const said = { out: '', error: '' }
    child.stdout?.on('data', (bytes: Buffer) => (said.out += bytes.toString()))
    child.stderr?.on('data', (bytes: Buffer) => (said.error += bytes.toString()))
    attend(child, filter)
    child.once('error', (cause) => resolve({ out: '', error: cause.message }))
    child.once('close', () => resolve(said))
  })
}

/** Gives bubblewrap the filter, which it reads before it starts anything, and lets the command go on once all is ready for it, `network` too. */
export function attend(
  { stdio }: ChildProcess,
  filter: Buffer | null,
  network: Promise<unknown> = Promise.resolve(),
): void {
  const [, , , filtered, ready] = stdio
  // Each may end before it reads or writes; that is known by how it ended.
  for (const stream of [filtered, ready]) stream?.on('error', () => {})
  if (filtered instanceof Writable) filtered.end(filter ?? undefined)
  ready?.once('data', () => {
    void network.then(() => ready instanceof Writable && ready.end('go\n'))
  })
}
