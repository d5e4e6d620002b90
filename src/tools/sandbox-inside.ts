import { existsSync, lstatSync, readlinkSync, realpathSync } from 'node:fs'
import { join } from 'node:path'

/** Where what a program in the sandbox keeps for itself lies; gone with it. */
export const HOME_INSIDE = '/home/pkn'
const OWN_PROGRAMS = '/opt/pkn/bin'
export const OWN_NODE = `${OWN_PROGRAMS}/node`
const MB = 1024 * 1024

/** What programs need of /etc, and nothing else: no passwords, no keys, no settings that may hold a token. */
const ETC = [
  'alternatives bash.bashrc ca-certificates ca-certificates.conf crypto-policies debian_version fonts gai.conf group',
  'host.conf hosts inputrc java-11-openjdk java-17-openjdk java-21-openjdk java-25-openjdk ld.so.cache ld.so.conf',
  'ld.so.conf.d localtime locale.alias locale.conf magic magic.mime mime.types networks nsswitch.conf os-release',
  'papersize passwd perl pki/ca-trust pki/tls/certs protocols python3 python3.11 python3.12 python3.13 python3.14',
  'resolv.conf services ssl/certs ssl/openssl.cnf terminfo timezone xml',
].flatMap((line) => line.split(' '))

/** What of /proc is about the machine and not about the programs within; a server that runs as root could be made to change it through them. */
const COVERED = ['sysrq-trigger', 'kcore', 'kmsg', 'keys', 'key-users', 'timer_list', 'sched_debug', 'latency_stats']
const COVERED_FOLDERS = ['acpi', 'scsi', 'asound']
const DEVICES = ['null', 'zero', 'full', 'random', 'urandom', 'tty']

/**
 * For a server that runs as root: the machine's devices are its own files, so that a program within could change their permissions for all.
 * They are made read only, which leaves writing to the device as it is, where only bubblewrap sees it; then that is started.
 */
export const DEVICES_KEPT = `for d in ${DEVICES.join(' ')}; do mount --bind -o ro /dev/$d /dev/$d || exit 1; done; exec "$0" "$@"`

/**
 * What is seen within, in the words of bubblewrap: system and programs to read, the workspace to write. Later ones lie over earlier ones.
 * `held` is the descriptor that the workspace is held open by: what is seen of it is that very folder, or nothing is started.
 */
export function inside(folder: string, { sized, held }: { sized: boolean; held: number | null }): string[] {
  const temporary = (path: string, bytes: number) => [...(sized ? ['--size', String(bytes)] : []), '--tmpfs', path]
  return [
    ['--ro-bind', '/usr', '/usr'],
    ['bin', 'sbin', 'lib', 'lib32', 'lib64', 'libx32'].flatMap(systemFolder),
    ETC.flatMap((name) => readable(join('/etc', name))),
    ['/nix/store', '/gnu/store'].flatMap(readable),
    ['--proc', '/proc', '--ro-bind', '/proc/sys', '/proc/sys'],
    COVERED.map((name) => `/proc/${name}`).flatMap((p) => (existsSync(p) ? ['--ro-bind', '/dev/null', p] : [])),
    COVERED_FOLDERS.map((name) => `/proc/${name}`).flatMap((p) => (existsSync(p) ? ['--tmpfs', p] : [])),
    ['--dev', '/dev'],
    temporary('/dev/shm', 64 * MB),
    ['--remount-ro', '/dev'],
    temporary('/tmp', 1024 * MB),
    temporary(HOME_INSIDE, 512 * MB),
    ['--ro-bind', process.execPath, OWN_NODE],
    [...(held === null ? ['--bind', folder] : ['--bind-fd', String(held)]), folder, '--chdir', folder],
    ['--remount-ro', '/'],
  ].flat()
}

/** The environment within: nothing is taken over but the language. */
export const environment = (folder: string): Record<string, string> => ({
  PATH: `${OWN_PROGRAMS}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin`,
  HOME: HOME_INSIDE,
  LANG: 'C.UTF-8',
  TERM: 'dumb',
  TMPDIR: '/tmp',
  PWD: folder,
  PKN_WORKSPACE: folder,
})

/** Of newer systems a link into /usr, of older ones a folder. */
function systemFolder(name: string): string[] {
  const path = `/${name}`
  const about = lstatSync(path, { throwIfNoEntry: false })
  if (about === undefined) return []
  return about.isSymbolicLink() ? ['--symlink', readlinkSync(path), path] : ['--ro-bind', path, path]
}

/** Under its own name, also where that is a link to somewhere that is not seen within. */
const readable = (path: string): string[] => (existsSync(path) ? ['--ro-bind', realpathSync(path), path] : [])
